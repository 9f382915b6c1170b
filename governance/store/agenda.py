"""What is stored of agendas and of the minutes; each question is one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, String, Uuid, and_, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from governance.models import (
    Action,
    AgendaItem,
    AgendaPlace,
    AttendanceMark,
    Decision,
    DecisionMark,
    Department,
    MinutesApproval,
    Occurrence,
    Person,
    Role,
    Seat,
    Series,
    Tenure,
)
from governance.models.types import UtcDateTime
from governance.store.decision_log import review_day

SETTLED = ("treated", "dropped", "delegated", "assigned")
PROMISE, REVIEW = "promise", "review"
DECISION, ACTION, APPROVAL, MARK = "decision", "action", "approval", "mark"

_AT = cast(null(), UtcDateTime())
_DAY, _TEXT = cast(null(), Date()), cast(null(), String())


def item_of(session: Session, meeting_id: UUID, item_id: UUID) -> AgendaItem | None:
    return session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.id == item_id)
    ).first()


def place_at(session: Session, item_id: UUID, occurrence_id: UUID) -> AgendaPlace | None:
    query = select(AgendaPlace).where(AgendaPlace.item_id == item_id, AgendaPlace.occurrence_id == occurrence_id)
    return session.scalars(query).first()


def places_of_items(session: Session, items: Iterable[UUID]) -> list[AgendaPlace]:
    return list(session.scalars(select(AgendaPlace).where(AgendaPlace.item_id.in_(list(items)))))


def last_rank(session: Session, occurrence_id: UUID) -> int:
    query = select(func.max(AgendaPlace.rank)).where(AgendaPlace.occurrence_id == occurrence_id)
    return session.scalar(query) or 0


def items_with_places(session: Session, meeting_id: UUID, meant: ColumnElement[bool]) -> Sequence[Any]:
    """Every place of the items that are on the agenda of the occurrences meant, and of all that are not settled."""
    to, final = aliased(Person), aliased(AgendaPlace)
    settled = select(final.id).where(final.item_id == AgendaItem.id, final.outcome.in_(SETTLED)).exists()
    there = (
        select(AgendaPlace.item_id)
        .join(Occurrence, Occurrence.id == AgendaPlace.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == meeting_id, meant)
    )
    return session.execute(
        select(
            AgendaItem.id, AgendaItem.version, AgendaItem.title, AgendaItem.purpose, AgendaItem.minutes,
            AgendaItem.papers, AgendaItem.customer, AgendaItem.seat_id, AgendaItem.person_id, Department.name.label(
                "department"
            ), Person.name.label("person"), AgendaPlace.id.label("place_id"), AgendaPlace.rank, AgendaPlace.outcome,
            AgendaPlace.outcome_at, AgendaPlace.words, AgendaPlace.to_day, to.name.label("to_person"),
            Occurrence.id.label("occurrence_id"), Occurrence.series_id, Occurrence.original_start, Occurrence.start,
            Occurrence.end, Occurrence.cancelled,
        )
        .join(AgendaPlace, AgendaPlace.item_id == AgendaItem.id)
        .join(Occurrence, Occurrence.id == AgendaPlace.occurrence_id)
        .outerjoin(Person, Person.id == AgendaItem.person_id)
        .outerjoin(Seat, Seat.id == AgendaItem.seat_id)
        .outerjoin(Department, Department.id == Seat.department_id)
        .outerjoin(to, to.id == AgendaPlace.to_person_id)
        .where(AgendaItem.meeting_id == meeting_id, or_(AgendaItem.id.in_(there), ~settled))
        .order_by(Occurrence.start, AgendaPlace.rank, AgendaItem.id)
    ).all()  # fmt: skip


def decisions_of_items(session: Session, items: Iterable[UUID]) -> Sequence[Any]:
    """Those that came of these items and were not withdrawn, oldest first."""
    return session.execute(
        select(Decision.id, Decision.item_id, Decision.number, Decision.title)
        .where(Decision.item_id.in_(list(items)), Decision.state != "withdrawn")
        .order_by(Decision.at, Decision.id)
    ).all()


def due_by(
    session: Session, meeting_id: UUID, day: date, today: date, limit: int, *, reads_positions: bool
) -> Sequence[Any]:
    """What the agenda of that day opens with: open promises due by then, and closed decisions to be reviewed (D08).

    A first review to come is for who reads positions, because an objection brings it forward; once it is due the agenda
    says so to everybody.
    """
    promises = (
        select(
            literal(PROMISE).label("what"), Action.id, Action.text.label("text"), Action.due_on.label("on"),
            Person.name.label("person"), _TEXT.label("number"),
        )
        .join(Person, Person.id == Action.owner_person_id)
        .where(Action.meeting_id == meeting_id, Action.state == "open", Action.due_on <= day)
        .order_by(Action.due_on, Action.id)
        .limit(limit)
        .subquery()
    )  # fmt: skip
    superseded = select(DecisionMark.id).where(
        DecisionMark.decision_id == Decision.id, DecisionMark.kind == "superseded"
    )
    due = review_day(reads_positions=True)
    is_due = or_(due <= min(day, today), review_day(reads_positions=reads_positions) <= day)
    reviews = (
        select(
            literal(REVIEW).label("what"), Decision.id, Decision.title.label("text"), due.label("on"),
            _TEXT.label("person"), Decision.number.label("number"),
        )
        .where(
            Decision.meeting_id == meeting_id, Decision.state == "closed", is_due, ~superseded.exists()
        )
        .order_by(due, Decision.id)
        .limit(limit)
        .subquery()
    )  # fmt: skip
    return session.execute(union_all(select(promises), select(reviews)).order_by("on", "id")).all()


def people_of(session: Session, meeting_id: UUID, on: date) -> Sequence[Any]:
    """Who holds a seat that day, with the seat, and who leads the meeting; by name."""

    def in_force(model: Any) -> ColumnElement[bool]:
        return and_(model.first_day <= on, or_(model.last_day.is_(None), model.last_day >= on))

    seated = (
        select(Person.id, Person.name, Seat.id.label("seat_id"), Department.name.label("department"))
        .join(Tenure, Tenure.person_id == Person.id)
        .join(Seat, Seat.id == Tenure.seat_id)
        .join(Department, Department.id == Seat.department_id)
        .where(Seat.meeting_id == meeting_id, Seat.closed_on.is_(None), in_force(Tenure))
    )
    leading = (
        select(Person.id, Person.name, cast(null(), Seat.id.type).label("seat_id"), Role.kind.label("department"))
        .join(Role, Role.person_id == Person.id)
        .where(Role.meeting_id == meeting_id, Role.kind.in_(("chair", "scribe")), in_force(Role))
    )
    return session.execute(union_all(seated, leading).order_by("name", "department")).all()


def recorded_at(session: Session, meant: ColumnElement[bool], meeting_id: UUID) -> Sequence[Any]:
    """For the minutes of the occurrences meant: closed decisions, what was promised, the approval, the newest mark."""
    of_it = (
        select(Occurrence.id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == meeting_id, meant)
    )  # fmt: skip
    decisions = (
        select(
            *_columns(
                DECISION, Decision.id, Decision.number, Decision.title, Decision.text, Decision.customer_effect,
                Person.name, Decision.due_on, Decision.closed_at,
            )
        )
        .outerjoin(Person, Person.id == Decision.owner_person_id)
        .where(Decision.occurrence_id.in_(of_it), Decision.state == "closed")
    )  # fmt: skip
    actions = (
        select(
            *_columns(
                ACTION, Action.id, Decision.number, Action.text, _TEXT, _TEXT, Person.name, Action.first_due_on,
                Action.at,
            )
        )
        .outerjoin(Decision, Decision.id == Action.decision_id)
        .outerjoin(Person, Person.id == Action.owner_person_id)
        .where(Action.occurrence_id.in_(of_it))
    )  # fmt: skip
    approvals = select(
        *_columns(
            APPROVAL, MinutesApproval.id, _TEXT, MinutesApproval.by, _TEXT, _TEXT, _TEXT, _DAY, MinutesApproval.at
        )
    ).where(MinutesApproval.occurrence_id.in_(of_it))
    marks = select(
        *_columns(
            MARK, cast(null(), Uuid()), _TEXT, _TEXT, _TEXT, _TEXT, _TEXT, _DAY, func.max(AttendanceMark.recorded_at)
        )
    ).where(AttendanceMark.occurrence_id.in_(of_it))
    return session.execute(union_all(decisions, actions, approvals, marks).order_by("number", "at", "id")).all()


def _columns(what: str, *values: Any) -> list[Any]:
    names = ("id", "number", "text", "more", "effect", "person", "on", "at")
    return [literal(what).label("what"), *(one.label(name) for name, one in zip(names, values, strict=True))]


def approval_of(session: Session, occurrence_id: UUID) -> MinutesApproval | None:
    return session.scalars(select(MinutesApproval).where(MinutesApproval.occurrence_id == occurrence_id)).first()
