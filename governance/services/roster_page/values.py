"""What the roster page shows, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from governance.domain.roster import Roster
from governance.services.meeting_page import ExtraLine, PersonLine, SeatLine


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An occurrence that is not over, with its day where the meeting is held."""

    original_start: datetime
    start: datetime
    end: datetime
    day: date


@dataclass(frozen=True, slots=True)
class ComingStandIn:
    person: PersonLine
    day: date


@dataclass(frozen=True, slots=True)
class RosterSeat:
    """A seat with what its line on the meeting's page leaves out; `version` is what an act on it was based on."""

    line: SeatLine
    version: int
    sponsor: PersonLine | None = None
    stand_ins: tuple[ComingStandIn, ...] = ()
    leaves_on: date | None = None
    """The delegate's last day, where one is known."""
    follows: PersonLine | None = None
    follows_on: date | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    person: PersonLine
    reason: str
    day: date


@dataclass(frozen=True, slots=True)
class Lead:
    """Chair or scribe; with a last day an acting chair."""

    id: UUID
    kind: str
    person: PersonLine
    first_day: date
    last_day: date | None

    @property
    def is_acting(self) -> bool:
        return self.kind == "chair" and self.last_day is not None


@dataclass(frozen=True, slots=True)
class RosterPage:
    """`roster` is everything it was made from, for the forms; a reader who sees only a part of it has none."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    cap: int
    today: date
    on: date
    upcoming: tuple[Upcoming, ...]
    seats: tuple[RosterSeat, ...]
    visits: tuple[Visit, ...]
    standing_guests: tuple[ExtraLine, ...]
    leads: tuple[Lead, ...]
    names: Mapping[str, str]
    roster: Roster | None
    is_whole: bool = True

    @property
    def held_seats(self) -> int:
        return sum(1 for seat in self.seats if seat.line.delegate)

    @property
    def next(self) -> Upcoming | None:
        return self.upcoming[0] if self.upcoming else None

    def seat(self, seat_id: UUID) -> RosterSeat | None:
        return next((one for one in self.seats if one.line.id == seat_id), None)

    def seat_of(self, department: str) -> RosterSeat | None:
        return next((one for one in self.seats if one.line.department == department), None)
