"""Seats and what hangs on them, as rows to be changed; reading a roster is `governance.store.rosters`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.models.calendar import Series
from governance.models.department import Department, Sponsor
from governance.models.deputy import Deputy, StandIn
from governance.models.mandate import Mandate
from governance.models.meeting import Meeting, Role
from governance.models.occurrence import Occurrence
from governance.models.outbox import MailPreference
from governance.models.seat import Seat, Tenure
from governance.models.visitor import StandingGuest, Visitor


def open_seat_of(session: Session, meeting_id: UUID, folded_department: str) -> Seat | None:
    return session.scalar(
        select(Seat)
        .join(Department, Department.id == Seat.department_id)
        .where(Seat.meeting_id == meeting_id, Seat.closed_on.is_(None), Department.folded == folded_department)
    )


def seat_by_id(session: Session, meeting_id: UUID, seat_id: UUID) -> Seat | None:
    return session.scalar(select(Seat).where(Seat.id == seat_id, Seat.meeting_id == meeting_id))


def open_departments(session: Session, meeting_id: UUID) -> list[str]:
    return list(
        session.scalars(
            select(Department.name)
            .join(Seat, Seat.department_id == Department.id)
            .where(Seat.meeting_id == meeting_id, Seat.closed_on.is_(None))
            .order_by(Department.folded)
        )
    )


def department_of(session: Session, seat: Seat) -> Department:
    found = session.get(Department, seat.department_id)
    if found is None:
        raise LookupError(f"seat {seat.id} has no department")
    return found


def has_open_seat_elsewhere(session: Session, department_id: UUID, meeting_id: UUID) -> bool:
    """Whether another meeting has a seat of the department."""
    others = select(Seat.id).where(
        Seat.department_id == department_id, Seat.closed_on.is_(None), Seat.meeting_id != meeting_id
    )
    return session.scalar(others.limit(1)) is not None


def tenures_of(session: Session, seat_id: UUID) -> list[Tenure]:
    return list(session.scalars(select(Tenure).where(Tenure.seat_id == seat_id).order_by(Tenure.first_day)))


def mandates_of(session: Session, seat_id: UUID) -> list[Mandate]:
    return list(
        session.scalars(select(Mandate).where(Mandate.seat_id == seat_id).order_by(Mandate.first_day, Mandate.id))
    )


def deputies_of(session: Session, seat_id: UUID) -> list[Deputy]:
    return list(session.scalars(select(Deputy).where(Deputy.seat_id == seat_id).order_by(Deputy.rank, Deputy.id)))


def stand_ins_of(session: Session, seat_id: UUID, person_id: UUID, *, ending_after: datetime) -> list[StandIn]:
    """The stand-ins of a person on a seat whose occurrence is not over."""
    return list(
        session.scalars(
            select(StandIn)
            .join(Occurrence, Occurrence.id == StandIn.occurrence_id)
            .where(StandIn.seat_id == seat_id, StandIn.person_id == person_id, Occurrence.end > ending_after)
        )
    )


def visitors_of(session: Session, occurrence_id: UUID) -> list[Visitor]:
    return list(session.scalars(select(Visitor).where(Visitor.occurrence_id == occurrence_id)))


def standing_guests_of(session: Session, meeting_id: UUID) -> list[StandingGuest]:
    return list(session.scalars(select(StandingGuest).where(StandingGuest.meeting_id == meeting_id)))


def meetings_of_person(session: Session, person_id: UUID) -> list[Meeting]:
    """Meetings whose roster the person occurs in: as holder, deputy, stand-in, visitor or standing guest."""
    in_seats = [
        select(Seat.meeting_id).join(of, of.seat_id == Seat.id).where(of.person_id == person_id)
        for of in (Tenure, Deputy, StandIn)
    ]
    as_guest = select(StandingGuest.meeting_id).where(StandingGuest.person_id == person_id)
    as_visitor = (
        select(Series.meeting_id)
        .join(Occurrence, Occurrence.series_id == Series.id)
        .join(Visitor, Visitor.occurrence_id == Occurrence.id)
        .where(Visitor.person_id == person_id)
    )
    ids = in_seats[0].union(*in_seats[1:], as_guest, as_visitor)
    return list(session.scalars(select(Meeting).where(Meeting.id.in_(ids)).order_by(Meeting.id)))


def meetings_to_hear_of(session: Session, person_id: UUID) -> list[Meeting]:
    """Meetings at work of which the person gets or has muted mails: by role, seat, deputy, sponsor or preference."""
    ids = (
        select(Role.meeting_id)
        .where(Role.person_id == person_id)
        .union(
            select(Seat.meeting_id).join(Tenure, Tenure.seat_id == Seat.id).where(Tenure.person_id == person_id),
            select(Seat.meeting_id).join(Deputy, Deputy.seat_id == Seat.id).where(Deputy.person_id == person_id),
            select(Seat.meeting_id)
            .join(Sponsor, Sponsor.department_id == Seat.department_id)
            .where(Sponsor.person_id == person_id),
            select(MailPreference.meeting_id).where(MailPreference.person_id == person_id),
        )
    )
    wanted = select(Meeting).where(Meeting.id.in_(ids), Meeting.released_at.is_(None))
    return list(session.scalars(wanted.order_by(Meeting.name, Meeting.slug)))
