"""The minutes in words: the same on the page and on paper."""

from __future__ import annotations

from governance.domain.attendance import State
from governance.services.attendance.values import RoomSeat
from governance.services.minutes.reading import DecidedLine, Minutes, PromisedLine
from web.wording.attendance import badge
from web.wording.times import count, exact, short_day

DRAFT = "DRAFT"


def standing(minutes: Minutes) -> str:
    """Whether they are approved, and whether that still holds."""
    zone = minutes.time_zone
    if minutes.approval is None:
        return "The chair has not approved these minutes yet."
    approved = f"approved by {minutes.approval.by} on {exact(minutes.approval.at, zone)}"
    if minutes.changed_at is None:
        return f"{approved[:1].upper()}{approved[1:]}."
    return f"Changed on {exact(minutes.changed_at, zone)}, since they were {approved}."


def attendance_of(seat: RoomSeat) -> str:
    """The state, with minutes and for whom somebody sat."""
    found = seat.attendance
    words = [badge(found).word]
    if found.state is State.STAND_IN:
        words = [f"By stand-in for {seat.delegate.name}" if seat.delegate else "By stand-in"]
        if found.late_minutes:
            words.append(f"late by {found.late_minutes} min")
    if found.left_at is not None and found.state is not State.LEFT_EARLY:
        words.append("left early")
    return ", ".join(words)


def sat(seat: RoomSeat) -> str:
    who = seat.came if seat.attendance.is_present else seat.expected
    return who.name if who else "–"


def numbers(minutes: Minutes) -> str:
    here = sum(one.attendance.is_present for one in minutes.seats)
    return f"{here} of {count(len(minutes.seats), 'seat')} were there."


def owner(line: DecidedLine) -> str:
    until = f", by {short_day(line.due_on)}" if line.due_on else ""
    return f"{line.owner or 'Nobody'}{until}"


def promise(line: PromisedLine) -> str:
    of = f" ({line.number})" if line.number else ""
    return f"{line.owner}, by {short_day(line.due_on)}{of}"
