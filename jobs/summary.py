"""Summaries go by themselves: looked at every minute in a session that cannot write, posted when they are due.

Several workers look at the same, minutes apart: a mail's key makes it one, and a round that is done is done for all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from governance.database import DatabaseUnavailable, Sessions
from governance.services.summaries.due import Diary, Round
from governance.services.summaries.posting import batches, steps

log = logging.getLogger(__name__)

EVERY_SECONDS = 60


@dataclass(slots=True)
class Summaries:
    """`zone` is the site's; `monotonic` says when the next minute has passed."""

    database: Sessions
    zone: str
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    _diary: Diary = field(default_factory=Diary)
    _last: float | None = None

    def look_each_minute(self) -> None:
        """The timetable takes all its steps whenever somebody rings: most of those times it is too early."""
        if self._last is None or self.monotonic() - self._last >= EVERY_SECONDS - 1:
            self._last = self.monotonic()
            self.look()

    def look(self) -> int:
        """Post what is due; how many mails."""
        now = self.clock()
        with self.database.reading() as session:
            due = self._diary.rounds(session, now)
        return sum(self._guarded(one, now) for one in due)

    def _guarded(self, due: Round, now: datetime) -> int:
        """One meeting that cannot be summed up keeps nobody else from hearing of theirs."""
        try:
            return self._post(due, now)
        except (SQLAlchemyError, DatabaseUnavailable):
            raise
        except Exception:
            log.exception("a meeting could not be summed up", extra={"meeting": str(due.meeting_id)})
            return 0

    def _post(self, due: Round, now: datetime) -> int:
        with self.database.reading() as session:
            found = batches(session, due, now)
        count = 0
        for step in steps(due, found, now):
            with self.database.writing() as session:
                count += step(session)
        if count:
            log.info("posted summaries", extra={"meeting": str(due.meeting_id), "mails": count})
        return count
