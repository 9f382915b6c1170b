"""Tells the database every few seconds that this process lives, in a thread that waits for nothing else.

The leases of a worker live as long as its heart beats. The heart also stops by itself when the work does: a process
that only beats would keep its calendars from everybody.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from governance.database import Database, DatabaseUnavailable
from governance.services import workers
from governance.store.clock import database_now

log = logging.getLogger(__name__)

_MARGIN_SECONDS = 1.0
"""So much earlier than the database this process takes its own leases for gone."""

_HANGS_AFTER = 12.0
"""Seconds without a look after which the work is taken to hang. Its leases then end as those of a dead worker."""


class Heart:
    """`last_reads` and `quota` are what the row says besides; `command` names a command that holds leases meanwhile."""

    def __init__(
        self,
        database: Database,
        name: str,
        *,
        last_reads: Callable[[], Mapping[UUID, datetime]] = dict,
        quota: Callable[[], Mapping[str, int]] = dict,
        command: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.worker_id: UUID | None = None
        self._database = database
        self._last_reads = last_reads
        self._quota = quota
        self._command = command
        self._monotonic = monotonic
        self._good_until = float("-inf")
        self._lapses = 0
        self._worked_at: float | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Beat once, here and now, then go on in a thread of its own.

        Raises:
            DatabaseUnavailable: the first beat failed.
        """
        self.beat()
        self.go_on()

    def go_on(self) -> None:
        """Beat from the next interval on, whatever becomes of each beat."""
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)
        self._thread.start()

    def note_work(self) -> None:
        """The work goes on; only a worker that says so once is held to it."""
        self._worked_at = self._monotonic()

    def is_beating(self) -> bool:
        """Whether what this worker holds is still its own, as far as it can know without asking."""
        return self._monotonic() < self._good_until

    def still_beats(self) -> Callable[[], bool]:
        """A question about what is held now: whether the heart has not missed a beat since this was asked for.

        A process that was stopped may wake with its heart first: it beats again, but others have taken what it held.
        """
        lapses = self._lapses
        return lambda: self.is_beating() and self._lapses == lapses

    def beat(self) -> None:
        begun = self._monotonic()
        if not self.is_beating():
            self._lapses += 1
        with self._database.writing() as session:
            now = database_now(session)
            if self.worker_id is None:
                workers.enter(session, self.name, now=now, command=self._command)
            row = workers.beat(session, self.name, self._last_reads(), now=now, quota=self._quota())
            row.command = self._command
            self.worker_id = row.id
        self._good_until = begun + workers.LEASE_SECONDS - min(_MARGIN_SECONDS, workers.LEASE_SECONDS / 10)

    def stop(self) -> None:
        """Beat no more, and free what is held. Where the database is away, the leases run out by themselves."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(workers.BEAT_SECONDS)
        self._good_until = float("-inf")
        if self.worker_id is not None:
            with suppress(DatabaseUnavailable), self._database.writing() as session:
                workers.leave(session, self.name, self._last_reads(), now=database_now(session))

    def _run(self) -> None:
        while not self._stop.wait(workers.BEAT_SECONDS):
            if self._hangs():
                log.error("stopped beating because the work hangs", extra={"worker": self.name})
                continue
            try:
                self.beat()
            except DatabaseUnavailable as error:
                log.warning("missed a heartbeat", extra={"why": str(error)})
            except Exception:
                log.exception("could not beat")

    def _hangs(self) -> bool:
        return self._worked_at is not None and self._monotonic() - self._worked_at > _HANGS_AFTER
