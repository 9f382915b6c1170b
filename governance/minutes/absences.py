"""A01, A02 and A03: late, absent, and beyond the charter's limit in a rolling window of occurrences.

With a roster they are a seat's; without one a person's, and then only what the minutes say in so many words: who is on
no list may have been there under another name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from governance.domain.attendance import Attendance, State
from governance.domain.charter import Charter
from governance.domain.limits import Standing, tally, window_of
from governance.domain.rules import Modes
from governance.minutes import wording
from governance.minutes.findings import PastFinding
from governance.minutes.people import People
from governance.minutes.seats import ABSENCES, Seating, SeatState, Sitting
from governance.minutes.values import Listed, Occurrence, Place, Presence

_MODES = Modes({})
_COUNTED = {
    SeatState.PRESENT: State.ON_TIME,
    SeatState.LATE: State.LATE,
    SeatState.STAND_IN: State.STAND_IN,
    SeatState.APOLOGY: State.APOLOGY,
    SeatState.ABSENT: State.ABSENT,
    SeatState.UNLISTED: State.ABSENT,
    SeatState.UNKNOWN: State.UNKNOWN,
}


@dataclass(slots=True)
class _History:
    """Of one seat or person, oldest first; `is_at_risk` since the last occurrence, so that it is told once."""

    attendance: list[Attendance] = field(default_factory=list)
    is_at_risk: bool = False


def of_absences(
    occurrences: Sequence[Occurrence], seating: Seating, people: People, charter: Charter
) -> Iterator[PastFinding]:
    """Occurrences without a day are left out: nobody knows where in the window they belong."""
    histories: dict[str, _History] = {}
    for occurrence in occurrences:
        if occurrence.day is None:
            continue
        for who, sitting in _counted(occurrence, seating, people):
            place = sitting.entry.place if sitting.entry else _list_of(occurrence)
            state = _state(sitting, charter)
            yield from _of_one(who, sitting, state, place, occurrence.day)
            history = histories.setdefault(who, _History())
            history.attendance.append(Attendance(state))
            counted = tally(window_of(history.attendance, charter), charter, _MODES)
            is_at_risk = counted.standing is Standing.AT_RISK
            if is_at_risk and not history.is_at_risk:
                yield PastFinding(
                    "A03", place, occurrence.day, wording.beyond(who, counted.late, counted.absent, charter)
                )
            history.is_at_risk = is_at_risk


def _counted(occurrence: Occurrence, seating: Seating, people: People) -> list[tuple[str, Sitting]]:
    if seating.seats:
        return list(seating.sittings(occurrence).items())
    stood_in = {people.key(one.sits_for, occurrence.day) for one in occurrence.members if one.sits_for}
    listed: dict[str, Listed] = {}
    for one in occurrence.listed:
        if not one.is_apart:
            listed.setdefault(people.key(one.name, occurrence.day), one)
    return [
        (people.name(key), Sitting(SeatState.STAND_IN if key in stood_in else _as_seat(one), one))
        for key, one in listed.items()
    ]


def _as_seat(entry: Listed) -> SeatState:
    return {
        Presence.PRESENT: SeatState.PRESENT,
        Presence.LATE: SeatState.LATE,
        Presence.APOLOGY: SeatState.APOLOGY,
        Presence.ABSENT: SeatState.ABSENT,
    }[entry.presence]


def _state(sitting: Sitting, charter: Charter) -> State:
    minutes = sitting.entry.late_minutes if sitting.entry else None
    if sitting.state is SeatState.LATE and minutes is not None and minutes <= charter.grace_minutes:
        return State.ON_TIME
    return _COUNTED[sitting.state]


def _of_one(who: str, sitting: Sitting, state: State, place: Place, day: date) -> Iterator[PastFinding]:
    if state is State.LATE:
        minutes = sitting.entry.late_minutes if sitting.entry else None
        yield PastFinding("A01", place, day, wording.late(sitting.entry.name if sitting.entry else who, minutes))
    elif sitting.state in ABSENCES:
        yield PastFinding("A02", place, day, wording.absent(who, is_listed=sitting.state is SeatState.ABSENT))


def _list_of(occurrence: Occurrence) -> Place:
    """Where somebody would stand who is on no list."""
    return occurrence.members[0].place if occurrence.members else occurrence.place
