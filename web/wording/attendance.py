"""Attendance and the question of the week in words and shapes: never by colour alone, never louder than it is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from governance.domain.attendance import Attendance, State, Timing
from governance.domain.limits import Standing, Tally
from governance.domain.questions import Tag
from governance.services.attendance import AttendancePage, Column, Room, RoomSeat, SeatRow, TurnLine
from web.wording.badges import Badge
from web.wording.times import count, short_day


def badge(found: Attendance) -> Badge:
    """The state as a word, a shape and a tone."""
    if found.is_made_up:
        return Badge("Made up for", "repeat", "good")
    if found.state is State.LATE:
        return Badge(f"Late by {found.late_minutes} min", "clock", "warn")
    word, icon, tone = _STATES[found.state]
    return Badge(word, icon, tone)


def detail(seat: RoomSeat, zone: str) -> str:
    """When they came and left, who noted it, and that somebody stands in."""
    found = seat.attendance
    parts = []
    if found.arrived_at is not None:
        noted = "corrected" if found.is_corrected else " and ".join(_SOURCES.get(one, one) for one in found.sources)
        parts.append(f"came at {clock(found.arrived_at, zone)} ({noted})")
    if found.state is State.STAND_IN and found.late_minutes:
        parts.append(f"{count(found.late_minutes, 'minute')} after the grace")
    if found.left_at is not None:
        parts.append(f"left at {clock(found.left_at, zone)}")
    if seat.reason:
        parts.append(f"“{seat.reason}”")
    return ", ".join(parts)


def cell(row: SeatRow, number: int, page: AttendancePage) -> str:
    """The whole of a cell for those who listen, and on hovering."""
    found, column = row.cells[number], page.columns[number]
    name = badge(found).word
    reason = f", corrected: {row.reasons[number]}" if row.reasons[number] else ""
    return f"{row.department}, {short_day(column.day)}: {name}{reason}"


def short(found: Attendance) -> str:
    """What fits beneath the shape."""
    if found.is_made_up:
        return "made up"
    if found.state is State.LATE:
        return f"{found.late_minutes} min"
    return _SHORT[found.state]


def clock(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def doors(timing: Timing, now: datetime, zone: str) -> str:
    """Whether one can check in, and else when."""
    if timing.is_cancelled:
        return "It was called off and counts for nobody."
    if now < timing.opens_at:
        return f"The room opens at {clock(timing.opens_at, zone)}, a quarter of an hour before the start."
    if now < timing.end:
        late = timing.late_after
        if now < timing.start:
            return f"The room is open. It begins at {clock(timing.start, zone)}."
        return f"The room is open. Who comes after {clock(late, zone)} owes the question of the week."
    return "It is over. What was recorded can still be corrected, with a reason."


def here(room: Room) -> str:
    expected = sum(one.attendance.state not in (State.VACANT, State.CANCELLED) for one in room.seats)
    return f"{len(room.arrivals)} of {expected} here"


def turn(line: TurnLine) -> str:
    if line.outcome is None:
        return {"late": "owes it", "volunteered": "volunteered", "make-up": "takes it to make up"}[line.kind]
    return "passed" if line.outcome == "passed" else "answered"


def tag(of: Tag) -> Badge:
    return _TAGS[of]


def why(code: str) -> str:
    return {
        "new-to-all": "Nobody on the roster has had it.",
        "longest-ago": "Everybody’s list is through: this one was had longest ago.",
    }[code]


def standing(tally: Tally) -> Badge | None:
    return {
        Standing.WELL: None,
        Standing.WARNED: Badge("At the limit", "alert-triangle", "warn"),
        Standing.AT_RISK: Badge("Seat at risk", "hand-stop", "bad"),
    }[tally.standing]


def punctuality(tally: Tally) -> str:
    """Unknown is a dash, never 0 %."""
    return "–" if tally.punctuality is None else f"{round(tally.punctuality * 100)}\N{NO-BREAK SPACE}%"


def column_title(column: Column) -> str:
    return f"{column.day.day}\N{NO-BREAK SPACE}{column.day:%b}"


def column_numbers(column: Column) -> str:
    return "called off" if column.is_cancelled else f"{column.number_here}/{column.number_expected}"


def rules_of_the_room(page: AttendancePage) -> str:
    one = page.charter
    grace = count(one.grace_minutes, "minute") if one.grace_minutes else "no"
    late = f"{one.late_limit} times late" if one.late_limit != 1 else "once late"
    absent = f"{one.absent_limit} times absent" if one.absent_limit != 1 else "once absent"
    return (
        f"{grace[:1].upper()}{grace[1:]} grace. At most {late} and {absent} in {one.window} occurrences; "
        f"a missed one can be made up for within {count(one.make_up_days, 'day')}."
    )


_STATES = {
    State.CANCELLED: ("Called off", "calendar-x", "quiet"),
    State.VACANT: ("Vacant", "armchair", "quiet"),
    State.NOT_HERE_YET: ("Not here yet", "circle-dashed", "quiet"),
    State.EARLY: ("Early", "circle-check", "good"),
    State.ON_TIME: ("On time", "check", "good"),
    State.LEFT_EARLY: ("Left early", "user-minus", "warn"),
    State.STAND_IN: ("By stand-in", "arrows-exchange", "quiet"),
    State.APOLOGY: ("Absent with apology", "circle-minus", "quiet"),
    State.ABSENT: ("Absent", "circle-x", "bad"),
    State.UNKNOWN: ("Unknown", "help", "quiet"),
}

_SHORT = {
    State.CANCELLED: "off",
    State.VACANT: "vacant",
    State.NOT_HERE_YET: "not yet",
    State.EARLY: "early",
    State.ON_TIME: "on time",
    State.LEFT_EARLY: "left",
    State.STAND_IN: "stand-in",
    State.APOLOGY: "apology",
    State.ABSENT: "absent",
    State.UNKNOWN: "unknown",
}

_SOURCES = {"check-in": "checked in", "scribe": "seen by chair or scribe"}

_TAGS = {
    Tag.LIGHT: Badge("Light", "circle-dot", "good"),
    Tag.OPEN: Badge("Open", "users", "wait"),
    Tag.BRAVE: Badge("Brave", "bolt", "warn"),
}
