"""Wakes the workers when somebody asks for a look, within milliseconds and on both databases.

    whoever marks something dirty ── commit ──► PostgreSQL: NOTIFY      ──► Bell, in every worker's process
                                                SQLite: a named pipe

Ringing is only ever a hint: what is to be done stands in the rows, and every worker looks at them each second anyway.
So nothing is lost when nobody listens, when the connection breaks, or where the system has no named pipes.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history

from governance.models.calendar import Calendar
from governance.models.meeting import Meeting
from governance.services.ledger import RecordingSession

log = logging.getLogger(__name__)

_NAME = "meeting_governance_look"
_RUNG = "bell_is_rung"
_AGAIN_SECONDS = 5.0


def ring(session: Session) -> None:
    """Wake the workers when this transaction is committed; once, however often it is asked for."""
    if session.info.get(_RUNG):
        return
    session.info[_RUNG] = True
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {_NAME}"))


def is_rung(session: Session) -> bool:
    """Whether it was asked for since the last time this was asked."""
    return bool(session.info.pop(_RUNG, False))


def sound(url: URL) -> None:
    """After the commit: PostgreSQL has sounded by itself, for an SQLite file it is done here."""
    pipe = _pipe_of(url)
    if pipe is None or not _is_pipe(pipe):
        return
    with suppress(OSError):  # nobody listens, or has not listened for long: the rows say it all the same
        opened = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(opened, b"!")
        finally:
            os.close(opened)


@event.listens_for(RecordingSession, "before_flush")
def _ring_for_wishes(session: Session, *_: object) -> None:
    """Every way to ask for a look ends in a row that is dirty."""
    rows = [row for row in (*session.new, *session.dirty) if isinstance(row, Meeting | Calendar)]
    if any(row.dirty and get_history(row, "dirty").has_changes() for row in rows):
        ring(session)


class Bell:
    """Hears the ringing, in a thread of its own."""

    def __init__(self, url: URL, connect: Callable[[], Any]) -> None:
        self._url = url
        self._connect = connect
        self._ours, self._theirs = socket.socketpair()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def listen(self, on_ring: Callable[[], None]) -> None:
        """Call `on_ring` whenever it sounds, from now on; does nothing where it cannot sound."""
        if self._url.drivername.startswith("sqlite") and not hasattr(os, "mkfifo"):
            return
        self._thread = threading.Thread(target=self._run, args=(on_ring,), name="bell", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._theirs.send(b"!")
        if self._thread is not None:
            self._thread.join(_AGAIN_SECONDS)
        self._ours.close()
        self._theirs.close()

    def _run(self, on_ring: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                self._hear(on_ring)
            except Exception as error:  # a database that is away, most of all; without the bell there is still the look
                log.info("could not listen for the bell", extra={"why": type(error).__name__})
            self._stopping.wait(_AGAIN_SECONDS)

    def _hear(self, on_ring: Callable[[], None]) -> None:
        with self._source() as (number, drain):
            on_ring()  # whatever was rung while nobody listened
            while not self._stopping.is_set():
                select.select([number, self._ours.fileno()], [], [])
                if drain():
                    on_ring()

    @contextmanager
    def _source(self) -> Iterator[tuple[int, Callable[[], bool]]]:
        """A number to wait for, and what takes everything that has sounded off it and says whether there was any."""
        pipe = _pipe_of(self._url)
        if pipe is not None:
            with _opened(pipe) as number:
                yield number, lambda: _read_off(number)
            return
        pooled = self._connect()
        driver = pooled.driver_connection
        pooled.detach()
        with closing(driver) as connection:
            connection.rollback()  # the pool's own question has begun a transaction
            connection.autocommit = True
            connection.execute(f"LISTEN {_NAME}")
            yield connection.fileno(), lambda: any(list(connection.notifies(timeout=0)))


@contextmanager
def _opened(pipe: Path) -> Iterator[int]:
    if not _is_pipe(pipe):
        with suppress(FileExistsError):
            os.mkfifo(pipe, 0o600)
    # Open for writing as well: else it would be at its end whenever nobody rings.
    number = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        yield number
    finally:
        os.close(number)


def _read_off(number: int) -> bool:
    has_sounded = False
    with suppress(BlockingIOError):
        while os.read(number, 4096):
            has_sounded = True
    return has_sounded


def _pipe_of(url: URL) -> Path | None:
    return Path(f"{Path(str(url.database)).absolute()}-bell") if url.drivername.startswith("sqlite") else None


def _is_pipe(path: Path) -> bool:
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except OSError:
        return False
