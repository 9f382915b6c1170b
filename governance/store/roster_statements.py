"""What a roster is read with: each statement is put together once, which takes longer than to carry it out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Executable,
    Integer,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union,
    union_all,
)
from sqlalchemy.types import NullType

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

_COLUMNS = (
    "kind", "seat_id", "person_id", "sponsor_id", "first_day", "last_day", "number", "amount", "text", "state", "at",
)  # fmt: skip
_IDS = ("seat_id", "person_id", "sponsor_id")
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
def everything() -> Executable:
    """Everything that hangs on a meeting, in the columns of `_COLUMNS`.

    In no order, for only the few rows of one seat need one; and ids as the driver gives them, because the same ones
    come again and again.
    """
    parts = union_all(*_parts().values()).subquery("parts")
    return select(*(_as_given(parts.c[name]) if name in _IDS else parts.c[name] for name in _COLUMNS))


@cache
def spoken_of() -> Executable:
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


@cache
def heading(of_all: bool) -> Executable:
    known = (Meeting.id, Meeting.slug, Meeting.name, Meeting.time_zone, Meeting.cap)
    query = select(*known).where(Meeting.slug == bindparam("slug", type_=String()))
    return query if of_all else query.where(Meeting.id.in_(bindparam("among", expanding=True, type_=Uuid())))


@cache
def living_events() -> Executable:
    query = select(Series.id, Series.event_id, EventPicture.body_json).join(
        EventPicture, EventPicture.series_id == Series.id
    )
    in_use = query.where(Series.meeting_id == _MEETING, Series.gone_at.is_(None), Series.retired_at.is_(None))
    return in_use.order_by(Series.id, EventPicture.event_id)
