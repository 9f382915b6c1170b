"""What the workers ask: which calendars there are to watch, and who else is at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from governance.models.calendar import Calendar, Series
from governance.models.meeting import Meeting
from governance.models.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedCalendar:
    """A calendar with at least one governed meeting.

    `is_urgent`: somebody wants it read now, or one of its meetings is to be looked at although nothing has changed
    in Google. `retry_at`: not before this, because the last reading failed.
    """

    id: UUID
    google_id: str
    is_urgent: bool = False
    retry_at: datetime | None = None


def watched_calendars(session: Session, now: datetime) -> list[WatchedCalendar]:
    """One statement, because it is asked every second."""
    governed = select(Meeting.id).join(Series, Series.meeting_id == Meeting.id)
    governed = governed.where(Series.calendar_id == Calendar.id, Meeting.released_at.is_(None))
    to_look_at = governed.where(
        or_(Meeting.dirty.is_(True), Meeting.due_at.is_(None), Meeting.due_at <= now),
        or_(Meeting.retry_at.is_(None), Meeting.retry_at <= now),
    )
    rows = session.execute(
        select(Calendar.id, Calendar.google_id, or_(Calendar.dirty, exists(to_look_at)), Calendar.retry_at)
        .where(exists(governed))
        .order_by(Calendar.id)
    )
    return [
        WatchedCalendar(id=id_, google_id=google_id, is_urgent=bool(urgent), retry_at=retry_at)
        for id_, google_id, urgent, retry_at in rows
    ]


def worker_named(session: Session, name: str) -> Worker | None:
    return session.scalar(select(Worker).where(Worker.name == name))


def all_workers(session: Session) -> list[Worker]:
    """The one that began first at the front."""
    return list(session.scalars(select(Worker).order_by(Worker.started_at, Worker.name)))
