"""One cycle of one calendar: observe it once, then mend each of its meetings that needs it.

    listing ─→ picture ─→ for every changed or due meeting: judge ─→ write ─→ judge ─→ … ─→ record

A meeting in trouble is noted, waits its time and delays no other; a calendar in trouble is noted and
delays no other calendar. Nothing here is remembered between cycles: whatever died in the middle is
found again by looking.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from governance.database import DatabaseUnavailable, Sessions
from governance.domain.errors import GovernanceError
from governance.models.calendar import Calendar
from governance.models.meeting import Meeting
from governance.reconcile.judging import Judgement, RosterChange, Site, judge
from governance.reconcile.mending import Mended, Mender
from governance.reconcile.observing import MAY_WRITE, Observer
from governance.reconcile.ports import (
    CalendarPort,
    CalendarTrouble,
    DirectoryPort,
    OutcomeUnclear,
    Stopping,
    WritesPaused,
)
from governance.store import pictures, standing
from governance.store.pictures import CalendarToRead

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
WRITES_REST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MeetingReport:
    """What one cycle did for a meeting; counts are of changes."""

    meeting: str
    applied: int
    held: int
    failed: int
    trouble: CalendarTrouble | GovernanceError | None = None

    def to_json(self) -> dict[str, Any]:
        return {"meeting": self.meeting, "applied": self.applied, "held": self.held, "failed": self.failed}


@dataclass(frozen=True, slots=True)
class CycleReport:
    """`trouble` is the calendar's own; then no meeting of it was looked at."""

    meetings: tuple[MeetingReport, ...] = ()
    trouble: CalendarTrouble | None = None
    read_at: datetime | None = None


class Reconciler:
    """Observes, judges and mends; knows no schedule."""

    def __init__(
        self,
        *,
        database: Sessions,
        calendars: CalendarPort,
        directory: DirectoryPort | None,
        site: Site,
        clock: Callable[[], datetime],
    ) -> None:
        self.database = database
        self.site = site
        self.clock = clock
        self._observer = Observer(database, calendars, clock)
        self._mender = Mender(database, calendars, directory, self._observer, site, clock)

    def cycle(self, calendar_id: UUID, *, also: Iterable[UUID] = ()) -> CycleReport:
        """One cycle; `also` are meetings to be looked at although nothing says that they need it."""
        with self.database.reading() as session:
            calendar = pictures.calendar_to_read(session, calendar_id)
            due = pictures.meetings_to_look_at(session, calendar_id, self.clock())
        if calendar is None or not calendar.is_governed:
            return CycleReport()
        if calendar.is_dirty:
            self._begin_reading(calendar_id)
        try:
            observation = self._observer.observe(calendar)
        except Stopping:
            raise
        except CalendarTrouble as trouble:
            self._note_calendar(calendar_id, trouble)
            return CycleReport(trouble=trouble)
        read_at = self.clock()
        has_wish = calendar.is_dirty or calendar.is_being_read
        if calendar.has_problem or has_wish or observation.access_role not in MAY_WRITE:
            self._note_reading(calendar_id, observation.access_role)
        wanted = sorted({*due, *also, *observation.changed})
        return CycleReport(self._look_after_all(wanted, calendar), read_at=read_at)

    def look(self, meeting_id: UUID) -> Judgement:
        """Observe the meeting's calendar and judge the meeting; writes nothing to Google.

        Raises:
            CalendarTrouble: the calendar cannot be read now.
        """
        calendar = self._calendar_of(meeting_id)
        if calendar is not None:
            self._observer.observe(calendar)
        found = self.preview(meeting_id)
        return self.preview(meeting_id) if self._mender.ask_directory(found) else found

    def preview(self, meeting_id: UUID, roster_change: RosterChange | None = None) -> Judgement:
        """Judge the stored picture, with a roster that is only being considered where one is given."""
        with self.database.reading() as session:
            return judge(session, meeting_id, site=self.site, now=self.clock(), roster_change=roster_change)

    def let_go(self, meeting_id: UUID) -> int:
        """Take what is ours off the meeting's events, before it is released; the number of writes.

        Raises:
            CalendarTrouble: not everything could be taken off.
        """
        calendar = self._calendar_of(meeting_id)
        return self._mender.let_go(meeting_id, calendar) if calendar is not None else 0

    def _calendar_of(self, meeting_id: UUID) -> CalendarToRead | None:
        with self.database.reading() as session:
            calendar_id = pictures.calendar_of_meeting(session, meeting_id)
            return pictures.calendar_to_read(session, calendar_id) if calendar_id else None

    def _look_after_all(self, meeting_ids: list[UUID], calendar: CalendarToRead) -> tuple[MeetingReport, ...]:
        """Every series first; then, when occurrences are left, one more listing; then the occurrences.

        Google may carry a change of a series over to its exceptions: without the listing they would be
        planned from what they were.
        """
        halves = {one: self._guarded(one, calendar, partial(self._mender.mend_series, one)) for one in meeting_ids}
        left = [half for half in halves.values() if isinstance(half, Mended) and half.occurrences_are_left]
        if left and any(isinstance(half, Mended) and half.wrote_series for half in halves.values()):
            trouble = self._listed_again(calendar.id)
            if trouble is not None:
                halves |= {half.meeting_id: self._note_meeting(half.meeting_id, trouble) for half in left}
                left = []
        for half in left:
            mend = partial(self._mender.mend_occurrences, half)
            halves[half.meeting_id] = self._guarded(half.meeting_id, calendar, mend)
        return tuple(self._reported(half) for half in halves.values())

    def _listed_again(self, calendar_id: UUID) -> CalendarTrouble | None:
        try:
            self._observer.observe_again(calendar_id)
        except Stopping:
            raise
        except CalendarTrouble as trouble:
            return trouble
        return None

    def _guarded(
        self, meeting_id: UUID, calendar: CalendarToRead, mend: Callable[[CalendarToRead], Mended]
    ) -> Mended | MeetingReport:
        """Mend one meeting; its trouble is noted and stays its own."""
        try:
            return mend(calendar)
        except (Stopping, DatabaseUnavailable):
            raise
        except CalendarTrouble as trouble:
            if isinstance(trouble, WritesPaused):
                self._rest_writes(calendar.address.subject, trouble)
            return self._note_meeting(meeting_id, trouble)
        except GovernanceError as error:
            return self._note_meeting(meeting_id, error)
        except Exception as error:
            # One meeting that cannot be looked after must not stop the others: it is set aside with its reason.
            log.exception("a meeting could not be looked after", extra={"meeting_id": str(meeting_id)})
            why = GovernanceError(
                "Send the log to whoever looks after the program", f"{type(error).__name__} in this meeting"
            )
            return self._note_meeting(meeting_id, why)

    def _reported(self, half: Mended | MeetingReport) -> MeetingReport:
        if isinstance(half, MeetingReport):
            return half
        self._note_mended(half.meeting_id, half)
        return MeetingReport(half.slug, half.applied, half.held, half.failed, half.trouble)

    def _note_mended(self, meeting_id: UUID, mended: Mended) -> None:
        if mended.trouble is not None:
            self._note_meeting(meeting_id, mended.trouble)
            return
        with self.database.reading() as session:
            meeting = standing.meeting_row(session, meeting_id)
            is_well = meeting.problem_code is None and meeting.failures == 0
        if not is_well:
            with self.database.writing() as session:
                _clear(standing.meeting_to_change(session, meeting_id))

    def _note_meeting(self, meeting_id: UUID, trouble: CalendarTrouble | GovernanceError) -> MeetingReport:
        now = self.clock()
        with self.database.writing() as session:
            meeting = standing.meeting_to_change(session, meeting_id)
            _note(meeting, trouble, now)
            meeting.dirty = True
            slug = meeting.slug
        log.warning("a meeting waits", extra={"meeting": slug, "code": _code(trouble), "why": str(trouble)})
        failed = 1 if not isinstance(trouble, OutcomeUnclear) else 0
        return MeetingReport(slug, 0, 0, failed, trouble)

    def _note_calendar(self, calendar_id: UUID, trouble: CalendarTrouble) -> None:
        with self.database.writing() as session:
            _note(standing.calendar_to_change(session, calendar_id), trouble, self.clock())
        log.warning("a calendar waits", extra={"calendar": str(calendar_id), "code": trouble.code, "why": str(trouble)})

    def _begin_reading(self, calendar_id: UUID) -> None:
        """The wish goes before the listing, so that one which comes during it is another one."""
        with self.database.writing() as session:
            row = standing.calendar_to_change(session, calendar_id)
            row.dirty, row.reading_since = False, self.clock()

    def _note_reading(self, calendar_id: UUID, access_role: str) -> None:
        """A listing succeeded: old trouble is over; a share that may not be written is trouble of its own."""
        with self.database.writing() as session:
            row = standing.calendar_to_change(session, calendar_id)
            row.reading_since = None
            if access_role in MAY_WRITE:
                _clear(row)
            else:
                row.problem_code = "google-read-only"
                row.problem_text = "the calendar may only be read"
                row.problem_remedy = f"Share {row.google_id} with {row.subject} as “Make changes to events”"

    def _rest_writes(self, subject: str, trouble: WritesPaused) -> None:
        rest = timedelta(seconds=trouble.retry_after) if trouble.retry_after else WRITES_REST
        with self.database.writing() as session:
            for row in standing.calendars_of_subject(session, subject):
                row.writes_paused_until = self.clock() + rest


def _note(row: Calendar | Meeting, trouble: CalendarTrouble | GovernanceError, now: datetime) -> None:
    row.failures += 1
    row.retry_at = now + _wait(row.failures, trouble)
    row.problem_code = _code(trouble)
    row.problem_text = trouble.reason or str(trouble)
    row.problem_remedy = trouble.remedy


def _clear(row: Calendar | Meeting) -> None:
    row.failures = 0
    row.retry_at = row.problem_code = row.problem_text = row.problem_remedy = None


def _code(trouble: CalendarTrouble | GovernanceError) -> str:
    return trouble.code if isinstance(trouble, CalendarTrouble) else "meeting-trouble"


def _wait(failures: int, trouble: CalendarTrouble | GovernanceError) -> timedelta:
    """Doubled at every failure, with jitter, never earlier than Google asked; what is permanent waits longest."""
    is_permanent = isinstance(trouble, CalendarTrouble) and trouble.is_permanent
    doubled = LONGEST_WAIT if is_permanent else min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    asked = trouble.retry_after if isinstance(trouble, CalendarTrouble) else None
    return max(doubled * random.uniform(0.75, 1.25), timedelta(seconds=asked or 0))
