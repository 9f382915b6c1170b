"""Connections that can be cut at every step: while the name is looked up, while connecting, and after.

They are urllib3's, with one step replaced. Each keeps a second handle of its socket, because TLS takes
the first one over: shutting down the second always reaches the wire.
"""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import socket
import ssl
import threading
from typing import Any
from urllib.parse import SplitResult

from urllib3.connection import HTTPConnection, HTTPSConnection

from governance.calendar.deadlines import Call

Resolved = list[tuple[Any, ...]]


class _Cuttable:
    """Replaces the step that opens the socket."""

    call: Call
    handle: socket.socket | None = None
    _dns_host: str
    port: int

    def _new_conn(self) -> socket.socket:
        failure = OSError("the name has no address")
        for family, kind, protocol, _, address in resolve(self._dns_host, self.port, self.call):
            try:
                return self._connected(socket.socket(family, kind, protocol), address)
            except OSError as error:
                self.call.check()
                failure = error
        try:
            raise failure
        finally:
            del failure  # an error that its own frame holds on to is garbage only the collector can find

    def let_go(self) -> None:
        """Closes the second handle; only once nobody can cut the call any more."""
        handle, self.handle = self.handle, None
        if handle:
            handle.close()

    def _connected(self, opened: socket.socket, address: Any) -> socket.socket:
        try:
            self.let_go()
            self.handle = opened.dup()
            self.call.use(self.handle)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.settimeout(self.call.remaining())
            opened.connect(address)
        except BaseException:
            opened.close()
            raise
        return opened


class PlainConnection(_Cuttable, HTTPConnection):
    pass


class TlsConnection(_Cuttable, HTTPSConnection):
    pass


Connection = PlainConnection | TlsConnection


def connection_to(address: SplitResult) -> Connection:
    """An unconnected connection to the host of an http(s) address."""
    host = address.hostname or ""
    if address.scheme == "https":
        return TlsConnection(host, address.port, ssl_context=trust())
    return PlainConnection(host, address.port)


@functools.cache
def trust() -> ssl.SSLContext:
    """The system's certificates, where an organisation puts its own, and the bundled ones for bare machines."""
    from httplib2 import certs

    context = ssl.create_default_context()
    with contextlib.suppress(OSError):
        context.load_verify_locations(certs.where())
    return context


def resolve(host: str, port: int, call: Call) -> Resolved:
    if _is_literal(host):
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return _Lookup(host, port).wait_for(call)


def _is_literal(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


class _Lookup:
    """A name lookup on a thread of its own: the system's resolver can be neither limited nor interrupted."""

    def __init__(self, host: str, port: int) -> None:
        self._where = (host, port)
        self._found: Resolved | OSError | None = None

    def wait_for(self, call: Call) -> Resolved:
        call.news = threading.Event()
        call.check()
        threading.Thread(target=self._look_up, args=(call.news,), name="name-lookup", daemon=True).start()
        call.news.wait(call.remaining())
        call.check()
        if self._found is None:
            raise TimeoutError("the name was not found in time")
        if isinstance(self._found, OSError):
            raise self._found
        return self._found

    def _look_up(self, done: threading.Event) -> None:
        try:
            self._found = list(socket.getaddrinfo(*self._where, type=socket.SOCK_STREAM))
        except OSError as error:
            self._found = error
        except UnicodeError:
            self._found = socket.gaierror(socket.EAI_NONAME, "not a host name")
        done.set()
