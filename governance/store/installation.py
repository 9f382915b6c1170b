"""What `status` reads of the whole installation, straight from the tables.

No object is mapped here: setting up thirty mappers takes longer than everything else `status` does, and it only reads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, func, select
from sqlalchemy.orm import Session

from governance.models.approval import AppliedChange
from governance.models.calendar import Calendar, EventPicture, Series
from governance.models.lease import Lease
from governance.models.meeting import Meeting, Pause
from governance.models.trouble import Breaker, Quarantine
from governance.models.worker import Worker


def _table(model: Any) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101
    return table


_MEETINGS, _PAUSES, _WORKERS = _table(Meeting), _table(Pause), _table(Worker)
_BREAKERS, _QUARANTINES, _LEASES = _table(Breaker), _table(Quarantine), _table(Lease)
_SERIES, _CALENDARS, _PICTURES = _table(Series), _table(Calendar), _table(EventPicture)


def governed_meetings(session: Session) -> list[Row[Any]]:
    """Every column of each meeting that was not released, by slug."""
    return list(session.execute(select(_MEETINGS).where(_MEETINGS.c.released_at.is_(None)).order_by(_MEETINGS.c.slug)))


def series_with_calendars(session: Session) -> list[Row[Any]]:
    """Each series of a meeting (`series_id`, `event_id`, `gone_at`) with what is known of its calendar."""
    calendars = _CALENDARS.c
    return list(
        session.execute(
            select(
                _SERIES.c.meeting_id,
                _SERIES.c.id.label("series_id"),
                _SERIES.c.event_id,
                _SERIES.c.gone_at,
                calendars.id.label("calendar_id"),
                calendars.last_read_at,
                calendars.problem_code,
                calendars.problem_text,
                calendars.problem_remedy,
                calendars.subject,
                calendars.writes_paused_until,
            )
            .join(_CALENDARS, calendars.id == _SERIES.c.calendar_id)
            .where(_SERIES.c.retired_at.is_(None))
            .order_by(_SERIES.c.id)
        )
    )


def pauses(session: Session) -> list[Row[Any]]:
    return list(session.execute(select(_PAUSES)))


def event_bodies(session: Session, series_ids: Iterable[UUID]) -> dict[UUID, list[Mapping[str, Any]]]:
    """The last picture of each of these series: itself and its exceptions."""
    rows = session.execute(
        select(_PICTURES.c.series_id, _PICTURES.c.body_json).where(_PICTURES.c.series_id.in_(list(series_ids)))
    )
    found: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for series_id, body in rows:
        found[series_id].append(body)
    return found


def workers(session: Session) -> list[Row[Any]]:
    """Every column of each worker's row."""
    return list(session.execute(select(_WORKERS).order_by(_WORKERS.c.started_at, _WORKERS.c.id)))


def last_reads(workers: Iterable[Row[Any]]) -> dict[str, datetime]:
    """When a worker last read each calendar (by its id as text), whether or not there was anything new."""
    found: dict[str, datetime] = {}
    for one in workers:
        detail = one.detail_json
        for calendar, text in ((detail or {}).get("last_read") or {}).items():
            read = datetime.fromisoformat(text)
            found[calendar] = max(read, found.get(calendar, read))
    return found


def breakers(session: Session) -> list[Row[Any]]:
    """Accounts that are left alone."""
    return list(session.execute(select(_BREAKERS).where(_BREAKERS.c.open_until.is_not(None)).order_by(_BREAKERS.c.id)))


def set_aside(session: Session) -> list[Row[Any]]:
    """Events that wait, of governed meetings; one that so far only delays its calendar is not among them."""
    governed = _QUARANTINES.join(_MEETINGS, _MEETINGS.c.id == _QUARANTINES.c.meeting_id)
    wanted = select(_QUARANTINES).select_from(governed)
    waiting = wanted.where(_QUARANTINES.c.retry_at.is_not(None), _MEETINGS.c.released_at.is_(None))
    return list(session.execute(waiting.order_by(_QUARANTINES.c.since, _QUARANTINES.c.id)))


def leases(session: Session) -> list[Row[Any]]:
    return list(session.execute(select(_LEASES.c.calendar_id, _LEASES.c.worker_id, _LEASES.c.taken_at)))


def applied_by_rule(session: Session) -> dict[str, int]:
    """How many changes ever reached a calendar, by the rule that asked for them."""
    changes = _table(AppliedChange).c
    rows = session.execute(select(changes.rule, func.count()).group_by(changes.rule).order_by(changes.rule))
    return {rule: count for rule, count in rows}  # noqa: C416  # rows are no pairs to the type checker


def applied_since(session: Session, since: datetime) -> dict[UUID, int]:
    """How many changes reached the calendar of each meeting since then."""
    changes = _table(AppliedChange).c
    rows = session.execute(
        select(changes.meeting_id, func.count()).where(changes.at >= since).group_by(changes.meeting_id)
    )
    return {meeting: count for meeting, count in rows}  # noqa: C416  # rows are no pairs to the type checker
