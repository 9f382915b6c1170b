"""The total deadline of every call, and the stop: one thread cuts the connection of whoever is over the time.

A socket's own time-out counts from one received byte to the next, so a server that drips a byte now
and then holds a call for ever. Nor can a thread that waits in a read be told that the process stops.
Shutting the connection down from outside ends both, at whatever step the call is.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from enum import StrEnum

DEFAULT_SECONDS = 30.0
GRACE_SECONDS = 3.0


class Interruption(StrEnum):
    """Why a call was cut."""

    DEADLINE = "deadline"
    STOP = "stop"


class Interrupted(Exception):
    """Raised inside the call that was cut."""


class Call:
    """One call in flight: when it must be over, and the handle by which it can be cut."""

    __slots__ = ("_connection", "deadline", "interruption", "news")

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.interruption: Interruption | None = None
        self.news: threading.Event | None = None
        self._connection: socket.socket | None = None

    @classmethod
    def within(cls, seconds: float) -> Call:
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Seconds left, never quite none: 0 would make a socket non-blocking."""
        return max(self.deadline - time.monotonic(), 0.001)

    def use(self, connection: socket.socket) -> None:
        """Names the connection to cut. Set first and looked at second, so no interruption slips between."""
        self._connection = connection
        self.check()

    def check(self) -> None:
        if self.interruption:
            raise Interrupted(self.interruption)

    def cut(self, why: Interruption) -> None:
        self.interruption = why
        if self._connection:
            # On the plain socket below TLS: the reader sees the end of the stream and gives up.
            with contextlib.suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)
        if self.news:
            self.news.set()


class Deadlines:
    """Watches all calls of a process; `stop` may be called from any thread and from a signal handler."""

    def __init__(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        self.stopping = threading.Event()
        self._grace_seconds = grace_seconds
        # Its lock is re-entrant, which is what allows `stop` in a signal handler.
        self._changed = threading.Condition()
        self._calls: set[Call] = set()
        self._thread: threading.Thread | None = None
        self._looks_at = 0.0
        self._stops_at = float("inf")
        self._is_closed = False

    def begin(self, call: Call) -> None:
        """Raises Interrupted when the process is stopping already."""
        with self._changed:
            if self.stopping.is_set():
                call.interruption = Interruption.STOP
                call.check()
            self._calls.add(call)
            if self._thread is None:
                self._start()
            elif call.deadline < self._looks_at:
                self._changed.notify()

    def end(self, call: Call) -> None:
        """After this nobody cuts the call any more; its connection may be used for the next."""
        with self._changed:
            self._calls.discard(call)

    def stop(self) -> None:
        """No new call begins; those in flight have the grace to end by themselves."""
        with self._changed:
            self.stopping.set()
            self._stops_at = min(self._stops_at, time.monotonic() + self._grace_seconds)
            self._changed.notify()

    def close(self) -> None:
        """Ends the watching thread."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._watch, name="call-deadlines", daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        with self._changed:
            while not self._is_closed:
                now = time.monotonic()
                self._cut_the_late(now)
                # Never asleep for longer than a usual call may take: such a call, begun while this thread
                # sleeps, need not wake it, and the waking would cost more than everything else here.
                self._looks_at = min([now + DEFAULT_SECONDS, *(self._due(call) for call in self._calls)])
                self._changed.wait(self._looks_at - now)

    def _cut_the_late(self, now: float) -> None:
        for call in [call for call in self._calls if self._due(call) <= now]:
            self._calls.discard(call)
            call.cut(Interruption.STOP if self._stops_at <= now else Interruption.DEADLINE)

    def _due(self, call: Call) -> float:
        return min(call.deadline, self._stops_at)
