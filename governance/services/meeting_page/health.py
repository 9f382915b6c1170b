"""How the invitation is looked after, and what keeps it from being so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from governance.models import Meeting
from governance.reconcile.breaking import WAITING_CODES
from governance.services.meeting_page.values import Health, Trouble, TroubleLine
from governance.services.troubles import CALENDAR, EVENT, MEETING, may_be_retried, what_of
from governance.store.care import CalendarInCare, CareRows, WorkerSeen

WORKER_SILENCE = timedelta(seconds=60)
"""A worker shows that it lives every few seconds; after this long the page says that there is none."""


def health(meeting: Meeting, care: CareRows, now: datetime) -> Health:
    reads = [meeting.observed_at, *_reads(care)]
    return Health(
        troubles=tuple(_troubles(meeting, care, now)),
        last_read_at=max((one for one in reads if one), default=None),
        last_write_at=meeting.last_write_at,
        is_looking=meeting.dirty or any(one.dirty or one.reading_since for one in care.calendars),
    )


def _of_account(care: CareRows, subject: str) -> TroubleLine:
    account = care.accounts[subject]
    probe = next(one for one in care.calendars if one.subject == subject)
    return TroubleLine(
        Trouble.ACCOUNT,
        account.problem_remedy,
        account.problem_text,
        until=account.open_until,
        since=account.since,
        retry=what_of(CALENDAR, probe.id) if may_be_retried(account.problem_code) else None,
    )


def _reads(care: CareRows) -> Iterator[datetime | None]:
    """A reading that brought nothing new is noted in the worker's own row alone."""
    for calendar in care.calendars:
        yield calendar.last_read_at
        for worker in care.workers:
            noted = (worker.detail or {}).get("last_read", {}).get(str(calendar.id))
            yield datetime.fromisoformat(noted) if noted else None


def _is_alive(worker: WorkerSeen, now: datetime) -> bool:
    return worker.stopped_at is None and now - worker.heartbeat_at <= WORKER_SILENCE


def _troubles(meeting: Meeting, care: CareRows, now: datetime) -> Iterator[TroubleLine]:
    """The gravest first; once a meeting is released, nothing else matters."""
    if meeting.released_at:
        yield TroubleLine(Trouble.RELEASED, since=meeting.released_at)
        return
    if meeting.frozen_reason:
        yield TroubleLine(Trouble.FROZEN, reason=meeting.frozen_reason)
    if meeting.restored_hold:
        yield TroubleLine(Trouble.RESTORED)
    resting = {one.subject for one in care.calendars} & care.accounts.keys()
    for subject in sorted(resting):
        yield _of_account(care, subject)
    troubled: tuple[Meeting | CalendarInCare, ...] = (meeting, *care.calendars)
    for broken in troubled:
        kind = MEETING if isinstance(broken, Meeting) else CALENDAR
        is_told = not isinstance(broken, Meeting) and broken.subject in resting and broken.problem_code in WAITING_CODES
        if (broken.problem_remedy or broken.problem_text) and not is_told:
            yield TroubleLine(
                Trouble.PROBLEM,
                broken.problem_remedy,
                broken.problem_text,
                until=broken.retry_at,
                retry=what_of(kind, broken.id) if broken.retry_at and may_be_retried(broken.problem_code) else None,
            )
    for event in care.set_aside:
        yield TroubleLine(
            Trouble.EVENT,
            event.problem_remedy,
            event.problem_text,
            until=event.retry_at,
            since=event.since,
            retry=what_of(EVENT, event.id) if may_be_retried(event.problem_code) else None,
            occurrence=event.original_start,
        )
    if not any(_is_alive(worker, now) for worker in care.workers):
        seen = max((worker.heartbeat_at for worker in care.workers), default=None)
        yield TroubleLine(Trouble.NOBODY_LOOKS, since=seen)
    if care.pause:
        yield TroubleLine(Trouble.PAUSED, until=care.pause.last_day, since=care.pause.at)
    for calendar in care.calendars:
        if calendar.writes_paused_until and calendar.writes_paused_until > now:
            yield TroubleLine(Trouble.WRITES_PAUSED, until=calendar.writes_paused_until)
