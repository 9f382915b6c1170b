"""HTTP/1.1 on a socket: read a request, write an answer in one piece (items 2, 4 and 8).

The standard library's request handler parses headers as mail and costs more than the rest of
the sandbox together; a loopback server needs only what clients of this API send.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
from dataclasses import dataclass
from http import HTTPStatus
from io import BufferedReader

from .routes import Answer

_REASONS = {status.value: status.phrase for status in HTTPStatus}
_WORTH_PACKING = 512


@dataclass(slots=True)
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


def read_request(stream: BufferedReader) -> Request | None:
    """The next request of a connection; None when the client has gone."""
    line = stream.readline(65536)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(65536)
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers = _read_headers(stream)
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _read_chunks(stream)
    else:
        body = stream.read(int(headers.get("content-length") or 0))
    return Request(method, target, headers, body)


def encoded(answer: Answer, request: Request, *, packs: bool) -> bytes:
    """Head and body of an answer as they go over the wire."""
    body, headers = answer.body, dict(answer.headers)
    if body and answer.status != 304:
        headers["Content-Type"] = answer.content_type
    if packs and len(body) >= _WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers["Content-Encoding"] = "gzip"
        headers["Vary"] = "Accept-Encoding"
    if answer.status not in (204, 304):
        headers["Content-Length"] = str(len(body))
    lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, '')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def hang_up(connection: socket.socket) -> None:
    """Close so that the client notices at once, also when other references are left."""
    with contextlib.suppress(OSError):  # The client may have been faster.
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _read_headers(stream: BufferedReader) -> dict[str, str]:
    headers: dict[str, str] = {}
    while (line := stream.readline(65536)) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return headers


def _read_chunks(stream: BufferedReader) -> bytes:
    chunks = []
    while size := int(stream.readline().split(b";")[0], 16):
        chunks.append(stream.read(size))
        stream.readline()
    stream.readline()
    return b"".join(chunks)
