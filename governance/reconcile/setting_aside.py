"""Sets single events aside that cannot be read or written, so that everything else goes on.

    read:   an event takes its calendar with it three times; then it is passed over alone, and nothing is written on
            it or, where it is a series, on its meeting
    write:  an event waits by itself, whatever else happens on its calendar

How long each waits is decided in `waiting`. The first time something is set aside, and its end, is in the ledger.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.domain.event_ids import base_id
from governance.models.trouble import Quarantine
from governance.reconcile.ports import CalendarTrouble, Unbelievable
from governance.reconcile.received import Listing
from governance.reconcile.waiting import BELIEVED_TOGETHER, SET_ASIDE_WAIT, UNREADABLE, wait_of_event
from governance.services import ledger
from governance.store import pictures, troubles
from governance.store.pictures import CalendarToRead, GovernedSeries
from governance.store.troubles import SetAside

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of an event once it is stored; `is_over` when it is set aside no more."""

    event_id: str
    code: str
    is_over: bool

    def tell(self) -> None:
        if self.is_over:
            log.info("an event recovered", extra={"event": self.event_id, "code": self.code})
        else:
            log.warning("an event was set aside", extra={"event": self.event_id, "code": self.code})


def verdicts(
    aside: Mapping[str, SetAside], listing: Listing, *, failed_again: Collection[str], gone: Collection[str]
) -> dict[str, bool]:
    """Of each unreadable event, as far as something is known now: whether it is over. Pure."""
    failing = listing.passed_over | frozenset(failed_again)
    listed = {event.id for event in listing.events}
    found = dict.fromkeys(failing, False)
    for event_id, one in aside.items():
        is_over = event_id in listed or event_id in gone or listing.is_full or one.failures <= BELIEVED_TOGETHER
        if event_id not in failing and is_over:
            found[event_id] = True
    return found


def meeting_of(event_id: str, series: Iterable[GovernedSeries]) -> UUID | None:
    """The meeting that the event belongs to: its series' own, else that of the newest series of the lineage."""
    lineage = [one for one in series if _is_of(event_id, one.event_id)]
    exact = next((one for one in lineage if one.event_id == event_id), None)
    newest = exact or max(lineage, key=lambda one: one.id, default=None)
    return newest.meeting_id if newest else None


@dataclass(frozen=True, slots=True)
class Aside:
    """Stores which events are set aside; knows no calendar."""

    database: Sessions
    clock: Callable[[], datetime]

    def unreadable(self, calendar: CalendarToRead) -> dict[str, SetAside]:
        if not calendar.has_set_aside:
            return {}
        with self.database.reading() as session:
            found = troubles.set_aside_on(session, calendar.id)
        return {one.event_id: one for one in found if one.is_unreadable}

    def unwritable(self, meeting_id: UUID, calendar: CalendarToRead) -> dict[str, SetAside]:
        if not calendar.has_set_aside:
            return {}
        with self.database.reading() as session:
            found = troubles.set_aside_of(session, meeting_id)
        return {one.event_id: one for one in found if not one.is_unreadable}

    def blame(self, calendar: CalendarToRead, trouble: Unbelievable) -> None:
        """These events have made a whole answer unbelievable once more."""
        with self.database.writing() as session:
            known = pictures.governed_series(session, calendar.id)
            for event_id in trouble.event_ids:
                self._fail_reading(session, calendar.id, event_id, known, trouble)

    def settle(
        self, session: Session, calendar_id: UUID, found: Mapping[str, bool], known: Iterable[GovernedSeries]
    ) -> tuple[set[UUID], list[Told]]:
        """Store the verdicts on unreadable events: the meetings that are to be judged anew, and what is to be told."""
        changed: set[UUID] = set()
        told: list[Told] = []
        for event_id, is_over in sorted(found.items()):
            if is_over:
                row = troubles.quarantine_to_change(session, calendar_id, event_id)
                one = self._end(session, row, "It can be read again") if row else None
            else:
                row, one = self._fail_reading(session, calendar_id, event_id, known, None)
            if row is not None and one is not None:
                changed.add(row.meeting_id)
                told.append(one)
        return changed, told

    def refused(
        self,
        calendar_id: UUID,
        meeting_id: UUID,
        event_id: str,
        *,
        etag: str,
        trouble: CalendarTrouble,
        changes: Any,
    ) -> datetime:
        """The event refused a write once more; when it is tried again."""
        now = self.clock()
        with self.database.writing() as session:
            row = troubles.quarantine_to_change(session, calendar_id, event_id)
            is_new = row is None
            if row is None:
                row = _new_row(session, calendar_id, event_id, meeting_id, now)
            _store(row, trouble.code, trouble, now)
            row.etag = etag
            retry_at = now + wait_of_event(row.failures, chance=random.random(), asked_seconds=trouble.retry_after)
            row.retry_at = retry_at
            if is_new:
                self._record(session, row, "event-set-aside", str(trouble), after={"changes": changes})
        if is_new:
            Told(event_id, trouble.code, is_over=False).tell()
        return retry_at

    def end(self, session: Session, calendar_id: UUID, event_ids: Iterable[str], why: str) -> list[Told]:
        """They are set aside no more."""
        told = []
        for event_id in sorted(event_ids):
            row = troubles.quarantine_to_change(session, calendar_id, event_id)
            if row is not None and (one := self._end(session, row, why)):
                told.append(one)
        return told

    def _fail_reading(
        self,
        session: Session,
        calendar_id: UUID,
        event_id: str,
        known: Iterable[GovernedSeries],
        trouble: Unbelievable | None,
    ) -> tuple[Quarantine | None, Told | None]:
        now = self.clock()
        row = troubles.quarantine_to_change(session, calendar_id, event_id)
        if row is None or row.problem_code != UNREADABLE:
            meeting_id = meeting_of(event_id, known)
            if meeting_id is None or trouble is None:
                return row, None
            row = row or _new_row(session, calendar_id, event_id, meeting_id, now)
            row.failures = 0
        _store(row, UNREADABLE, trouble, now)
        row.retry_at = now + SET_ASIDE_WAIT if row.failures > BELIEVED_TOGETHER else None
        if row.failures != BELIEVED_TOGETHER + 1:
            return row, None
        self._record(session, row, "event-set-aside", f"{row.problem_remedy}: {row.problem_text}")
        return row, Told(event_id, UNREADABLE, is_over=False)

    def _end(self, session: Session, row: Quarantine, why: str) -> Told | None:
        """An event that only ever took its calendar with it was never set aside: nothing is told of its end."""
        was_aside = row.problem_code != UNREADABLE or row.failures > BELIEVED_TOGETHER
        if was_aside:
            self._record(session, row, "event-resumed", why)
        session.delete(row)
        return Told(row.event_id, row.problem_code, is_over=True) if was_aside else None

    def _record(self, session: Session, row: Quarantine, act: str, why: str, after: Any = None) -> None:
        ledger.record(
            session,
            at=self.clock(),
            actor="service",
            source="sync",
            act=act,
            subject=f"meeting:{row.meeting_id}",
            meeting_id=row.meeting_id,
            after={"event": row.event_id, "code": row.problem_code, **(after or {})},
            why=why,
        )


def _is_of(event_id: str, series_event_id: str) -> bool:
    return base_id(event_id) == base_id(series_event_id) or event_id.startswith(f"{base_id(series_event_id)}_")


def _new_row(session: Session, calendar_id: UUID, event_id: str, meeting_id: UUID, now: datetime) -> Quarantine:
    row = Quarantine(calendar_id=calendar_id, event_id=event_id, meeting_id=meeting_id, failures=0, since=now)
    session.add(row)
    return row


def _store(row: Quarantine, code: str, trouble: CalendarTrouble | None, now: datetime) -> None:
    row.failures += 1
    row.last_at = now
    if trouble is not None:
        row.problem_code = code
        row.problem_text = trouble.reason or str(trouble)
        row.problem_remedy = trouble.remedy
