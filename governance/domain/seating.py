"""The laws of seats, judged on two rosters: the one before a change and the one after it.

Whatever a change is made of, it is refused when afterwards two terms of a seat overlap, somebody holds two seats (or a
seat here and another seat's stand-in) on one day, or more seats than the cap have a holder – the last only where the
change itself fills one, so that a cap that was lowered forbids nothing but more holders.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from governance.domain.people import PersonId
from governance.domain.roster import Mandate, MandateState, Roster, Seat, Tenure, Term

_DAY = timedelta(days=1)


class Law(StrEnum):
    ONE_HOLDER = "one-holder"
    ONE_SEAT = "one-seat"
    NOT_BESIDE_STANDING_IN = "not-beside-standing-in"
    CAP = "cap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A law that a change would break: about this seat, on this day; `remedy` begins the sentence."""

    law: Law
    seat_id: UUID
    day: date
    remedy: str
    reason: str


def cut(term: Term, on: date) -> Term | None:
    """What is left of the term when it is to be over on that day; None when nothing is."""
    if term.first_day >= on:
        return None
    last_day = on - _DAY
    return Term(term.first_day, last_day if term.last_day is None else min(term.last_day, last_day))


def cut_tenures(tenures: Iterable[Tenure], on: date) -> tuple[Tenure, ...]:
    """The tenures, so that the seat is vacant from that day on."""
    left = ((tenure.person, cut(tenure.term, on)) for tenure in tenures)
    return tuple(Tenure(person, term) for person, term in left if term is not None)


def with_mandate(mandates: Iterable[Mandate], given: Mandate) -> tuple[Mandate, ...]:
    """The mandates with a new one, which takes over from its first day: at most one is in force a person and day."""
    return (*(_giving_way(old, given) for old in mandates), given)


def _giving_way(old: Mandate, given: Mandate) -> Mandate:
    if old.person != given.person or not old.was_given or not old.term.overlaps(given.term):
        return old
    left = cut(old.term, given.term.first_day)
    return replace(old, state=MandateState.WITHDRAWN) if left is None else replace(old, term=left)


def breaches(before: Roster, after: Roster, from_day: date) -> Iterator[Breach]:
    """Every law that the change breaks from that day on; what was broken earlier is history."""
    for seat in after.seats:
        yield from _two_holders(after, seat, from_day)
    yield from _two_seats(after, from_day)
    yield from _seat_and_stand_in(after, from_day)
    yield from _over_cap(before, after, from_day)


def _two_holders(roster: Roster, seat: Seat, from_day: date) -> Iterator[Breach]:
    by_day = sorted(seat.tenures, key=lambda tenure: tenure.term.first_day)
    for one, other in pairwise(by_day):
        day = max(other.term.first_day, from_day)
        if one.term.overlaps(other.term) and one.term.holds_on(day):
            yield Breach(
                law=Law.ONE_HOLDER,
                seat_id=seat.id,
                day=day,
                remedy=f"Vacate the seat of {seat.department} first, or hand it over",
                reason=f"{name_of(roster, one.person)} holds it on {day}",
            )


def _two_seats(roster: Roster, from_day: date) -> Iterator[Breach]:
    held: dict[PersonId, list[tuple[Term, Seat]]] = {}
    for seat in roster.seats:
        for tenure in seat.tenures:
            if tenure.term.last_day is None or tenure.term.last_day >= from_day:
                held.setdefault(tenure.person, []).append((tenure.term, seat))
    for person, terms in held.items():
        for (one, first), (other, second) in pairwise(sorted(terms, key=lambda pair: pair[0].first_day)):
            if first is not second and one.overlaps(other):
                yield Breach(
                    law=Law.ONE_SEAT,
                    seat_id=second.id,
                    day=max(other.first_day, from_day),
                    remedy=f"Choose somebody else, or vacate the seat of {first.department} first",
                    reason=f"{name_of(roster, person)} holds it, and nobody holds two seats of a meeting",
                )


def _seat_and_stand_in(roster: Roster, from_day: date) -> Iterator[Breach]:
    for original_start, stand_ins in roster.stand_ins.items():
        day = roster.day_of(original_start)
        if day < from_day:
            continue
        for stand_in in stand_ins:
            seat = roster.seat_held_by(stand_in.person, day)
            if seat is not None and seat.id != stand_in.seat_id:
                other = roster.seat(stand_in.seat_id)
                yield Breach(
                    law=Law.NOT_BESIDE_STANDING_IN,
                    seat_id=seat.id,
                    day=day,
                    remedy=f"Choose somebody else, or withdraw the stand-in of {day} first",
                    reason=f"{name_of(roster, stand_in.person)} stands in for "
                    f"{other.department if other else 'another seat'} that day and cannot hold two seats",
                )


def _over_cap(before: Roster, after: Roster, from_day: date) -> Iterator[Breach]:
    """The first day on which the change fills a seat above the cap."""
    for day in sorted(_days_of_filling(after, from_day)):
        if after.held_seats(day) <= max(after.cap, before.held_seats(day)):
            continue
        filled_before = {seat.id for seat in before.seats if seat.delegate(day) is not None}
        newly = [seat for seat in after.seats if seat.id not in filled_before and seat.delegate(day) is not None]
        yield Breach(
            law=Law.CAP,
            seat_id=newly[-1].id,
            day=day,
            remedy="Vacate a seat first, or raise the cap",
            reason=f"{after.held_seats(day)} seats would have a holder on {day}, and the cap is {after.cap}",
        )
        return


def _days_of_filling(roster: Roster, from_day: date) -> set[date]:
    """The only days on which the number of holders can rise."""
    return {max(tenure.term.first_day, from_day) for seat in roster.seats for tenure in seat.tenures}


def name_of(roster: Roster, person: PersonId) -> str:
    known = roster.people.get(person)
    return str(known) if known else "somebody"
