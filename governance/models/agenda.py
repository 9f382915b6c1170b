"""What an occurrence is about: items, each with the places it had on agendas."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, Versioned, one_of, parent
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat


class AgendaItem(Identified, Versioned, Base):
    """`minutes` is the timebox, `papers` are addresses or titles, one a line."""

    __table_args__ = (
        one_of("purpose", "decide", "discuss", "inform"),
        CheckConstraint("minutes >= 1", name="minutes_at_least_one"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str]
    purpose: Mapped[str]
    minutes: Mapped[int | None]
    papers: Mapped[str]
    customer: Mapped[str]
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()
    seat: Mapped[Seat | None] = parent()
    person: Mapped[Person | None] = parent()


class AgendaPlace(Identified, Versioned, Base):
    """An item on the agenda of one occurrence, at its `rank`, and what became of it there.

    `carried` means that it returns. From the third return on it is *treated*, *dropped*, *delegated* or *assigned*: to
    a person until a day.
    """

    __table_args__ = (
        UniqueConstraint("item_id", "occurrence_id"),
        one_of("outcome", "treated", "carried", "dropped", "delegated", "assigned"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey("agenda_item.id"))
    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"), index=True)
    rank: Mapped[int]
    outcome: Mapped[str | None]
    outcome_at: Mapped[datetime | None]
    words: Mapped[str | None]
    to_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    to_day: Mapped[date | None]

    item: Mapped[AgendaItem] = parent()
    occurrence: Mapped[Occurrence] = parent()
    to_person: Mapped[Person | None] = parent()


class MinutesApproval(Identified, Base):
    """The chair has approved the minutes of an occurrence: until then they are a draft."""

    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"), unique=True)
    by: Mapped[str]
    at: Mapped[datetime]

    occurrence: Mapped[Occurrence] = parent()
