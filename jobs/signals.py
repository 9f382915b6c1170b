"""The signals that end the process, heard whichever of its threads receives them.

Python runs a handler in the main thread, at that thread's next step. A wait for a lock ends only where the main thread
itself receives the signal, and the kernel may choose another one, as it does while a stopped process wakes. Python
writes every signal into a socket as well, though, and a wait on that one always ends.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType


class Doze:
    """What the main thread waits on while others work."""

    def __init__(self, ear: socket.socket, mouth: socket.socket) -> None:
        self._ear, self._mouth = ear, mouth

    def wait(self) -> None:
        """Until a signal, or until somebody rouses; what came before counts as well."""
        select.select([self._ear], [], [])
        self._ear.recv(4096)

    def rouse(self) -> None:
        """From any thread, even when nobody dozes any more."""
        with suppress(OSError):
            self._mouth.send(b"\0")


@contextmanager
def hearing(stop: Callable[[], None]) -> Iterator[Doze]:
    """The first signal calls `stop` in the main thread, the second ends the process where it stands."""
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        if heard:
            os._exit(128 + number)
        heard.append(number)
        stop()

    ear, mouth = socket.socketpair()
    with ear, mouth:
        mouth.setblocking(False)
        written_before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, hear) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield Doze(ear, mouth)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(written_before)
