"""What may be taken along of decisions: read some at a time, by key, so that any number of them can be written out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from governance.models import Action, Decision, DecisionOption, Department, Person, Seat


def closed_ones(
    session: Session, meeting_id: UUID, limit: int, below: tuple[int, int] | None = None
) -> Sequence[Row[Any]]:
    """The latest numbers first, below the one that was written last. Nothing of positions or of the quorum."""
    query = _whole(Decision.meeting_id == meeting_id, Decision.number_seq.is_not(None))
    if below is not None:
        number = tuple_(Decision.number_year, Decision.number_seq)
        query = query.where(number < tuple_(*(literal(one) for one in below)))
    found: Sequence[Row[Any]] = session.execute(
        query.order_by(Decision.number_year.desc(), Decision.number_seq.desc()).limit(limit)
    ).all()
    return found


def one_of(session: Session, decision_id: UUID) -> Row[Any]:
    found: Row[Any] = session.execute(_whole(Decision.id == decision_id)).one()
    return found


def options_of(session: Session, ids: Collection[UUID]) -> Sequence[DecisionOption]:
    query = select(DecisionOption).where(DecisionOption.decision_id.in_(ids))
    return session.scalars(query.order_by(DecisionOption.decision_id, DecisionOption.rank)).all()


def promises(session: Session, meeting_id: UUID) -> Sequence[Row[Any]]:
    """Every action of the meeting, by the day it was promised for first."""
    columns = (Action.text, Action.due_on, Action.first_due_on, Action.state, Action.settled_at, Action.evidence)
    query: Any = select(*columns, Decision.number, Person.name.label("owner"), Department.name.label("department"))
    query = (
        query.outerjoin(Decision, Decision.id == Action.decision_id)
        .outerjoin(Person, Person.id == Action.owner_person_id)
        .outerjoin(Seat, Seat.id == Action.seat_id)
        .outerjoin(Department, Department.id == Seat.department_id)
        .where(Action.meeting_id == meeting_id)
    )
    found: Sequence[Row[Any]] = session.execute(query.order_by(Action.first_due_on, Action.id)).all()
    return found


def _whole(*conditions: ColumnElement[bool]) -> Any:
    bringing, paying = aliased(Seat), aliased(Seat)
    bringer, payer = aliased(Department), aliased(Department)
    columns = (
        *(Decision.id, Decision.number, Decision.number_year, Decision.number_seq, Decision.state, Decision.title),
        *(Decision.question, Decision.customer, Decision.why_few_options, Decision.text, Decision.customer_effect),
        *(Decision.teller, Decision.informed, Decision.way, Decision.money_minor, Decision.due_on, Decision.review_on),
        *(Decision.at, Decision.closed_at, Person.name.label("owner")),
        *(bringer.name.label("brought_by"), payer.name.label("paid_by")),
    )
    return (
        select(*columns)
        .outerjoin(Person, Person.id == Decision.owner_person_id)
        .outerjoin(bringing, bringing.id == Decision.seat_id)
        .outerjoin(bringer, bringer.id == bringing.department_id)
        .outerjoin(paying, paying.id == Decision.payer_seat_id)
        .outerjoin(payer, payer.id == paying.department_id)
        .where(*conditions)
    )
