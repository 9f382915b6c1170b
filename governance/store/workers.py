"""The rows of the workers, and what each of them watches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from governance.models.calendar import Calendar, Series
from governance.models.meeting import Meeting
from governance.models.worker import Worker


@dataclass(frozen=True, slots=True)
class WatchedCalendar:
    """A calendar that carries meetings. `is_urgent`: one of them, or the calendar itself, is to be looked at now."""

    id: UUID
    google_id: str
    retry_at: datetime | None
    is_urgent: bool


def watched_calendars(session: Session, now: datetime) -> list[WatchedCalendar]:
    """Every calendar with at least one meeting that was not released; one statement."""
    to_look_at = and_(
        or_(Meeting.dirty.is_(True), Meeting.due_at.is_(None), Meeting.due_at <= now),
        or_(Meeting.retry_at.is_(None), Meeting.retry_at <= now),
    )
    rows = session.execute(
        select(
            Calendar.id,
            Calendar.google_id,
            Calendar.retry_at,
            func.max(case((or_(Calendar.dirty.is_(True), to_look_at), 1), else_=0)),
        )
        .join(Series, Series.calendar_id == Calendar.id)
        .join(Meeting, Meeting.id == Series.meeting_id)
        .where(Meeting.released_at.is_(None))
        .group_by(Calendar.id, Calendar.google_id, Calendar.retry_at)
        .order_by(Calendar.id)
    )
    return [WatchedCalendar(id_, google_id, retry_at, bool(urgent)) for id_, google_id, retry_at, urgent in rows]


def all_workers(session: Session) -> list[Worker]:
    """The one that began first at the front."""
    return list(session.scalars(select(Worker).order_by(Worker.started_at, Worker.id)))


def worker_named(session: Session, name: str) -> Worker | None:
    return session.scalar(select(Worker).where(Worker.name == name))
