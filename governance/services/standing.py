"""How the installation stands, from what is stored alone: nobody is asked, and neither Google nor Flask is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from governance.services.mail_problems import MailSeen
from governance.services.problems import Governed, Problem, Seen, problems
from governance.services.upcoming import is_paused, next_starts
from governance.store import installation as store
from governance.store import mail_queue

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    meeting: str
    next: datetime | None
    last_read: datetime | None
    last_write: datetime | None
    held: int
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`queue` counts the mails that wait to be sent."""

    meetings: tuple[MeetingLine, ...]
    queue: int
    problems: tuple[Problem, ...]

    @property
    def is_well(self) -> bool:
        return not self.problems


def read_status(session: Session, now: datetime, poll_seconds: int, daily_limit: int) -> Status:
    """The same statements for one meeting and for fifty."""
    return status_of(session, look(session, now), store.pauses(session), now, poll_seconds, daily_limit)


def status_of(
    session: Session, seen: Seen, pauses: Sequence[Any], now: datetime, poll_seconds: int, daily_limit: int
) -> Status:
    """The status from what was read already; one more statement, for the next occurrences."""
    live = {
        id_: [(one.series_id, one.event_id) for one in some if not one.gone_at] for id_, some in seen.series.items()
    }
    nexts = next_starts(session, live, now)
    lines = [
        MeetingLine(
            meeting=one.slug,
            next=nexts.get(one.id),
            last_read=seen.reads.get(one.id),
            last_write=one.last_write_at,
            held=held_of(one.plan_json),
            paused=is_paused(one, pauses, now),
        )
        for one in seen.meetings
    ]
    return Status(
        meetings=tuple(lines),
        queue=seen.mail.waiting,
        problems=tuple(problems(seen, now, poll_seconds, daily_limit)),
    )


def read_problems(session: Session, now: datetime, poll_seconds: int, daily_limit: int) -> tuple[Problem, ...]:
    """The problems alone, which cost no look into any event."""
    return tuple(problems(look(session, now), now, poll_seconds, daily_limit))


def look(session: Session, now: datetime) -> Seen:
    """Everything that tells how the installation stands; no object is mapped."""
    return look_with(
        session,
        now,
        breakers=store.breakers(session),
        set_aside=store.set_aside(session),
        leases=store.leases(session),
    )


def look_with(
    session: Session,
    now: datetime,
    *,
    breakers: Sequence[Row[Any]],
    set_aside: Sequence[Row[Any]],
    leases: Sequence[Row[Any]],
) -> Seen:
    """The same where these were read already."""
    series = _by_meeting(store.series_with_calendars(session))
    workers = store.workers(session)
    by_calendar = _calendar_reads(series, store.last_reads(workers))
    return Seen(
        meetings=store.governed_meetings(session),
        series=series,
        reads=_meeting_reads(series, by_calendar),
        calendar_reads=by_calendar,
        workers=workers,
        breakers=breakers,
        set_aside=set_aside,
        leases=leases,
        mail=look_at_mail(session, now),
    )


def look_at_mail(session: Session, now: datetime) -> MailSeen:
    """One statement."""
    rows = mail_queue.figures(session, now, now - _DAY)
    due = [row.oldest for row in rows if row.oldest is not None]
    return MailSeen(
        counts=[row for row in rows if row.state not in ("sent", mail_queue.UNDELIVERABLE)],
        oldest_due=min(due, default=None),
        undeliverable=sum(row.many for row in rows if row.state == mail_queue.UNDELIVERABLE),
        sent=sum(row.many for row in rows if row.state == "sent"),
        used=sum(row.used for row in rows),
    )


def held_of(plan: Mapping[str, Any] | None) -> int:
    return sum(1 for change in (plan or {}).get("changes", []) if change.get("held"))


def _by_meeting(rows: Iterable[Row[Any]]) -> Governed:
    found: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.meeting_id, []).append(row)
    return found


def _calendar_reads(series: Governed, by_worker: Mapping[str, datetime]) -> dict[UUID, datetime]:
    """When each calendar was last read, whoever noted it: the worker's own row knows of quiet readings."""
    found: dict[UUID, datetime] = {}
    for some in series.values():
        for one in some:
            noted = [at for at in (one.last_read_at, by_worker.get(str(one.calendar_id))) if at is not None]
            if noted:
                found[one.calendar_id] = max(noted)
    return found


def _meeting_reads(series: Governed, by_calendar: Mapping[UUID, datetime]) -> dict[UUID, datetime]:
    found: dict[UUID, datetime] = {}
    for meeting, some in series.items():
        read = [by_calendar[one.calendar_id] for one in some if one.calendar_id in by_calendar]
        if read:
            found[meeting] = max(read)
    return found
