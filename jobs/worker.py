"""The process that keeps the invitations in order: looks every second, tells every five that it lives.

    main thread     waits, and hears the signals
    work thread     timetable: look (what is due?), beat (I live, and read these)
    four threads    one calendar's cycle each

A stop lets what runs come to its end for three seconds, then cuts the call; a write of which nobody knows the
outcome then is found by the next worker, which reads before it writes.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import FrameType
from uuid import UUID

from governance.calendar.opening import open_google
from governance.config import Config
from governance.database import Database, DatabaseUnavailable
from governance.domain.errors import GovernanceError
from governance.logs import set_up_logs
from governance.reconcile.judging import Site
from governance.reconcile.reconciler import CycleReport, Reconciler
from governance.services import workers
from jobs.patience import Patience
from jobs.sync import Sync
from jobs.timetable import Step, Timetable

log = logging.getLogger(__name__)

LOOK_SECONDS, BEAT_SECONDS = 1, 5
WITHIN_SECONDS = 4.0
"""How long a stop may take; calls are cut after 3, and what follows is short."""

MOST_ROUNDS = 5
"""How often `--once` looks again for what became due by its own doing."""


def run_worker(config: Config, *, once: bool = False, stop: threading.Event | None = None) -> int:
    """Work until SIGTERM, SIGINT or `stop`, which is for a caller that hears the signals itself.

    With `once`, do all that is due and return. Returns 0.

    Raises:
        ConfigurationError: credentials that cannot be used.
        DatabaseUnavailable: only with `once`; otherwise it is waited for.
    """
    if stop is None:
        set_up_logs(config.log)
    worker = _Worker(config, stop or threading.Event())
    with _signals(worker) if stop is None else _unheard():
        return worker.run(once=once)


class _Worker:
    def __init__(self, config: Config, stop: threading.Event) -> None:
        self._name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._stop = stop
        self._database = Database(config.database.url, migration_url=config.database.migration_url)
        self._google = open_google(config, other_calendars=lambda: self._sync.google_ids)
        self._site = Site(frozenset(config.site.domains), config.site.public_url)
        self._patience = Patience(time.monotonic)
        self._sync = Sync(
            self._database, self._cycle, self._patience, poll_seconds=config.google.poll_seconds, clock=_now
        )
        self._has_entered = False
        self._failure: BaseException | None = None

    def run(self, *, once: bool) -> int:
        """The work has a thread of its own: a handler must never meet a lock that its own thread holds."""
        log.info("the worker begins", extra={"worker": self._name})
        work = threading.Thread(target=self._keep_failure, args=(once,), name="work", daemon=True)
        work.start()
        while work.is_alive() and not self._stop.is_set():
            work.join(0.5)
        work.join(WITHIN_SECONDS)
        if self._failure is not None:
            raise self._failure
        log.info("the worker has stopped", extra={"worker": self._name})
        return 0

    def hear_stop(self) -> None:
        """Safe in a signal handler of the main thread."""
        self._stop.set()
        self._google.stop()

    def _keep_failure(self, once: bool) -> None:
        try:
            self._work_once() if once else self._work()
        except Exception as error:
            self._failure = error
        finally:
            self._end()

    def _work(self) -> None:
        timetable = Timetable()
        timetable.every(LOOK_SECONDS, self._patiently(self._sync.look))
        timetable.every(BEAT_SECONDS, self._patiently(self._beat))
        timetable.run(self._stop)

    def _work_once(self) -> None:
        self._beat()
        for _ in range(MOST_ROUNDS):
            if self._stop.is_set() or not self._sync.look():
                return
            self._sync.wait_until_idle(self._stop)

    def _patiently(self, step: Step) -> Step:
        def taken() -> None:
            if self._patience.is_resting():
                return
            try:
                step()
            except DatabaseUnavailable as error:
                self._patience.note_away(error)
            else:
                self._patience.note_back()

        return taken

    def _cycle(self, calendar_id: UUID) -> CycleReport:
        """A reconciler for every cycle: what it keeps in between belongs to one thread."""
        reconciler = Reconciler(
            database=self._database,
            calendars=self._google.calendar,
            directory=self._google.directory,
            site=self._site,
            clock=_now,
        )
        return reconciler.cycle(calendar_id)

    def _beat(self) -> None:
        with self._database.writing() as session:
            if not self._has_entered:
                workers.enter(session, self._name, now=_now())
            workers.beat(session, self._name, dict(self._sync.last_reads), now=_now())
        self._has_entered = True

    def _end(self) -> None:
        self._google.stop()
        all_ended = self._sync.stop(within=WITHIN_SECONDS - 0.5)
        with suppress(GovernanceError):
            if self._has_entered:
                with self._database.writing() as session:
                    workers.leave(session, self._name, dict(self._sync.last_reads), now=_now())
        if all_ended:
            self._google.close()
            self._database.dispose()


@contextmanager
def _signals(worker: _Worker) -> Iterator[None]:
    """The first signal stops, the second ends the process where it stands."""
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        if heard:
            os._exit(128 + number)
        heard.append(number)
        worker.hear_stop()

    before = {number: signal.signal(number, hear) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _unheard() -> Iterator[None]:
    yield


def _now() -> datetime:
    return datetime.now(UTC)
