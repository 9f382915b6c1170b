"""Does what pages want of Google, in a thread of its own: whoever waits at a page is waited for by no calendar.

look ─→ does anything wait? (reads only) ─→ the thread ─→ governance.errands.running
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from governance.calendar.opening import Google
from governance.config import Config
from governance.database import Database, DatabaseUnavailable
from governance.errands import running
from governance.reconcile.judging import Site
from governance.reconcile.reconciler import Reconciler
from governance.services import errands
from jobs.patience import Patience

log = logging.getLogger(__name__)

AGAIN_SECONDS = 2.5
"""While nothing waits and the bell is silent, it is looked for so rarely: what was asked rings the bell."""


class Errands:
    def __init__(
        self,
        config: Config,
        database: Database,
        google: Google,
        patience: Patience,
        *,
        worker: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._google = google
        self._site = Site(frozenset(config.site.domains), config.site.public_url)
        self._clock = clock
        self._patience = patience
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._looks_at = float("-inf")
        self._is_wanted = False
        self._is_busy = False
        self._doing = running.Errands(
            sessions=database,
            google=google,
            reconciler=self._reconciler,
            configured=config.google.subject,
            where=str(config.path),
            worker=worker,
            clock=clock,
            stopping=self._stopping,
        )
        self._thread = threading.Thread(target=self._work, name="errands", daemon=True)
        self._thread.start()

    def look(self) -> bool:
        """Wake the thread where something waits, or is old; whether there was. Reads only."""
        now = time.monotonic()
        if now < self._looks_at:
            return False
        self._looks_at = now + AGAIN_SECONDS
        with self._database.reading() as session:
            is_due = errands.look(session, self._clock())
        if is_due:
            self._looks_at = float("-inf")
            with self._changed:
                self._is_wanted = True
                self._changed.notify_all()
        return is_due

    def hear_bell(self) -> None:
        """Something was asked, or something else has happened: look at once."""
        self._looks_at = float("-inf")

    def wait_until_idle(self, stop: threading.Event) -> None:
        with self._changed:
            while (self._is_wanted or self._is_busy) and not stop.is_set():
                self._changed.wait(0.1)

    def hear_stop(self) -> None:
        """Safe in a signal handler of the main thread, which waits for none of this."""
        self._stopping.set()

    def stop(self, *, within: float) -> bool:
        """Begin no errand any more; whether the one under way came to its end in `within` seconds."""
        self.hear_stop()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(max(within, 0.0))
        return not self._thread.is_alive()

    def _work(self) -> None:
        while self._is_called():
            try:
                self._doing.run()
            except DatabaseUnavailable as error:
                self._patience.note_away(error)
            except Exception:
                log.exception("errands could not be done")
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def _is_called(self) -> bool:
        with self._changed:
            while not self._is_wanted and not self._stopping.is_set():
                self._changed.wait()
            self._is_wanted, self._is_busy = False, True
            return not self._stopping.is_set()

    def _reconciler(self) -> Reconciler:
        """One for each errand: what it keeps in between belongs to one thread."""
        return Reconciler(
            database=self._database,
            calendars=self._google.calendar,
            directory=self._google.directory,
            site=self._site,
            clock=self._clock,
        )
