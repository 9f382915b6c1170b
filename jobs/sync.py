"""Reads every governed calendar when its time has come, several at once, one calendar never twice at once.

The database says which calendars there are, which of them are urgent and which have to wait after a failure. When
this worker last read one is kept in memory alone: whoever starts reads everything once, and whoever idles writes
nothing.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.database import Database, DatabaseUnavailable
from governance.domain.errors import GovernanceError
from governance.reconcile.ports import Stopping
from governance.reconcile.reconciler import CycleReport
from governance.store.workers import WatchedCalendar, watched_calendars
from jobs.patience import Patience

log = logging.getLogger(__name__)

THREADS = 4

Cycle = Callable[[UUID], CycleReport]


@dataclass(slots=True)
class Turn:
    """What this worker remembers of one calendar; seconds are monotonic.

    `eager` counts the turns in a row that urgency alone has brought about.
    """

    begun_at: float | None = None
    eager: int = 0
    is_running: bool = False


def is_due(calendar: WatchedCalendar, turn: Turn, *, now: datetime, monotonic: float, poll_seconds: float) -> bool:
    """Whether the calendar is to be read now.

    What is urgent is read at once, and what stays urgent although it was read ever more rarely: a meeting that can
    not come to rest must not cost more than one reading in every `poll_seconds`.
    """
    if turn.is_running or (calendar.retry_at is not None and calendar.retry_at > now):
        return False
    if turn.begun_at is None:
        return True
    return monotonic - turn.begun_at >= _wait(calendar, turn, poll_seconds)


def _wait(calendar: WatchedCalendar, turn: Turn, poll_seconds: float) -> float:
    if not _is_urgent(calendar):
        return poll_seconds
    return min(2.0 ** (turn.eager - 1), poll_seconds) if turn.eager else 0.0


def _is_urgent(calendar: WatchedCalendar) -> bool:
    return calendar.is_urgent or calendar.retry_at is not None


class Sync:
    """Looks for due calendars and hands them to a few threads."""

    def __init__(
        self,
        database: Database,
        cycle: Cycle,
        patience: Patience,
        *,
        poll_seconds: float,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        threads: int = THREADS,
    ) -> None:
        self.last_reads: dict[UUID, datetime] = {}
        self.google_ids: frozenset[str] = frozenset()
        self._database = database
        self._cycle = cycle
        self._patience = patience
        self._poll_seconds = poll_seconds
        self._clock = clock
        self._monotonic = monotonic
        self._turns: dict[UUID, Turn] = {}
        self._changed = threading.Condition()
        self._queue: queue.SimpleQueue[UUID | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"sync-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def look(self) -> int:
        """Hand over every calendar that is due; how many those were. One statement when there is none."""
        with self._database.reading() as session:
            watched = watched_calendars(session, self._clock())
        self.google_ids = frozenset(calendar.google_id for calendar in watched)
        with self._changed:
            due = [calendar for calendar in watched if self._is_due(calendar)]
            for calendar in due:
                self._begin(calendar)
        return len(due)

    def wait_until_idle(self, stop: threading.Event) -> None:
        """Wait until nothing runs, or the process is to stop."""
        with self._changed:
            while any(turn.is_running for turn in self._turns.values()) and not stop.is_set():
                self._changed.wait(0.1)

    def stop(self, *, within: float) -> bool:
        """Begin no calendar any more; whether every thread ended in `within` seconds."""
        for _ in self._threads:
            self._queue.put(None)
        deadline = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _is_due(self, calendar: WatchedCalendar) -> bool:
        turn = self._turns.setdefault(calendar.id, Turn())
        if not turn.is_running and not _is_urgent(calendar):
            turn.eager = 0
        return is_due(calendar, turn, now=self._clock(), monotonic=self._monotonic(), poll_seconds=self._poll_seconds)

    def _begin(self, calendar: WatchedCalendar) -> None:
        turn = self._turns[calendar.id]
        turn.is_running, turn.begun_at = True, self._monotonic()
        turn.eager += _is_urgent(calendar)
        self._queue.put(calendar.id)

    def _work(self) -> None:
        while (calendar_id := self._queue.get()) is not None:
            read_at = self._cycle_safely(calendar_id)
            with self._changed:
                self._turns[calendar_id].is_running = False
                if read_at is not None:
                    self.last_reads[calendar_id] = read_at
                self._changed.notify_all()

    def _cycle_safely(self, calendar_id: UUID) -> datetime | None:
        """When the calendar was read, if it was; no trouble of one calendar leaves its thread."""
        try:
            report = self._cycle(calendar_id)
        except Stopping:
            return None
        except DatabaseUnavailable as error:
            self._patience.note_away(error)
            self._turns[calendar_id].begun_at = None
            return None
        except GovernanceError as error:
            log.warning("a calendar waits", extra={"calendar": calendar_id, "why": str(error)})
            return None
        except Exception:
            log.exception("a calendar could not be looked after", extra={"calendar": calendar_id})
            return None
        _tell(report)
        return report.read_at


def _tell(report: CycleReport) -> None:
    for meeting in report.meetings:
        counts = {"applied": meeting.applied, "held": meeting.held, "failed": meeting.failed}
        level = logging.INFO if meeting.applied or meeting.failed else logging.DEBUG
        log.log(level, "looked after a meeting", extra={"meeting": meeting.meeting, **counts})
