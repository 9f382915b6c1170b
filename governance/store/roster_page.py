"""The roster of one meeting as its page shows it: three statements, whatever its size.

Reading for a decision is `governance.store.rosters`, which also knows who belongs to a department from other meetings.
Here is read what people look at: the open seats with their versions, sponsors, and who leads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain import roster as values
from governance.domain.people import Person as PersonValue
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Term
from governance.store import roster_statements as statements
from governance.store.rows import rows_of


@dataclass(frozen=True, slots=True)
class RoleTerm:
    """Who is chair or scribe, from when until when; `id` is the row's."""

    id: UUID
    kind: str
    person: PersonId
    term: Term


@dataclass(frozen=True, slots=True)
class RosterRows:
    """`versions` are those of the seats, by id; `sponsors` are the terms of each seat's department."""

    roster: Roster
    versions: Mapping[UUID, int]
    sponsors: Mapping[UUID, tuple[tuple[PersonId, Term], ...]]
    roles: tuple[RoleTerm, ...]


class RosterHeading(Protocol):
    """A meeting, or as much of it as its roster is read with."""

    @property
    def id(self) -> UUID: ...
    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def cap(self) -> int: ...


class Heading(NamedTuple):
    """That much of a meeting."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    cap: int


def heading(session: Session, slug: str, among: Collection[UUID] | None) -> Heading | None:
    """What the page says of the meeting itself, where it is one of these (None: of all)."""
    wanted = {"slug": slug, "among": list(among or ())}
    found = rows_of(session, statements.heading(among is None), wanted).one_or_none()
    return Heading._make(found) if found is not None else None


@dataclass(frozen=True, slots=True)
class StoredRoster:
    """What is stored of a roster, as it comes: two readings are equal when nobody wrote any of it in between."""

    parts: tuple[_Row, ...]
    people: tuple[tuple[Any, ...], ...]


def stored_roster(session: Session, meeting_id: UUID) -> StoredRoster:
    """Two statements: everything that hangs on the meeting, and the people it speaks of."""
    wanted = {"meeting_id": meeting_id}
    return StoredRoster(
        parts=tuple(map(_Row._make, rows_of(session, statements.everything(), wanted).all())),
        people=tuple(map(tuple, rows_of(session, statements.spoken_of(), wanted).all())),
    )


def roster_rows(session: Session, meeting: RosterHeading) -> RosterRows:
    return rows_made_of(meeting, stored_roster(session, meeting.id))


def rows_made_of(meeting: RosterHeading, stored: StoredRoster) -> RosterRows:
    found, people = _Found(stored.parts), _people(stored.people)
    roster = Roster(
        time_zone=meeting.time_zone,
        cap=meeting.cap,
        seats=tuple(found.seats()),
        people=people,
        address_owner={address: one.id for one in people.values() for address in one.addresses},
        stand_ins=_by_start(found.rows("stand-in"), _stand_in),
        visitors=_by_start(found.rows("visitor"), lambda row: values.Visitor(row.person, row.text)),
        standing_guests=tuple(values.StandingGuest(one.person, one.text, one.last_day) for one in found.rows("guest")),
    )
    return RosterRows(
        roster=roster,
        versions={_uuid(row.seat_id): row.number for row in found.rows("seat")},
        sponsors={
            _uuid(seat): tuple((row.person, row.term) for row in rows)
            for seat, rows in found.by_seat["sponsor"].items()
        },
        roles=tuple(RoleTerm(_uuid(row.seat_id), row.state, row.person, row.term) for row in found.rows("role")),
    )


def living_events(session: Session, meeting_id: UUID) -> Sequence[tuple[UUID, str, Any]]:
    """Id and event id of each series in use, once with each stored event of it: itself or an exception."""
    rows = rows_of(session, statements.living_events(), {"meeting_id": meeting_id})
    return [tuple(row) for row in rows]


class _Row(NamedTuple):
    """A row of the statement that reads everything, as it comes."""

    kind: str
    seat_id: Any
    person_id: Any
    sponsor_id: Any
    first_day: date
    last_day: Any
    number: Any
    amount: int | None
    text: Any
    state: Any
    at: Any

    @property
    def person(self) -> PersonId:
        return PersonId(_uuid(self.person_id))

    @property
    def term(self) -> Term:
        return Term(self.first_day, self.last_day)


_Rows = tuple[_Row, ...]


class _Found:
    """The rows by kind and seat, those of one seat in the order in which they count."""

    def __init__(self, rows: Iterable[_Row]) -> None:
        by_seat: Mapping[str, Mapping[Any, list[_Row]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            by_seat[row.kind][row.seat_id].append(row)
        self.by_seat: Mapping[str, Mapping[Any, _Rows]] = defaultdict(
            dict, {kind: {seat: _in_order(some) for seat, some in seats.items()} for kind, seats in by_seat.items()}
        )

    def rows(self, kind: str) -> _Rows:
        return _in_order([row for some in self.by_seat[kind].values() for row in some])

    def seats(self) -> Iterable[values.Seat]:
        tenures, deputies, mandates = (self.by_seat[kind] for kind in ("tenure", "deputy", "mandate"))
        for row in sorted(self.rows("seat"), key=lambda row: row.state):
            one = row.seat_id
            yield _seat(one, row.text, tenures.get(one, ()), deputies.get(one, ()), mandates.get(one, ()))


def _in_order(rows: Sequence[_Row]) -> _Rows:
    return tuple(rows if len(rows) < 2 else sorted(rows, key=_place))


def _place(row: _Row) -> tuple[Any, ...]:
    person = _uuid(row.person_id).int if row.person_id else 0
    return row.first_day or date.min, row.number or 0, row.state or "", person


@lru_cache(4096)
def _seat(seat_id: Any, department: str, tenures: _Rows, deputies: _Rows, mandates: _Rows) -> values.Seat:
    """Of the same rows the same value: of a roster that changed most seats are as they were."""
    return values.Seat(
        id=_uuid(seat_id),
        department=department,
        tenures=tuple(values.Tenure(one.person, one.term) for one in tenures),
        mandates=tuple(_mandate(one) for one in mandates),
        deputies=tuple(values.Deputy(one.person, one.term, one.number) for one in deputies),
    )


def _people(rows: Iterable[Any]) -> dict[PersonId, PersonValue]:
    """Everybody the roster speaks of, with all their addresses, the one written to first."""
    names: dict[Any, str] = {}
    addresses: Mapping[Any, list[tuple[bool, str]]] = defaultdict(list)
    for one, name, folded, is_primary in rows:
        names[one] = name
        addresses[one].append((not is_primary, folded))
    found = (_known(one, name, tuple(folded for _, folded in sorted(addresses[one]))) for one, name in names.items())
    return {one.id: one for one in found}


@lru_cache(4096)
def _known(person_id: Any, name: str, addresses: tuple[str, ...]) -> PersonValue:
    return PersonValue(PersonId(_uuid(person_id)), name, addresses)


@lru_cache(8192)
def _uuid(given: str | UUID) -> UUID:
    """SQLite keeps an id as text. Made once: people and seats come again in row after row, and page after page."""
    return given if isinstance(given, UUID) else UUID(given)


_STATES = {state.value: state for state in values.MandateState}


def _mandate(row: _Row) -> values.Mandate:
    return values.Mandate(
        row.person,
        row.term,
        row.text,
        state=_STATES[row.state],
        sponsor=PersonId(_uuid(row.sponsor_id)) if row.sponsor_id else None,
        limit_minor=row.amount,
    )


def _stand_in(row: _Row) -> values.StandIn:
    return values.StandIn(_uuid(row.seat_id), row.person, values.StandInCause(row.state))


def _by_start(rows: Iterable[_Row], build: Any) -> dict[datetime, tuple[Any, ...]]:
    found: dict[datetime, tuple[Any, ...]] = {}
    for row in rows:
        found[row.at] = (*found.get(row.at, ()), build(row))
    return found
