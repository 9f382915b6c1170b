"""Mails about promises: what is due, what is late, what was asked about one and answered."""

from __future__ import annotations

from governance.mail.facts import PromiseAnswered, PromiseAsked, PromiseDue, PromiseLate
from governance.mail.letter import Button, Context, Facts, Letter, Paragraph, Quote
from governance.mail.words.saying import button, count, day, meeting_of, page_of, written


def due(facts: PromiseDue, context: Context) -> Letter:
    """Done, or slipping with the reason: one click leads to both."""
    rows = [("Due", day(facts.due_on, context))]
    if facts.number:
        rows.append(("Decision", facts.number))
    return written(
        facts.KIND,
        context,
        about=f"your promise is {_when(facts.days, context, facts.due_on)}",
        title=_title(facts),
        lead=f"You promised this in {meeting_of(context)}, and it is {_when(facts.days, context, facts.due_on)}.",
        blocks=(
            Quote(facts.text),
            Facts(tuple(rows)),
            Paragraph("It has slipped before: what was promised first is what counts.") if facts.has_slipped else None,
            button(context, "settle", "It is done, or it slips", is_first=True),
        ),
        because=f"you promised something in {meeting_of(context)}",
    )


def late(facts: PromiseLate, context: Context) -> Letter:
    rows = [("Owner", facts.owner), ("Due", day(facts.due_on, context))]
    if facts.number:
        rows.append(("Decision", facts.number))
    return written(
        facts.KIND,
        context,
        about=f"a promise of {facts.department} is late",
        title=f"A promise of {facts.department} is two weeks late",
        lead=f"{facts.owner} promised this in {meeting_of(context)}, and it was due on {day(facts.due_on, context)}.",
        blocks=(
            Quote(facts.text),
            Facts(tuple(rows)),
            Paragraph(f"Speak to {facts.owner}: what is in the way may be yours to move. Nothing happens by itself."),
        ),
        because=f"you are the sponsor of {facts.department}",
    )


def asked(facts: PromiseAsked, context: Context) -> Letter:
    return written(
        facts.KIND,
        context,
        about="a question about your promise",
        title="A question about your promise",
        lead=f"{facts.asked_by} asks about something you promised in {meeting_of(context)}.",
        blocks=(
            Facts((("You promised", facts.text),)),
            Quote(facts.question),
            Paragraph("Question and answer stay with the promise, for everybody with a seat."),
            _to_promise(context, facts.promise, "Answer it", is_first=True),
        ),
        because=f"you promised something in {meeting_of(context)}",
    )


def answered(facts: PromiseAnswered, context: Context) -> Letter:
    return written(
        facts.KIND,
        context,
        about="your question is answered",
        title="Your question is answered",
        lead=f"{facts.answered_by} answers what you asked about a promise of {meeting_of(context)}.",
        blocks=(
            Facts((("The promise", facts.text), ("You asked", facts.question))),
            Quote(facts.answer),
            _to_promise(context, facts.promise),
        ),
        because=f"you asked about a promise of {meeting_of(context)}",
    )


def _title(facts: PromiseDue) -> str:
    if facts.days > 0:
        return "Your promise is due soon"
    return "Your promise is due today" if facts.days == 0 else "Your promise is late"


def _when(days: int, context: Context, due_on: str) -> str:
    if days > 0:
        return f"due on {day(due_on, context)}"
    return "due today" if days == 0 else f"late by {count(-days, 'day')}"


def _to_promise(context: Context, promise: str, label: str = "Open the promise", *, is_first: bool = False) -> Button:
    return Button(label, f"{page_of(context)}/promises/{promise}", is_first)
