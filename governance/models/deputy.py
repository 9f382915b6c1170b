"""Deputies named in advance, and the stand-ins of single occurrences."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, days_in_order, one_of, parent
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat


class Deputy(Identified, Base):
    """Named in advance, in an order (`rank`, the lowest first); that alone entitles to nothing."""

    __table_args__ = (days_in_order(),)

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    rank: Mapped[int]

    seat: Mapped[Seat] = parent()
    person: Mapped[Person] = parent()


class StandIn(Identified, Base):
    """The deputy who sits on a seat that day, by somebody's act; one per seat and occurrence."""

    __table_args__ = (
        UniqueConstraint("seat_id", "occurrence_id"),
        one_of("cause", "decline", "handed-over", "named"),
    )

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    by: Mapped[str]
    cause: Mapped[str]
    at: Mapped[datetime]

    seat: Mapped[Seat] = parent()
    occurrence: Mapped[Occurrence] = parent()
    person: Mapped[Person] = parent()


class KeptSeat(Identified, Base):
    """The delegate sits that day whatever their answer in the calendar says: a decline swaps nobody in.

    By the delegate's “I can come after all”, or because chair or scribe withdrew the stand-in while a decline stood.
    """

    __table_args__ = (UniqueConstraint("seat_id", "occurrence_id"), one_of("cause", "after-all", "withdrawn"))

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"), index=True)
    by: Mapped[str]
    cause: Mapped[str]
    at: Mapped[datetime]

    seat: Mapped[Seat] = parent()
    occurrence: Mapped[Occurrence] = parent()
