"""Who and what looks after a meeting, and what keeps them from it: questions to be asked together with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from governance.models import Breaker, Calendar, EventPicture, Quarantine, Series, Worker
from governance.store.standing import PAUSE_IN_FORCE, PauseInForce, pause_from
from governance.store.together import MEETING, Answers, Question, in_order


@dataclass(frozen=True, slots=True)
class CalendarInCare:
    """A calendar on which the meeting has a series that still exists."""

    id: UUID
    subject: str
    last_read_at: datetime | None
    dirty: bool
    reading_since: datetime | None
    retry_at: datetime | None
    writes_paused_until: datetime | None
    problem_code: str | None
    problem_text: str | None
    problem_remedy: str | None


@dataclass(frozen=True, slots=True)
class AccountAtRest:
    """An account of one of these calendars that is left alone."""

    subject: str
    since: datetime
    open_until: datetime
    problem_code: str
    problem_text: str
    problem_remedy: str


@dataclass(frozen=True, slots=True)
class EventAside:
    """An event of the meeting that waits; its original start where that is known."""

    id: UUID
    since: datetime
    retry_at: datetime
    problem_code: str
    problem_text: str
    problem_remedy: str
    original_start: datetime | None


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker's last sign of life, and when it last read which calendar."""

    heartbeat_at: datetime
    stopped_at: datetime | None
    detail: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class CareRows:
    calendars: tuple[CalendarInCare, ...]
    accounts: Mapping[str, AccountAtRest]
    set_aside: tuple[EventAside, ...]
    workers: tuple[WorkerSeen, ...]
    pause: PauseInForce | None


def questions() -> dict[str, Question]:
    """What is to be asked of the database for `care_from`."""
    return {
        "calendars": _calendars(),
        "accounts": _accounts(),
        "set_aside": _set_aside(),
        "workers": select(Worker.heartbeat_at, Worker.stopped_at, Worker.detail_json),
        "pause": PAUSE_IN_FORCE,
    }


def care_from(rows: Answers) -> CareRows:
    return CareRows(
        calendars=tuple(CalendarInCare(*row) for row in rows["calendars"]),
        accounts={row.subject: AccountAtRest(*row) for row in rows["accounts"]},
        set_aside=tuple(EventAside(*row) for row in rows["set_aside"]),
        workers=tuple(WorkerSeen(*row) for row in rows["workers"]),
        pause=pause_from(rows["pause"]),
    )


def _calendars() -> Question:
    kept = Calendar
    query = select(
        kept.id, kept.subject, kept.last_read_at, kept.dirty, kept.reading_since, kept.retry_at,
        kept.writes_paused_until, kept.problem_code, kept.problem_text, kept.problem_remedy,
    )  # fmt: skip
    of_series = select(Series.calendar_id).where(Series.meeting_id == MEETING, Series.gone_at.is_(None))
    return query.where(kept.id.in_(of_series))


def _accounts() -> Question:
    """Of any calendar of the meeting, also where its series is gone."""
    subjects = select(Calendar.subject).join(Series, Series.calendar_id == Calendar.id)
    ours = subjects.where(Series.meeting_id == MEETING)
    query = select(
        Breaker.subject, Breaker.since, Breaker.open_until, Breaker.problem_code, Breaker.problem_text,
        Breaker.problem_remedy,
    )  # fmt: skip
    return query.where(Breaker.open_until.is_not(None), Breaker.subject.in_(ours))


def _set_aside() -> Question:
    """An event that only delays its calendar is not one."""
    starts = select(EventPicture.event_id, EventPicture.original_start).join(
        Series, Series.id == EventPicture.series_id
    )
    known = starts.where(Series.meeting_id == MEETING).subquery()
    event = Quarantine
    query = select(
        event.id, event.since, event.retry_at, event.problem_code, event.problem_text, event.problem_remedy,
        known.c.original_start,
    ).outerjoin(known, known.c.event_id == event.event_id)  # fmt: skip
    waits = query.where(event.meeting_id == MEETING, event.retry_at.is_not(None))
    return in_order(waits, event.since, event.event_id)
