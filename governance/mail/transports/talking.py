"""A connection to a mail server that can be cut at every step, the lookup of its name included.

smtplib speaks; only the step that opens the socket is replaced. A second handle of the socket stays outside TLS:
shutting that down always reaches the wire.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from typing import Any

from governance.calendar.connections import resolve
from governance.calendar.deadlines import Call


class Talk(smtplib.SMTP):
    """`call` is the one in flight; `local_name` is what we say we are: to find that out by DNS could take long."""

    def __init__(self, call: Call, *, local_name: str, tls: ssl.SSLContext | None) -> None:
        self.call = call
        self.handle: socket.socket | None = None
        self._tls = tls
        super().__init__(local_hostname=local_name, timeout=call.remaining())

    def open(self, host: str, port: int) -> None:
        self._host = host  # what the certificate has to say
        code, answer = self.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)

    def greet(self) -> None:
        """An older server that knows no EHLO gets a HELO; one that closes down does not."""
        code, answer = self.ehlo()
        if not 200 <= code < 300 and code != 421:
            code, answer = self.helo()
        if not 200 <= code < 300:
            raise smtplib.SMTPHeloError(code, answer)

    def go_on_with(self, call: Call) -> None:
        """The next mail has a time of its own."""
        self.call = call
        if self.handle is None or self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        call.use(self.handle)
        self.sock.settimeout(call.remaining())

    def let_go(self) -> None:
        """Only once nobody can cut the call any more."""
        with suppress(OSError):
            self.close()
        if self.handle is not None:
            self.handle.close()
            self.handle = None

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        failure = OSError("the name has no address")
        for family, kind, protocol, _, address in resolve(host, port, self.call):
            opened = socket.socket(family, kind, protocol)
            try:
                return self._connected(opened, address, host)
            except OSError as error:
                opened.close()
                self.call.check()
                failure = error
        try:
            raise failure
        finally:
            del failure

    def _connected(self, opened: socket.socket, address: Any, host: str) -> socket.socket:
        if self.handle is not None:
            self.handle.close()
        self.handle = opened.dup()
        self.call.use(self.handle)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.settimeout(self.call.remaining())
        opened.connect(address)
        return self._tls.wrap_socket(opened, server_hostname=host) if self._tls else opened
