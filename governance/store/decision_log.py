"""The log of a meeting's decisions: a page of it by key, its search, and which decision took the place of which."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.models import Decision, Department, Person, Seat


def names_for(session: Session, row: Decision) -> tuple[str, tuple[str, ...]]:
    """The owner's name, and the departments that brought the decision and that bear its money."""
    owner = session.scalar(select(Person.name).where(Person.id == row.owner_person_id)) if row.owner_person_id else ""
    seats = [one for one in (row.seat_id, row.payer_seat_id) if one]
    query = select(Department.name).join(Seat, Seat.department_id == Department.id).where(Seat.id.in_(seats))
    departments = session.scalars(query.distinct().order_by(Department.name)).all() if seats else ()
    return owner or "", tuple(departments)
