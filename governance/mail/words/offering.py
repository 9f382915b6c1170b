"""Mails about a seat that is offered: to the applicant who answers, and to whoever leads the meeting."""

from __future__ import annotations

from governance.mail.facts import ApplicationDeclined, OfferMade, OfferOver
from governance.mail.letter import Block, Context, Facts, Heading, Items, Letter, Paragraph, Quote
from governance.mail.words.saying import (
    button,
    day,
    meeting_of,
    waiting_button,
    when,
    written,
)

_EXPECTED = (
    ("You come yourself, every time, and on time.", "If you cannot, a deputy of your department sits for you."),
    ("You decide there and then.", "Your sponsor says what about; you are asked for nothing before you know it."),
    ("You stand behind what was decided.", "Also where you were against it: everybody does."),
)


def offer(facts: OfferMade, context: Context) -> Letter:
    meeting = meeting_of(context)
    rows = [
        ("The seat", facts.department),
        ("You would sit", f"from {day(facts.first_day, context)} on" if facts.first_day else "as soon as you accept"),
        *([("Next meeting", when(facts.next, context))] if facts.next else []),
        (
            "What you may decide",
            f"{facts.sponsor} is asked to say it when you accept"
            if facts.sponsor
            else "somebody is asked to say it when you accept",
        ),
        ("Answer", f"until {day(facts.last_day, context)}"),
    ]
    return written(
        facts.KIND,
        context,
        about=f"the seat of {facts.department} is offered to you",
        on=facts.last_day,
        title=f"Do you want the seat of {facts.department}?",
        lead=f"{facts.by or 'The chair'} offers you the seat of {facts.department} in {meeting}, for which you asked.",
        blocks=(
            Facts(tuple(rows)),
            button(context, "accept", "Accept the seat", is_first=True),
            button(context, "decline", "Decline it"),
            Heading("What is expected of you"),
            Items(_EXPECTED),
            *((Heading("What the meeting is for"), Paragraph(facts.short)) if facts.short else ()),
            Paragraph("If you do not answer by then, the offer ends and you keep your place on the waiting list."),
        ),
        because=f"you asked for the seat of {facts.department}",
        has_page=False,
    )


def over(facts: OfferOver, context: Context) -> Letter:
    return _to_chair(facts, context) if facts.to_chair else _to_applicant(facts, context)


def _to_chair(facts: OfferOver, context: Context) -> Letter:
    did = _DID.get(facts.how, _DID["ended"])
    return written(
        facts.KIND,
        context,
        about=f"{facts.name} {did} the seat of {facts.department}",
        title=f"{facts.name} {did} the seat",
        lead=_LEADS.get(facts.how, _LEADS["ended"]).format(
            name=facts.name, department=facts.department, meeting=meeting_of(context)
        ),
        blocks=(*_what_next(facts), waiting_button(context)),
        because=f"you lead {meeting_of(context)}",
    )


def _what_next(facts: OfferOver) -> tuple[Block, ...]:
    if facts.how == "accepted":
        return (Paragraph("The sponsor is asked for a mandate; with it they are added to the invitation."),)
    if facts.follows is None:
        return (Paragraph("Nobody else waits for it."),)
    if facts.follows == facts.name:
        return (Paragraph(f"{facts.name} still is the first to wait for it: offer it again, or to somebody else."),)
    return (Paragraph(f"The next to wait for it is {facts.follows}. Nothing is offered before you say so."),)


def _to_applicant(facts: OfferOver, context: Context) -> Letter:
    is_withdrawn = facts.how == "withdrawn"
    meeting = meeting_of(context)
    said = "was taken back" if is_withdrawn else "has ended"
    return written(
        facts.KIND,
        context,
        about=f"the offer of the seat of {facts.department} {said}",
        title=f"The offer {said}",
        lead=f"The seat of {facts.department} in {meeting} is not offered to you any more.",
        blocks=(
            *_words_of(facts.why),
            *_place_then(facts, context),
        ),
        because=f"the seat of {facts.department} was offered to you",
        has_page=False,
    )


def _place_then(facts: OfferOver, context: Context) -> tuple[Block | None, ...]:
    """What becomes of the applicant's place; of a seat that was given up there is no waiting list."""
    if facts.is_closed:
        return (Paragraph("The department has given the seat up."),)
    keeps = (
        "You keep your place on the waiting list, and hear of it when the seat is offered to you again."
        if facts.how == "withdrawn"
        else "No answer came in time. You keep your place on the waiting list; if you still want the seat, "
        "tell the chair, who can offer it again."
    )
    return Paragraph(keeps), waiting_button(context)


def application_declined(facts: ApplicationDeclined, context: Context) -> Letter:
    meeting = meeting_of(context)
    ways = (
        [f"{facts.delegate} sits for {facts.department}: brief them, and what you know is in the room."]
        if facts.delegate
        else []
    )
    ways.append(
        f"Write to {facts.contact} if you would like to talk about it."
        if facts.contact
        else "Speak to the chair if you would like to talk about it."
    )
    return written(
        facts.KIND,
        context,
        about=f"the seat of {facts.department}",
        title=f"The seat of {facts.department}",
        lead=f"Thank you for asking for the seat of {facts.department} in {meeting}. It will not be given to you this "
        "time, and you are not on its waiting list any more.",
        blocks=(*_words_of(facts.why), *(Paragraph(one) for one in ways), Paragraph("You may ask again at any time.")),
        because=f"you asked for the seat of {facts.department}",
        has_page=False,
    )


def _words_of(why: str | None) -> tuple[Block, ...]:
    return (Paragraph("The chair writes:"), Quote(why)) if why else ()


_DID = {"accepted": "takes", "declined": "does not want", "ended": "did not answer about"}
_LEADS = {
    "accepted": "{name} has accepted and sits for {department} in {meeting}.",
    "declined": "{name} does not want the seat of {department} in {meeting}, and waits for it no more.",
    "ended": "The offer of the seat of {department} in {meeting} to {name} ended without an answer.",
}
