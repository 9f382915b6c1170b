"""Sponsors' words on decisions: those that are still waited for, and what one of them is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, case, literal, or_, select
from sqlalchemy.orm import Session

from governance.models import Decision, Department, Meeting, Ratification, Seat, Sponsor
from governance.store.together import TODAY, in_order
from governance.store.waiting import LED, SPONSORED

_WAITING = ("asked", "declined")


def ratification_of(session: Session, decision_id: UUID, seat_id: UUID) -> Ratification | None:
    query = select(Ratification).where(Ratification.decision_id == decision_id, Ratification.seat_id == seat_id)
    return session.scalar(query)


def ratification_rows(session: Session, decision_id: UUID) -> dict[UUID, Ratification]:
    rows = session.scalars(select(Ratification).where(Ratification.decision_id == decision_id))
    return {row.seat_id: row for row in rows}


def asked_before(session: Session, before: datetime) -> list[Row[Any]]:
    """Id, meeting and the instant of asking of each that nobody has answered since; of meetings at work."""
    return list(
        session.execute(
            select(Ratification.id, Decision.meeting_id, Ratification.at)
            .join(Decision, Decision.id == Ratification.decision_id)
            .join(Meeting, Meeting.id == Decision.meeting_id)
            .where(
                Ratification.state == "asked",
                Ratification.at <= before,
                Decision.decided_at.is_not(None),
                Decision.closed_at.is_(None),
                Decision.withdrawn_at.is_(None),
                Meeting.released_at.is_(None),
                Meeting.restored_hold.is_(False),
            )
            .order_by(Decision.meeting_id, Ratification.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Awaited:
    """A word that a decision waits for; `has_sponsor` is whether anybody can give it."""

    meeting_id: UUID
    decision_id: UUID
    title: str
    seat_id: UUID
    department: str
    state: str
    has_sponsor: bool


def awaited_question() -> Select[Any]:
    """Of the meetings `led` and of the seats `sponsored`, on the day `on`; the oldest first."""
    sponsor = (
        select(Sponsor.id)
        .where(
            Sponsor.department_id == Seat.department_id,
            Sponsor.first_day <= TODAY,
            or_(Sponsor.last_day.is_(None), Sponsor.last_day >= TODAY),
        )
        .correlate(Seat)
        .exists()
    )
    query = (
        select(
            Decision.meeting_id, Decision.id.label("decision_id"), Decision.title, Ratification.seat_id,
            Department.name.label("department"), Ratification.state,
            case((sponsor, literal(1)), else_=literal(0)).label("has_sponsor"),
        )
        .join(Decision, Decision.id == Ratification.decision_id)
        .join(Seat, Seat.id == Ratification.seat_id)
        .join(Department, Department.id == Seat.department_id)
        .where(
            Ratification.state.in_(_WAITING),
            Decision.decided_at.is_not(None),
            Decision.closed_at.is_(None),
            Decision.withdrawn_at.is_(None),
            or_(Decision.meeting_id.in_(LED), Ratification.seat_id.in_(SPONSORED)),
        )
    )  # fmt: skip
    return in_order(query, Ratification.at, Ratification.id)
