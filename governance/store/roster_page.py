"""The roster of one meeting as its page shows it: three statements, whatever its size.

Reading for a decision is `governance.store.rosters`, which also knows who belongs to a department from other meetings.
Here is read what people look at: the open seats with their versions, sponsors, and who leads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    Row,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

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


def roster_rows(session: Session, meeting: Meeting) -> RosterRows:
    """Two statements: everything that hangs on the meeting, and the people it speaks of."""
    by_kind: Mapping[str, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_everything(), {"meeting_id": meeting.id}):
        by_kind[row.kind].append(row)
    people = _people(session, meeting.id)
    sponsors: Mapping[UUID, list[tuple[PersonId, Term]]] = defaultdict(list)
    for row in by_kind["sponsor"]:
        sponsors[row.seat_id].append((PersonId(row.person_id), _term(row)))
    roster = Roster(
        time_zone=meeting.time_zone,
        cap=meeting.cap,
        seats=_seats(by_kind),
        people=people,
        address_owner={address: one.id for one in people.values() for address in one.addresses},
        stand_ins=_by_start(by_kind["stand-in"], _stand_in),
        visitors=_by_start(by_kind["visitor"], lambda row: values.Visitor(PersonId(row.person_id), row.text)),
        standing_guests=tuple(
            values.StandingGuest(PersonId(row.person_id), row.text, row.last_day) for row in by_kind["guest"]
        ),
    )
    return RosterRows(
        roster=roster,
        versions={row.seat_id: row.number for row in by_kind["seat"]},
        sponsors={seat: tuple(terms) for seat, terms in sponsors.items()},
        roles=tuple(RoleTerm(row.seat_id, row.state, PersonId(row.person_id), _term(row)) for row in by_kind["role"]),
    )


def living_events(session: Session, meeting_id: UUID) -> Sequence[tuple[UUID, str, Any]]:
    """Id and event id of each series in use, once with each stored event of it: itself or an exception."""
    query = select(Series.id, Series.event_id, EventPicture.body_json).join(
        EventPicture, EventPicture.series_id == Series.id
    )
    in_use = query.where(Series.meeting_id == meeting_id, Series.gone_at.is_(None), Series.retired_at.is_(None))
    return [tuple(row) for row in session.execute(in_use.order_by(Series.id, EventPicture.event_id))]


_COLUMNS = (
    "kind", "seat_id", "person_id", "sponsor_id", "first_day", "last_day", "number", "amount", "text", "state", "at",
)  # fmt: skip
_BLANK: Mapping[str, Any] = {
    "seat_id": cast(null(), Uuid()),
    "person_id": cast(null(), Uuid()),
    "sponsor_id": cast(null(), Uuid()),
    "first_day": cast(null(), Date()),
    "last_day": cast(null(), Date()),
    "number": cast(null(), Integer()),
    "amount": cast(null(), BigInteger()),
    "text": cast(null(), String()),
    "state": cast(null(), String()),
    "at": cast(null(), UtcDateTime()),
}


def _part(kind: str, table: Any, **columns: Any) -> Select[Any]:
    given = {**_BLANK, "kind": literal(kind), **columns}
    return select(*(given[name].label(name) for name in _COLUMNS)).select_from(table)


def _term_of(table: Any) -> dict[str, Any]:
    return {"person_id": table.person_id, "first_day": table.first_day, "last_day": table.last_day}


_MEETING: Any = bindparam("meeting_id", type_=Uuid())


@cache
def _everything() -> Any:
    """Made once: to put the statement together takes longer than to carry it out."""
    parts = _parts().subquery("parts")
    return select(parts).order_by(parts.c.kind, parts.c.first_day, parts.c.number, parts.c.state, parts.c.person_id)


@cache
def _spoken_of() -> Any:
    parts = _parts().subquery("parts")
    is_meant = or_(Person.id.in_(select(parts.c.person_id)), Person.id.in_(select(parts.c.sponsor_id)))
    people = select(Person.id, Person.name, Address.folded).join(Address, Address.person_id == Person.id)
    return people.where(is_meant).order_by(Person.id, Address.is_primary.desc(), Address.folded)


def _parts() -> Any:
    """One row for each thing on the roster; a role's own id stands where the others have their seat's."""
    seats = _part("seat", Seat, seat_id=Seat.id, number=Seat.version, text=Department.name, state=Department.folded)
    sponsors = _part("sponsor", Sponsor, seat_id=Seat.id, **_term_of(Sponsor))
    visitors = _part("visitor", Visitor, person_id=Visitor.person_id, text=Visitor.reason, at=Occurrence.original_start)
    guests = _part(
        "guest", StandingGuest, person_id=StandingGuest.person_id, last_day=StandingGuest.last_day,
        text=StandingGuest.reason,
    )  # fmt: skip
    roles = _part("role", Role, seat_id=Role.id, state=Role.kind, **_term_of(Role))
    return union_all(
        _open(seats.join(Department, Department.id == Seat.department_id)),
        _open(sponsors.join(Seat, Seat.department_id == Sponsor.department_id)),
        *(_open(part) for part in _of_seats()),
        visitors.join(Occurrence, Occurrence.id == Visitor.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == _MEETING),
        guests.where(StandingGuest.meeting_id == _MEETING),
        roles.where(Role.meeting_id == _MEETING),
    )


def _of_seats() -> tuple[Select[Any], ...]:
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
    return (
        tenures.join(Seat, Seat.id == Tenure.seat_id),
        deputies.join(Seat, Seat.id == Deputy.seat_id),
        mandates.join(Seat, Seat.id == Mandate.seat_id),
        stand_ins.join(Seat, Seat.id == StandIn.seat_id).join(Occurrence, Occurrence.id == StandIn.occurrence_id),
    )


def _open(part: Select[Any]) -> Select[Any]:
    return part.where(Seat.meeting_id == _MEETING, Seat.closed_on.is_(None))


def _people(session: Session, meeting_id: UUID) -> dict[PersonId, PersonValue]:
    """Everybody the roster speaks of, with all their addresses, the one written to first."""
    rows = session.execute(_spoken_of(), {"meeting_id": meeting_id})
    names: dict[UUID, str] = {}
    addresses: dict[UUID, list[str]] = defaultdict(list)
    for one, name, folded in rows:
        names[one] = name
        addresses[one].append(folded)
    return {PersonId(one): PersonValue(PersonId(one), name, tuple(addresses[one])) for one, name in names.items()}


def _seats(by_kind: Mapping[str, list[Row[Any]]]) -> tuple[values.Seat, ...]:
    of_seat: Mapping[tuple[str, UUID], list[Row[Any]]] = defaultdict(list)
    for kind in ("tenure", "deputy", "mandate"):
        for row in by_kind[kind]:
            of_seat[kind, row.seat_id].append(row)
    return tuple(
        values.Seat(
            id=seat.seat_id,
            department=seat.text,
            tenures=tuple(
                values.Tenure(PersonId(one.person_id), _term(one)) for one in of_seat["tenure", seat.seat_id]
            ),
            mandates=tuple(_mandate(one) for one in of_seat["mandate", seat.seat_id]),
            deputies=tuple(
                values.Deputy(PersonId(one.person_id), _term(one), one.number)
                for one in of_seat["deputy", seat.seat_id]
            ),
        )
        for seat in sorted(by_kind["seat"], key=lambda row: row.state)
    )


def _term(row: Row[Any]) -> Term:
    return Term(row.first_day, row.last_day)


def _mandate(row: Row[Any]) -> values.Mandate:
    return values.Mandate(
        PersonId(row.person_id),
        _term(row),
        row.text,
        state=values.MandateState(row.state),
        sponsor=PersonId(row.sponsor_id) if row.sponsor_id else None,
        limit_minor=row.amount,
    )


def _stand_in(row: Row[Any]) -> values.StandIn:
    return values.StandIn(row.seat_id, PersonId(row.person_id), values.StandInCause(row.state))


def _by_start(rows: Iterable[Row[Any]], build: Any) -> dict[datetime, tuple[Any, ...]]:
    found: dict[datetime, tuple[Any, ...]] = {}
    for row in rows:
        found[row.at] = (*found.get(row.at, ()), build(row))
    return found
