"""How the invitation is looked after, and what keeps it from being so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from governance.models import Calendar, Meeting, Pause
from governance.services.meeting_page.values import Health, Trouble, TroubleLine

WORKER_SILENCE = timedelta(seconds=90)
"""A worker shows that it lives every few seconds; after this long there is none."""


@dataclass(frozen=True, slots=True)
class Care:
    """Who and what looks after a meeting; `heartbeat` is the last sign of life of any worker."""

    meeting: Meeting
    calendars: Sequence[Calendar]
    pause: Pause | None
    heartbeat: datetime | None


def health(care: Care, now: datetime) -> Health:
    meeting = care.meeting
    reads = [meeting.last_read_at, meeting.observed_at, *(calendar.last_read_at for calendar in care.calendars)]
    return Health(
        troubles=tuple(_troubles(care, now)),
        last_read_at=max((one for one in reads if one), default=None),
        last_write_at=meeting.last_write_at,
        is_looking=meeting.dirty or any(calendar.dirty for calendar in care.calendars),
    )


def _troubles(care: Care, now: datetime) -> Iterator[TroubleLine]:
    """The gravest first; once a meeting is released, nothing else matters."""
    meeting = care.meeting
    if meeting.released_at:
        yield TroubleLine(Trouble.RELEASED, since=meeting.released_at)
        return
    if meeting.frozen_reason:
        yield TroubleLine(Trouble.FROZEN, reason=meeting.frozen_reason)
    if meeting.restored_hold:
        yield TroubleLine(Trouble.RESTORED)
    for broken in (meeting, *care.calendars):
        if broken.problem_remedy or broken.problem_text:
            yield TroubleLine(Trouble.PROBLEM, broken.problem_remedy, broken.problem_text, until=broken.retry_at)
    if care.heartbeat is None or care.heartbeat < now - WORKER_SILENCE:
        yield TroubleLine(Trouble.NOBODY_LOOKS, since=care.heartbeat)
    if care.pause:
        yield TroubleLine(Trouble.PAUSED, until=care.pause.last_day, since=care.pause.at)
    for calendar in care.calendars:
        if calendar.writes_paused_until and calendar.writes_paused_until > now:
            yield TroubleLine(Trouble.WRITES_PAUSED, until=calendar.writes_paused_until)
