"""The one row that every worker keeps: that it lives, and when it last read which calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models.worker import Worker
from governance.services import leases
from governance.store.clock import database_now
from governance.store.deliveries import Moment
from governance.store.workers import all_workers, worker_named

BEAT_SECONDS = 5.0
LEASE_SECONDS = 12.0
"""A worker that has been silent for so long is taken for dead: two heartbeats that failed, and some.

With a second until the next look, and one for the cycle, what it looked after is looked after again within 15.
"""

KEPT_SECONDS = 90.0
"""So long the row of a worker that is gone stays: what it has sent counts in Google's quota for a minute."""

LastReads = Mapping[UUID, datetime]


def moment_of(session: Session, lease_seconds: float) -> Moment:
    """Now by the database's clock, with what makes a claim of something end."""
    return Moment(
        now=database_now(session), lease=timedelta(seconds=lease_seconds), silence=timedelta(seconds=LEASE_SECONDS)
    )


def enter(session: Session, name: str, *, now: datetime, command: str | None = None) -> Worker:
    """A worker begins. It takes over what is known from those that are gone; their rows go when they are old."""
    gone = [row for row in all_workers(session) if not is_alive(row, now)]
    inherited = _newest(gone)
    leases.free_all(session, [row.id for row in gone], now=now)
    for row in gone:
        if now - row.heartbeat_at > timedelta(seconds=KEPT_SECONDS):
            session.delete(row)
    session.flush()
    row = beat(session, name, inherited, now=now)
    row.command = command
    session.flush()
    return row


def beat(
    session: Session, name: str, last_reads: LastReads, *, now: datetime, quota: Mapping[str, int] | None = None
) -> Worker:
    """The worker lives, and has read these calendars; what it knew of others stays.

    A worker that was taken for dead, and whose row is gone, begins anew: what it held is another's.
    """
    row = worker_named(session, name)
    if row is None:
        row = Worker(name=name, started_at=now)
        session.add(row)
    known = {**_last_reads(row), **last_reads}
    row.heartbeat_at = now
    row.detail_json = _detail(known, quota)
    session.flush()
    return row


def leave(session: Session, name: str, last_reads: LastReads, *, now: datetime) -> None:
    """The worker stops: what it held is free. Its row stays for what it says of the last reads; a command's goes."""
    row = beat(session, name, last_reads, now=now)
    row.stopped_at = now
    leases.free_all(session, [row.id], now=now)
    if row.command is not None:
        session.delete(row)
    session.flush()


def is_alive(row: Worker, now: datetime) -> bool:
    return row.stopped_at is None and now - row.heartbeat_at <= timedelta(seconds=LEASE_SECONDS)


def live_workers(session: Session, now: datetime) -> list[str]:
    """Names of the workers that look by themselves, the one that began first at the front."""
    return [row.name for row in all_workers(session) if is_alive(row, now) and row.command is None]


def last_reads(session: Session) -> dict[UUID, datetime]:
    """When each calendar was last read by any worker."""
    return _newest(all_workers(session))


def _detail(known: LastReads, quota: Mapping[str, int] | None) -> dict[str, Any]:
    detail: dict[str, Any] = {"last_read": {str(one): known[one].isoformat() for one in sorted(known)}}
    return {**detail, "quota": dict(quota)} if quota else detail


def _newest(rows: list[Worker]) -> dict[UUID, datetime]:
    newest: dict[UUID, datetime] = {}
    for row in rows:
        for calendar, at in _last_reads(row).items():
            newest[calendar] = max(at, newest.get(calendar, at))
    return newest


def _last_reads(row: Worker) -> dict[UUID, datetime]:
    written = (row.detail_json or {}).get("last_read", {})
    return {UUID(calendar): datetime.fromisoformat(at) for calendar, at in written.items()}
