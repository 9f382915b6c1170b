"""A delegate's own decline swaps in the first deputy with a mandate; coming after all reverses it. Pure.

Looked at are the exceptions still to come, and of unmodified occurrences only the next one: whoever
declined the whole series is stood in for week by week, with the deputies of that week. A delegate who keeps the seat
that day is not stood in for as long as the decline stands that was there; a later one counts again. Where nobody can
be swapped in, the seat is `unattended` (I13).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard
from uuid import UUID

from governance.domain.days import said_start
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Seat, StandIn, StandInCause
from governance.domain.rules import Finding
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


@dataclass(frozen=True, slots=True)
class Unattended:
    """The delegate declined and nobody sits for them; `stand_in` is one who was named, but has no mandate that day."""

    series_id: UUID
    occurrence: SeenOccurrence
    seat: Seat
    delegate: PersonId
    stand_in: PersonId | None = None


@dataclass(frozen=True, slots=True)
class KeptNoMore:
    """No decline stands in the calendar (any more): a later one calls somebody in again."""

    series_id: UUID
    occurrence: SeenOccurrence
    seat: Seat


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


def unattended(situation: Situation) -> list[Unattended]:
    """Seats whose delegate declined and for whom nobody sits who may decide, once all swaps are made."""
    if not situation.modes.is_on("I13"):
        return []
    return [
        Unattended(picture.id, seen, seat, delegate, standing_in.person if standing_in else None)
        for picture, seen, seat, delegate, answer in _answers(situation)
        if answer == "declined" and not _is_kept(situation.roster, seen, seat)
        for standing_in in (_stand_in_of(situation.roster, seen, seat),)
        if standing_in is None or seat.mandate_in_force(standing_in.person, situation.roster.day_of(seen.start)) is None
    ]


def without_mandate(situation: Situation) -> list[Unattended]:
    """Stand-ins of occurrences to come who have no mandate that day, by whose act whatsoever (I03)."""
    roster, found = situation.roster, []
    for picture in situation.pictures:
        for start, standing_in in sorted(roster.stand_ins.items()) if picture.is_live else ():
            seen = picture.occurrence_at(start)
            if seen is None or seen.start <= situation.now:
                continue
            day = roster.day_of(seen.start)
            for one in standing_in:
                seat = roster.seat(one.seat_id)
                delegate = seat.delegate(day) if seat is not None else None
                if seat is None or delegate is None or seat.mandate_in_force(one.person, day) is not None:
                    continue
                found.append(Unattended(picture.id, seen, seat, delegate, one.person))
    return found


def unattended_findings(situation: Situation) -> list[Finding]:
    """I13, as people read it."""
    roster = situation.roster
    return [
        Finding(
            "I13",
            f"{roster.people[one.delegate]} declined {said_start(one.occurrence.start, roster.time_zone)}, "
            f"and nobody sits for {one.seat.department}",
            one.occurrence.event_id,
            one.occurrence.original_start,
            roster.people[one.delegate].address,
        )
        for one in unattended(situation)
    ]


def kept_no_more(situation: Situation) -> list[KeptNoMore]:
    if not situation.roster.kept:
        return []
    return [
        KeptNoMore(picture.id, seen, seat)
        for picture, seen, seat, _, answer in _answers(situation)
        if answer not in (None, "declined") and _is_kept(situation.roster, seen, seat)
    ]


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
        if present is None and answer == "declined" and not _is_kept(roster, seen, seat):
            if (deputy := _first_empowered_deputy(roster, seat, seen, busy)) is not None:
                busy.add(deputy)
                yield SwapIn(picture.id, seen, seat, deputy, delegate)
        elif _caused_by_decline(present) and answer in _COMING:
            yield SwapBack(picture.id, seen, seat, present.person, delegate)


def _answers(
    situation: Situation,
) -> Iterator[tuple[SeriesPicture, SeenOccurrence, Seat, PersonId, str | None]]:
    """Every seat with a holder on every occurrence that is looked at, with the delegate's answer."""
    roster = situation.roster
    for picture in situation.pictures:
        if not picture.is_live or picture.series is None:
            continue
        for seen in _occurrences_with_answers(situation, picture):
            event = seen.exception or picture.series
            for seat in roster.seats if event.guests_are_known else ():
                if (delegate := seat.delegate(roster.day_of(seen.start))) is not None:
                    yield picture, seen, seat, delegate, _answer(situation, event, delegate)


def _stand_in_of(roster: Roster, seen: SeenOccurrence, seat: Seat) -> StandIn | None:
    return next((one for one in roster.stand_ins.get(seen.original_start, ()) if one.seat_id == seat.id), None)


def _is_kept(roster: Roster, seen: SeenOccurrence, seat: Seat) -> bool:
    return (seen.original_start, seat.id) in roster.kept


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
