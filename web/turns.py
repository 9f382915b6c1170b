"""Pages are made by two threads at once, first come first served, however many requests are worked on.

Python computes in one thread at a time. Threads that share it interrupt each other in the middle of a page, at every
statement, and whose turn is next is left to chance: all pages take as long as all of them together, and some twice or
thrice that. Two keep the processor busy while one of them waits for the database.

Only looking takes turns. A form may have to wait for the database's one writer, and what is open to everybody may ask
a sign-in provider: neither holds up who only looks.
"""

from __future__ import annotations

from collections import deque
from threading import Lock

from flask import Flask, g, request

from web.identity import OPEN_TO_ALL

AT_ONCE = 2


class Turns:
    """A semaphore that nobody overtakes at: a turn is handed to who has waited longest, not left to who is quickest."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._lock = Lock()
        self._free = at_once
        self._waiting: deque[Lock] = deque()

    def take(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()  # released by who hands the turn over

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def give_back(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


def take_turns(app: Flask) -> None:
    turns = Turns()

    def take() -> None:
        if request.method in ("GET", "HEAD") and request.endpoint not in OPEN_TO_ALL:
            turns.take()
            g.has_turn = True

    def give_back(_error: BaseException | None) -> None:
        if g.pop("has_turn", False):
            turns.give_back()

    app.before_request(take)
    app.teardown_request(give_back)
