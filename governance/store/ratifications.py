"""Sponsors' words on decisions: those that are still waited for, and what one of them is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from governance.models import Decision, Department, Meeting, Ratification, Seat, Sponsor

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


def awaited(
    session: Session, *, in_meetings: Collection[UUID], on_seats: Collection[UUID], now: datetime
) -> list[Awaited]:
    """Of these meetings and of these seats, the oldest first."""
    if not (in_meetings or on_seats):
        return []
    day = now.date()
    sponsor = (
        select(Sponsor.id)
        .where(
            Sponsor.department_id == Seat.department_id,
            Sponsor.first_day <= day,
            or_(Sponsor.last_day.is_(None), Sponsor.last_day >= day),
        )
        .correlate(Seat)
        .exists()
    )
    rows = session.execute(
        select(
            Decision.meeting_id, Decision.id, Decision.title, Ratification.seat_id, Department.name, Ratification.state,
            sponsor,
        )
        .join(Decision, Decision.id == Ratification.decision_id)
        .join(Seat, Seat.id == Ratification.seat_id)
        .join(Department, Department.id == Seat.department_id)
        .where(
            Ratification.state.in_(_WAITING),
            Decision.decided_at.is_not(None),
            Decision.closed_at.is_(None),
            Decision.withdrawn_at.is_(None),
            or_(Decision.meeting_id.in_(list(in_meetings)), Ratification.seat_id.in_(list(on_seats))),
        )
        .order_by(Ratification.at, Ratification.id)
    )  # fmt: skip
    return [Awaited(*row) for row in rows]
