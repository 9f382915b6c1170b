"""One cycle of one calendar: observe it once, then mend each of its meetings that needs it.

    listing ─→ picture ─→ for every changed or due meeting: judge ─→ write ─→ judge ─→ … ─→ record

An event in trouble is set aside and delays nothing else; a meeting in trouble is noted, waits its time and
delays no other; a calendar in trouble delays no other calendar, an account no other account. Nothing here is
remembered between cycles: whatever died in the middle is found again by looking.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from governance.database import DatabaseUnavailable, Sessions
from governance.domain.errors import GovernanceError
from governance.reconcile.breaking import BreakerState, may_be_read
from governance.reconcile.judging import Judgement, RosterChange, Site, judge
from governance.reconcile.mending import Mended, Mender
from governance.reconcile.noting import Notes, resting
from governance.reconcile.observing import MAY_WRITE, Observer
from governance.reconcile.ports import (
    CalendarPort,
    CalendarTrouble,
    DirectoryPort,
    OutcomeUnclear,
    Stopping,
    Throttled,
    WritesPaused,
)
from governance.store import pictures
from governance.store.pictures import CalendarToRead

log = logging.getLogger(__name__)


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
    """`trouble` is the calendar's own or its account's; then no meeting of it was looked at."""

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
        self._notes = Notes(database, clock)
        self._observer = Observer(database, calendars, clock)
        self._mender = Mender(database, calendars, directory, self._observer, site, clock)

    def cycle(self, calendar_id: UUID, *, also: Iterable[UUID] = ()) -> CycleReport:
        """One cycle; `also` are meetings to be looked at although nothing says that they need it."""
        with self.database.reading() as session:
            calendar = pictures.calendar_to_read(session, calendar_id)
            due = pictures.meetings_to_look_at(session, calendar_id, self.clock())
        if calendar is None or not calendar.is_governed:
            return CycleReport()
        if calendar.breaker is not None and not (also or self._may_be_read(calendar, calendar.breaker)):
            return CycleReport(trouble=resting(calendar.breaker, self.clock()))
        if calendar.is_dirty:
            self._notes.reading_begins(calendar_id)
        try:
            observation = self._observer.observe(calendar)
        except Stopping:
            raise
        except CalendarTrouble as trouble:
            self._notes.calendar_waits(calendar_id, trouble)
            self._notes.account_failed(calendar, trouble)
            return CycleReport(trouble=trouble)
        read_at = self.clock()
        has_wish = calendar.is_dirty or calendar.is_being_read
        if calendar.has_problem or has_wish or observation.access_role not in MAY_WRITE:
            self._notes.calendar_was_read(calendar_id, observation.access_role)
        meetings = self._look_after_all(self._wanted(due, also, observation.changed), calendar)
        self._note_account(calendar, meetings)
        return CycleReport(meetings, read_at=read_at)

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

    def _may_be_read(self, calendar: CalendarToRead, breaker: BreakerState) -> bool:
        subject = calendar.address.subject
        return may_be_read(calendar.id, subject, {subject: breaker}, self.clock())

    def _wanted(self, due: Iterable[UUID], also: Iterable[UUID], changed: frozenset[UUID]) -> list[UUID]:
        """News of a calendar does not shorten the wait of a meeting for its account or for Google."""
        news = changed - set(due)
        if news:
            with self.database.reading() as session:
                news -= pictures.resting_meetings(session, news, self.clock())
        return sorted({*due, *also, *news})

    def _note_account(self, calendar: CalendarToRead, meetings: Iterable[MeetingReport]) -> None:
        """Too many calls are the account's matter, whichever call was told so; a write that fails is its event's."""
        throttled = next((one.trouble for one in meetings if isinstance(one.trouble, Throttled)), None)
        if throttled is not None:
            self._notes.account_failed(calendar, throttled)
        else:
            self._notes.account_works(calendar)

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
                self._notes.writes_rest(calendar.address.subject, trouble)
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
        self._notes.meeting_is_well(half.meeting_id)
        return MeetingReport(half.slug, half.applied, half.held, half.failed, half.trouble)

    def _note_meeting(self, meeting_id: UUID, trouble: CalendarTrouble | GovernanceError) -> MeetingReport:
        slug = self._notes.meeting_waits(meeting_id, trouble)
        return MeetingReport(slug, 0, 0, 0 if isinstance(trouble, OutcomeUnclear) else 1, trouble)
