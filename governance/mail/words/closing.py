"""Mails about sponsors' words, and what a seat hears that was not there. Never what anybody thinks of a decision."""

from __future__ import annotations

from governance.mail.facts import CommitmentAsked, DecisionClosed, RatificationAnswered, RatificationAsked
from governance.mail.letter import Block, Context, Facts, Letter, Paragraph, Quote
from governance.mail.safety import shortened
from governance.mail.words.saying import button, count, day, decision_button, meeting_of, money, written

_LONGEST_TITLE = 80


def ratification_asked(facts: RatificationAsked, context: Context) -> Letter:
    if facts.to_chair:
        return _sponsor_missing(facts, context)
    meeting, again = meeting_of(context), f", for {count(facts.weeks, 'week')} now" if facts.weeks else ""
    beyond = "costs more than" if facts.is_money else "goes beyond what"
    return written(
        facts.KIND,
        context,
        about=f"“{_title(facts.title)}” waits for your word",
        title="A decision waits for your word",
        lead=f"{meeting} has decided something that {beyond} {facts.delegate} may decide for {facts.department}. "
        f"It waits for you{again}.",
        blocks=(
            *_what(facts.title, facts.text, facts.customer_effect),
            Facts(_beyond(facts)),
            *((Paragraph(f"{facts.delegate} writes:"), Quote(facts.words)) if facts.words else ()),
            button(context, "answer", "Ratify or decline", is_first=True),
            Paragraph(
                "Ratified, it can be closed as it stands. Declined, it waits until it is changed or withdrawn; you "
                "say why, and the chair reads it."
            ),
        ),
        because=f"you are the sponsor of {facts.department}",
    )


def _sponsor_missing(facts: RatificationAsked, context: Context) -> Letter:
    meeting = meeting_of(context)
    return written(
        facts.KIND,
        context,
        about=f"nobody can ratify “{_title(facts.title)}”",
        title=f"Name a sponsor of {facts.department}",
        lead=f"A decision goes beyond what {facts.delegate} may decide for {facts.department}, and nobody is known to "
        "sponsor that department.",
        blocks=(
            *_what(facts.title, facts.text, facts.customer_effect),
            Facts(_beyond(facts)),
            Paragraph("Name a sponsor on the roster, then ask again on the page of the decision. Until then it waits."),
            decision_button(context, facts.ref),
        ),
        because=f"you lead {meeting}",
    )


def _beyond(facts: RatificationAsked) -> tuple[tuple[str, str], ...]:
    rows = [("It costs", facts.money)] if facts.money else []
    rows.append(("The mandate covers", facts.scope or "nothing yet: none is in force"))
    rows.append(("Money", money(facts.limit)))
    return tuple(rows)


def ratification_answered(facts: RatificationAnswered, context: Context) -> Letter:
    did = "ratified" if facts.is_ratified else "declined to ratify"
    next_step = (
        "It can be closed as soon as nothing else is missing."
        if facts.is_ratified
        else "It waits: the chair can change it, which asks the sponsor anew, or withdraw it."
    )
    because = f"you lead {meeting_of(context)}" if facts.to_chair else f"you sit for {facts.department}"
    return written(
        facts.KIND,
        context,
        about=f"{facts.sponsor} has {did} “{_title(facts.title)}”",
        title="The sponsor has ratified" if facts.is_ratified else "The sponsor has declined",
        lead=f"{facts.sponsor} has {did} “{_title(facts.title)}” for {facts.department}.",
        blocks=(
            *((Paragraph(f"{facts.sponsor} writes:"), Quote(facts.words)) if facts.words else ()),
            Paragraph(next_step),
            decision_button(context, facts.ref),
        ),
        because=because,
    )


def commitment_asked(facts: CommitmentAsked, context: Context) -> Letter:
    meeting = meeting_of(context)
    closed = f" It is closed as {facts.number}." if facts.number else " The closing does not wait for you."
    return written(
        facts.KIND,
        context,
        about=f"what will {facts.department} do about “{_title(facts.title)}”?",
        title="What will you do about it?",
        lead=f"{meeting} decided this on {day(facts.decided_on, context)}, while nobody was there for "
        f"{facts.department}.",
        blocks=(
            *_what(facts.title, facts.text, facts.customer_effect),
            button(context, "commit", "Say what you will do", is_first=True),
            Paragraph(
                "You carry it out, you need something for it, or you cannot and pass it on: one tap, with a "
                f"reservation where you have one.{closed}"
            ),
        ),
        because=f"you sit for {facts.department} in {meeting}",
    )


def decision_closed(facts: DecisionClosed, context: Context) -> Letter:
    meeting = meeting_of(context)
    rows = (
        ("Owner", facts.owner or ""),
        ("Until", day(facts.due_on, context) if facts.due_on else ""),
        ("Who tells the customer", facts.teller),
        ("Looked at again", day(facts.review_on, context) if facts.review_on else ""),
    )
    return written(
        facts.KIND,
        context,
        about=f"{facts.number}, {_title(facts.title)}",
        title=f"{facts.number} is closed",
        lead=f"{meeting} has closed a decision while nobody was there for {facts.department}.",
        blocks=(
            *_what(facts.title, facts.text, facts.customer_effect),
            Facts(tuple(row for row in rows if row[1])),
            decision_button(context, facts.number),
        ),
        because=f"you sit for {facts.department} in {meeting}",
    )


def _what(title: str, text: str, customer_effect: str) -> tuple[Block, ...]:
    effect = (Facts((("For customers", customer_effect),)),) if customer_effect else ()
    return (Paragraph(f"“{_title(title)}”:"), Quote(text or title), *effect)


def _title(title: str) -> str:
    return shortened(title, _LONGEST_TITLE)
