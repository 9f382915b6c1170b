"""Notes what a cycle has met: the trouble of calendars, meetings and accounts, and that it is over.

How long each waits is decided in `waiting`, when an account is left alone in `breaking`; here it is stored and
told. Every note is a short transaction of its own, because no call may be made in one.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.domain.errors import GovernanceError
from governance.models.calendar import Calendar
from governance.models.meeting import Meeting
from governance.models.trouble import Breaker
from governance.reconcile.breaking import BreakerState, after_failure, after_success, is_of_account
from governance.reconcile.observing import MAY_WRITE
from governance.reconcile.ports import CalendarTrouble, Unbelievable, WritesPaused
from governance.reconcile.waiting import MEETING_TROUBLE, wait_after
from governance.store import standing, troubles
from governance.store.pictures import CalendarToRead

log = logging.getLogger(__name__)

WRITES_REST = timedelta(hours=1)

Trouble = CalendarTrouble | GovernanceError


@dataclass(frozen=True, slots=True)
class Notes:
    """Keeps what `status` and the pages show of trouble."""

    database: Sessions
    clock: Callable[[], datetime]

    def meeting_waits(self, meeting_id: UUID, trouble: Trouble) -> str:
        """The meeting's slug."""
        with self.database.writing() as session:
            meeting = standing.meeting_to_change(session, meeting_id)
            _note(meeting, trouble, self.clock())
            meeting.dirty = True
            slug = meeting.slug
        log.warning("a meeting was put off", extra={"meeting": slug, "code": code_of(trouble), "why": str(trouble)})
        return slug

    def meeting_is_well(self, meeting_id: UUID) -> None:
        with self.database.reading() as session:
            meeting = standing.meeting_row(session, meeting_id)
            slug, is_well = meeting.slug, meeting.problem_code is None and meeting.failures == 0
        if not is_well:
            with self.database.writing() as session:
                _clear(standing.meeting_to_change(session, meeting_id))
            log.info("a meeting recovered", extra={"meeting": slug})

    def calendar_waits(self, calendar_id: UUID, trouble: CalendarTrouble) -> None:
        with self.database.writing() as session:
            _note(standing.calendar_to_change(session, calendar_id), trouble, self.clock())
        why = {"code": trouble.code, "why": str(trouble)}
        log.warning("a calendar was put off", extra={"calendar": str(calendar_id), **why})

    def reading_begins(self, calendar_id: UUID) -> None:
        """The wish goes before the listing, so that one which comes during it is another one."""
        with self.database.writing() as session:
            row = standing.calendar_to_change(session, calendar_id)
            row.dirty, row.reading_since = False, self.clock()

    def calendar_was_read(self, calendar_id: UUID, access_role: str) -> None:
        """Old trouble is over; a share that may not be written is trouble of its own."""
        with self.database.writing() as session:
            row = standing.calendar_to_change(session, calendar_id)
            row.reading_since = None
            before = row.problem_code
            if access_role in MAY_WRITE:
                _clear(row)
            else:
                row.problem_code = "google-read-only"
                row.problem_text = "the calendar may only be read"
                row.problem_remedy = f"Share {row.google_id} with {row.subject} as “Make changes to events”"
            after = row.problem_code
        if before is not None and after is None:
            log.info("a calendar recovered", extra={"calendar": str(calendar_id)})
        elif after is not None and before != after:
            log.warning("a calendar was found read-only", extra={"calendar": str(calendar_id)})

    def writes_rest(self, subject: str, trouble: WritesPaused) -> None:
        rest = timedelta(seconds=trouble.retry_after) if trouble.retry_after else WRITES_REST
        with self.database.writing() as session:
            rows = standing.calendars_of_subject(session, subject)
            for row in rows:
                row.writes_paused_until = self.clock() + rest
        seconds = int(rest.total_seconds())
        log.warning("an account's writes were paused", extra={"calendars": len(rows), "seconds": seconds})

    def account_failed(self, calendar: CalendarToRead, trouble: CalendarTrouble) -> None:
        """One more failure in a row of the account, where it is to blame; the breaker may open."""
        if not is_of_account(trouble):
            if not isinstance(trouble, Unbelievable) or trouble.event_ids:
                # Google has answered for the account, if only about this calendar.
                self.account_works(calendar)
            elif calendar.breaker is not None and calendar.breaker.is_open:
                self._break(calendar, trouble)
            return
        self._break(calendar, trouble)

    def account_works(self, calendar: CalendarToRead) -> None:
        """The breaker closes, and what waited for the account waits no longer; nothing is stored while all is well.

        A reading that began before the breaker opened says nothing about the time since.
        """
        began = calendar.breaker
        if began is None:
            return
        subject = calendar.address.subject
        with self.database.writing() as session:
            row = troubles.breaker_to_change(session, subject)
            if row is None or (row.open_until is not None and not began.is_open):
                return
            was_open = row.open_until is not None
            session.delete(row)
            woken = _wake(session, subject) if was_open else 0
        if was_open:
            log.info("an account recovered", extra={"calendar": str(calendar.id), "woken": woken})

    def _break(self, calendar: CalendarToRead, trouble: CalendarTrouble) -> None:
        now, subject = self.clock(), calendar.address.subject
        with self.database.writing() as session:
            row = troubles.breaker_begun(session, subject, now)
            before = BreakerState(row.failures, row.since, row.open_until, row.probe_id)
            after = after_failure(
                before,
                calendar_id=calendar.id,
                candidates=troubles.calendars_that_may_probe(session, subject),
                asked_seconds=trouble.retry_after,
                now=now,
                chance=random.random(),
            )
            _store(row, after, trouble)
            if after.open_until is not None and after.probe_id is not None:
                standing.calendar_to_change(session, after.probe_id).retry_at = after.open_until
        if after.is_open and not before.is_open:
            seconds = int((after.open_until - now).total_seconds()) if after.open_until else 0
            log.warning(
                "an account was left alone",
                extra={"calendar": str(calendar.id), "code": trouble.code, "seconds": seconds, "why": str(trouble)},
            )


def code_of(trouble: Trouble) -> str:
    return trouble.code if isinstance(trouble, CalendarTrouble) else MEETING_TROUBLE


def resting(state: BreakerState, now: datetime) -> CalendarTrouble:
    """What a cycle of a calendar answers that is not read because its account is left alone."""
    seconds = (state.open_until - now).total_seconds() if state.open_until else 0.0
    return CalendarTrouble(
        "Wait, the account will be tried again",
        "its last calls failed",
        code="account-rests",
        retry_after=max(seconds, 0),
    )


def _wake(session: Session, subject: str) -> int:
    # Meetings before calendars, as everybody locks them.
    troubles.wake_meetings(session, (one.id for one in standing.calendars_of_subject(session, subject)))
    waiting = troubles.waiting_calendars(session, subject)
    woken = after_success({one.id: one.problem_code for one in waiting})
    for one in waiting:
        if one.id in woken:
            one.retry_at, one.dirty = None, True
    return len(woken)


def _store(row: Breaker, state: BreakerState, trouble: CalendarTrouble) -> None:
    row.failures, row.since = state.failures, state.since
    row.open_until, row.probe_id = state.open_until, state.probe_id
    row.problem_code = trouble.code
    row.problem_text = trouble.reason or str(trouble)
    row.problem_remedy = trouble.remedy


def _note(row: Calendar | Meeting, trouble: Trouble, now: datetime) -> None:
    of_google = trouble if isinstance(trouble, CalendarTrouble) else None
    row.failures += 1
    row.retry_at = now + wait_after(
        row.failures,
        chance=random.random(),
        # What hits the whole account is tried again by its breaker: it may be over for all within a minute.
        is_permanent=of_google is not None and of_google.is_permanent and not is_of_account(of_google),
        asked_seconds=of_google.retry_after if of_google else None,
    )
    row.problem_code = code_of(trouble)
    row.problem_text = trouble.reason or str(trouble)
    row.problem_remedy = trouble.remedy


def _clear(row: Calendar | Meeting) -> None:
    row.failures = 0
    row.retry_at = row.problem_code = row.problem_text = row.problem_remedy = None
