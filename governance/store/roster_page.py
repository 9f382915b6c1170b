"""The roster of one meeting as its page shows it: three statements, whatever its size.

Reading for a decision is `governance.store.rosters`, which also knows who belongs to a department from other meetings.
Here is read what people look at: the open seats with their versions, sponsors, and who leads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    Executable,
    Integer,
    Row,
    Select,
    String,
    Uuid,
    bindparam,
    literal,
    null,
    select,
    type_coerce,
    union,
    union_all,
)
from sqlalchemy import cast as cast_as
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from governance.domain import roster as values
from governance.domain.people import Person as PersonValue
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Term
from governance.models.calendar import EventPicture, Series
from governance.models.department import Department, Sponsor
from governance.models.deputy import Deputy, StandIn
from governance.models.mandate import Mandate
from governance.models.meeting import Meeting, Role
from governance.models.occurrence import Occurrence
from governance.models.person import Address, Person
from governance.models.seat import Seat, Tenure
from governance.models.types import UtcDateTime
from governance.models.visitor import StandingGuest, Visitor
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


def heading(session: Session, slug: str, among: Collection[UUID] | None) -> RosterHeading | None:
    """What the page says of the meeting itself, where it is one of these (None: of all)."""
    found = rows_of(session, _heading(among is None), {"slug": slug, "among": list(among or ())}).one_or_none()
    return cast(RosterHeading, found)


@cache
def _heading(of_all: bool) -> Executable:
    known = (Meeting.id, Meeting.slug, Meeting.name, Meeting.time_zone, Meeting.cap)
    query = select(*known).where(Meeting.slug == bindparam("slug", type_=String()))
    return query if of_all else query.where(Meeting.id.in_(bindparam("among", expanding=True, type_=Uuid())))


def roster_rows(session: Session, meeting: RosterHeading) -> RosterRows:
    """Two statements: everything that hangs on the meeting, and the people it speaks of."""
    found = _Found(rows_of(session, _everything(), {"meeting_id": meeting.id}).all())
    people = _people(rows_of(session, _spoken_of(), {"meeting_id": meeting.id}).all())
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
    rows = rows_of(session, _living_events(), {"meeting_id": meeting_id})
    return [tuple(row) for row in rows]


@cache
def _living_events() -> Any:
    query = select(Series.id, Series.event_id, EventPicture.body_json).join(
        EventPicture, EventPicture.series_id == Series.id
    )
    in_use = query.where(Series.meeting_id == _MEETING, Series.gone_at.is_(None), Series.retired_at.is_(None))
    return in_use.order_by(Series.id, EventPicture.event_id)


_COLUMNS = (
    "kind", "seat_id", "person_id", "sponsor_id", "first_day", "last_day", "number", "amount", "text", "state", "at",
)  # fmt: skip
_IDS = ("seat_id", "person_id", "sponsor_id")
_BLANK: Mapping[str, Any] = {
    "seat_id": cast_as(null(), Uuid()),
    "person_id": cast_as(null(), Uuid()),
    "sponsor_id": cast_as(null(), Uuid()),
    "first_day": cast_as(null(), Date()),
    "last_day": cast_as(null(), Date()),
    "number": cast_as(null(), Integer()),
    "amount": cast_as(null(), BigInteger()),
    "text": cast_as(null(), String()),
    "state": cast_as(null(), String()),
    "at": cast_as(null(), UtcDateTime()),
}


def _part(kind: str, table: Any, **columns: Any) -> Select[Any]:
    given = {**_BLANK, "kind": literal(kind), **columns}
    return select(*(given[name].label(name) for name in _COLUMNS)).select_from(table)


def _term_of(table: Any) -> dict[str, Any]:
    return {"person_id": table.person_id, "first_day": table.first_day, "last_day": table.last_day}


_MEETING: Any = bindparam("meeting_id", type_=Uuid())


@cache
def _everything() -> Any:
    """Made once: to put the statement together takes longer than to carry it out.

    In no order, for only the few rows of one seat need one; and ids as the driver gives them, because the same ones
    come again and again.
    """
    parts = union_all(*_parts().values()).subquery("parts")
    return select(*(_as_given(parts.c[name]) if name in _IDS else parts.c[name] for name in _COLUMNS))


@cache
def _spoken_of() -> Any:
    """Each person once, before the addresses are looked up."""
    parts = _parts()
    who = [part.with_only_columns(part.selected_columns["person_id"]) for kind, part in parts.items() if kind != "seat"]
    on_whose_word = parts["mandate"].with_only_columns(parts["mandate"].selected_columns["sponsor_id"])
    meant = union(*who, on_whose_word).subquery("meant")
    people = select(_as_given(Person.id), Person.name, Address.folded, Address.is_primary)
    return people.join(Address, Address.person_id == Person.id).join(meant, meant.c.person_id == Person.id)


def _as_given(column: Any) -> Any:
    return type_coerce(column, NullType()).label(column.key)


def _parts() -> Mapping[str, Select[Any]]:
    """One row for each thing on the roster; a role's own id stands where the others have their seat's."""
    seats = _part("seat", Seat, seat_id=Seat.id, number=Seat.version, text=Department.name, state=Department.folded)
    sponsors = _part("sponsor", Sponsor, seat_id=Seat.id, **_term_of(Sponsor))
    visitors = _part("visitor", Visitor, person_id=Visitor.person_id, text=Visitor.reason, at=Occurrence.original_start)
    guests = _part(
        "guest", StandingGuest, person_id=StandingGuest.person_id, last_day=StandingGuest.last_day,
        text=StandingGuest.reason,
    )  # fmt: skip
    roles = _part("role", Role, seat_id=Role.id, state=Role.kind, **_term_of(Role))
    return {
        "seat": _open(seats.join(Department, Department.id == Seat.department_id)),
        "sponsor": _open(sponsors.join(Seat, Seat.department_id == Sponsor.department_id)),
        **{kind: _open(part) for kind, part in _of_seats().items()},
        "visitor": visitors.join(Occurrence, Occurrence.id == Visitor.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == _MEETING),
        "guest": guests.where(StandingGuest.meeting_id == _MEETING),
        "role": roles.where(Role.meeting_id == _MEETING),
    }


def _of_seats() -> Mapping[str, Select[Any]]:
    tenures = _part("tenure", Tenure, seat_id=Tenure.seat_id, **_term_of(Tenure))
    deputies = _part("deputy", Deputy, seat_id=Deputy.seat_id, number=Deputy.rank, **_term_of(Deputy))
    mandates = _part(
        "mandate", Mandate, seat_id=Mandate.seat_id, sponsor_id=Mandate.sponsor_person_id,
        amount=Mandate.limit_minor, text=Mandate.scope, state=Mandate.state, **_term_of(Mandate),
    )  # fmt: skip
    stand_ins = _part(
        "stand-in", StandIn, seat_id=StandIn.seat_id, person_id=StandIn.person_id, state=StandIn.cause,
        at=Occurrence.original_start,
    )  # fmt: skip
    return {
        "tenure": tenures.join(Seat, Seat.id == Tenure.seat_id),
        "deputy": deputies.join(Seat, Seat.id == Deputy.seat_id),
        "mandate": mandates.join(Seat, Seat.id == Mandate.seat_id),
        "stand-in": stand_ins.join(Seat, Seat.id == StandIn.seat_id).join(
            Occurrence, Occurrence.id == StandIn.occurrence_id
        ),
    }


def _open(part: Select[Any]) -> Select[Any]:
    return part.where(Seat.meeting_id == _MEETING, Seat.closed_on.is_(None))


class _Row(NamedTuple):
    """A row of the first statement, as it comes; see `_part`."""

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

    def __init__(self, rows: Iterable[Row[Any]]) -> None:
        by_seat: Mapping[str, Mapping[Any, list[_Row]]] = defaultdict(lambda: defaultdict(list))
        for row in map(_Row._make, rows):
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
