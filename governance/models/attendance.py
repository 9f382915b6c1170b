"""What was marked about arrivals, and what was made up for. What it comes to is decided in the domain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, one_of, only_one, parent
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat


class AttendanceMark(Identified, Base):
    """What somebody said about a seat at an occurrence; it is never altered, a later one corrects it.

    `source` is free, so that another source of arrivals needs no migration. `person_id` is who arrived or left. Only a
    correction has a reason, and never one for an apology.
    """

    __table_args__ = (
        one_of("kind", "arrived", "left", "apology", "absent", "open"),
        CheckConstraint("reason IS NULL OR (source = 'correction' AND kind <> 'apology')", name="reason_of_correction"),
    )
    partly_unique = (
        only_one("seat_id", "occurrence_id", "source", "kind", where="source <> 'correction'", name="once"),
    )

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str | None]

    seat: Mapped[Seat] = parent()
    occurrence: Mapped[Occurrence] = parent()
    person: Mapped[Person | None] = parent()


class MakeUp(Identified, Base):
    """A missed occurrence that was made up for: read, committed, and the question answered or passed."""

    __table_args__ = (UniqueConstraint("seat_id", "occurrence_id"),)

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    commitments: Mapped[str]
    at: Mapped[datetime]

    seat: Mapped[Seat] = parent()
    occurrence: Mapped[Occurrence] = parent()
    person: Mapped[Person] = parent()
