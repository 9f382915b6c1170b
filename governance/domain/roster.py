"""The roster of one meeting as values: seats, who holds them, with which mandate, and who else may come.

Days are inclusive and in the meeting's time zone. A seat outlives its holders; the delegate is the
tenure in force. Everything takes the day as an argument: nothing here knows what day it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.domain.people import Person, PersonId


class MandateState(StrEnum):
    """What became of a mandate; *recorded* counts like *confirmed* and is shown as what it is."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class MandateStanding(StrEnum):
    """How a mandate stands on a day: its state, unless the day lies outside of it."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    NOT_YET = "not-yet"


_STANDING_OF = {state: MandateStanding(state.value) for state in MandateState}


class StandInCause(StrEnum):
    """Whose act made the deputy sit that day; only a decline leaves the delegate on the occurrence."""

    DECLINE = "decline"
    HANDED_OVER = "handed-over"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Term:
    """Inclusive days; `last_day` None means no end is known."""

    first_day: date
    last_day: date | None = None

    def holds_on(self, on: date) -> bool:
        return self.first_day <= on and (self.last_day is None or on <= self.last_day)

    def overlaps(self, other: Term) -> bool:
        starts_before_end = other.last_day is None or self.first_day <= other.last_day
        ends_after_start = self.last_day is None or other.first_day <= self.last_day
        return starts_before_end and ends_after_start


@dataclass(frozen=True, slots=True)
class Tenure:
    person: PersonId
    term: Term


@dataclass(frozen=True, slots=True)
class Deputy:
    """Named in advance, not entitled by it; deputies of a seat are asked in the order of `rank`."""

    person: PersonId
    term: Term
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a person may decide for a seat; `limit_minor` None is no authority over money."""

    person: PersonId
    term: Term
    scope: str
    state: MandateState = MandateState.RECORDED
    sponsor: PersonId | None = None
    limit_minor: int | None = None
    id: UUID | None = field(default=None, compare=False)

    @property
    def was_given(self) -> bool:
        return self.state in (MandateState.RECORDED, MandateState.CONFIRMED)

    def is_in_force(self, on: date) -> bool:
        return self.was_given and self.term.holds_on(on)

    def standing(self, on: date) -> MandateStanding:
        if self.was_given and on < self.term.first_day:
            return MandateStanding.NOT_YET
        if self.was_given and not self.term.holds_on(on):
            return MandateStanding.ENDED
        return _STANDING_OF[self.state]


@dataclass(frozen=True, slots=True)
class Seat:
    """A department's place in a meeting, with its whole history.

    `department_people` are the people known to belong to the department: holders and deputies of any
    time, and its sponsors (never anybody guessed from an address).
    """

    id: UUID
    department: str
    tenures: tuple[Tenure, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    deputies: tuple[Deputy, ...] = ()
    department_people: frozenset[PersonId] = frozenset()

    def delegate(self, on: date) -> PersonId | None:
        return next((t.person for t in self.tenures if t.term.holds_on(on)), None)

    def mandate_in_force(self, person: PersonId, on: date) -> Mandate | None:
        return next((m for m in self.mandates if m.person == person and m.is_in_force(on)), None)

    def mandate_shown(self, person: PersonId, on: date) -> Mandate | None:
        """The mandate to show for the person: the one in force, else the next, else the latest past one."""
        own = [m for m in self.mandates if m.person == person]
        if len(own) > 1:
            own.sort(key=lambda m: m.term.first_day, reverse=True)
            return next((m for m in own if m.is_in_force(on)), own[0])
        return own[0] if own else None

    def last_mandate(self, person: PersonId, on: date) -> Mandate | None:
        """The mandate with whose end the person's authority ends: the one in force, or one that follows it at once."""
        own = (one for one in self.mandates if one.person == person and one.was_given)
        given = sorted(own, key=lambda one: one.term.first_day)
        current = next((one for one in given if one.is_in_force(on)), None)
        for later in given:
            end = current.term.last_day if current is not None else None
            is_later = current is not None and current.term.first_day < later.term.first_day
            if is_later and end is not None and (later.term.first_day - end).days <= 1:
                current = later
        return current

    def deputies_on(self, on: date) -> tuple[Deputy, ...]:
        if not self.deputies:
            return ()
        named = (deputy for deputy in self.deputies if deputy.term.holds_on(on))
        return tuple(sorted(named, key=lambda deputy: deputy.rank))


@dataclass(frozen=True, slots=True)
class StandIn:
    seat_id: UUID
    person: PersonId
    cause: StandInCause


@dataclass(frozen=True, slots=True)
class Visitor:
    person: PersonId
    reason: str


@dataclass(frozen=True, slots=True)
class StandingGuest:
    person: PersonId
    reason: str
    last_day: date


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that decides who may be invited to a meeting.

    `stand_ins` and `visitors` are keyed by the original start (UTC) of the occurrence they hang on.
    `kept` are seats (by original start and seat) whose delegate sits that day whatever their answer says.
    `always_allowed` are chair and scribe in force: never added or removed by us.
    `address_owner` finds a person by any of their folded addresses.
    """

    time_zone: str
    cap: int
    seats: tuple[Seat, ...] = ()
    people: Mapping[PersonId, Person] = field(default_factory=dict)
    address_owner: Mapping[str, PersonId] = field(default_factory=dict)
    stand_ins: Mapping[datetime, tuple[StandIn, ...]] = field(default_factory=dict)
    visitors: Mapping[datetime, tuple[Visitor, ...]] = field(default_factory=dict)
    standing_guests: tuple[StandingGuest, ...] = ()
    kept: frozenset[tuple[datetime, UUID]] = frozenset()
    always_allowed: frozenset[PersonId] = frozenset()

    def day_of(self, instant: datetime) -> date:
        return instant.astimezone(ZoneInfo(self.time_zone)).date()

    def next_midnight(self, instant: datetime) -> datetime:
        """The instant at which the meeting's next day begins."""
        midnight = datetime.combine(self.day_of(instant) + timedelta(days=1), time.min, ZoneInfo(self.time_zone))
        return midnight.astimezone(UTC)

    def held_seats(self, on: date) -> int:
        return sum(1 for seat in self.seats if seat.delegate(on) is not None)

    def seat(self, seat_id: UUID) -> Seat | None:
        return next((seat for seat in self.seats if seat.id == seat_id), None)

    def seat_held_by(self, person: PersonId, on: date) -> Seat | None:
        return next((seat for seat in self.seats if seat.delegate(on) == person), None)

    def seats_of_department_of(self, person: PersonId) -> Iterator[Seat]:
        return (seat for seat in self.seats if person in seat.department_people)
