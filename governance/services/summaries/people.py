"""Who is who in a meeting, and who reads its summaries: delegates, stand-ins of the occurrence, chairs and scribes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import (
    Actor,
    Kind,
    Standing,
    Thing,
    Who,
    actor_of,
    may_receive,
    told_term,
)
from governance.domain.roster import Term
from governance.models import Meeting
from governance.services.attendance.reading import SeatTerms, day_of
from governance.services.attendance.values import PersonName
from governance.services.summaries.values import Period, Reader
from governance.store import summaries as store

CHAIRS = frozenset({Who.CHAIR, Who.ACTING_CHAIR})
LEADS = CHAIRS | {Who.SCRIBE}


@dataclass(frozen=True, slots=True)
class KnownSeat:
    """A seat with everybody who ever held it; also one that was closed since the period began."""

    terms: SeatTerms
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class People:
    """`actors` by person, of everybody who has a role, a seat or stands in at the occurrence."""

    seats: tuple[KnownSeat, ...]
    actors: Mapping[UUID, Actor]

    @property
    def open_seats(self) -> tuple[SeatTerms, ...]:
        return tuple(one.terms for one in self.seats if one.closed_on is None)

    def seats_on(self, day: date) -> tuple[SeatTerms, ...]:
        """Those that were open that day, as far as they are known."""
        return tuple(
            one.terms for one in self.seats if one.opened_on <= day and (one.closed_on is None or day < one.closed_on)
        )

    @property
    def leads(self) -> tuple[UUID, ...]:
        return tuple(person for person, actor in self.actors.items() if leads(actor))


def people_of(session: Session, meeting: Meeting, period: Period, now: datetime) -> People:
    """One statement."""
    since = day_of(period.since, meeting.time_zone)
    rows = store.people_of(session, meeting.id, key_of(period), since)
    seats, standings = _seats(rows["seats"]), _Standings(meeting)
    for row in rows["roles"]:
        standings.add(row.person_id, Who(row.kind), Term(row.first_day, row.last_day))
    for seat in seats:
        for person, term in seat.terms.tenures if seat.closed_on is None else ():
            standings.add(person.id, Who.DELEGATE, term, seat.terms.id)
    for row in rows["stand_ins"]:
        standings.add(row.person_id, Who.STAND_IN, told_term(row.start, meeting.time_zone), row.seat_id)
    actors = {person: actor_of(person, own, now) for person, own in standings.by_person.items()}
    return People(seats, actors)


def readers_among(people: People, meeting: Meeting) -> tuple[Reader, ...]:
    """Everybody once: whoever leads, then the seats; a deputy who did not sit, a sponsor and leadership are none.

    Whether somebody still may read it is asked of the table, as it is again when the mail goes.
    """
    found = [
        Reader(person, leads(actor))
        for person, actor in people.actors.items()
        if may_receive(actor, "summary", Thing(Kind.SUMMARY, meeting.id, owner=person))
    ]
    return tuple(sorted(found, key=lambda one: not one.is_lead))


def leads(actor: Actor) -> bool:
    return any(one.who in LEADS for one in actor.held)


def key_of(period: Period) -> datetime | None:
    """The original start of its occurrence; None for a week without one."""
    return datetime.fromisoformat(period.key) if period.start is not None else None


class _Standings:
    """What everybody is, was or will be in the meeting."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self.by_person: dict[UUID, list[Standing]] = {}

    def add(self, person: UUID, who: Who, term: Term, seat: UUID | None = None) -> None:
        one = Standing(who, self._meeting.id, self._meeting.time_zone, term, seat)
        self.by_person.setdefault(person, []).append(one)


def _seats(rows: Iterable[Any]) -> tuple[KnownSeat, ...]:
    found: dict[UUID, KnownSeat] = {}
    for row in rows:
        known = found.get(row.id)
        tenures = known.terms.tenures if known else ()
        if row.person_id is not None:
            held = PersonName(row.person_id, row.name), Term(row.first_day, row.last_day)
            tenures = (*tenures, held)
        found[row.id] = KnownSeat(SeatTerms(row.id, row.department, tenures), row.opened_on, row.closed_on)
    return tuple(found.values())
