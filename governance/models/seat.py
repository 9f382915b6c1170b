"""Seats, and who holds them when."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, Versioned, days_in_order, only_one, parent
from governance.models.department import Department
from governance.models.meeting import Meeting
from governance.models.person import Person


class Seat(Identified, Versioned, Base):
    """A department's place in a meeting; it outlives its holders, and only one is open at a time."""

    __table_args__ = (days_in_order("opened_on", "closed_on"),)
    partly_unique = (only_one("meeting_id", "department_id", where="closed_on IS NULL", name="open"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]

    meeting: Mapped[Meeting] = parent()
    department: Mapped[Department] = parent()


class Tenure(Identified, Base):
    """A person holds a seat from the first day to the last; the one in force makes the delegate."""

    __table_args__ = (days_in_order(),)
    # Tenures of a seat never overlap, so at most one has no end; the rest of that rule needs the roster's view.
    partly_unique = (only_one("seat_id", where="last_day IS NULL", name="open"),)

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    seat: Mapped[Seat] = parent()
    person: Mapped[Person] = parent()
