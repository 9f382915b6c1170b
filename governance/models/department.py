"""Departments, and the people who speak for them."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, Versioned, days_in_order, is_folded, parent
from governance.models.person import Person


class Department(Identified, Versioned, Base):
    """A part of the organisation that can send a delegate; one of a name, site-wide."""

    __table_args__ = (is_folded(),)

    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    closed_on: Mapped[date | None]


class Sponsor(Identified, Base):
    """Whoever says, for a department, what its delegate may decide."""

    __table_args__ = (days_in_order(),)

    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    department: Mapped[Department] = parent()
    person: Mapped[Person] = parent()
