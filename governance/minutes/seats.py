"""Seats as the roster of today has them, and what each was at the occurrences that the minutes tell of.

Doubt counts against nobody. A seat whose people stand on no list was absent only when every member on the list is known
to hold another seat: otherwise the stranger may be its delegate under another name, or who held it then. Before the
first and after the last day of its mandate a seat is not judged, because the roster does not say who held it then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from governance.domain.department import fold_department
from governance.domain.roster_file import RosterRow
from governance.minutes.people import People, Same
from governance.minutes.values import Listed, Occurrence, Presence


class SeatState(StrEnum):
    PRESENT = "present"
    LATE = "late"
    STAND_IN = "stand-in"
    APOLOGY = "apology"
    ABSENT = "absent"
    UNLISTED = "on no list"
    """Absent as well: nobody of the seat is on the list, and everybody on it is known."""
    UNKNOWN = "unknown"


ABSENCES = frozenset({SeatState.ABSENT, SeatState.UNLISTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSeat:
    """`first` and `last` are the days for which the roster says who the delegate is."""

    department: str
    delegate: str | None
    deputies: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def is_judged_on(self, day: date | None) -> bool:
        if day is None or self.delegate is None:
            return False
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat at one occurrence, with the entry that says so, if one does."""

    state: SeatState
    entry: Listed | None = None


def seats_of(rows: Iterable[RosterRow]) -> tuple[PastSeat, ...]:
    return tuple(
        PastSeat(
            department=row.department,
            delegate=row.delegate_name or row.delegate_email,
            deputies=tuple(name for name in (row.deputy_name or row.deputy_email,) if name),
            first=row.mandate_from,
            last=row.mandate_until,
        )
        for row in rows
    )


def said_by(rows: Iterable[RosterRow]) -> list[Same]:
    """A name and the address beside it are one person's, because the roster says so."""
    pairs = [
        pair for row in rows for pair in ((row.delegate_name, row.delegate_email), (row.deputy_name, row.deputy_email))
    ]
    return [Same(name, address) for name, address in pairs if name and address]


class Seating:
    """Whose seat is whose, by key of person and day."""

    def __init__(self, seats: Sequence[PastSeat], people: People) -> None:
        self.seats = seats
        self._people = people

    def department_of(self, entry: Listed, day: date | None) -> str | None:
        """What the minutes say of the person, or else the roster; folded.

        With a roster only its departments count first: in brackets behind a name also stand places and companies.
        """
        said = fold_department(entry.department) if entry.department else None
        if said and (not self.seats or self.is_seat(said)):
            return said
        if entry.sits_for and (named := self._named_department(entry.sits_for)):
            return named
        for spelling in filter(None, (entry.sits_for, entry.name)):
            key = self._people.key(spelling, day)
            seat = next((seat for seat in self.seats if key in self._keys(seat, day)), None)
            if seat:
                return fold_department(seat.department)
        return said

    def is_delegate_of(self, entry: Listed, department: str, day: date | None) -> bool:
        key = self._people.key(entry.name, day)
        return any(
            seat.delegate and self._people.key(seat.delegate, day) == key
            for seat in self.seats
            if fold_department(seat.department) == fold_department(department)
        )

    def is_seat(self, department: str | None) -> bool:
        """Whether the roster has it; `department` is folded."""
        return any(fold_department(seat.department) == department for seat in self.seats)

    def knows_all_on(self, day: date | None) -> bool:
        """Whether the roster says of every seat who held it that day: else a stranger may have held one."""
        return bool(self.seats) and all(seat.is_judged_on(day) for seat in self.seats if seat.delegate)

    def sittings(self, occurrence: Occurrence) -> Mapping[str, Sitting]:
        """Of each seat that can be judged on that day, by department."""
        judged = [seat for seat in self.seats if seat.is_judged_on(occurrence.day)]
        are_all_known = bool(occurrence.members) and not self.strangers(occurrence)
        return {seat.department: self._sitting(seat, occurrence, are_all_known) for seat in judged}

    def strangers(self, occurrence: Occurrence) -> list[Listed]:
        """Members on the list of whom neither minutes nor roster say which of its seats they hold."""
        return [one for one in occurrence.members if not self.is_seat(self.department_of(one, occurrence.day))]

    def _sitting(self, seat: PastSeat, occurrence: Occurrence, are_all_known: bool) -> Sitting:
        day, folded = occurrence.day, fold_department(seat.department)
        own = [one for one in occurrence.listed if self.department_of(one, day) == folded]
        there = [one for one in own if one.sits]
        delegate = next((one for one in there if self.is_delegate_of(one, seat.department, day)), None)
        if delegate:
            return Sitting(SeatState.LATE if delegate.presence is Presence.LATE else SeatState.PRESENT, delegate)
        if there:
            return Sitting(SeatState.STAND_IN, there[0])
        for presence, state in ((Presence.APOLOGY, SeatState.APOLOGY), (Presence.ABSENT, SeatState.ABSENT)):
            if entry := next((one for one in own if one.presence is presence), None):
                return Sitting(state, entry)
        return Sitting(SeatState.UNLISTED if are_all_known else SeatState.UNKNOWN)

    def _keys(self, seat: PastSeat, day: date | None) -> set[str]:
        return {self._people.key(name, day) for name in (seat.delegate, *seat.deputies) if name}

    def _named_department(self, text: str) -> str | None:
        folded = fold_department(text)
        for end in (" team", " department", " group"):
            if folded.endswith(end):
                return folded.removesuffix(end)
        return folded if any(fold_department(seat.department) == folded for seat in self.seats) else None
