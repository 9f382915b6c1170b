"""People who want a seat, and what they leave for the delegate who has it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, one_of, only_one, parent
from governance.models.person import Person
from governance.models.seat import Seat


class Application(Identified, Base):
    """A person asks for a seat; the open ones of a seat, the oldest first, are its waiting list."""

    __table_args__ = (one_of("outcome", "seated", "declined", "withdrawn"),)
    partly_unique = (only_one("seat_id", "person_id", where="closed_at IS NULL", name="open"),)

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    endorsed_at: Mapped[datetime | None]
    endorsed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]

    seat: Mapped[Seat] = parent()
    person: Mapped[Person] = parent(foreign_keys="Application.person_id")


class DelegateNote(Identified, Base):
    """What a colleague without a seat wants the delegate of their department to know."""

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]

    seat: Mapped[Seat] = parent()
    person: Mapped[Person] = parent()
