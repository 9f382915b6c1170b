"""Promises: actions with owner and date, what became of them, and what was asked about them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, Versioned, one_of, parent
from governance.models.decision import Decision
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat


class Action(Identified, Versioned, Base):
    """What somebody promised until a day; `first_due_on` is the day promised first, `seat_id` whose say/do it counts
    in. `evidence` says how one sees that it is done.
    """

    __table_args__ = (one_of("state", "open", "done", "dropped"), Index(None, "meeting_id", "state", "due_on"))

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"), index=True)
    occurrence_id: Mapped[UUID | None] = mapped_column(ForeignKey("occurrence.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), index=True)
    owner_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    due_on: Mapped[date]
    first_due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    settled_at: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()
    decision: Mapped[Decision | None] = parent()
    occurrence: Mapped[Occurrence | None] = parent()
    seat: Mapped[Seat | None] = parent()
    owner: Mapped[Person] = parent()


class ActionChange(Identified, Base):
    """An action was done, slipped to another day with its reason, taken up again or dropped; rows are only added."""

    __table_args__ = (one_of("kind", "done", "slipped", "reopened", "dropped"),)

    action_id: Mapped[UUID] = mapped_column(ForeignKey("action.id"), index=True)
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    due_on_before: Mapped[date | None]
    due_on_after: Mapped[date | None]
    by: Mapped[str]
    at: Mapped[datetime]

    action: Mapped[Action] = parent()


class PromiseQuestion(Identified, Base):
    """A seat asks about a promise; question and answer stay with it."""

    action_id: Mapped[UUID] = mapped_column(ForeignKey("action.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    action: Mapped[Action] = parent()
    seat: Mapped[Seat | None] = parent()
    person: Mapped[Person | None] = parent()


class SayDoRemark(Identified, Base):
    """What a department says about its own figures, before the chair sees them."""

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]

    seat: Mapped[Seat] = parent()
