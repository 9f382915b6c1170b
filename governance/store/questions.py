"""The bank of a meeting, whose turns there were, and the answers that were kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from governance.models import (
    ChosenQuestion,
    KeptAnswer,
    Occurrence,
    Person,
    QuestionVeto,
    Series,
    SuggestedQuestion,
    Turn,
)


def suggested(session: Session, meeting_id: UUID) -> list[SuggestedQuestion]:
    """Oldest first."""
    query = select(SuggestedQuestion).where(SuggestedQuestion.meeting_id == meeting_id)
    return list(session.scalars(query.order_by(SuggestedQuestion.at, SuggestedQuestion.id)))


def vetoes(session: Session, meeting_id: UUID) -> frozenset[str]:
    return frozenset(session.scalars(select(QuestionVeto.question_key).where(QuestionVeto.meeting_id == meeting_id)))


def veto_of(session: Session, meeting_id: UUID, key: str) -> QuestionVeto | None:
    return session.scalars(
        select(QuestionVeto).where(QuestionVeto.meeting_id == meeting_id, QuestionVeto.question_key == key)
    ).first()


def turns(session: Session, meeting_id: UUID) -> Sequence[Any]:
    """Every turn with its question, by the start of its occurrence."""
    return session.execute(
        select(ChosenQuestion.question_key, Turn.person_id, Occurrence.start)
        .join(Turn, Turn.occurrence_id == ChosenQuestion.occurrence_id)
        .join(Occurrence, Occurrence.id == Turn.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == meeting_id)
        .order_by(Occurrence.start, Turn.id)
    ).all()


def kept_answers(session: Session, meeting_id: UUID) -> Sequence[Any]:
    """The newest first."""
    query = (
        select(
            KeptAnswer.text,
            Turn.id.label("turn_id"),
            Turn.person_id,
            Person.name,
            ChosenQuestion.question_key,
            Occurrence.start,
        )
        .join(Turn, Turn.id == KeptAnswer.turn_id)
        .join(Person, Person.id == Turn.person_id)
        .join(Occurrence, Occurrence.id == Turn.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .join(ChosenQuestion, ChosenQuestion.occurrence_id == Turn.occurrence_id)
        .where(Series.meeting_id == meeting_id)
        .order_by(Occurrence.start.desc(), KeptAnswer.id)
        .limit(200)
    )
    return session.execute(query).all()


def chosen_for(session: Session, occurrence_id: UUID) -> ChosenQuestion | None:
    return session.scalars(select(ChosenQuestion).where(ChosenQuestion.occurrence_id == occurrence_id)).first()


def turn_of(session: Session, occurrence_id: UUID, person_id: UUID) -> Turn | None:
    return session.scalars(select(Turn).where(Turn.occurrence_id == occurrence_id, Turn.person_id == person_id)).first()


def answer_of(session: Session, turn_id: UUID) -> KeptAnswer | None:
    return session.scalars(select(KeptAnswer).where(KeptAnswer.turn_id == turn_id)).first()


def own_turn(session: Session, meeting_id: UUID, turn_id: UUID, person_id: UUID) -> Turn | None:
    """The turn, where it is that person's and of that meeting."""
    return session.scalars(
        select(Turn)
        .join(Occurrence, Occurrence.id == Turn.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Turn.id == turn_id, Turn.person_id == person_id, Series.meeting_id == meeting_id)
    ).first()


def delete_answer(session: Session, turn_id: UUID) -> bool:
    """At once and for good; whether there was one."""
    found = session.execute(delete(KeptAnswer).where(KeptAnswer.turn_id == turn_id))
    return bool(getattr(found, "rowcount", 0))
