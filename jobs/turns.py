"""Who is next: what somebody waits for before what is merely due, and that before what takes long.

Within one priority whoever came first; a calendar waits once, however often it is asked for. What takes long ages:
after `PATIENCE_SECONDS` it is as urgent as what is merely due, else many polled calendars keep a new one out for ever.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from governance.calendar.quota import Priority
from governance.services.leases import Hold

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """`since` is monotonic."""

    priority: Priority
    number: int
    hold: Hold
    since: float

    def urgency(self, now: float) -> Priority:
        if self.priority is Priority.BULK and now - self.since >= PATIENCE_SECONDS:
            return Priority.POLL
        return self.priority


class Turns:
    """Shared by the threads that take them."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._changed = threading.Condition()
        self._monotonic = monotonic
        self._waiting: dict[UUID, _Waiting] = {}
        self._numbers = count()
        self._is_closed = False

    def put(self, hold: Hold, priority: Priority) -> None:
        """Wait for a turn; whoever waits already only ever gets more urgent, and keeps the place otherwise."""
        with self._changed:
            waiting = self._waiting.get(hold.calendar_id)
            if waiting is not None and (waiting.priority <= priority and waiting.hold == hold):
                return
            self._waiting[hold.calendar_id] = _Waiting(priority, next(self._numbers), hold, self._monotonic())
            self._changed.notify_all()

    def withdraw(self, calendar_id: UUID) -> bool:
        """Wait no more; whether it was waiting."""
        with self._changed:
            return self._waiting.pop(calendar_id, None) is not None

    def take(self, *, most: Priority = Priority.BULK) -> tuple[Hold, Priority] | None:
        """The next turn and how urgent it is by now; waits for one, None at the end.

        `most`: nothing that was less urgent than this when it came; age does not make it any shorter.
        """
        with self._changed:
            while True:
                if self._is_closed:
                    return None
                now = self._monotonic()
                fitting = [one for one in self._waiting.values() if one.priority <= most]
                if fitting:
                    chosen = min(fitting, key=lambda one: (one.urgency(now), one.number))
                    del self._waiting[chosen.hold.calendar_id]
                    return chosen.hold, chosen.urgency(now)
                self._changed.wait()

    def close(self) -> None:
        """Whoever takes, or comes to take, gets nothing any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
