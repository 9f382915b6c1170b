"""Whether anybody wrote to a SQLite file at all: asked in microseconds, and right whichever process wrote."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

Mark = tuple[int, int, int, int]


class FileMark:
    """A connection that never writes, so that it notices every commit; opened anew when the file was replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened, self._identity = 0, (0, 0)

    def read(self) -> Mark | None:
        """Differs from an earlier one when something was written between the two; None where the file cannot tell."""
        with self._lock:
            try:
                found = os.stat(self._path)
                if self._connection is None or self._identity != (found.st_dev, found.st_ino):
                    self._open(found)
                assert self._connection is not None  # noqa: S101
                (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            except (OSError, sqlite3.Error):
                self._close()
                return None
            return (*self._identity, self._opened, version)

    def close(self) -> None:
        with self._lock:
            self._close()

    def _open(self, found: os.stat_result) -> None:
        """What one connection counts says nothing to another: each opening begins marks of its own."""
        self._close()
        self._connection = sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
        )
        self._identity, self._opened = (found.st_dev, found.st_ino), self._opened + 1

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
