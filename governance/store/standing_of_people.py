"""What a person is in every meeting, in one statement: whoever asks who may what asks here first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, String, Uuid, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from governance.domain.access import Standing, Who, stand_in_term
from governance.domain.roster import Term
from governance.models import (
    Address,
    Application,
    Deputy,
    Meeting,
    Occurrence,
    Role,
    Seat,
    Sponsor,
    StandIn,
    Tenure,
)
from governance.models.types import UtcDateTime
from governance.store.rows import rows_of


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """The owner of an address, with everything they are, were or will be; `id` is None for who is none of ours."""

    id: UUID | None
    standings: tuple[Standing, ...] = ()


def standing_of_address(session: Session, folded: str) -> KnownPerson:
    """One statement, which also finds whose address it is."""
    rows = rows_of(session, _of_address(), {"folded": folded}).all()
    return KnownPerson(rows[0].owner, _standings(rows)) if rows else KnownPerson(None)


@cache
def _of_address() -> Select[Any]:
    """Put together once: every request asks it first, and that takes longer than the answer."""
    is_it = Address.folded == bindparam("folded", type_=String())
    terms = _terms(select(Address.person_id).where(is_it).scalar_subquery())
    return (
        select(Address.person_id.label("owner"), terms, Meeting.time_zone)
        .outerjoin(terms, terms.c.person_id == Address.person_id)
        .outerjoin(Meeting, Meeting.id == terms.c.meeting_id)
        .where(is_it)
    )


def standing_of_person(session: Session, person_id: UUID) -> KnownPerson:
    terms = _terms(literal(person_id, Uuid()))
    rows = session.execute(select(terms, Meeting.time_zone).join(Meeting, Meeting.id == terms.c.meeting_id))
    return KnownPerson(person_id, _standings(rows.all()))


def _terms(person: Any) -> Any:
    """One row for each thing that ties the person to a meeting; each part finds its rows by the person's index."""
    no_day, no_seat = cast(null(), Date()), cast(null(), Uuid())
    no_instant = cast(null(), UtcDateTime())
    columns = ("who", "person_id", "meeting_id", "seat_id", "first_day", "last_day", "start")

    def part(kind: Any, table: Any, meeting: Any, seat: Any, first: Any, last: Any, start: Any) -> Select[Any]:
        values = (kind, table.person_id, meeting, seat, first, last, start)
        labelled = [value.label(name) for name, value in zip(columns, values, strict=True)]
        return select(*labelled).select_from(table).where(table.person_id == person)

    def of_seat(who: Who, table: Any) -> Select[Any]:
        found = part(
            literal(who.value), table, Seat.meeting_id, Seat.id, table.first_day, table.last_day, no_instant
        )  # fmt: skip
        return found.join(Seat, Seat.id == table.seat_id).where(Seat.closed_on.is_(None))

    roles = part(Role.kind, Role, Role.meeting_id, no_seat, Role.first_day, Role.last_day, no_instant)
    stand_ins = part(literal(Who.STAND_IN.value), StandIn, Seat.meeting_id, Seat.id, no_day, no_day, Occurrence.start)
    sponsors = part(
        literal(Who.SPONSOR.value), Sponsor, Seat.meeting_id, Seat.id, Sponsor.first_day, Sponsor.last_day, no_instant
    )
    applications = part(literal(Who.APPLICANT.value), Application, Seat.meeting_id, Seat.id, no_day, no_day, no_instant)
    return union_all(
        roles,
        of_seat(Who.DELEGATE, Tenure),
        of_seat(Who.DEPUTY, Deputy),
        stand_ins.join(Seat, Seat.id == StandIn.seat_id)
        .join(Occurrence, Occurrence.id == StandIn.occurrence_id)
        .where(Seat.closed_on.is_(None), Occurrence.cancelled.is_(False)),
        sponsors.join(Seat, Seat.department_id == Sponsor.department_id).where(Seat.closed_on.is_(None)),
        applications.join(Seat, Seat.id == Application.seat_id).where(
            Seat.closed_on.is_(None), Application.closed_at.is_(None)
        ),
    ).subquery("terms")


def _standings(rows: Iterable[Any]) -> tuple[Standing, ...]:
    return tuple(
        Standing(Who(row.who), row.meeting_id, row.time_zone, _term(row), row.seat_id) for row in rows if row.who
    )


def _term(row: Any) -> Term:
    if row.start is not None:
        return stand_in_term(row.start, row.time_zone)
    # Who asks for a seat asks until the application is closed, and a closed one is not among the rows.
    return Term(row.first_day or _ALWAYS, row.last_day)


_ALWAYS = date.min
