"""The question of the week: what members add and the chair vetoes, what an occurrence got, and whose turn it was."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, one_of, parent
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat


class SuggestedQuestion(Identified, Base):
    """A question that a member added to our own; its key is its identifier."""

    __table_args__ = (one_of("tag", "light", "open", "brave"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    text: Mapped[str]
    tag: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()


class QuestionVeto(Identified, Base):
    """The chair wants the question never to be chosen; taken back by removing the row."""

    __table_args__ = (UniqueConstraint("meeting_id", "question_key"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    question_key: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()


class ChosenQuestion(Identified, Base):
    """The question of one occurrence; `seed` and `why` are in the ledger too, with the candidates."""

    __table_args__ = (one_of("why", "new-to-all", "longest-ago"),)

    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"), unique=True)
    question_key: Mapped[str]
    suggested_id: Mapped[UUID | None] = mapped_column(ForeignKey("suggested_question.id"))
    seed: Mapped[str]
    why: Mapped[str]
    at: Mapped[datetime]

    occurrence: Mapped[Occurrence] = parent()
    suggested: Mapped[SuggestedQuestion | None] = parent()


class Turn(Identified, Base):
    """Who owes or owed the question of an occurrence, or took it on."""

    __table_args__ = (
        UniqueConstraint("occurrence_id", "person_id"),
        one_of("kind", "late", "volunteered", "make-up"),
        one_of("outcome", "answered", "passed"),
    )

    occurrence_id: Mapped[UUID] = mapped_column(ForeignKey("occurrence.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    kind: Mapped[str]
    since: Mapped[datetime]
    outcome: Mapped[str | None]
    settled_at: Mapped[datetime | None]

    occurrence: Mapped[Occurrence] = parent()
    person: Mapped[Person] = parent()
    seat: Mapped[Seat | None] = parent()


class KeptAnswer(Identified, Base):
    """An answer that the person agreed to keep; for those with a seat, never in the ledger, deleted with this row."""

    turn_id: Mapped[UUID] = mapped_column(ForeignKey("turn.id"), unique=True)
    text: Mapped[str]
    at: Mapped[datetime]

    turn: Mapped[Turn] = parent()
