"""What whoever runs the installation looks at: how it stands, its mail, its calendars. Nothing is judged here anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

import governance
from governance.services.mail_queue import RefusedAddress, refused_addresses
from governance.services.problems import Seen, is_alive
from governance.services.standing import Status, look_with, status_of
from governance.services.troubles import EVENT, may_be_retried
from governance.store import system_page as store
from governance.store.channels import TendedCalendar, governed_calendars
from governance.store.system_page import MailRow

MAILS = 100
"""So many mails that wait for a person are listed."""


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """`command` names the command that holds calendars meanwhile; a worker that looks by itself has none."""

    name: str
    command: str | None
    is_alive: bool
    has_stopped: bool
    started_at: datetime
    seen_at: datetime
    calendars: int


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event that waits; `retry` is what can be tried again now, where Google has not asked for the wait."""

    slug: str
    meeting: str
    event: str
    since: datetime
    retry_at: datetime
    text: str
    remedy: str
    retry: str | None


@dataclass(frozen=True, slots=True)
class SystemPage:
    status: Status
    meeting_names: Mapping[str, str]
    zones: Mapping[str, str]
    workers: tuple[WorkerLine, ...]
    set_aside: tuple[EventLine, ...]
    mails: Mapping[str, int]
    """How many are not settled, by state."""
    sent: int
    """Within a day: how many there ever were says nothing, and has to be counted."""
    version: str
    schema: str
    engine: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """`more` says how many others wait that are not listed."""

    counts: Mapping[str, Mapping[str, int]]
    rows: tuple[MailRow, ...]
    more: int
    refused: tuple[RefusedAddress, ...]
    """Addresses that are not written to any more."""


@dataclass(frozen=True, slots=True)
class CalendarLine:
    calendar: TendedCalendar
    meetings: tuple[str, ...]
    last_read_at: datetime | None
    worker: str | None
    taken_at: datetime | None
    problem_remedy: str | None
    problem_text: str | None
    writes_paused_until: datetime | None


def system_page(session: Session, now: datetime, poll_seconds: int, daily_limit: int) -> SystemPage:
    """Six statements for any number of meetings."""
    stands = store.what_stands(session)
    seen = _look(session, stands, now)
    mails: Counter[str] = Counter()
    for row in seen.mail.counts:
        mails[row.state] += row.many
    return SystemPage(
        status=status_of(session, seen, stands[store.PAUSE], now, poll_seconds, daily_limit),
        meeting_names={one.slug: one.name for one in seen.meetings},
        zones={one.slug: one.time_zone for one in seen.meetings},
        workers=tuple(_worker(one, seen, now) for one in seen.workers),
        set_aside=tuple(_events(seen)),
        mails=mails,
        sent=seen.mail.sent,
        version=governance.__version__,
        schema=next((row.subject for row in stands[store.SCHEMA]), "unknown"),
        engine=session.get_bind().dialect.name,
    )


def mail_page(session: Session) -> MailPage:
    counts: dict[str, dict[str, int]] = {}
    for kind, state, many in sorted(store.mail_counts(session)):
        counts.setdefault(kind, {})[state] = many
    waiting = sum(many for states in counts.values() for state, many in states.items() if state in store.TROUBLED)
    rows = tuple(store.troubled_mails(session, MAILS))
    return MailPage(counts, rows, waiting - len(rows), tuple(refused_addresses(session)))


def mail_to_decide(session: Session, mail_id: UUID) -> MailRow | None:
    """One of the mails that wait for a person; None for every other."""
    return store.troubled_mail(session, mail_id)


def calendars_page(session: Session, now: datetime) -> tuple[CalendarLine, ...]:
    """Every calendar that carries a meeting or has channels, with who looks after it."""
    stands = store.what_stands(session)
    seen = _look(session, stands, now)
    rows = {row.calendar_id: row for some in seen.series.values() for row in some}
    leases = {lease.calendar_id: lease for lease in seen.leases}
    workers = {worker.id: worker.name for worker in seen.workers}
    return tuple(
        _calendar(one, seen, rows.get(one.id), leases.get(one.id), workers) for one in governed_calendars(session)
    )


def _look(session: Session, stands: Mapping[str, Sequence[Row[Any]]], now: datetime) -> Seen:
    return look_with(
        session, now, breakers=stands[store.ACCOUNT], set_aside=stands[store.EVENT], leases=stands[store.LEASE]
    )


def _worker(row: Row[Any], seen: Seen, now: datetime) -> WorkerLine:
    return WorkerLine(
        name=row.name,
        command=row.command,
        is_alive=row.stopped_at is None and is_alive(row, now),
        has_stopped=row.stopped_at is not None,
        started_at=row.started_at,
        seen_at=row.heartbeat_at,
        calendars=sum(1 for lease in seen.leases if lease.worker_id == row.id),
    )


def _events(seen: Seen) -> list[EventLine]:
    meetings = {one.id: one for one in seen.meetings}
    return [
        EventLine(
            slug=meetings[row.meeting_id].slug,
            meeting=meetings[row.meeting_id].name,
            event=row.event_id,
            since=row.since,
            retry_at=row.retry_at,
            text=row.problem_text,
            remedy=row.problem_remedy,
            retry=f"{EVENT}:{row.id}" if may_be_retried(row.problem_code) else None,
        )
        for row in seen.set_aside
        if row.meeting_id in meetings
    ]


def _calendar(
    calendar: TendedCalendar, seen: Seen, row: Row[Any] | None, lease: Row[Any] | None, workers: Mapping[UUID, str]
) -> CalendarLine:
    meetings = [one for one in seen.meetings if any(s.calendar_id == calendar.id for s in _series(seen, one.id))]
    worker = workers.get(lease.worker_id) if lease else None
    return CalendarLine(
        calendar=calendar,
        meetings=tuple(one.name for one in meetings),
        last_read_at=seen.calendar_reads.get(calendar.id),
        worker=worker,
        taken_at=lease.taken_at if lease and worker else None,
        problem_remedy=row.problem_remedy if row else None,
        problem_text=row.problem_text if row else None,
        writes_paused_until=row.writes_paused_until if row else None,
    )


def _series(seen: Seen, meeting_id: UUID) -> Sequence[Row[Any]]:
    return seen.series.get(meeting_id, ())
