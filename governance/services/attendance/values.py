"""The room of one occurrence and the attendance of many, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from governance.domain.attendance import Attendance, Timing
from governance.domain.charter import Charter
from governance.domain.limits import Tally
from governance.domain.questions import Question
from governance.domain.rules import Finding


@dataclass(frozen=True, slots=True)
class PersonName:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RoomSeat:
    """A seat in the room; `order` is the place among the arrivals, from 1. `reason` is the newest correction's."""

    id: UUID
    department: str
    delegate: PersonName | None
    stand_in: PersonName | None
    attendance: Attendance
    order: int | None = None
    reason: str = ""

    @property
    def expected(self) -> PersonName | None:
        """Who is awaited on the seat that day."""
        return self.stand_in or self.delegate

    @property
    def came(self) -> PersonName | None:
        """Who arrived; the one awaited where the mark names nobody else."""
        people = [one for one in (self.delegate, self.stand_in) if one and one.id == self.attendance.person]
        return people[0] if people else self.expected


@dataclass(frozen=True, slots=True)
class TurnLine:
    """`outcome` is None while the question is owed; *passed* is for the person and the chair alone.

    `answer` is the reader's own, where they kept one.
    """

    id: UUID
    person: PersonName
    seat_id: UUID | None
    kind: str
    since: datetime
    outcome: str | None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class WeekQuestion:
    question: Question
    why: str


@dataclass(frozen=True, slots=True)
class Room:
    """`key` names the occurrence in forms: its original start; empty where no occurrence is known."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    timing: Timing | None
    key: str
    is_this_day: bool
    seats: tuple[RoomSeat, ...]
    question: WeekQuestion | None
    turns: tuple[TurnLine, ...]
    own_seat: RoomSeat | None = None
    own_turn: TurnLine | None = None
    may_mark: bool = False
    may_attend: bool = False

    @property
    def arrivals(self) -> tuple[RoomSeat, ...]:
        """In the order of arrival."""
        return tuple(sorted((one for one in self.seats if one.order), key=lambda one: one.order or 0))

    @property
    def in_order(self) -> tuple[RoomSeat, ...]:
        """The arrivals first, then who is still awaited."""
        return (*self.arrivals, *(one for one in self.seats if not one.order))

    @property
    def owing(self) -> tuple[TurnLine, ...]:
        return tuple(one for one in self.turns if one.outcome is None)


@dataclass(frozen=True, slots=True)
class Column:
    """One occurrence of the attendance page."""

    occurrence_id: UUID
    start: datetime
    day: date
    is_cancelled: bool
    number_here: int
    number_expected: int


@dataclass(frozen=True, slots=True)
class SeatRow:
    """`cells`, `sat` (the delegate of that day) and `reasons` by column; `tally` counts what is the present
    delegate's own.
    """

    id: UUID
    department: str
    delegate: PersonName | None
    cells: tuple[Attendance, ...]
    sat: tuple[PersonName | None, ...]
    reasons: tuple[str, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class OwnMiss:
    """A missed occurrence of the reader that they can still make up for."""

    seat_id: UUID
    key: str
    day: date
    until: date
    question: Question | None


@dataclass(frozen=True, slots=True)
class MadeUp:
    """What was committed to when a missed occurrence was made up for."""

    seat_id: UUID
    department: str
    day: date
    commitments: str


@dataclass(frozen=True, slots=True)
class AttendancePage:
    id: UUID
    slug: str
    name: str
    time_zone: str
    charter: Charter
    columns: tuple[Column, ...]
    rows: tuple[SeatRow, ...]
    findings: tuple[Finding, ...]
    misses: tuple[OwnMiss, ...]
    made_up: tuple[MadeUp, ...]
    is_whole: bool = True
    may_export: bool = False
    may_mark: bool = False
