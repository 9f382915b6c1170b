"""Encrypted connections: only to whom the certificate names, and cut like the others."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from governance.calendar import connections
from governance.calendar.deadlines import Call, Deadlines, Interruption
from governance.calendar.transport import NoAnswer, Transport
from tests.calendar.encrypted_server import Handling
from tests.calendar.raw_server import answer


@pytest.fixture
def send() -> Iterator[Callable[..., bytes]]:
    transport, deadlines = Transport(), Deadlines()

    def go(uri: str, *, seconds: float = 30) -> bytes:
        call = Call.within(seconds)
        deadlines.begin(call)
        try:
            return transport.send(call, uri, method="GET", body=None, headers={})[1]
        finally:
            deadlines.end(call)
            transport.tidy()

    yield go
    transport.close()
    deadlines.close()


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "trust", lambda: ssl.create_default_context(cafile=str(certificate)))


@pytest.mark.usefixtures("trusted")
def test_a_trusted_server_is_spoken_to(serve_tls: Callable[[Handling], str], send: Callable[..., bytes]) -> None:
    def handle(connection: ssl.SSLSocket) -> None:
        connection.recv(65_536)
        connection.sendall(answer(b"body", keep_alive=False))

    assert send(serve_tls(handle)) == b"body"


def test_an_untrusted_server_gets_nothing(serve_tls: Callable[[Handling], str], send: Callable[..., bytes]) -> None:
    received: list[bytes] = []

    with pytest.raises(NoAnswer) as raised:
        send(serve_tls(lambda connection: received.append(connection.recv(65_536))))

    assert (raised.value.cause, raised.value.sent) == ("the server's certificate is not trusted", False)
    assert [block for block in received if block] == []


@pytest.mark.usefixtures("trusted")
def test_an_encrypted_call_is_cut_at_its_deadline(
    serve_tls: Callable[[Handling], str], send: Callable[..., bytes]
) -> None:
    over = threading.Event()

    def drip(connection: ssl.SSLSocket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not over.wait(0.02):
            connection.sendall(b" ")

    with pytest.raises(NoAnswer) as raised:
        send(serve_tls(drip), seconds=0.5)

    over.set()
    assert (raised.value.sent, raised.value.interruption) == (True, Interruption.DEADLINE)


def test_a_handshake_that_is_never_answered_is_cut_at_its_deadline(send: Callable[..., bytes]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NoAnswer) as raised:
        send(f"https://127.0.0.1:{silent.getsockname()[1]}/", seconds=0.2)

    assert raised.value.sent is False
