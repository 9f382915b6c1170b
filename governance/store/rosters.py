"""The roster of one meeting, read in eight statements whatever its size, without loading rows as objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from governance.domain import roster as values
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Term
from governance.models.calendar import Series
from governance.models.department import Department, Sponsor
from governance.models.deputy import Deputy, KeptSeat, StandIn
from governance.models.mandate import Mandate
from governance.models.meeting import Meeting, Role
from governance.models.occurrence import Occurrence
from governance.models.seat import Seat, Tenure
from governance.models.visitor import StandingGuest, Visitor
from governance.store.people import people_by_id

TENURE, DEPUTY, SPONSOR = "tenure", "deputy", "sponsor"
KEPT = "kept"


def load_roster(session: Session, meeting: Meeting, *, on: date | None = None) -> Roster:
    """The roster with its whole history and everything planned.

    Args:
        on: the day for which chair and scribe are judged. Without one, everybody who ever was one of them counts as
            always allowed, which errs towards fewer removals.
    """
    seats = session.execute(_seats(meeting.id)).all()
    terms = session.execute(_terms([row.department_id for row in seats])).all() if seats else []
    mandates = session.execute(_mandates(meeting.id)).all()
    of_days = session.execute(_stand_ins(meeting.id)).all()
    stand_ins = [row for row in of_days if row.cause != KEPT]
    visitors = session.execute(_visitors(meeting.id)).all()
    guests = session.execute(_guests(meeting.id)).all()
    roles = session.execute(_always_allowed(meeting.id, on)).scalars().all()
    people = people_by_id(
        session,
        {
            *(row.person_id for rows in (terms, mandates, stand_ins, visitors, guests) for row in rows),
            *(row.sponsor_person_id for row in mandates if row.sponsor_person_id is not None),
            *roles,
        },
    )
    return Roster(
        time_zone=meeting.time_zone,
        cap=meeting.cap,
        seats=_built_seats(seats, terms, mandates),
        people=people,
        address_owner={address: person.id for person in people.values() for address in person.addresses},
        stand_ins=_by_occurrence(stand_ins, _stand_in),
        kept=frozenset((row.original_start, row.seat_id) for row in of_days if row.cause == KEPT),
        visitors=_by_occurrence(visitors, _visitor),
        standing_guests=tuple(
            values.StandingGuest(PersonId(row.person_id), row.reason, row.last_day) for row in guests
        ),
        always_allowed=frozenset(PersonId(person) for person in roles),
    )


def _seats(meeting_id: UUID) -> Any:
    return (
        select(Seat.id, Seat.department_id, Department.name)
        .join(Department, Department.id == Seat.department_id)
        .where(Seat.meeting_id == meeting_id, Seat.closed_on.is_(None))
        .order_by(Department.folded)
    )


def _terms(departments: list[UUID]) -> Any:
    """Tenures and deputies of these departments in all meetings, because they tell who belongs to a department,
    and the departments' sponsors.
    """
    tenures = (
        select(
            literal(TENURE).label("kind"), Seat.department_id, Tenure.seat_id, Tenure.person_id,
            Tenure.first_day, Tenure.last_day, null().label("rank"),
        ).join(Seat, Seat.id == Tenure.seat_id).where(Seat.department_id.in_(departments))
    )  # fmt: skip
    deputies = (
        select(
            literal(DEPUTY), Seat.department_id, Deputy.seat_id, Deputy.person_id,
            Deputy.first_day, Deputy.last_day, Deputy.rank,
        ).join(Seat, Seat.id == Deputy.seat_id).where(Seat.department_id.in_(departments))
    )  # fmt: skip
    sponsors = select(
        literal(SPONSOR), Sponsor.department_id, null(), Sponsor.person_id, Sponsor.first_day, Sponsor.last_day, null()
    ).where(Sponsor.department_id.in_(departments))
    terms = union_all(tenures, deputies, sponsors).subquery()
    return select(terms).order_by(terms.c.first_day)


def _mandates(meeting_id: UUID) -> Any:
    return (
        select(
            Mandate.seat_id, Mandate.person_id, Mandate.sponsor_person_id, Mandate.scope, Mandate.limit_minor,
            Mandate.first_day, Mandate.last_day, Mandate.state, Mandate.id,
        )
        .join(Seat, Seat.id == Mandate.seat_id)
        .where(Seat.meeting_id == meeting_id, Seat.closed_on.is_(None))
        .order_by(Mandate.first_day, Mandate.id)
    )  # fmt: skip


def _stand_ins(meeting_id: UUID) -> Any:
    """What hangs on seats and single days: stand-ins, and the seats that their delegates keep."""
    standing_in = select(StandIn.id, StandIn.seat_id, StandIn.person_id, StandIn.cause, StandIn.occurrence_id)
    kept = select(KeptSeat.id, KeptSeat.seat_id, null(), literal(KEPT), KeptSeat.occurrence_id)
    both = union_all(standing_in, kept).subquery()
    return (
        select(both.c.seat_id, both.c.person_id, both.c.cause, Occurrence.original_start)
        .join(Occurrence, Occurrence.id == both.c.occurrence_id)
        .join(Seat, Seat.id == both.c.seat_id)
        .where(Seat.meeting_id == meeting_id, Seat.closed_on.is_(None))
        .order_by(Occurrence.original_start, both.c.id)
    )


def _visitors(meeting_id: UUID) -> Any:
    return (
        select(Visitor.person_id, Visitor.reason, Occurrence.original_start)
        .join(Occurrence, Occurrence.id == Visitor.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == meeting_id)
        .order_by(Occurrence.original_start, Visitor.id)
    )


def _guests(meeting_id: UUID) -> Any:
    return (
        select(StandingGuest.person_id, StandingGuest.reason, StandingGuest.last_day)
        .where(StandingGuest.meeting_id == meeting_id)
        .order_by(StandingGuest.last_day, StandingGuest.id)
    )


def _always_allowed(meeting_id: UUID, on: date | None) -> Any:
    roles = select(Role.person_id).distinct().where(Role.meeting_id == meeting_id, Role.kind.in_(["chair", "scribe"]))
    if on is None:
        return roles
    return roles.where(Role.first_day <= on, or_(Role.last_day.is_(None), Role.last_day >= on))


def _built_seats(
    seats: Iterable[Row[Any]], terms: Iterable[Row[Any]], mandates: Iterable[Row[Any]]
) -> tuple[values.Seat, ...]:
    of_seat: Mapping[tuple[str, UUID], list[Row[Any]]] = defaultdict(list)
    of_department: Mapping[UUID, set[PersonId]] = defaultdict(set)
    for row in terms:
        of_department[row.department_id].add(PersonId(row.person_id))
        if row.seat_id is not None:
            of_seat[row.kind, row.seat_id].append(row)
    mandates_of: Mapping[UUID, list[values.Mandate]] = defaultdict(list)
    for row in mandates:
        mandates_of[row.seat_id].append(_mandate(row))
    return tuple(
        values.Seat(
            id=seat.id,
            department=seat.name,
            tenures=tuple(values.Tenure(PersonId(row.person_id), _term(row)) for row in of_seat[TENURE, seat.id]),
            mandates=tuple(mandates_of[seat.id]),
            deputies=tuple(
                values.Deputy(PersonId(row.person_id), _term(row), row.rank) for row in of_seat[DEPUTY, seat.id]
            ),
            department_people=frozenset(of_department[seat.department_id]),
        )
        for seat in seats
    )


def _term(row: Row[Any]) -> Term:
    return Term(row.first_day, row.last_day)


def _mandate(row: Row[Any]) -> values.Mandate:
    return values.Mandate(
        PersonId(row.person_id),
        _term(row),
        row.scope,
        state=values.MandateState(row.state),
        sponsor=PersonId(row.sponsor_person_id) if row.sponsor_person_id else None,
        limit_minor=row.limit_minor,
        id=row.id,
    )


def _by_occurrence(rows: Iterable[Row[Any]], build: Any) -> dict[datetime, tuple[Any, ...]]:
    found: dict[datetime, tuple[Any, ...]] = {}
    for row in rows:
        found[row.original_start] = (*found.get(row.original_start, ()), build(row))
    return found


def _stand_in(row: Row[Any]) -> values.StandIn:
    return values.StandIn(row.seat_id, PersonId(row.person_id), values.StandInCause(row.cause))


def _visitor(row: Row[Any]) -> values.Visitor:
    return values.Visitor(PersonId(row.person_id), row.reason)
