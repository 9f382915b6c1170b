"""The one row that every worker keeps: that it lives, and when it last read which calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models.worker import Worker
from governance.store.workers import all_workers, worker_named

ALIVE_FOR = timedelta(seconds=15)
"""Three heartbeats: a worker that has been silent for longer is taken for gone."""

LastReads = Mapping[UUID, datetime]


def enter(session: Session, name: str, *, now: datetime) -> None:
    """A worker begins. It takes over what is known from those that are gone, whose rows it removes."""
    gone = [row for row in all_workers(session) if not is_alive(row, now)]
    inherited = _newest(gone)
    for row in gone:
        session.delete(row)
    session.flush()
    beat(session, name, inherited, now=now)


def beat(session: Session, name: str, last_reads: LastReads, *, now: datetime) -> None:
    """The worker lives, and has read these calendars; what it knew of others stays."""
    row = worker_named(session, name)
    if row is None:
        row = Worker(name=name, started_at=now)
        session.add(row)
    known = {**_last_reads(row), **last_reads}
    row.heartbeat_at = now
    row.detail_json = {"last_read": {str(calendar): known[calendar].isoformat() for calendar in sorted(known)}}
    session.flush()


def leave(session: Session, name: str, last_reads: LastReads, *, now: datetime) -> None:
    """The worker stops. Its row stays for what it says of the last reads, and is not taken for alive."""
    beat(session, name, last_reads, now=now)
    row = worker_named(session, name)
    if row is not None:
        row.detail_json = {**(row.detail_json or {}), "stopped_at": now.isoformat()}
        session.flush()


def is_alive(row: Worker, now: datetime) -> bool:
    return "stopped_at" not in (row.detail_json or {}) and now - row.heartbeat_at <= ALIVE_FOR


def live_workers(session: Session, now: datetime) -> list[str]:
    """Names of the workers that are at work, the one that began first at the front."""
    return [row.name for row in all_workers(session) if is_alive(row, now)]


def last_reads(session: Session) -> dict[UUID, datetime]:
    """When each calendar was last read by any worker."""
    return _newest(all_workers(session))


def _newest(rows: list[Worker]) -> dict[UUID, datetime]:
    newest: dict[UUID, datetime] = {}
    for row in rows:
        for calendar, at in _last_reads(row).items():
            newest[calendar] = max(at, newest.get(calendar, at))
    return newest


def _last_reads(row: Worker) -> dict[UUID, datetime]:
    written = (row.detail_json or {}).get("last_read", {})
    return {UUID(calendar): datetime.fromisoformat(at) for calendar, at in written.items()}
