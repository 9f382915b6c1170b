"""Applications for a seat: its waiting list is the open ones, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from governance.models.application import Application
from governance.models.department import Department
from governance.models.person import Address, Person
from governance.models.seat import Seat


@dataclass(frozen=True, slots=True)
class Waiting:
    department: str
    name: str
    address: str
    since: datetime
    endorsed: bool


def open_application_of(session: Session, seat_id: UUID, person_id: UUID) -> Application | None:
    return session.scalar(
        select(Application).where(
            Application.seat_id == seat_id, Application.person_id == person_id, Application.closed_at.is_(None)
        )
    )


def place_of(session: Session, application: Application) -> int:
    """On the seat's waiting list, from 1."""
    is_before = or_(Application.at < application.at, Application.id == application.id)
    count = select(func.count()).where(
        Application.seat_id == application.seat_id, Application.closed_at.is_(None), is_before
    )
    return session.scalar(count) or 1


def seats_waited_for(session: Session, meeting_id: UUID) -> dict[UUID, UUID]:
    """The seat that each person waits for; of several, the one asked for last."""
    rows = session.execute(
        select(Application.person_id, Application.seat_id)
        .join(Seat, Seat.id == Application.seat_id)
        .where(Seat.meeting_id == meeting_id, Seat.closed_on.is_(None), Application.closed_at.is_(None))
        .order_by(Application.at, Application.id)
    )
    return {person: seat for person, seat in rows}  # noqa: C416  # rows are no pairs to the type checker


def waiting_list(session: Session, meeting_id: UUID) -> list[Waiting]:
    """Everybody who waits for a seat of the meeting, by department, the oldest first."""
    rows = session.execute(
        select(Department.name, Person.name, Address.folded, Application.at, Application.endorsed_at)
        .join(Seat, Seat.id == Application.seat_id)
        .join(Department, Department.id == Seat.department_id)
        .join(Person, Person.id == Application.person_id)
        .join(Address, Address.person_id == Person.id)
        .where(
            Seat.meeting_id == meeting_id,
            Seat.closed_on.is_(None),
            Application.closed_at.is_(None),
            Address.is_primary,
        )
        .order_by(Department.folded, Application.at, Application.id)
    )
    return [Waiting(department, name, address, at, bool(endorsed)) for department, name, address, at, endorsed in rows]
