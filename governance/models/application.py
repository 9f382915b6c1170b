"""People who want a seat, and what they leave for the delegate who has it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, one_of, only_one, parent
from governance.models.person import Person
from governance.models.seat import Seat


class Application(Identified, Base):
    """A person asks for a seat; the open ones of a seat, in the order of `domain.waiting`, are its waiting list."""

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


class Offer(Identified, Base):
    """The seat is offered to an applicant until `ends_at`; whoever accepts sits from `first_day` on, or from that day.

    `why` is the reason where the offer went to somebody else than the first of the waiting list.
    """

    __table_args__ = (
        one_of("answer", "accepted", "declined", "ended", "withdrawn"),
        CheckConstraint("(answer IS NULL) = (closed_at IS NULL)", name="closed_with_an_answer"),
        CheckConstraint("ends_at > at", name="ends_after_it_was_made"),
    )
    partly_unique = (only_one("seat_id", where="closed_at IS NULL", name="open"),)

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    offered_by: Mapped[str]
    at: Mapped[datetime]
    ends_at: Mapped[datetime]
    first_day: Mapped[date]
    why: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    answer: Mapped[str | None]

    seat: Mapped[Seat] = parent()
    application: Mapped[Application] = parent()


class DelegateNote(Identified, Base):
    """What a colleague without a seat wants the delegate of their department to know."""

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    seat: Mapped[Seat] = parent()
    person: Mapped[Person] = parent()
