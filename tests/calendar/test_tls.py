"""Encrypted connections: only to whom the certificate names, and cut like the others."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from governance.calendar import connections
from governance.calendar.deadlines import Call, Deadlines, Interruption
from governance.calendar.transport import NoAnswer, Transport
from tests.calendar.raw_server import answer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody trusts, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


Handling = Callable[[ssl.SSLSocket], None]


@pytest.fixture
def serve_tls(certificate: Path) -> Iterator[Callable[[Handling], str]]:
    """Serves one encrypted connection; a failed handshake is the client's affair."""
    listening = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    threads: list[threading.Thread] = []

    def start(handling: Handling) -> str:
        def run() -> None:
            accepted, _ = listening.accept()
            try:
                with context.wrap_socket(accepted, server_side=True) as connection:
                    handling(connection)
            except OSError:
                accepted.close()

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()
        return f"https://127.0.0.1:{listening.getsockname()[1]}/"

    yield start
    for thread in threads:
        thread.join()
    listening.close()


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
    monkeypatch.setattr(connections, "_trust", lambda: ssl.create_default_context(cafile=str(certificate)))


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
