"""What the holder of a seat may decide, and on whose word."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, days_in_order, one_of, parent
from governance.models.person import Person
from governance.models.seat import Seat


class Mandate(Identified, Base):
    """Authority in words, and in money (`limit_minor`, minor units; none is no authority over money)."""

    __table_args__ = (
        one_of("state", "recorded", "confirmed", "declined", "withdrawn"),
        days_in_order(),
        CheckConstraint("limit_minor >= 0", name="limit_not_negative"),
    )

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    sponsor_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    scope: Mapped[str]
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    state: Mapped[str]
    recorded_by: Mapped[str]
    at: Mapped[datetime]

    seat: Mapped[Seat] = parent()
    person: Mapped[Person] = parent(foreign_keys="Mandate.person_id")
    sponsor: Mapped[Person | None] = parent(foreign_keys="Mandate.sponsor_person_id")
