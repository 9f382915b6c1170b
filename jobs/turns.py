"""Who is next: what somebody waits for before what is merely due, and that before what takes long.

Within one priority whoever came first; a calendar waits once, however often it is asked for.
"""

from __future__ import annotations

import threading
from itertools import count
from uuid import UUID

from governance.calendar.quota import Priority
from governance.services.leases import Hold


class Turns:
    """Shared by the threads that take them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[UUID, tuple[Priority, int, Hold]] = {}
        self._numbers = count()
        self._is_closed = False

    def put(self, hold: Hold, priority: Priority) -> None:
        """Wait for a turn; whoever waits already only ever gets more urgent, and keeps the place otherwise."""
        with self._changed:
            waiting = self._waiting.get(hold.calendar_id)
            if waiting is not None and (waiting[0] <= priority and waiting[2] == hold):
                return
            self._waiting[hold.calendar_id] = (priority, next(self._numbers), hold)
            self._changed.notify_all()

    def withdraw(self, calendar_id: UUID) -> bool:
        """Wait no more; whether it was waiting."""
        with self._changed:
            return self._waiting.pop(calendar_id, None) is not None

    def take(self, *, most: Priority = Priority.BULK) -> tuple[Hold, Priority] | None:
        """The next turn, for which it waits; None at the end. `most`: nothing less urgent than this."""
        with self._changed:
            while True:
                if self._is_closed:
                    return None
                fitting = [one for one in self._waiting.values() if one[0] <= most]
                if fitting:
                    priority, _, hold = min(fitting, key=lambda one: one[:2])
                    del self._waiting[hold.calendar_id]
                    return hold, priority
                self._changed.wait()

    def close(self) -> None:
        """Whoever takes, or comes to take, gets nothing any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
