"""What somebody has still to say of decisions and of promises of theirs: one question, for any number of meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, String, Uuid, and_, bindparam, cast, literal, null, or_, select, union_all

from governance.models import (
    Action,
    Commitment,
    Decision,
    Department,
    Elector,
    Occurrence,
    Position,
    RuleMode,
    Seat,
    StandIn,
)
from governance.models.types import UtcDateTime
from governance.store.together import in_order

POSITION, COMMITMENT, PROMISE = "position", "commitment", "promise"
MOST = 200
"""So many of them are read: whoever has left more behind is helped by a page that opens."""

HELD: Any = bindparam("held_seats", expanding=True, type_=Uuid())
STOOD_IN: Any = bindparam("stood_in_seats", expanding=True, type_=Uuid())
MIDNIGHT: Any = bindparam("midnight", type_=UtcDateTime())
OWNER: Any = bindparam("owner", type_=Uuid())
SOON: Any = bindparam("soon", type_=Date())
_TEXT, _DAY = cast(null(), String()), cast(null(), Date())


@dataclass(frozen=True, slots=True)
class Duty:
    """`what` is a position, a commitment or a promise, `thing` the decision or the promise it is about."""

    meeting_id: UUID
    what: str
    thing: UUID
    text: str
    department: str | None
    due_on: date | None


def duties_question() -> Select[Any]:
    """Of the seats that somebody holds or stands in for, and promises of theirs due by a day; the first due first."""
    duties = union_all(_positions(), _commitments(), _promises()).subquery()
    columns = (duties.c[name] for name in ("meeting_id", "what", "thing", "text", "department", "due_on"))
    return in_order(select(*columns), duties.c.due_on, duties.c.at, duties.c.thing).limit(MOST)


def _positions() -> Any:
    """Wherever the seat is asked and has said nothing in this round."""
    said = select(Position.id).where(
        Position.decision_id == Decision.id, Position.seat_id == Elector.seat_id, Position.round == Decision.round
    )
    return _of_seats(POSITION).where(Decision.state == "open", ~said.exists())


def _commitments() -> Any:
    """Wherever it is decided and the seat has not said what it will do; where the rule is off nobody asks."""
    said = select(Commitment.id).where(
        Commitment.decision_id == Decision.id,
        Commitment.seat_id == Elector.seat_id,
        Commitment.at >= Decision.decided_at,
        Commitment.pledge != "no-answer",
    )
    is_off = select(RuleMode.id).where(
        RuleMode.meeting_id == Decision.meeting_id, RuleMode.code == "D06", RuleMode.mode == "off"
    )
    return _of_seats(COMMITMENT).where(
        Decision.decided_at.is_not(None),
        Decision.withdrawn_at.is_(None),
        Decision.closed_at.is_(None),
        ~said.exists(),
        ~is_off.exists(),
    )


def _promises() -> Any:
    return select(
        Action.meeting_id, literal(PROMISE).label("what"), Action.id.label("thing"), Action.text.label("text"),
        _TEXT.label("department"), Action.due_on.label("due_on"), Action.at.label("at"),
    ).where(Action.owner_person_id == OWNER, Action.state == "open", Action.due_on <= SOON)  # fmt: skip


def _of_seats(what: str) -> Any:
    """Where they may speak: whoever sits for the seat at the occurrence, and after its day whoever holds the seat."""
    stands_in = select(StandIn.id).where(
        StandIn.seat_id == Elector.seat_id, StandIn.occurrence_id == Decision.occurrence_id
    )
    holds = and_(Elector.seat_id.in_(HELD), or_(~stands_in.exists(), Occurrence.end < MIDNIGHT))
    sits_in = and_(Elector.seat_id.in_(STOOD_IN), stands_in.where(StandIn.person_id == OWNER).exists())
    return (
        select(
            Decision.meeting_id, literal(what).label("what"), Decision.id.label("thing"), Decision.title.label("text"),
            Department.name.label("department"), _DAY.label("due_on"), Decision.at.label("at"),
        )
        .join(Elector, Elector.decision_id == Decision.id)
        .join(Seat, Seat.id == Elector.seat_id)
        .join(Department, Department.id == Seat.department_id)
        .join(Occurrence, Occurrence.id == Decision.occurrence_id)
        .where(or_(holds, sits_in))
    )  # fmt: skip
