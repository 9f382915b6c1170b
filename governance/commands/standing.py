"""How the installation stands, from what is stored alone: nobody is asked, and neither Google nor Flask is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from governance.commands.output import instant
from governance.commands.upcoming import is_paused, next_starts
from governance.store import installation as store

LATE_READS = 5
"""A calendar is late when it was not read for so many times its interval, and at least for `LEAST_LATE`."""

LEAST_LATE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    meeting: str
    next: datetime | None
    last_read: datetime | None
    last_write: datetime | None
    held: int
    paused: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "meeting": self.meeting,
            "next": instant(self.next),
            "last_read": instant(self.last_read),
            "last_write": instant(self.last_write),
            "held": self.held,
            "paused": self.paused,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`code` is stable; `meeting` is None for what concerns all."""

    code: str
    meeting: str | None
    text: str
    remedy: str

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "meeting": self.meeting, "text": self.text, "remedy": self.remedy}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`queue` counts the meetings that wait to be looked at."""

    meetings: tuple[MeetingLine, ...]
    queue: int
    problems: tuple[Problem, ...]

    @property
    def is_well(self) -> bool:
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        return {
            "ok": self.is_well,
            "meetings": [one.to_json() for one in self.meetings],
            "queue": self.queue,
            "problems": [one.to_json() for one in self.problems],
        }


Rows = Iterable[Row[Any]]
Governed = Mapping[UUID, list[Row[Any]]]
"""The series of each meeting with their calendars."""


def read_status(session: Session, now: datetime, poll_seconds: int) -> Status:
    """The same five statements for one meeting and for fifty."""
    meetings = store.governed_meetings(session)
    series = _by_meeting(store.series_with_calendars(session))
    live = {id_: [(one.series_id, one.event_id) for one in some if not one.gone_at] for id_, some in series.items()}
    nexts = next_starts(session, live, now)
    pauses = store.pauses(session)
    reads = _reads(meetings, series, store.last_reads(session))
    lines = [
        MeetingLine(
            meeting=one.slug,
            next=nexts.get(one.id),
            last_read=reads.get(one.id),
            last_write=one.last_write_at,
            held=_held(one.plan_json),
            paused=is_paused(one, pauses, now),
        )
        for one in meetings
    ]
    patience = max(LEAST_LATE, timedelta(seconds=poll_seconds * LATE_READS))
    problems = [*_of_meetings(meetings), *_of_calendars(meetings, series), *_late(meetings, reads, now - patience)]
    return Status(meetings=tuple(lines), queue=sum(1 for one in meetings if one.dirty), problems=tuple(problems))


def _by_meeting(rows: Rows) -> Governed:
    found: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.meeting_id, []).append(row)
    return found


def _reads(meetings: Rows, series: Governed, by_worker: Mapping[str, datetime]) -> dict[UUID, datetime]:
    """When each meeting's calendar was last read, whoever noted it: the worker's own row knows of quiet readings."""
    found: dict[UUID, datetime] = {}
    for meeting in meetings:
        noted: list[datetime | None] = []
        for one in series.get(meeting.id, ()):
            noted += [one.last_read_at, by_worker.get(str(one.calendar_id))]
        latest = max((moment for moment in noted if moment is not None), default=None)
        if latest is not None:
            found[meeting.id] = latest
    return found


def _held(plan: Mapping[str, Any] | None) -> int:
    return sum(1 for change in (plan or {}).get("changes", []) if change.get("held"))


def _of_meetings(meetings: Rows) -> Iterator[Problem]:
    for one in meetings:
        if one.frozen_code:
            yield Problem(
                code=one.frozen_code,
                meeting=one.slug,
                text=one.frozen_reason or "nothing is written to this meeting",
                remedy=f"Link the meeting to its new event with `governance meeting relink {one.slug} --event E`",
            )
        if one.restored_hold:
            yield Problem(
                code="restored-copy",
                meeting=one.slug,
                text="the database is older than what was last written to the calendar",
                remedy=f"Look at `governance plan {one.slug}` and approve what is still wanted",
            )
        if one.problem_code:
            yield _noted(one, one.slug)


def _of_calendars(meetings: Rows, series: Governed) -> Iterator[Problem]:
    """Once for every meeting that suffers from it."""
    for meeting in meetings:
        calendars = {one.calendar_id: one for one in series.get(meeting.id, ())}
        for calendar in calendars.values():
            if calendar.problem_code:
                yield _noted(calendar, meeting.slug)


def _noted(row: Row[Any], slug: str) -> Problem:
    text = row.problem_text or row.problem_code
    return Problem(code=row.problem_code, meeting=slug, text=text, remedy=row.problem_remedy or "Look into the log")


def _late(meetings: Rows, reads: Mapping[UUID, datetime], limit: datetime) -> Iterator[Problem]:
    for one in meetings:
        read = reads.get(one.id)
        if read is None or read < limit:
            since = f"since {instant(read)}" if read else "yet"
            yield Problem(
                code="not-read",
                meeting=one.slug,
                text=f"its calendar was not read {since}",
                remedy="Start `governance run` or `governance worker`",
            )
