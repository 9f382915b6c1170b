"""How a command takes a calendar for one cycle where no worker is at work: by the same leases, as long as it runs."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.errors import GovernanceError
from governance.leasing.heart import Heart
from governance.leasing.sharing import alive
from governance.services import leases
from governance.services.leases import Hold
from governance.store.clock import database_now
from governance.store.workers import heartbeats, lease_of

_BETWEEN_TRIES = 0.2
_PATIENCE_SECONDS = 60.0


class CalendarTaken(GovernanceError):
    """Another process has the calendar, and does not come to an end."""

    def __init__(self) -> None:
        super().__init__("Try again in a minute", "another process is at work on this calendar")


class CommandHolds:
    """The calendars that a running command has taken."""

    def __init__(self, database: Database, heart: Heart) -> None:
        self._database = database
        self._heart = heart

    def is_beating(self) -> bool:
        return self._heart.is_beating()

    def hold(self, calendar_id: UUID) -> Hold:
        """The calendar, waited for where another process has it.

        Raises:
            CalendarTaken: it was not free within a minute.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (hold := self._try(calendar_id)) is None:
            if time.monotonic() > deadline:
                raise CalendarTaken
            time.sleep(_BETWEEN_TRIES)
        return hold

    def give(self, hold: Hold) -> None:
        with self._database.writing() as session:
            leases.give(session, hold, now=database_now(session))

    def _try(self, calendar_id: UUID) -> Hold | None:
        if self._heart.worker_id is None:
            return None
        with self._database.writing() as session:
            lease = lease_of(session, calendar_id)
            if lease is not None and lease.holder_id in _alive(session):
                return None
            fence = lease.fence if lease is not None else None
            return leases.take(session, calendar_id, self._heart.worker_id, seen=fence, now=database_now(session))


@contextmanager
def holding(database: Database, command: str) -> Iterator[CommandHolds]:
    """For as long as the block runs, the command's heart beats; then what it took is free."""
    name = f"{command}-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    heart = Heart(database, name, command=command)
    heart.start()
    try:
        yield CommandHolds(database, heart)
    finally:
        heart.stop()


def _alive(session: Session) -> set[UUID]:
    return alive(heartbeats(session), database_now(session))
