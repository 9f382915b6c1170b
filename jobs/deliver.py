"""Sends what lies in the outbox, in a thread of its own: a slow mail server delays no calendar, and none delays a mail.

look ─→ is anything due? (reads only) ─→ the thread ─→ governance.mail.delivering
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from governance.config import Config
from governance.database import Database, DatabaseUnavailable
from governance.mail.building import build
from governance.mail.delivering import Deliverer
from governance.mail.transports.opening import open_post
from governance.services import delivery
from governance.services.office import office_of
from jobs.patience import Patience

log = logging.getLogger(__name__)

AGAIN_SECONDS = 2.5
"""While nothing is due and the bell is silent, it is looked for so rarely: what was posted rings the bell."""


class Deliver:
    """`still_beats`, asked before mails are claimed, tells whether they are still this worker's; see `Heart`."""

    def __init__(
        self,
        config: Config,
        database: Database,
        patience: Patience,
        *,
        worker: str,
        still_beats: Callable[[], Callable[[], bool]],
    ) -> None:
        self._still_beats = still_beats
        self._may_send = still_beats()
        self._post = open_post(config, may_send=lambda: self._may_send())
        self._office = office_of(config, can_be_asked=self._post.transport.can_be_asked)
        self._database = database
        self._patience = patience
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._looks_at = float("-inf")
        self._is_wanted = False
        self._is_busy = False
        self._deliverer = Deliverer(
            database, self._post.transport, build, self._office, worker=worker, stopping=self._stopping
        )
        self._thread = threading.Thread(target=self._work, name="deliver", daemon=True)
        self._thread.start()

    def look(self) -> bool:
        """Wake the thread where something is due; whether there was. Reads only, and not while the server rests."""
        now = time.monotonic()
        if self._deliverer.is_resting() or now < self._looks_at:
            return False
        self._looks_at = now + AGAIN_SECONDS
        with self._database.reading() as session:
            is_due = delivery.look(session, self._office)
        if is_due:
            self._looks_at = float("-inf")
            with self._changed:
                self._is_wanted = True
                self._changed.notify_all()
        return is_due

    def hear_bell(self) -> None:
        """Something was posted, or something else has happened: look at once."""
        self._looks_at = float("-inf")

    def wait_until_idle(self, stop: threading.Event) -> None:
        with self._changed:
            while (self._is_wanted or self._is_busy) and not stop.is_set():
                self._changed.wait(0.1)

    def hear_stop(self) -> None:
        """Safe in a signal handler of the main thread, which waits for none of this."""
        self._stopping.set()
        self._post.stop()

    def stop(self, *, within: float) -> bool:
        """Begin no mail any more; whether the one under way came to its end in `within` seconds."""
        self.hear_stop()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(within)
        if self._thread.is_alive():
            return False
        self._post.close()
        return True

    def _work(self) -> None:
        while self._is_called():
            self._may_send = self._still_beats()
            try:
                self._deliverer.deliver()
            except DatabaseUnavailable as error:
                self._patience.note_away(error)
            except Exception:
                log.exception("mails could not be delivered")
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def _is_called(self) -> bool:
        with self._changed:
            while not self._is_wanted and not self._stopping.is_set():
                self._changed.wait()
            self._is_wanted, self._is_busy = False, True
            return not self._stopping.is_set()
