"""What is stored of promises; each question is one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, String, Uuid, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from governance.models import (
    Action,
    ActionChange,
    Decision,
    Department,
    Occurrence,
    Person,
    PromiseQuestion,
    SayDoRemark,
    Seat,
    Series,
)

CHANGE, QUESTION = "change", "question"

_TEXT, _UUID, _DAY = cast(null(), String()), cast(null(), Uuid()), cast(null(), Date())


def action_of(session: Session, meeting_id: UUID, action_id: UUID) -> Action | None:
    return session.scalars(select(Action).where(Action.meeting_id == meeting_id, Action.id == action_id)).one_or_none()


def lines(session: Session, meeting_id: UUID, *, settled_since: datetime, limit: int) -> Sequence[Any]:
    """The open ones and those settled lately, the first due first, with owner, department and decision."""
    return session.execute(
        _lines(meeting_id)
        .where(or_(Action.state == "open", Action.settled_at >= settled_since))
        .order_by(Action.due_on, Action.id)
        .limit(limit)
    ).all()


def line(session: Session, meeting_id: UUID, action_id: UUID) -> Row[Any] | None:
    return session.execute(_lines(meeting_id).where(Action.id == action_id)).one_or_none()


def of_decision(session: Session, meeting_id: UUID, decision_id: UUID) -> Sequence[Any]:
    """The promises that a decision led to."""
    return session.execute(
        _lines(meeting_id).where(Action.decision_id == decision_id).order_by(Action.due_on, Action.id)
    ).all()


def history(session: Session, action_ids: Sequence[UUID]) -> Sequence[Any]:
    """What became of these promises and what was asked about them, in the order of time."""
    changes = select(
        ActionChange.action_id, ActionChange.id, literal(CHANGE).label("what"), ActionChange.kind, ActionChange.words,
        ActionChange.due_on_before, ActionChange.due_on_after, ActionChange.by, ActionChange.at, _TEXT.label("answer"),
        _TEXT.label("answered_by"), _UUID.label("person_id"), _TEXT.label("person"), _TEXT.label("department"),
    ).where(ActionChange.action_id.in_(action_ids))  # fmt: skip
    questions = (
        select(
            PromiseQuestion.action_id, PromiseQuestion.id, literal(QUESTION).label("what"), _TEXT, PromiseQuestion.text,
            _DAY, _DAY, _TEXT, PromiseQuestion.at, PromiseQuestion.answer, PromiseQuestion.answered_by,
            PromiseQuestion.person_id, Person.name, Department.name,
        )
        .outerjoin(Person, Person.id == PromiseQuestion.person_id)
        .outerjoin(Seat, Seat.id == PromiseQuestion.seat_id)
        .outerjoin(Department, Department.id == Seat.department_id)
        .where(PromiseQuestion.action_id.in_(action_ids))
    )  # fmt: skip
    return session.execute(union_all(changes, questions).order_by("at", "id")).all() if action_ids else ()


def counted(session: Session, meeting_id: UUID, since: date) -> Sequence[Any]:
    """Promises with a first day since then, each slip a row of its own (one row without a reason where none is)."""
    return session.execute(
        select(
            Action.id, Action.seat_id, Action.at, Action.first_due_on, Action.due_on, Action.state, Action.settled_at,
            ActionChange.words.label("slip"), ActionChange.at.label("slipped_at"),
        )
        .outerjoin(ActionChange, (ActionChange.action_id == Action.id) & (ActionChange.kind == "slipped"))
        .where(Action.meeting_id == meeting_id, Action.first_due_on >= since)
        .order_by(Action.id, ActionChange.at)
    ).all()  # fmt: skip


def starts_of(session: Session, meeting_id: UUID, until: datetime, limit: int) -> Sequence[datetime]:
    """The newest occurrences that began by then and took place."""
    return session.scalars(
        select(Occurrence.start)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == meeting_id, Occurrence.start <= until, Occurrence.cancelled.is_(False))
        .order_by(Occurrence.start.desc())
        .limit(limit)
    ).all()


def seats_with_remarks(session: Session, meeting_id: UUID) -> Sequence[Any]:
    """Open seats by department, each with its remarks, the newest last (one row without one where there is none)."""
    return session.execute(
        select(Seat.id, Department.name.label("department"), SayDoRemark.text, SayDoRemark.at)
        .join(Department, Department.id == Seat.department_id)
        .outerjoin(SayDoRemark, SayDoRemark.seat_id == Seat.id)
        .where(Seat.meeting_id == meeting_id, Seat.closed_on.is_(None))
        .order_by(Department.folded, Seat.id, SayDoRemark.at)
    ).all()


def open_due(session: Session, until: date) -> Sequence[Any]:
    """Open promises of every meeting that are due by then: what reminders are made of."""
    return session.execute(
        select(
            Action.id, Action.meeting_id, Action.owner_person_id, Action.seat_id, Action.text, Action.at,
            Action.due_on, Action.first_due_on, Decision.number,
        )
        .outerjoin(Decision, Decision.id == Action.decision_id)
        .where(Action.state == "open", Action.due_on <= until)
        .order_by(Action.meeting_id, Action.due_on, Action.id)
    ).all()  # fmt: skip


def _lines(meeting_id: UUID) -> Any:
    return (
        select(
            Action.id, Action.text, Action.due_on, Action.first_due_on, Action.state, Action.settled_at,
            Action.evidence, Action.version, Action.owner_person_id, Person.name.label("owner"), Action.seat_id,
            Department.name.label("department"), Action.decision_id, Decision.number, Decision.title, Action.at,
        )
        .join(Person, Person.id == Action.owner_person_id)
        .outerjoin(Seat, Seat.id == Action.seat_id)
        .outerjoin(Department, Department.id == Seat.department_id)
        .outerjoin(Decision, Decision.id == Action.decision_id)
        .where(Action.meeting_id == meeting_id)
    )  # fmt: skip
