"""An installation as the world sees it: https with a certificate that is trusted, and http that only leads there."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from governance.database import Database
from governance.services import sign_in
from tests.web.conftest import config_for
from tests.web.scenes import ADMIN, Scene, lively
from web import serve


@dataclass(frozen=True, slots=True)
class Doors:
    """The ports, the file with the certificate, and the cookie of somebody who is signed in."""

    http: int
    https: int
    certificate: Path
    cookie: str


@contextmanager
def open_doors(folder: Path) -> Iterator[Doors]:
    certificate = _certificate(folder)
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        https = listener.getsockname()[1]
        database = Database(f"sqlite:///{folder / 'governance.db'}")
        database.migrate()
        stack.callback(database.dispose)
        cookie = f"__Host-governance={_signed_in(database)}"
        behind = _served(database, f"https://localhost:{https}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        threading.Thread(target=_accept, args=(listener, context, behind), daemon=True).start()
        http = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), _leading_to(https)))
        threading.Thread(target=http.serve_forever, daemon=True).start()
        stack.callback(http.shutdown)
        yield Doors(http.server_address[1], https, certificate, cookie)


def _signed_in(database: Database) -> str:
    scene = Scene(database, now=datetime.now(UTC))
    lively(scene)
    with database.writing() as session:
        return sign_in.open_session(session, ADMIN, is_admin=True, how="link", now=scene.now)


def _served(database: Database, address: str) -> int:
    ports: list[int] = []
    is_listening = threading.Event()

    def note(port: int) -> None:
        ports.append(port)
        is_listening.set()

    arguments = {"database": database, "on_listening": note}
    serving = threading.Thread(target=serve, args=(config_for(address), "127.0.0.1", 0), kwargs=arguments, daemon=True)
    serving.start()
    if not is_listening.wait(30):
        raise TimeoutError("See above why the pages are not served: nobody listens after 30 seconds.")
    return ports[0]


def _leading_to(https: int) -> type[BaseHTTPRequestHandler]:
    """What a proxy does with whoever comes by http."""

    class Leading(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(301)
            self.send_header("Location", f"https://localhost:{https}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_OPTIONS(self) -> None:
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    return Leading


def _accept(listener: socket.socket, context: ssl.SSLContext, behind: int) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return  # closed: the scan is over
        threading.Thread(target=_carry, args=(plain, context, behind), daemon=True).start()


def _carry(plain: socket.socket, context: ssl.SSLContext, behind: int) -> None:
    with (
        suppress(OSError),
        plain,
        context.wrap_socket(plain, server_side=True) as outside,
        socket.create_connection(("127.0.0.1", behind)) as inside,
    ):
        back = threading.Thread(target=_copy, args=(inside, outside), daemon=True)
        back.start()
        _copy(outside, inside)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


def _certificate(folder: Path) -> Path:
    """Of localhost, by itself: whoever trusts the file trusts that server and no other."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, no_password = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, no_password)
    path = folder / "localhost.pem"
    path.write_bytes(secret + certificate.public_bytes(encoding))
    return path
