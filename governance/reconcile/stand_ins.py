"""A delegate's own decline swaps in the first deputy with a mandate; coming after all reverses it. Pure.

Looked at are the exceptions still to come, and of unmodified occurrences only the next one: whoever
declined the whole series is stood in for week by week, with the deputies of that week.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard
from uuid import UUID

from governance.domain.people import PersonId
from governance.domain.roster import Roster, Seat, StandIn, StandInCause
from governance.reconcile.drift import Situation
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.picture import SeenOccurrence, SeriesPicture

_COMING = ("accepted", "tentative")


@dataclass(frozen=True, slots=True)
class SwapIn:
    """The deputy takes the seat on that occurrence because the delegate declined."""

    series_id: UUID
    occurrence: SeenOccurrence
    seat: Seat
    deputy: PersonId
    delegate: PersonId


@dataclass(frozen=True, slots=True)
class SwapBack:
    """The delegate comes after all: the stand-in that a decline caused ends."""

    series_id: UUID
    occurrence: SeenOccurrence
    seat: Seat
    deputy: PersonId
    delegate: PersonId


def swaps(situation: Situation) -> list[SwapIn | SwapBack]:
    """What the answers on the coming occurrences ask for."""
    found: list[SwapIn | SwapBack] = []
    for picture in situation.pictures:
        if not picture.is_live or picture.series is None:
            continue
        for seen in _occurrences_with_answers(situation, picture):
            event = seen.exception or picture.series
            if event.guests_are_known:
                found += _swaps_on(situation, picture, seen, event)
    return found


def with_swaps(roster: Roster, pending: Iterable[SwapIn | SwapBack]) -> Roster:
    """The roster as it is once the swaps are recorded."""
    stand_ins = dict(roster.stand_ins)
    for swap in pending:
        start = swap.occurrence.original_start
        others = tuple(one for one in stand_ins.get(start, ()) if one.seat_id != swap.seat.id)
        own = (StandIn(swap.seat.id, swap.deputy, StandInCause.DECLINE),) if isinstance(swap, SwapIn) else ()
        stand_ins[start] = (*others, *own)
    return replace(roster, stand_ins=stand_ins)


def _occurrences_with_answers(situation: Situation, picture: SeriesPicture) -> Iterator[SeenOccurrence]:
    upcoming = picture.next_occurrence(situation.now)
    if upcoming is not None and upcoming.exception is None and upcoming.start > situation.now:
        yield upcoming
    for one in picture.exceptions:
        # An exception that outlived the rules has a successor in its week: its answers do not count.
        if one.original_start is None or not picture.recurrence.has(one.original_start):
            continue
        seen = picture.occurrence_at(one.original_start)
        if seen is not None and seen.start > situation.now:
            yield seen


def _swaps_on(
    situation: Situation, picture: SeriesPicture, seen: SeenOccurrence, event: ObservedEvent
) -> Iterator[SwapIn | SwapBack]:
    roster = situation.roster
    day = roster.day_of(seen.start)
    standing_in = {one.seat_id: one for one in roster.stand_ins.get(seen.original_start, ())}
    busy = {one.person for one in standing_in.values()}
    busy |= {person for seat in roster.seats if (person := seat.delegate(day)) is not None}
    for seat in roster.seats:
        delegate = seat.delegate(day)
        answer = _answer(situation, event, delegate)
        present = standing_in.get(seat.id)
        if delegate is None:
            continue
        if present is None and answer == "declined":
            if (deputy := _first_empowered_deputy(roster, seat, seen, busy)) is not None:
                busy.add(deputy)
                yield SwapIn(picture.id, seen, seat, deputy, delegate)
        elif _caused_by_decline(present) and answer in _COMING:
            yield SwapBack(picture.id, seen, seat, present.person, delegate)


def _caused_by_decline(stand_in: StandIn | None) -> TypeGuard[StandIn]:
    return stand_in is not None and stand_in.cause is StandInCause.DECLINE


def _answer(situation: Situation, event: ObservedEvent, person: PersonId | None) -> str | None:
    if person is None:
        return None
    answers = [guest.answer for guest in event.guests if situation.identify(guest.address) == person]
    coming = [answer for answer in answers if answer in _COMING]
    if coming:
        return coming[0]
    return "declined" if "declined" in answers else next(iter(answers), None)


def _first_empowered_deputy(roster: Roster, seat: Seat, seen: SeenOccurrence, busy: set[PersonId]) -> PersonId | None:
    day = roster.day_of(seen.start)
    for deputy in seat.deputies_on(day):
        if deputy.person not in busy and seat.mandate_in_force(deputy.person, day) is not None:
            return deputy.person
    return None
