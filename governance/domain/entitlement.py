"""Who should be on an event, and why: a pure function of the roster and two days.

For the series the day is that of its next occurrence that is not over. For one occurrence, tenures and
mandates are judged on that same day, stand-ins (with the mandate they sit with), visitors and standing
guests on the occurrence's own day (design, §4). A change dated later is written when its day comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from governance.domain.days import said_day
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Seat, StandIn, StandInCause


class Why(StrEnum):
    DELEGATE = "delegate"
    STAND_IN = "stand-in"
    VISITOR = "visitor"
    STANDING_GUEST = "standing-guest"


@dataclass(frozen=True, slots=True)
class Entitled:
    person: PersonId
    why: Why
    reason: str
    seat_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WithoutMandate:
    """A holder or stand-in without a mandate in force: not added; who is there stays and may not decide."""

    person: PersonId
    seat: Seat
    why: Why


@dataclass(frozen=True, slots=True)
class SteppedAside:
    """A delegate whose seat a stand-in holds that day.

    Who declined stays, with that answer; who handed over without declining is taken off. Google resets
    answers when an occurrence is moved, so a decline is known by the stand-in's cause as well.
    """

    person: PersonId
    seat: Seat
    stand_in: PersonId
    cause: StandInCause


@dataclass(frozen=True, slots=True)
class Entitlement:
    entitled: tuple[Entitled, ...]
    without_mandate: tuple[WithoutMandate, ...] = ()
    stepped_aside: tuple[SteppedAside, ...] = ()

    def of(self, person: PersonId) -> Entitled | None:
        return next((one for one in self.entitled if one.person == person), None)

    def lacks_mandate(self, person: PersonId) -> WithoutMandate | None:
        return next((one for one in self.without_mandate if one.person == person), None)

    def has_stepped_aside(self, person: PersonId) -> SteppedAside | None:
        return next((one for one in self.stepped_aside if one.person == person), None)


def entitled_on_series(roster: Roster, on: date) -> Entitlement:
    """Who should be on the series, judged for the day of its next occurrence."""
    return _entitlement(roster, on, own_day=on, stand_ins={}, occurrence=None)


def entitled_on_occurrence(roster: Roster, on: date, *, original_start: datetime, own_day: date) -> Entitlement:
    """Who should be on one occurrence; `on` is the series' day, `own_day` the occurrence's."""
    stand_ins = {one.seat_id: one for one in roster.stand_ins.get(original_start, ())}
    return _entitlement(roster, on, own_day=own_day, stand_ins=stand_ins, occurrence=original_start)


def _entitlement(
    roster: Roster,
    on: date,
    *,
    own_day: date,
    stand_ins: dict[UUID, StandIn],
    occurrence: datetime | None,
) -> Entitlement:
    entitled: dict[PersonId, Entitled] = {}
    without: list[WithoutMandate] = []
    aside: list[SteppedAside] = []
    for seat in roster.seats:
        _judge_seat(roster, seat, on, own_day, stand_ins.get(seat.id), entitled, without, aside)
    for visitor in roster.visitors.get(occurrence, ()) if occurrence else ():
        entitled.setdefault(visitor.person, Entitled(visitor.person, Why.VISITOR, "is a visitor of this occurrence"))
    for guest in roster.standing_guests:
        if own_day <= guest.last_day:
            reason = f"is a standing guest until {said_day(guest.last_day)}"
            entitled.setdefault(guest.person, Entitled(guest.person, Why.STANDING_GUEST, reason))
    return Entitlement(tuple(entitled.values()), tuple(without), tuple(aside))


def _judge_seat(
    roster: Roster,
    seat: Seat,
    on: date,
    own_day: date,
    stand_in: StandIn | None,
    entitled: dict[PersonId, Entitled],
    without: list[WithoutMandate],
    aside: list[SteppedAside],
) -> None:
    delegate = seat.delegate(on)
    if stand_in is not None and stand_in.person != delegate:
        if seat.mandate_in_force(stand_in.person, own_day) is not None:
            reason = f"stands in for {seat.department} on {said_day(own_day)}"
            entitled[stand_in.person] = Entitled(stand_in.person, Why.STAND_IN, reason, seat.id)
            if delegate is not None:
                aside.append(SteppedAside(delegate, seat, stand_in.person, stand_in.cause))
            return
        without.append(WithoutMandate(stand_in.person, seat, Why.STAND_IN))
    if delegate is None:
        return
    if seat.mandate_in_force(delegate, on) is None:
        without.append(WithoutMandate(delegate, seat, Why.DELEGATE))
    else:
        reason = f"is the delegate of {seat.department}"
        entitled[delegate] = Entitled(delegate, Why.DELEGATE, reason, seat.id)
