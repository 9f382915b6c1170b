"""Reads every calendar of this worker when its time has come, several at once, one calendar never twice at once.

    look ─→ which calendars are there, whose are they, who lives ─→ take and give ─→ which of mine are due ─→ turns

The database says which calendars there are, whose they are, which of them are urgent and which have to wait after a
failure. When this worker last read one is kept in memory alone: whoever takes a calendar reads it at once, and whoever
idles writes nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.calendar.quota import Priority
from governance.database import Database, DatabaseUnavailable
from governance.domain.errors import GovernanceError
from governance.leasing.allowance import allowance
from governance.leasing.heart import Heart
from governance.leasing.sharing import Shares, alive, share_out
from governance.push.states import ChannelState, channel_states
from governance.reconcile.breaking import BreakerState, may_be_read
from governance.reconcile.ports import Stopping
from governance.reconcile.reconciler import CycleReport
from governance.services import leases
from governance.services.leases import Hold
from governance.store.clock import database_now
from governance.store.troubles import open_breakers
from governance.store.workers import WatchedCalendar, heartbeats, watched_calendars
from jobs.patience import Patience
from jobs.turns import Turns

log = logging.getLogger(__name__)

THREADS = 4
"""One of them takes nothing that takes long: whoever is waited for never waits behind whole calendars."""

Cycle = Callable[[Hold, Priority], CycleReport]


@dataclass(slots=True)
class Turn:
    """What this worker remembers of one calendar; seconds are monotonic.

    `eager` counts the turns in a row that priority alone has brought about.
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


def priority_of(calendar: WatchedCalendar) -> Priority:
    """A calendar that was never read whole takes long, whoever waits for it."""
    if calendar.is_new:
        return Priority.BULK
    return Priority.PUSH if _is_urgent(calendar) else Priority.POLL


class Sync:
    """Takes this worker's share of the calendars, and hands those that are due to a few threads."""

    def __init__(
        self,
        database: Database,
        cycle: Cycle,
        patience: Patience,
        heart: Heart,
        *,
        poll_seconds: float,
        backstop_seconds: float = 900.0,
        push: bool = False,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        threads: int = THREADS,
    ) -> None:
        self.last_reads: dict[UUID, datetime] = {}
        self.google_ids: frozenset[str] = frozenset()
        self.subjects: frozenset[str] = frozenset()
        self.units_a_minute = 0
        self._database = database
        self._cycle = cycle
        self._patience = patience
        self._heart = heart
        self._poll_seconds = poll_seconds
        self._backstop_seconds = backstop_seconds
        self._push = push
        self._clock = clock
        self._monotonic = monotonic
        self._breakers: dict[str, BreakerState] = {}
        self._held: dict[UUID, Hold] = {}
        self._turns: dict[UUID, Turn] = {}
        self._running: set[UUID] = set()
        self._changed = threading.Condition()
        self._queue = Turns()
        self._threads = [
            threading.Thread(target=self._work, args=(_most(number, threads),), name=f"sync-{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def look(self) -> int:
        """Take and give, then hand over every calendar that is due; how many those were."""
        worker_id = self._heart.worker_id
        if worker_id is None or not self._heart.is_beating():
            return 0
        with self._database.reading() as session:
            watched = watched_calendars(session, self._clock())
            beats, now = heartbeats(session), database_now(session)
            states = channel_states(session, self._clock(), push=self._push)
            self._breakers = open_breakers(session, self._clock())
        self.google_ids = frozenset(calendar.google_id for calendar in watched)
        self.subjects = frozenset(calendar.subject for calendar in watched if calendar.id in self._held)
        self.units_a_minute = allowance(worker_id, beats, now)
        self._forget(watched, worker_id)
        with self._changed:
            busy = set(self._running)
        shares = share_out(watched, worker_id=worker_id, alive=alive(beats, now), busy=busy)
        if shares.take or shares.give:
            self._change_hands(shares, worker_id)
        return self._hand_over(watched, states)

    def wait_until_idle(self, stop: threading.Event) -> None:
        """Wait until nothing runs, or the process is to stop."""
        with self._changed:
            while any(turn.is_running for turn in self._turns.values()) and not stop.is_set():
                self._changed.wait(0.1)

    def stop(self, *, within: float) -> bool:
        """Begin no calendar any more; whether every thread ended in `within` seconds."""
        self._queue.close()
        deadline = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _forget(self, watched: list[WatchedCalendar], worker_id: UUID) -> None:
        """What is another's by now, or nobody's business any more, is not ours to read."""
        own = {one.id: one.fence for one in watched if one.holder_id == worker_id}
        for calendar_id, hold in list(self._held.items()):
            if own.get(calendar_id) != hold.fence:
                log.info("lost a calendar to another worker", extra={"calendar": calendar_id})
                self._let_go(calendar_id)
        for calendar_id, fence in own.items():
            if fence is not None and calendar_id not in self._held:
                self._held[calendar_id] = Hold(calendar_id, fence)

    def _change_hands(self, shares: Shares, worker_id: UUID) -> None:
        for calendar in shares.give:
            self._let_go(calendar.id, unless_running=True)
        with self._database.writing() as session:
            now = database_now(session)
            given = self._give(session, shares, now)
            taken = leases.take_all(session, {one.id: one.fence for one in shares.take}, worker_id, now=now)
        self._held.update({hold.calendar_id: hold for hold in taken})
        if taken:
            log.info("took calendars", extra={"calendars": len(taken), "held": len(self._held)})
        if given:
            log.info("gave calendars away", extra={"calendars": given, "held": len(self._held)})

    def _give(self, session: Session, shares: Shares, now: datetime) -> int:
        gone = [Hold(one.id, one.fence) for one in shares.give if one.id not in self._held and one.fence is not None]
        leases.give_all(session, gone, now=now)
        return len(gone)

    def _let_go(self, calendar_id: UUID, *, unless_running: bool = False) -> None:
        with self._changed:
            if unless_running and calendar_id in self._running:
                return
            self._held.pop(calendar_id, None)
            if self._queue.withdraw(calendar_id) or calendar_id not in self._running:
                self._turns.pop(calendar_id, None)
            self.last_reads.pop(calendar_id, None)

    def _hand_over(self, watched: list[WatchedCalendar], states: Mapping[UUID, ChannelState]) -> int:
        now, monotonic = self._clock(), self._monotonic()
        own = [_with_channels(one, states.get(one.id)) for one in watched if one.id in self._held]
        with self._changed:
            due = [one for one in own if self._is_due(one, states.get(one.id), now, monotonic)]
            for calendar in due:
                self._begin(calendar, monotonic)
        return len(due)

    def _is_due(self, calendar: WatchedCalendar, state: ChannelState | None, now: datetime, monotonic: float) -> bool:
        if not calendar.is_governed and not calendar.is_urgent:
            return False
        if not may_be_read(calendar.id, calendar.subject, self._breakers, now):
            return False
        turn = self._turns.setdefault(calendar.id, Turn())
        if turn.is_running and calendar.id not in self._running and calendar.is_urgent:
            self._queue.put(self._held[calendar.id], priority_of(calendar))  # it waits already: more urgently now
        if not turn.is_running and not _is_urgent(calendar):
            turn.eager = 0
        poll_seconds = self._backstop_seconds if state is not None and state.is_live else self._poll_seconds
        return is_due(calendar, turn, now=now, monotonic=monotonic, poll_seconds=poll_seconds)

    def _begin(self, calendar: WatchedCalendar, monotonic: float) -> None:
        turn = self._turns[calendar.id]
        turn.is_running, turn.begun_at = True, monotonic
        turn.eager += _is_urgent(calendar)
        self._queue.put(self._held[calendar.id], priority_of(calendar))

    def _work(self, most: Priority) -> None:
        while (taken := self._queue.take(most=most)) is not None:
            hold, priority = taken
            with self._changed:
                self._running.add(hold.calendar_id)
            read_at = self._cycle_safely(hold, priority)
            with self._changed:
                self._running.discard(hold.calendar_id)
                turn = self._turns.get(hold.calendar_id)
                if turn is not None:
                    turn.is_running = False
                if read_at is not None and hold.calendar_id in self._held:
                    self.last_reads[hold.calendar_id] = read_at
                self._changed.notify_all()

    def _cycle_safely(self, hold: Hold, priority: Priority) -> datetime | None:
        """When the calendar was read, if it was; no trouble of one calendar leaves its thread."""
        try:
            report = self._cycle(hold, priority)
        except Stopping:
            return None
        except DatabaseUnavailable as error:
            self._patience.note_away(error)
            self._read_again(hold.calendar_id)
            return None
        except GovernanceError as error:
            log.warning("a calendar waits", extra={"calendar": hold.calendar_id, "why": str(error)})
            return None
        except Exception:
            log.exception("a calendar could not be looked after", extra={"calendar": hold.calendar_id})
            return None
        _tell(report)
        return report.read_at

    def _read_again(self, calendar_id: UUID) -> None:
        turn = self._turns.get(calendar_id)
        if turn is not None:
            turn.begun_at = None


def _most(number: int, threads: int) -> Priority:
    """What a thread takes at most: the first of several leaves what takes long to the others."""
    return Priority.POLL if number == 0 and threads > 1 else Priority.BULK


def _with_channels(calendar: WatchedCalendar, state: ChannelState | None) -> WatchedCalendar:
    """Channels that want a turn are waited for as well."""
    return replace(calendar, is_urgent=True) if state is not None and state.is_due else calendar


def _tell(report: CycleReport) -> None:
    for meeting in report.meetings:
        counts = {"applied": meeting.applied, "held": meeting.held, "failed": meeting.failed}
        level = logging.INFO if meeting.applied or meeting.failed else logging.DEBUG
        log.log(level, "looked after a meeting", extra={"meeting": meeting.meeting, **counts})
