"""What a cycle writes through: only while the calendar is its worker's own.

To the database that is proved in the transaction itself. Before a call that writes to Google it is proved by the
claim, which is such a transaction, and by the time since the last heartbeat: whoever was stopped in between and wakes
up late writes nothing. What is left, a stop between that look and the sending, meets the condition (If-Match) of the
state the write was planned for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.ports import CalendarAddress, CalendarPort, Concerns, EventWrite, LeaseLost
from governance.reconcile.received import Listing
from governance.services import leases
from governance.services.leases import Hold


class FencedSessions:
    """The sessions of a database, writing ones only for the worker that has the calendar."""

    def __init__(self, sessions: Sessions, hold: Hold) -> None:
        self._sessions = sessions
        self._hold = hold

    def reading(self) -> AbstractContextManager[Session]:
        return self._sessions.reading()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self._sessions.writing() as session:
            leases.confirm(session, self._hold)
            yield session


class FencedCalendars:
    """The gateway, which writes only while the worker's heart beats."""

    def __init__(self, calendars: CalendarPort, is_beating: Callable[[], bool]) -> None:
        self._calendars = calendars
        self._is_beating = is_beating

    def list_changes(
        self,
        calendar: CalendarAddress,
        *,
        sync_token: str | None,
        concerns: Concerns,
        passing_over: frozenset[str] = frozenset(),
        is_probe: bool = False,
    ) -> Listing:
        return self._calendars.list_changes(
            calendar, sync_token=sync_token, concerns=concerns, passing_over=passing_over, is_probe=is_probe
        )

    def get_event(self, calendar: CalendarAddress, event_id: str) -> ObservedEvent | None:
        return self._calendars.get_event(calendar, event_id)

    def write_event(self, calendar: CalendarAddress, write: EventWrite) -> ObservedEvent:
        if not self._is_beating():
            raise LeaseLost("Leave the calendar to the worker that has it now", "this one was silent for too long")
        return self._calendars.write_event(calendar, write)
