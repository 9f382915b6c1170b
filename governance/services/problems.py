"""What is wrong with the installation, as far as its rows tell. Pure: rows and `now` go in, problems come out.

Each has a stable code, a reason and a remedy. `briefly` says the same without a name, an address or a slug, for
whoever asks without having signed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from governance.services.mail_problems import MAIL_BRIEF, MailSeen, mail_problems
from governance.services.problem import Brief as Brief
from governance.services.problem import Problem as Problem

NO_WORKER, NOT_READ, LEASE_FREE = "no-worker", "not-read", "lease-free"
WRITES_PAUSED, RESTORED = "google-writes-paused", "restored-copy"

LATE_READS = 5
"""A calendar is late when it was not read for so many times its interval, and at least for `LEAST_LATE`."""

LEAST_LATE = timedelta(minutes=5)

SILENCE = timedelta(seconds=60)
"""A worker says every few seconds that it lives; after this long it is taken for gone."""

Rows = Sequence[Row[Any]]
Governed = Mapping[UUID, Rows]
"""The series of each meeting with their calendars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything that is looked at: rows as `governance.store.installation` gives them."""

    meetings: Rows
    series: Governed
    reads: Mapping[UUID, datetime]
    """When each meeting's calendar was last read, whoever noted it."""
    calendar_reads: Mapping[UUID, datetime]
    workers: Rows
    breakers: Rows
    set_aside: Rows
    leases: Rows
    mail: MailSeen


def problems(seen: Seen, now: datetime, poll_seconds: int, daily_limit: int) -> Iterator[Problem]:
    """The gravest first."""
    patience = max(LEAST_LATE, timedelta(seconds=poll_seconds * LATE_READS))
    yield from _no_worker(seen, now, patience)
    yield from _free_leases(seen, now)
    yield from _of_accounts(seen)
    yield from _of_meetings(seen)
    yield from _of_events(seen)
    yield from _of_calendars(seen)
    yield from _paused_writes(seen, now)
    yield from _late(seen, now - patience)
    slugs = {one.id: one.slug for one in seen.meetings}
    has_worker = any(is_alive(one, now) for one in seen.workers)
    yield from mail_problems(seen.mail, slugs, now, daily_limit=daily_limit, has_worker=has_worker)


def briefly(found: Iterable[Problem]) -> list[Brief]:
    """One of each code with a count, in the order of the first of each."""
    counts = Counter(one.code for one in found)
    return [_brief(code, many) for code, many in counts.items()]


def is_alive(worker: Row[Any], now: datetime) -> bool:
    return "stopped_at" not in (worker.detail_json or {}) and now - worker.heartbeat_at <= SILENCE


def free_leases(seen: Seen, now: datetime) -> frozenset[UUID]:
    """Calendars with a governed meeting whose lease nobody who lives has, and that nobody reads."""
    alive = {one.id for one in seen.workers if is_alive(one, now)}
    governed = {calendar.calendar_id for meeting in seen.meetings for calendar in seen.series.get(meeting.id, ())}
    return frozenset(
        lease.calendar_id
        for lease in seen.leases
        if lease.calendar_id in governed
        and lease.worker_id not in alive
        and not _was_read_since(seen.calendar_reads.get(lease.calendar_id), now - SILENCE)
    )


def _was_read_since(read: datetime | None, limit: datetime) -> bool:
    return read is not None and read >= limit


def _no_worker(seen: Seen, now: datetime, patience: timedelta) -> Iterator[Problem]:
    """A worker that vanished is missed at once. One that stopped by itself is not, while everything is read in time:
    that is `worker --once` or `sync` in a timer."""
    if not seen.meetings or any(is_alive(one, now) for one in seen.workers):
        return
    vanished = [one for one in seen.workers if "stopped_at" not in (one.detail_json or {})]
    newest = max(seen.reads.values(), default=None)
    if vanished or not _was_read_since(newest, now - patience):
        last = max((one.heartbeat_at for one in seen.workers), default=None)
        since = f"since {_instant(last)}" if last else "yet"
        yield Problem(
            code=NO_WORKER,
            meeting=None,
            text=f"no worker has been at work {since}",
            remedy="Start `governance run` or `governance worker`",
        )


def _free_leases(seen: Seen, now: datetime) -> Iterator[Problem]:
    """Only where somebody is there who could take them."""
    if any(is_alive(one, now) for one in seen.workers):
        for calendar_id in sorted(free_leases(seen, now)):
            for meeting in seen.meetings:
                if any(one.calendar_id == calendar_id for one in seen.series.get(meeting.id, ())):
                    yield Problem(
                        code=LEASE_FREE,
                        meeting=meeting.slug,
                        text="no worker has taken its calendar, though one is at work",
                        remedy="Look into the log of the workers, and start another one with `governance worker`",
                    )


def _of_accounts(seen: Seen) -> Iterator[Problem]:
    """Once for every account, not for each of its meetings."""
    for one in seen.breakers:
        yield Problem(
            code="account-rests",
            meeting=None,
            text=f"{one.subject} is left alone since {_instant(one.since)}, and tried again every minute: "
            f"{one.problem_text}",
            remedy=one.problem_remedy,
        )


def _of_meetings(seen: Seen) -> Iterator[Problem]:
    set_aside = {(one.meeting_id, one.problem_code) for one in seen.set_aside}
    for one in seen.meetings:
        if one.frozen_code and (one.id, one.frozen_code) not in set_aside:
            yield Problem(
                code=one.frozen_code,
                meeting=one.slug,
                text=one.frozen_reason or "nothing is written to this meeting",
                remedy=f"Link the meeting to its new event with `governance meeting relink {one.slug} --event E`",
            )
        if one.restored_hold:
            yield Problem(
                code=RESTORED,
                meeting=one.slug,
                text="the database is older than what was last written to the calendar",
                remedy=f"Look at `governance plan {one.slug}` and approve what is still wanted; "
                f"if that is nothing, run `governance meeting resume {one.slug}`",
            )
        if one.problem_code:
            yield _noted(one, one.slug)


def _of_events(seen: Seen) -> Iterator[Problem]:
    slugs = {one.id: one.slug for one in seen.meetings}
    for one in seen.set_aside:
        again = f", tried again at {_instant(one.retry_at)}" if one.retry_at else ""
        yield Problem(
            code=one.problem_code,
            meeting=slugs.get(one.meeting_id),
            text=f"{one.problem_text} (event {one.event_id}, set aside since {_instant(one.since)}{again})",
            remedy=one.problem_remedy,
        )


def _of_calendars(seen: Seen) -> Iterator[Problem]:
    """Once for every meeting that suffers from it."""
    for meeting, calendar in _calendars(seen):
        if calendar.problem_code:
            yield _noted(calendar, meeting.slug)


def _paused_writes(seen: Seen, now: datetime) -> Iterator[Problem]:
    for meeting, calendar in _calendars(seen):
        if calendar.writes_paused_until and calendar.writes_paused_until > now:
            yield Problem(
                code=WRITES_PAUSED,
                meeting=meeting.slug,
                text=f"Google lets the account write nothing until {_instant(calendar.writes_paused_until)}",
                remedy="Wait, and let nothing else invite guests with this account meanwhile",
            )


def _calendars(seen: Seen) -> Iterator[tuple[Row[Any], Row[Any]]]:
    for meeting in seen.meetings:
        calendars = {one.calendar_id: one for one in seen.series.get(meeting.id, ())}
        for calendar in calendars.values():
            yield meeting, calendar


def _noted(row: Row[Any], slug: str) -> Problem:
    text = row.problem_text or row.problem_code
    return Problem(code=row.problem_code, meeting=slug, text=text, remedy=row.problem_remedy or "Look into the log")


def _late(seen: Seen, limit: datetime) -> Iterator[Problem]:
    for one in seen.meetings:
        read = seen.reads.get(one.id)
        if not _was_read_since(read, limit):
            since = f"since {_instant(read)}" if read else "yet"
            yield Problem(
                code=NOT_READ,
                meeting=one.slug,
                text=f"its calendar was not read {since}",
                remedy="Start `governance run` or `governance worker`",
            )


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _brief(code: str, many: int) -> Brief:
    one, several, remedy = _BRIEF.get(code, _ANY)
    message = one if many == 1 else several.format(many=many)
    return Brief(code=code, message=message, remedy=remedy)


_LOOK = "Do what `governance status` says about it"
_ANY = ("One calendar, meeting or event waits.", "{many} calendars, meetings or events wait.", _LOOK)
_BRIEF = {
    NO_WORKER: (
        "No worker is at work, so no calendar is read.",
        "No worker is at work, so no calendar is read.",
        "Start `governance run` or `governance worker`",
    ),
    LEASE_FREE: (
        "No worker has taken the calendar of one meeting.",
        "No worker has taken the calendars of {many} meetings.",
        "Look into the log of the workers, and start another one with `governance worker`",
    ),
    "account-rests": (
        "One account is left alone, because its calls to Google failed.",
        "{many} accounts are left alone, because their calls to Google failed.",
        _LOOK,
    ),
    WRITES_PAUSED: (
        "Google lets the account of one meeting write nothing for a while.",
        "Google lets the accounts of {many} meetings write nothing for a while.",
        "Wait, and let nothing else invite guests with this account meanwhile",
    ),
    RESTORED: (
        "The database is older than what was last written to the calendar of one meeting.",
        "The database is older than what was last written to the calendars of {many} meetings.",
        "Look at `governance plan` of what `governance status` names, and approve what is still wanted",
    ),
    NOT_READ: (
        "The calendar of one meeting was not read lately.",
        "The calendars of {many} meetings were not read lately.",
        "Start `governance run` or `governance worker`",
    ),
    **{code: (one, several, _LOOK) for code, (one, several) in MAIL_BRIEF.items()},
}
