"""The mail about a seat that was late or absent too often: a warning first, and what can still be done about it."""

from __future__ import annotations

from governance.mail.facts import SeatAtRisk
from governance.mail.letter import Context, Facts, Letter, Paragraph
from governance.mail.words.saying import count, day, meeting_of, page_button, written


def seat_at_risk(facts: SeatAtRisk, context: Context) -> Letter:
    """No reason is asked, and none is given: only the numbers and the way back."""
    meeting = meeting_of(context)
    rows = (
        ("Late", f"{_times(facts.late)}, at most {facts.late_limit:,}"),
        ("Absent without apology", f"{_times(facts.absent)}, at most {facts.absent_limit:,}"),
        ("Counted over", f"the last {count(facts.window, 'occurrence')}"),
    )
    return written(
        facts.KIND,
        context,
        about=_about(facts),
        title=_title(facts),
        lead=_lead(facts, meeting),
        blocks=(
            Facts(rows),
            Paragraph(_make_up(facts, context)) if facts.make_up_until and facts.to == "delegate" else None,
            Paragraph("Apologies, stand-ins and meetings that were called off never count; nobody asks for a reason."),
            Paragraph(_ways_on(facts)),
            page_button(context),
        ),
        because=_because(facts, meeting),
    )


def _about(facts: SeatAtRisk) -> str:
    whose = "your seat" if facts.to == "delegate" else f"the seat of {facts.department}"
    return f"{whose} is at the limit" if facts.is_warning else f"{whose} is at risk"


def _title(facts: SeatAtRisk) -> str:
    whose = "Your seat" if facts.to == "delegate" else f"The seat of {facts.department}"
    return f"{whose} is at the limit" if facts.is_warning else f"{whose} is at risk"


def _lead(facts: SeatAtRisk, meeting: str) -> str:
    who = "You have" if facts.to == "delegate" else f"{facts.delegate} has"
    limit = "reached a limit" if facts.is_warning else "gone beyond a limit"
    return f"{who} {limit} that the charter of {meeting} sets for the seat of {facts.department}."


def _make_up(facts: SeatAtRisk, context: Context) -> str:
    until = day(facts.make_up_until or "", context)
    return f"You can still make up for the last one you missed, on the page of attendance, until {until}."


def _ways_on(facts: SeatAtRisk) -> str:
    if facts.is_warning:
        return "Once more, and the seat is at risk. Nothing else happens by itself."
    if facts.to == "delegate":
        return "Speak to the chair. Nothing happens by itself."
    if facts.to == "sponsor":
        return f"Speak to {facts.delegate}, or name somebody else. Nothing happens by itself."
    return f"Speak to {facts.delegate}. Nothing takes the seat by itself: that is done on the roster, by hand."


def _because(facts: SeatAtRisk, meeting: str) -> str:
    if facts.to == "delegate":
        return f"you sit for {facts.department} in {meeting}"
    return f"you are the sponsor of {facts.department}" if facts.to == "sponsor" else f"you lead {meeting}"


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number:,} times")
