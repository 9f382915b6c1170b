"""The mail that a delegate gets with the seat: what they may decide, what is expected, and when it begins."""

from __future__ import annotations

from governance.mail.facts import Seat
from governance.mail.letter import Context, Facts, Heading, Items, Letter, Markdown
from governance.mail.words.saying import day, event, listed, meeting_of, money, page_button, when, written

_EXPECTED = (
    ("Come yourself, on time.", "You speak for your department, and what you say counts there and then."),
    ("Cannot come? Decline in your calendar.", "Your deputy then sits for you; nobody asks for a reason."),
    ("Decide in the room.", "Afterwards all stand behind what was decided, also those who were against it."),
    ("Say what you promised, and by when.", "Each promise has an owner and a day."),
)


def seat(facts: Seat, context: Context) -> Letter:
    meeting = meeting_of(context)
    rows = [
        ("Your seat", facts.department),
        ("From", day(facts.first_day, context)),
        ("First meeting", when(facts.next, context, facts.next_end) if facts.next else "not in the calendar yet"),
        ("You may decide", facts.scope or "not said yet: your sponsor is being asked"),
        *([("Money", money(facts.limit))] if facts.scope else []),
        ("Said by", facts.sponsor or "nobody yet"),
        ("If you cannot come", f"{listed(facts.deputies)} for you" if facts.deputies else "no deputy is named yet"),
    ]
    return written(
        facts.KIND,
        context,
        about=f"you have the seat of {facts.department}",
        on=facts.next or facts.first_day,
        title=f"You have the seat of {facts.department}",
        lead=f"From {day(facts.first_day, context)} you sit in {meeting} for {facts.department}.",
        blocks=(
            Facts(tuple(rows)),
            page_button(context),
            Heading("What is expected of you"),
            Items(_EXPECTED),
            *((Heading("What the meeting is for"), Markdown(facts.purpose)) if facts.purpose else ()),
            *((Heading("The rules of the room"), Markdown(facts.rules)) if facts.rules else ()),
        ),
        because=f"you have a seat in {meeting}",
        event=event(context, facts.next, facts.next_end),
    )
