"""What the workers ask: which calendars there are to watch, and who else is at work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Executable, bindparam, exists, inspect, or_, select
from sqlalchemy.orm import Session

from governance.models.calendar import Calendar, Series
from governance.models.channel import Channel
from governance.models.lease import Lease
from governance.models.meeting import Meeting
from governance.models.worker import Worker
from governance.store.clock import database_now


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedCalendar:
    """A calendar that a worker has to look after.

    `is_urgent`: somebody wants it read now, or one of its meetings is to be looked at although nothing has changed
    in Google. `retry_at`: not before this, because the last reading failed. `holder_id` and `fence` are its lease's.
    One that is not `is_governed` any more is there for its push channels, which have to be stopped.
    """

    id: UUID
    google_id: str
    subject: str = ""
    is_urgent: bool = False
    is_new: bool = False
    is_governed: bool = True
    retry_at: datetime | None = None
    holder_id: UUID | None = None
    fence: int | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A process that takes calendars, or took them lately, and when it last said that it lives."""

    worker_id: UUID
    started_at: datetime
    at: datetime
    has_stopped: bool


@dataclass(frozen=True, slots=True)
class LeaseNow:
    holder_id: UUID | None
    fence: int


def lease_of(session: Session, calendar_id: UUID) -> LeaseNow | None:
    row = session.execute(select(Lease.worker_id, Lease.fence).where(Lease.calendar_id == calendar_id)).one_or_none()
    return LeaseNow(*row) if row is not None else None


def has_fence(session: Session, calendar_id: UUID, fence: int) -> bool:
    """Whether the calendar is somebody's under this fence; it stays so until the transaction ends."""
    found = session.connection().execute(_HAS_FENCE, {"calendar": calendar_id, "fence": fence})
    return found.first() is not None


def watched_calendars(session: Session, now: datetime) -> list[WatchedCalendar]:
    """One statement, because it is asked every second."""
    rows = session.connection().execute(_WATCHED, {"now": now})
    return [
        WatchedCalendar(
            id=id_,
            google_id=google_id,
            subject=subject,
            is_urgent=bool(urgent),
            is_new=token is None,
            is_governed=bool(is_governed),
            retry_at=retry_at,
            holder_id=holder,
            fence=fence,
        )
        for id_, google_id, subject, urgent, token, is_governed, retry_at, holder, fence in rows
    ]


def heartbeats(session: Session) -> list[Heartbeat]:
    """Without what the rows say besides, which is long where there are many calendars."""
    rows = session.connection().execute(_HEARTBEATS)
    return [Heartbeat(worker_id, started, at, stopped is not None) for worker_id, started, at, stopped in rows]


def worker_named(session: Session, name: str) -> Worker | None:
    return session.scalar(select(Worker).where(Worker.name == name))


def all_workers(session: Session) -> list[Worker]:
    """The one that began first at the front."""
    return list(session.scalars(select(Worker).order_by(Worker.started_at, Worker.name)))


def names_at_work(session: Session, *, within: timedelta) -> list[str]:
    """Workers and commands that gave a sign of life lately; also asked of a database with an older or newer schema."""
    inspected = inspect(session.connection())
    if not inspected.has_table(Worker.__tablename__):
        return []
    alive = select(Worker.name).where(Worker.heartbeat_at >= database_now(session) - within)
    if any(column["name"] == "stopped_at" for column in inspected.get_columns(Worker.__tablename__)):
        alive = alive.where(Worker.stopped_at.is_(None))
    return list(session.scalars(alive.order_by(Worker.started_at)))


def _watched() -> Executable:
    governed = select(Meeting.id).join(Series, Series.meeting_id == Meeting.id)
    governed = governed.where(Series.calendar_id == Calendar.id, Meeting.released_at.is_(None))
    to_look_at = governed.where(
        or_(Meeting.dirty.is_(True), Meeting.due_at.is_(None), Meeting.due_at <= bindparam("now")),
        or_(Meeting.retry_at.is_(None), Meeting.retry_at <= bindparam("now")),
    )
    is_urgent = or_(Calendar.dirty, Calendar.reading_since.is_not(None), exists(to_look_at))
    has_channels = select(Channel.id).where(Channel.calendar_id == Calendar.id, Channel.stopped_at.is_(None))
    return (
        select(
            Calendar.id,
            Calendar.google_id,
            Calendar.subject,
            is_urgent,
            Calendar.sync_token,
            exists(governed),
            Calendar.retry_at,
            Lease.worker_id,
            Lease.fence,
        )
        .outerjoin(Lease, Lease.calendar_id == Calendar.id)
        .where(or_(exists(governed), exists(has_channels)))
        .order_by(Calendar.id)
    )


_WATCHED = _watched()
_HEARTBEATS = select(Worker.id, Worker.started_at, Worker.heartbeat_at, Worker.stopped_at)
_HAS_FENCE = (
    select(Lease.id)
    .where(Lease.calendar_id == bindparam("calendar"), Lease.fence == bindparam("fence"), Lease.worker_id.is_not(None))
    .with_for_update(read=True)
)
