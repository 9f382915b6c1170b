"""Stands between a worker and the sandbox, counts what passes, strikes at one exact request, distorts answers.

A calendar's requests come one after the other, those of two calendars in any order: so every calendar, and
the token endpoint, is a lane with numbers of its own, and the same number means the same request in every run.
"""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.calendar.raw_server import RawServer, Request

TOKENS = "tokens"
_NOT_PASSED_ON = ("accept-encoding", "connection", "content-length", "transfer-encoding")

Distortion = Callable[[Request, bytes], bytes | None]
"""Given a request and its true answer: the bytes to send instead, or None to close at once."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One request on its way: the `number`-th of its lane, and whether it has been carried out by now."""

    lane: str
    number: int
    is_carried_out: bool

    def __str__(self) -> str:
        return f"{self.lane}:{self.number}:{'after' if self.is_carried_out else 'before'}"


class Crossing:
    """`strike` is called at each passage; when it answers False, nothing of the request goes any farther."""

    def __init__(self, sandbox_url: str) -> None:
        self.strike: Callable[[Passage], bool] = lambda _: True
        self.distortion: Distortion | None = None
        self.passages: list[Passage] = []
        self._address = urlsplit(sandbox_url).netloc
        self._counted: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._under_way = 0
        self._server = RawServer(self._pass_on)

    @property
    def url(self) -> str:
        return self._server.url

    def begin(self, strike: Callable[[Passage], bool]) -> None:
        """Count from one again."""
        with self._changed:
            self._counted.clear()
            self.passages = []
            self.strike = strike

    def wait_until_quiet(self) -> None:
        """Nothing that a dead worker has sent is still to be carried out."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._under_way == 0, timeout=30)

    def close(self) -> None:
        self._server.close()

    def _pass_on(self, request: Request) -> bytes | None:
        lane = _lane(request)
        with self._changed:
            self._under_way += 1
            self._counted[lane] += 1
            number = self._counted[lane]
        try:
            if not self._may_pass(Passage(lane, number, is_carried_out=False)):
                return None
            answer = self._answer(request)
            return answer if self._may_pass(Passage(lane, number, is_carried_out=True)) else None
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _may_pass(self, passage: Passage) -> bool:
        self.passages.append(passage)
        return self.strike(passage)

    def _answer(self, request: Request) -> bytes | None:
        answer = self._carried_out(request)
        distortion = self.distortion
        return distortion(request, answer) if distortion else answer

    def _carried_out(self, request: Request) -> bytes:
        connection = http.client.HTTPConnection(self._address)
        try:
            headers = {name: value for name, value in request.headers.items() if name not in _NOT_PASSED_ON}
            connection.request(request.method, request.target, request.body or None, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        lines = [f"HTTP/1.1 {response.status} {response.reason}"]
        lines += [f"{name}: {value}" for name, value in response.getheaders() if name.lower() not in _NOT_PASSED_ON]
        lines += [f"Content-Length: {len(content)}", "Connection: keep-alive"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def _lane(request: Request) -> str:
    parts = request.path.split("/")
    return parts[4] if parts[1:4] == ["calendar", "v3", "calendars"] else TOKENS
