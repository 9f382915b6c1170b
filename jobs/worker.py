"""The process that keeps the invitations in order: looks every second and when it is woken.

    main thread     waits, and hears the signals
    work thread     timetable: look (whose are the calendars, which of mine are due?)
    heart           tells the database every five seconds that this worker lives
    bell            hears that somebody has asked for a look
    four threads    one calendar's cycle each
    deliver         one mail after the other
    errands         what pages want of Google, one after the other

A stop lets what runs come to its end for three seconds, then cuts the call; a write of which nobody knows the
outcome then is found by the next worker, which reads before it writes.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import socket
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

from governance.calendar.opening import open_google
from governance.calendar.quota import Priority, Quota, at_priority
from governance.config import Config
from governance.database import Database, DatabaseUnavailable
from governance.domain.errors import GovernanceError
from governance.leasing.fencing import FencedCalendars, FencedSessions
from governance.leasing.heart import Heart
from governance.logs import set_up_logs
from governance.push.tending import ChannelTender
from governance.reconcile.judging import Site
from governance.reconcile.reconciler import CycleReport, Reconciler
from governance.services.leases import Hold
from jobs.deliver import Deliver
from jobs.errands import Errands
from jobs.patience import Patience
from jobs.reminders import EVERY_SECONDS, Reminders
from jobs.signals import Doze, hearing
from jobs.summary import Summaries
from jobs.sync import Sync
from jobs.timetable import Step, Timetable

log = logging.getLogger(__name__)

LOOK_SECONDS = 1
WITHIN_SECONDS = 4.0
"""How long a stop may take; calls are cut after 3, and what follows is short."""

_LONGEST_WAIT = threading.TIMEOUT_MAX if os.name == "posix" else 0.5
"""Elsewhere Ctrl-C does not end a wait."""

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
    if stop is not None:
        return worker.run(once=once)
    with hearing(worker.hear_stop) as doze:
        return worker.run(once=once, doze=doze)


class _Worker:
    def __init__(self, config: Config, stop: threading.Event) -> None:
        self._name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._stop = stop
        self._woken = threading.Event()
        self._database = Database(config.database.url, migration_url=config.database.migration_url)
        self._quota = Quota(lambda _subject: self._sync.units_a_minute)
        self._google = open_google(config, other_calendars=lambda: self._sync.google_ids, quota=self._quota)
        self._push = config.google.push
        self._site = Site(frozenset(config.site.domains), config.site.public_url)
        self._patience = Patience(time.monotonic)
        self._heart = Heart(
            self._database,
            self._name,
            last_reads=lambda: dict(self._sync.last_reads),
            quota=self._used,
        )
        self._sync = Sync(
            self._database,
            self._cycle,
            self._patience,
            self._heart,
            poll_seconds=config.google.poll_seconds,
            backstop_seconds=config.google.backstop_seconds,
            push=config.google.push,
            clock=_now,
        )
        self._deliver = Deliver(
            config, self._database, self._patience, worker=self._name, still_beats=self._heart.still_beats
        )
        self._errands = Errands(config, self._database, self._google, self._patience, worker=self._name, clock=_now)
        self._reminders = Reminders(
            self._database,
            self._site,
            admins=config.site.admins,
            zone=config.site.time_zone,
            poll_seconds=config.google.poll_seconds,
            daily_limit=config.mail.daily_limit,
            clock=_now,
            monotonic=time.monotonic,
        )
        self._summaries = Summaries(self._database, zone=config.site.time_zone, clock=_now, monotonic=time.monotonic)
        self._bell = self._database.bell()
        self._failure: BaseException | None = None

    def run(self, *, once: bool, doze: Doze | None = None) -> int:
        """The work has a thread of its own: a handler must never meet a lock that its own thread holds."""
        log.info("the worker begins", extra={"worker": self._name})
        work = threading.Thread(target=self._keep_failure, args=(once, doze), name="work", daemon=True)
        work.start()
        while not self._stop.is_set():  # the end of the work sets it too
            doze.wait() if doze else self._stop.wait(_LONGEST_WAIT)
        self._woken.set()
        work.join(WITHIN_SECONDS)
        if self._failure is not None:
            raise self._failure
        log.info("the worker has stopped", extra={"worker": self._name})
        return 0

    def hear_stop(self) -> None:
        """Safe in a signal handler of the main thread."""
        self._stop.set()
        self._google.stop()
        self._deliver.hear_stop()
        self._errands.hear_stop()

    def _keep_failure(self, once: bool, doze: Doze | None) -> None:
        try:
            self._work_once() if once else self._work()
        except Exception as error:
            self._failure = error
        finally:
            self._end()
            self._stop.set()
            if doze:
                doze.rouse()

    def _work(self) -> None:
        self._begin_patiently()
        self._bell.listen(self._hear_bell)
        timetable = Timetable()
        timetable.every(LOOK_SECONDS, self._patiently(self._look))
        timetable.every(EVERY_SECONDS, self._patiently(self._reminders.look_each_minute))
        timetable.every(EVERY_SECONDS, self._patiently(self._summaries.look_each_minute))
        timetable.run(self._stop, self._woken)

    def _begin_patiently(self) -> None:
        """A database that is away at the start is waited for like one that goes away later."""
        with suppress(DatabaseUnavailable):
            self._heart.beat()
        self._heart.go_on()

    def _hear_bell(self) -> None:
        self._deliver.hear_bell()
        self._errands.hear_bell()
        self._woken.set()

    def _work_once(self) -> None:
        """Calendars and errands first: what they bring about is mailed in the same run."""
        self._heart.start()
        for _ in range(MOST_ROUNDS):
            if self._stop.is_set() or not (self._sync.look() + self._errands.look()):
                break
            self._errands.wait_until_idle(self._stop)
            self._sync.wait_until_idle(self._stop)
        if not self._stop.is_set():
            self._reminders.look()
            self._summaries.look()
        for _ in range(MOST_ROUNDS):
            if self._stop.is_set() or not self._deliver.look():
                break
            self._deliver.wait_until_idle(self._stop)

    def _look(self) -> None:
        self._heart.note_work()
        if not self._heart.is_beating():
            self._heart.beat()
        try:
            self._sync.look()
        finally:  # whatever is wrong with calendars, people can sign in
            self._deliver.look()
            self._errands.look()

    def _patiently(self, step: Step) -> Step:
        def taken() -> None:
            if self._patience.is_resting():
                self._heart.note_work()
                return
            try:
                step()
            except DatabaseUnavailable as error:
                self._patience.note_away(error)
            else:
                self._patience.note_back()

        return taken

    def _cycle(self, hold: Hold, priority: Priority) -> CycleReport:
        """A reconciler for every cycle: what it keeps in between belongs to one thread.

        Channels come first: what changes after one was opened is announced, and what came before is listed now.
        """
        own = FencedSessions(self._database, hold)
        tender = ChannelTender(
            own, self._google.calendar, public_url=self._site.public_url, clock=_now, push=self._push
        )
        reconciler = Reconciler(
            database=own,
            calendars=FencedCalendars(self._google.calendar, self._heart.is_beating),
            directory=self._google.directory,
            site=self._site,
            clock=_now,
        )
        with at_priority(priority):
            tender.tend(hold.calendar_id)
            return reconciler.cycle(hold.calendar_id)

    def _used(self) -> dict[str, int]:
        """Units of the last minute, for the metrics; whose they are is nobody's business."""
        used = {subject: self._quota.used(subject) for subject in self._sync.subjects}
        return {hashlib.sha256(subject.encode()).hexdigest()[:12]: units for subject, units in used.items()}

    def _end(self) -> None:
        self._google.stop()
        deadline = time.monotonic() + WITHIN_SECONDS - 0.5
        self._deliver.hear_stop()
        self._errands.hear_stop()
        all_ended = self._sync.stop(within=deadline - time.monotonic())
        all_ended &= self._deliver.stop(within=max(deadline - time.monotonic(), 0.1))
        all_ended &= self._errands.stop(within=max(deadline - time.monotonic(), 0.1))
        self._bell.stop()
        with suppress(GovernanceError):
            self._heart.stop()
        if all_ended:
            self._google.close()
            self._database.dispose()


def _now() -> datetime:
    return datetime.now(UTC)
