"""Messages on their way to the receivers, beside the answers of the API and never delaying them (item 63).

A few lanes, one thread each. A channel keeps to its lane, so its messages leave in order; a slow
receiver holds up its lane for the time-out at most. Waits before a repetition and time-outs concern
a real receiver on a real connection: they go by real time, also while the sandbox's clock stands
still. What Google holds back (`push_delay_seconds`) goes by the sandbox's clock.
"""

from __future__ import annotations

import heapq
import http.client
import itertools
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from .channels import Message
from .world import World

_DELIVERED = (200, 201, 202, 204, 102)
_REPEATED = (500, 502, 503, 504)
_LANES = 4
_KEPT = 20_000
_LONGEST_WAIT = 32.0


class Pusher:
    """Delivers from its own threads, which begin with the first message."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._changed = threading.Condition()
        self._under_way = 0
        self._lanes: list[_Lane] = []
        self.sent: deque[Message] = deque(maxlen=_KEPT)

    def send(self, messages: list[Message]) -> None:
        with self._changed:
            self.sent.extend(messages)
            for message in messages:
                if message.outcome == "waiting":
                    self._under_way += 1
                    self._lane_of(message).put(message, time.monotonic())

    def withdraw(self) -> None:
        """A reset: nothing more is sent of what is under way, and nothing is remembered."""
        with self._changed:
            for message in self.sent:
                self._end(message, "withdrawn")
            self.sent.clear()

    def forget(self) -> None:
        """Remember only what is still under way."""
        with self._changed:
            waiting = [message for message in self.sent if message.outcome == "waiting"]
            self.sent.clear()
            self.sent.extend(waiting)

    def wait_until_idle(self, timeout: float) -> bool:
        """Whether every message has come to its end; those that Google holds back are not under way."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, timeout)

    def _lane_of(self, message: Message) -> _Lane:
        if not self._lanes:
            self._lanes = [_Lane(self._deliver) for _ in range(_LANES)]
        return self._lanes[zlib.crc32(message.channel.id.encode()) % _LANES]

    def _deliver(self, message: Message) -> None:
        if message.outcome != "waiting":
            return
        answer = _answer_to(message, self._world.switches.push_timeout_seconds)
        with self._changed:
            message.answers.append(answer)
            if answer in _DELIVERED:
                self._end(message, "delivered")
            elif answer in _REPEATED and self._is_worth_repeating(message):
                wait = self._world.switches.push_retry_seconds * 2 ** (len(message.answers) - 1)
                self._lane_of(message).put(message, time.monotonic() + min(wait, _LONGEST_WAIT))
            else:
                self._end(message, "lost")

    def _is_worth_repeating(self, message: Message) -> bool:
        tries = len(message.answers) < self._world.switches.push_attempts
        return tries and message.outcome == "waiting" and message.channel.is_live(self._world.clock.now())

    def _end(self, message: Message, outcome: str) -> None:
        if message.outcome == "waiting":
            message.outcome = outcome
            self._under_way -= 1
            self._changed.notify_all()


class _Lane:
    def __init__(self, deliver: Callable[[Message], None]) -> None:
        self._deliver = deliver
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Message]] = []
        self._arrivals = itertools.count()
        threading.Thread(target=self._run, name="push", daemon=True).start()

    def put(self, message: Message, due: float) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (due, next(self._arrivals), message))
            self._changed.notify()

    def _run(self) -> None:
        while True:
            self._deliver(self._next())

    def _next(self) -> Message:
        with self._changed:
            while not self._waiting or self._waiting[0][0] > time.monotonic():
                self._changed.wait(self._waiting[0][0] - time.monotonic() if self._waiting else None)
            return heapq.heappop(self._waiting)[2]


def _answer_to(message: Message, timeout: float) -> int | str:
    """The status, or the name of what went wrong. Certificates are checked; redirects are not followed."""
    address = urlsplit(message.channel.address)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    target = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
    try:
        connection = kind(address.hostname or "", address.port, timeout=timeout)
        try:
            connection.request("POST", target, b"", message.headers)
            return connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__
