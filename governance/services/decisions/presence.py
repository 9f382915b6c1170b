"""Who sits for which seat at the occurrence of a decision, and from when to when they were there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.attendance import Timing
from governance.domain.decisions.presence import Stay
from governance.models import Meeting, Occurrence
from governance.services.attendance.reading import (
    Happened,
    SeatTerms,
    Settings,
    day_of,
    happened,
    room_seats,
    seat_terms,
    timing_of,
)
from governance.services.attendance.values import PersonName


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits for a seat on the `day` of the occurrence, and when they were there; `terms` says who held it when."""

    seat: UUID
    day: date
    terms: SeatTerms
    stand_in: PersonName | None = None
    stay: Stay | None = None

    @property
    def person(self) -> PersonName | None:
        return self.stand_in or self.terms.delegate(self.day)

    def speakers(self, today: date) -> frozenset[UUID]:
        """Who may say what the seat thinks: whoever sits that day, and once it is over also who holds the seat."""
        later = self.terms.delegate(today) if today > self.day else None
        return frozenset(one.id for one in (self.person, later) if one is not None)


def sitting_of(
    session: Session, meeting: Meeting, occurrence: Occurrence | None, settings: Settings, now: datetime
) -> tuple[tuple[SeatTerms, ...], Mapping[UUID, Sitting]]:
    """All open seats, and by seat who sits at the occurrence; nobody as long as there is none."""
    seats = seat_terms(session, meeting.id)
    if occurrence is None:
        return seats, {}
    timing = timing_of(occurrence, settings.charter)
    of_it = happened(session, [occurrence.id])
    return seats, sitting_at(seats, of_it, occurrence.id, timing, meeting.time_zone, now)


def sitting_at(
    seats: Sequence[SeatTerms], of_it: Happened, occurrence_id: UUID, timing: Timing, zone: str, now: datetime
) -> Mapping[UUID, Sitting]:
    """By seat who sits at that occurrence, from what was read of it."""
    day, found = day_of(timing.start, zone), {}
    lines = room_seats(seats, of_it, occurrence_id, timing, zone, now)
    for seat, line in zip(seats, lines, strict=True):
        came, left = line.attendance.arrived_at, line.attendance.left_at
        is_there = line.attendance.is_present and came is not None
        stay = Stay(seat.id, came, left) if is_there and came is not None else None
        found[seat.id] = Sitting(seat.id, day, seat, line.stand_in, stay)
    return found
