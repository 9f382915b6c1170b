"""A server of raw bytes on loopback: whatever a network or a broken server may do, at the exact step."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; `connection` for answers that are no answers."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: socket.socket = field(compare=False, repr=False)

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    def json(self) -> Any:
        return json.loads(self.body)


Answering = Callable[[Request], bytes | None]
"""The bytes to send and keep the connection, or None to close it."""


def answer(
    body: Any = b"", *, status: int = 200, headers: dict[str, str] | None = None, keep_alive: bool = True
) -> bytes:
    """A complete HTTP answer; anything but bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    known = any(status == one for one in HTTPStatus)
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase if known else 'Unknown'}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines += [f"Content-Length: {len(content)}", f"Connection: {'keep-alive' if keep_alive else 'close'}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


class RawServer:
    """Answers each request on a thread per connection and remembers all of them."""

    def __init__(self, answering: Answering) -> None:
        self.answering = answering
        self.requests: list[Request] = []
        self.connections = 0
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}/"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as incoming, contextlib.suppress(OSError):
            while request := _read(incoming, connection):
                self.requests.append(request)
                answered = self.answering(request)
                if answered is None:
                    break
                connection.sendall(answered)
                if b"Connection: close" in answered.partition(b"\r\n\r\n")[0]:
                    break
            # The other side must see the end before this side's thread is gone.
            connection.shutdown(socket.SHUT_RDWR)
        self._open.discard(connection)


def _read(incoming: Any, connection: socket.socket) -> Request | None:
    line = incoming.readline()
    if not line.strip():
        return None
    method, target, _ = line.decode().split(" ", 2)
    headers: dict[str, str] = {}
    while (line := incoming.readline().decode().strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = incoming.read(int(headers.get("content-length", 0)))
    return Request(method, target, headers, body, connection)
