"""Letting a meeting go: our part leaves the invitation first, because once released nobody looks at it any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.models.meeting import Meeting
from governance.services import adoption, settings
from governance.store import meetings as store


class LetsGo(Protocol):
    """The part of the reconciler that takes what is ours off a meeting's events."""

    def let_go(self, meeting_id: UUID) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Releasing:
    """On whose word a meeting is released: `by` is an address, `actor` the same as the ledger names them."""

    sessions: Sessions
    slug: str
    by: str
    actor: str
    source: str
    clock: Callable[[], datetime]

    def release(self, reconciler: LetsGo, *, and_then: Callable[[Session], None] = lambda _session: None) -> bool:
        """Whether it was not released before; `and_then` belongs to the transaction in which it is.

        Raises:
            CalendarTrouble: not everything could be taken off; the meeting is as it was before, or still paused where
                an earlier try was killed.
        """
        with self.sessions.reading() as session:
            meeting = self._meeting(session)
            meeting_id, is_released = meeting.id, meeting.released_at is not None
        if is_released:
            return False
        with self._paused_meanwhile():
            reconciler.let_go(meeting_id)
        with self.sessions.writing() as session:
            meeting = self._meeting(session)
            settings.resume(session, meeting, actor=self.actor, source=self.source, now=self.clock())
            adoption.release(session, meeting, actor=self.actor, source=self.source, now=self.clock())
            and_then(session)
        return True

    @contextmanager
    def _paused_meanwhile(self) -> Iterator[None]:
        """A worker's cycle at the same time would else put back what is being taken off.

        Stays paused at the end; where the calendar refuses, the meeting is as it was before.
        """
        with self.sessions.writing() as session:
            meeting = self._meeting(session)
            before = [(row.first_day, row.last_day) for row in store.pauses(session, meeting.id)]
            self._pause(session, meeting)
        try:
            yield
        except BaseException:
            with self.sessions.writing() as session:
                meeting = self._meeting(session)
                settings.resume(session, meeting, actor=self.actor, source=self.source, now=self.clock())
                for first, last in before:
                    self._pause(session, meeting, first, last)
            raise

    def _pause(self, session: Session, meeting: Meeting, first: date | None = None, last: date | None = None) -> None:
        settings.pause(
            session, meeting, by=self.by, actor=self.actor, source=self.source, now=self.clock(),
            first_day=first, last_day=last,
        )  # fmt: skip

    def _meeting(self, session: Session) -> Meeting:
        return adoption.meeting_named(session, self.slug)
