"""Waiting for a database that went away: said once, tried again ever more rarely, noticed when it is back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from governance.database import DatabaseUnavailable

log = logging.getLogger(__name__)

LONGEST_SECONDS = 15


class Patience:
    """Shared by all threads of a worker."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def is_resting(self) -> bool:
        return self._monotonic() < self._until

    def note_away(self, error: DatabaseUnavailable) -> None:
        """Rest for 1, 2, 4 … 15 seconds; several threads that meet the same trouble count as one."""
        with self._lock:
            if self.is_resting():
                return
            self._until = self._monotonic() + min(2**self._failures, LONGEST_SECONDS)
            self._failures += 1
            if self._failures == 1:
                log.error("the database is away, and is tried again until it is back", extra={"why": str(error)})

    def note_back(self) -> None:
        with self._lock:
            if self._failures and not self.is_resting():
                self._failures = 0
                log.info("the database is back")
