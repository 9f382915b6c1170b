"""Mails from a colleague without a seat: they ask for one, or leave their delegate a note."""

from __future__ import annotations

from governance.mail.facts import ApplicationMade, NoteLeft
from governance.mail.letter import Context, Facts, Letter, Paragraph, Quote
from governance.mail.words.saying import button, count, meeting_of, page_button, person, waiting_button, written


def application(facts: ApplicationMade, context: Context) -> Letter:
    meeting = meeting_of(context)
    before = f"{count(facts.place - 1, 'other')} before them" if facts.place > 1 else "nobody before them"
    is_to_sponsor = "endorse" in context.links
    return written(
        facts.KIND,
        context,
        about=f"{facts.name} asks for the seat of {facts.department}",
        title=f"{facts.name} asks for a seat",
        lead=f"{facts.name} would like to sit for {facts.department} in {meeting}.",
        blocks=(
            Facts(
                (
                    ("Who asks", person(facts.name, facts.address)),
                    ("Seat", f"{facts.department}, {f'held by {facts.delegate}' if facts.delegate else 'vacant'}"),
                    ("Waiting list", f"place {facts.place:,}, {before}"),
                )
            ),
            button(context, "endorse", f"Support {facts.name}", is_first=True),
            Paragraph(
                "Your support is shown to the chair, who gives the seat."
                if is_to_sponsor
                else "You offer the seat on the page of the waiting list, or leave them on it."
            ),
            waiting_button(context),
        ),
        because=f"you are the sponsor of {facts.department}" if is_to_sponsor else f"you lead {meeting}",
    )


def note(facts: NoteLeft, context: Context) -> Letter:
    meeting = meeting_of(context)
    return written(
        facts.KIND,
        context,
        about=f"a note from {facts.name}",
        title=f"A note from {facts.name}",
        lead=f"{facts.name} has no seat in {meeting} and asks you to bring this along for {facts.department}.",
        blocks=(
            Quote(facts.text),
            Paragraph(f"Answer {facts.name} at {facts.address}: tell them what became of it."),
            page_button(context),
        ),
        because=f"you sit for {facts.department} in {meeting}",
    )
