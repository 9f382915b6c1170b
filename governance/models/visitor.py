"""People in the room without a seat."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, parent
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person


class Visitor(Identified, Base):
    """Admitted to one occurrence, with a reason."""

    __table_args__ = (UniqueConstraint("occurrence_id", "person_id"),)

    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]

    occurrence: Mapped[Occurrence] = parent()
    person: Mapped[Person] = parent()


class StandingGuest(Identified, Base):
    """Admitted until a last day, with a reason; an undone removal does not count in the charter's limit."""

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    last_day: Mapped[date]
    counts_in_limit: Mapped[bool] = mapped_column(default=True)
    by: Mapped[str]
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()
    person: Mapped[Person] = parent()
