"""The share of Google's quota that this process may use, a subject at a time, so that no call is refused for haste.

Google counts units in a sliding minute for each user (Calendar API, quotas) at the moment a call reaches
it, which is some time between our sending and its answer. So a call's units are taken before it is sent
and come back a minute after it has *ended*: whatever the way there and back takes, no minute at Google
holds more than ours.

    ask → wait behind whoever is more urgent, then whoever asked earlier → taken → sent → ended → a minute → free
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum

from governance.reconcile.ports import Stopping

WINDOW_SECONDS = 60.0
PATCH_UNITS = 3  # Calendar API, events.patch; every other call costs 1
BULK_PERCENT = 95  # what is left is enough for what is waited for, and a start takes no longer for it
_LOOKS_EVERY = 1.0  # seconds, so that a larger allowance is noticed


class Priority(IntEnum):
    """Who goes first."""

    PUSH = 0
    """Somebody changes a meeting just now."""
    POLL = 1
    """The regular look."""
    BULK = 2
    """Many calendars at once, as at a start: never more than `BULK_PERCENT` of the allowance."""


_priority: ContextVar[Priority] = ContextVar("priority", default=Priority.POLL)


@contextmanager
def at_priority(priority: Priority) -> Iterator[None]:
    """Every call that this thread begins inside has this priority; POLL outside."""
    token = _priority.set(priority)
    try:
        yield
    finally:
        _priority.reset(token)


class Quota:
    """Hands out units to any number of threads. Units come back with time alone, so waiters need no waking.

    `allowance` gives a subject's units a minute and is asked again for every decision: it may change while
    calls wait. Where it is less than a call costs, the call goes alone through an otherwise empty minute.
    """

    def __init__(
        self,
        allowance: Callable[[str], int],
        *,
        clock: Callable[[], float] = time.monotonic,
        window_seconds: float = WINDOW_SECONDS,
    ) -> None:
        self._allowance = allowance
        self._clock = clock
        self._window = window_seconds
        self._lock = threading.Lock()
        self._shares: dict[str, Share] = {}

    @contextmanager
    def spending(self, subject: str, amount: int, *, stopping: threading.Event) -> Iterator[None]:
        """Waits for the units; the call is made inside. Raises Stopping when the process stops meanwhile."""
        units = Units(amount, _priority.get())
        share = self._share(subject)
        self._take(subject, share, units, stopping)
        try:
            yield
        finally:
            with self._lock:
                share.end(units, self._clock())

    def used(self, subject: str) -> int:
        """The units that count at present: of calls under way, and of those ended in the last minute."""
        with self._lock:
            share = self._shares.get(subject)
            return share.used(self._clock()) if share else 0

    def _share(self, subject: str) -> Share:
        with self._lock:
            return self._shares.setdefault(subject, Share(self._window))

    def _take(self, subject: str, share: Share, units: Units, stopping: threading.Event) -> None:
        with self._lock:
            share.ask(units)
        try:
            while (wait := self._wait(subject, share, units)) is not None:
                if stopping.wait(min(wait, _LOOKS_EVERY)):
                    raise Stopping("Start the service again", "it is stopping")
        except BaseException:
            with self._lock:
                share.give_up(units, self._clock())
            raise

    def _wait(self, subject: str, share: Share, units: Units) -> float | None:
        """Seconds until another look is worth it; None when the units are taken."""
        # Outside the lock: whoever counts the workers may take a while, or ask `used`.
        allowance = self._allowance(subject)
        with self._lock:
            now = self._clock()
            share.admit(now, allowance)
            return None if units.is_taken else share.frees_in(now)


class Units:
    """What one call costs, from the asking on."""

    __slots__ = ("amount", "is_taken", "priority")

    def __init__(self, amount: int, priority: Priority = Priority.POLL) -> None:
        self.amount = amount
        self.priority = priority
        self.is_taken = False

    @property
    def is_bulk(self) -> bool:
        return self.priority is Priority.BULK


class Share:
    """One subject's units, taken and waited for. Told the time; whoever shares it guards it."""

    def __init__(self, window_seconds: float = WINDOW_SECONDS) -> None:
        self._window = window_seconds
        self._waiting: list[tuple[Priority, int, Units]] = []
        self._arrivals = itertools.count()
        self._ended: deque[tuple[float, Units]] = deque()
        self._used = self._used_by_bulk = 0

    def ask(self, units: Units) -> None:
        heapq.heappush(self._waiting, (units.priority, next(self._arrivals), units))

    def admit(self, now: float, allowance: int) -> None:
        """Gives units to whoever is first, while there are enough; nobody overtakes who waits for more."""
        self._forget(now)
        while self._waiting and self._fits(self._waiting[0][2], allowance):
            _, _, units = heapq.heappop(self._waiting)
            units.is_taken = True
            self._count(units, 1)

    def end(self, units: Units, now: float) -> None:
        """The call is over: its units come back in a minute."""
        self._ended.append((now + self._window, units))

    def give_up(self, units: Units, now: float) -> None:
        """Nobody waits for them any more; had they just been taken, they count as spent."""
        if units.is_taken:
            self.end(units, now)
        else:
            self._waiting = [entry for entry in self._waiting if entry[2] is not units]
            heapq.heapify(self._waiting)

    def used(self, now: float) -> int:
        self._forget(now)
        return self._used

    def frees_in(self, now: float) -> float:
        """Seconds until units come back; those of a call under way cannot earlier than in a whole minute."""
        return max(self._ended[0][0] - now, 0.0) if self._ended else self._window

    def _fits(self, units: Units, allowance: int) -> bool:
        if self._used + units.amount > max(allowance, units.amount):
            return False
        of_bulk = max(allowance * BULK_PERCENT // 100, units.amount)
        return not units.is_bulk or self._used_by_bulk + units.amount <= of_bulk

    def _forget(self, now: float) -> None:
        while self._ended and self._ended[0][0] <= now:
            self._count(self._ended.popleft()[1], -1)

    def _count(self, units: Units, sign: int) -> None:
        self._used += sign * units.amount
        if units.is_bulk:
            self._used_by_bulk += sign * units.amount
