"""What somebody has still to say of decisions and of promises of theirs: one question, for any number of meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, String, Uuid, bindparam, cast, literal, null, select, union_all

from governance.models import Action, Commitment, Decision, Department, Elector, Position, RuleMode, Seat
from governance.store.together import in_order

POSITION, COMMITMENT, PROMISE = "position", "commitment", "promise"
MOST = 200
"""So many of them are read: whoever has left more behind is helped by a page that opens."""

SEATS: Any = bindparam("own_seats", expanding=True, type_=Uuid())
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
    """Of the seats that somebody sits for, and the promises of theirs that are due by a day; the first due first."""
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
    return (
        select(
            Decision.meeting_id, literal(what).label("what"), Decision.id.label("thing"), Decision.title.label("text"),
            Department.name.label("department"), _DAY.label("due_on"), Decision.at.label("at"),
        )
        .join(Elector, Elector.decision_id == Decision.id)
        .join(Seat, Seat.id == Elector.seat_id)
        .join(Department, Department.id == Seat.department_id)
        .where(Elector.seat_id.in_(SEATS))
    )  # fmt: skip
