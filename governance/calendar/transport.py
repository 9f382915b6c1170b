"""Sends a request exactly once and reads the answer in full, within the call's deadline.

Neither retries nor redirects: httplib2 sends a request again when the connection closes without an
answer, whatever the method, and a write that was applied would be applied twice. Only a connection
that is found closed *before* anything is sent is replaced.

One transport belongs to one thread. Answers that cross over to another thread's call are ordinary
successes of the wrong calendar, so nothing here is shared.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPMessage
from urllib.parse import SplitResult, urlsplit

import urllib3.exceptions
from urllib3.util.connection import is_connection_dropped

from governance.calendar.connections import Connection, connection_to
from governance.calendar.deadlines import Call, Interrupted, Interruption

MOST_BYTES = 64 * 1024 * 1024
_BLOCK = 1024 * 1024
_FAILURES = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, Interrupted)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and headers; the name of a header may be in any case."""

    status: int
    headers: HTTPMessage


class NoAnswer(Exception):
    """The call got no complete answer.

    Attributes:
        sent: whether anything of the request may have reached the server.
        interruption: why we cut it ourselves, if we did.
        cause: a few words without address or content.
    """

    def __init__(self, cause: str, *, sent: bool, interruption: Interruption | None = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.sent = sent
        self.interruption = interruption


class UnusableAnswer(Exception):
    """An answer arrived that cannot be read: too large, wrongly compressed, not JSON."""


class Transport:
    """The connections of one thread, one per server."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._connections: dict[tuple[str, str], Connection] = {}

    def send(
        self, call: Call, uri: str, *, method: str, body: str | bytes | None, headers: Mapping[str, str]
    ) -> tuple[Answer, bytes]:
        """Raises NoAnswer or UnusableAnswer; a redirect is an answer like any other."""
        address = urlsplit(uri)
        connection = self._connected(call, address)
        try:
            answer, content = self._exchange(connection, _target(address), method, body, headers)
            # Cut in the middle of the headers, an answer looks complete and empty.
            call.check()
        except _FAILURES as error:
            connection.close()
            raise NoAnswer(_cause(error), sent=True, interruption=call.interruption) from None
        except BaseException:
            connection.close()
            raise
        return answer, _decompressed(content, answer.headers.get("content-encoding"), self._most_bytes)

    def tidy(self) -> None:
        """Call it once nobody can cut the call any more: lets go of connections that were closed."""
        for connection in self._connections.values():
            if connection.sock is None:
                connection.let_go()

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
            connection.let_go()

    def __del__(self) -> None:
        self.close()

    def _connected(self, call: Call, address: SplitResult) -> Connection:
        connection = self._connections.get((address.scheme, address.netloc))
        if connection is None:
            connection = self._connections[address.scheme, address.netloc] = connection_to(address)
        connection.call = call
        connection.timeout = call.remaining()
        try:
            self._make_ready(connection, call)
        except _FAILURES as error:
            connection.close()
            raise NoAnswer(_cause(error), sent=False, interruption=call.interruption) from None
        return connection

    @staticmethod
    def _make_ready(connection: Connection, call: Call) -> None:
        # A server closes an idle connection when it likes. Seen here, nothing was sent and nothing is lost.
        if connection.sock is not None and is_connection_dropped(connection):
            connection.close()
        if connection.sock is None:
            connection.connect()
        if connection.handle is not None:
            call.use(connection.handle)

    def _exchange(
        self,
        connection: Connection,
        target: str,
        method: str,
        body: str | bytes | None,
        headers: Mapping[str, str],
    ) -> tuple[Answer, bytes]:
        connection.request(method, target, body=body, headers=headers)
        # Not urllib3's own: it wraps the answer in layers that cost as much as the call, to do what is done here.
        response = http.client.HTTPConnection.getresponse(connection)
        return Answer(response.status, response.headers), _read(response, self._most_bytes)


def _target(address: SplitResult) -> str:
    return f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"


def _read(response: http.client.HTTPResponse, most_bytes: int) -> bytes:
    blocks: list[bytes] = []
    size = 0
    while block := response.read(_BLOCK):
        blocks.append(block)
        size += len(block)
        if size > most_bytes:
            raise UnusableAnswer("larger than any honest answer")
    if response.length:
        # Read in blocks, the library takes an early end for the end.
        raise http.client.IncompleteRead(b"", response.length)
    return blocks[0] if len(blocks) == 1 else b"".join(blocks)


def _decompressed(content: bytes, encoding: str | None, most_bytes: int) -> bytes:
    """Only gzip is asked for. The limit is on what comes out, not on the ratio, which honest lists exceed."""
    if not encoding or encoding == "identity" or not content:
        return content
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        raise UnusableAnswer("compressed in a way that was not asked for")
    unpacking = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacking.decompress(content, most_bytes)
    except zlib.error:
        raise UnusableAnswer("damaged in compression") from None
    if not unpacking.eof or unpacking.unused_data:
        raise UnusableAnswer("larger than any honest answer" if unpacking.unconsumed_tail else "damaged in compression")
    return unpacked


def _cause(error: BaseException) -> str:
    """Words for people; the error's own text may carry the address."""
    for kind, words in _CAUSES:
        if isinstance(error, kind):
            return words
    return "the connection broke"


_CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLCertVerificationError, "the server's certificate is not trusted"),
    (ssl.SSLError, "the encrypted connection broke"),
    (socket.gaierror, "the name of the server was not found"),
    (ConnectionRefusedError, "the connection was refused"),
    (TimeoutError, "nothing came in time"),
)
