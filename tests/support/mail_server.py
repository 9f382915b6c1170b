"""A real mail server in a process of its own, which keeps what it accepts and fails where a test wants it to.

    python -m tests.support.mail_server [--tls FILE] [--implicit-tls] [--login NAME:PASSWORD] [--plain]

It reads one JSON object a line on standard input and answers each with one on standard output. The points where
something can happen, in the order of a conversation: greeting, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, body (a line of
the text has come), dot (all has come, nothing is kept), kept (it is, the answer is not out), answered.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

POINTS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "body", "dot", "kept", "answered")
PROTECTED_POINTS = ("STARTTLS", "AUTH")


@dataclass
class Order:
    """`act`: drop, pause, silence, drip, or reply with `text`; for `count` meetings (None: all) after `skip`."""

    point: str
    act: str
    text: str = ""
    skip: int = 0
    count: int | None = 1
    recipient: str | None = None

    def takes(self, point: str, recipient: str | None) -> bool:
        if point != self.point or self.count == 0 or (self.recipient and recipient != self.recipient):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.count is not None:
            self.count -= 1
        return True


@dataclass
class State:
    """What all conversations share."""

    orders: list[Order] = field(default_factory=list)
    mails: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    delay: float = 0.0
    paused: asyncio.Event = field(default_factory=asyncio.Event)
    resumed: asyncio.Event = field(default_factory=asyncio.Event)

    def order_at(self, point: str, recipient: str | None) -> Order | None:
        return next((one for one in self.orders if one.takes(point, recipient)), None)


def serve(given: argparse.Namespace) -> None:
    """The process's whole life: until its standard input ends."""
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

    state = State()

    class Dropped(Exception):
        pass

    class Counting:
        """The reader, which knows when the other side had to be waited for."""

        def __init__(self, reader: Any, conversation: Conversation) -> None:
            self._reader, self._conversation = reader, conversation

        def __getattr__(self, name: str) -> Any:
            return getattr(self._reader, name)

        def __setattr__(self, name: str, value: Any) -> None:
            if name in ("_reader", "_conversation"):
                object.__setattr__(self, name, value)
            else:
                setattr(self._reader, name, value)

        async def readuntil(self, separator: bytes = b"\n") -> bytes:
            conversation = self._conversation
            if conversation.has_answered and separator not in self._reader._buffer:
                state.counts["round trips"] += 1
                conversation.has_answered = False
                if state.delay:
                    await asyncio.sleep(state.delay)
            line: bytes = await self._reader.readuntil(separator)
            if conversation.lines is not None:
                conversation.lines += 1
                if conversation.lines == 3 and line != b".\r\n":
                    await conversation.meet("body")
            return line

    class Conversation(SMTP):
        has_answered = False
        lines: int | None = None
        recipient: str | None = None
        drips = False

        def connection_made(self, transport: Any) -> None:
            if self._original_transport is None:
                state.counts["connections"] += 1
            super().connection_made(transport)
            if not isinstance(self._reader, Counting):
                self._reader = Counting(self._reader, self)  # type: ignore[assignment]

        async def push(self, status: Any) -> None:
            self.has_answered = True
            if not self.drips:
                await super().push(status)
                return
            for letter in (status if isinstance(status, bytes) else status.encode()) + b" " * 10_000:
                self._writer.write(bytes([letter]))
                await self._writer.drain()
                await asyncio.sleep(0.1)

        async def meet(self, point: str) -> str | None:
            """What to answer instead, if anything."""
            order = state.order_at(point, self.recipient)
            if order is None:
                return None
            if order.act == "reply":
                return order.text
            if order.act == "drop":
                self._drop()
            if order.act == "silence":
                await asyncio.sleep(3600)
            if order.act == "drip":
                self.drips = True
            if order.act == "pause":
                state.resumed.clear()
                state.paused.set()
                await state.resumed.wait()
            return None

        def _drop(self) -> None:
            if self.transport is not None:
                self.transport.abort()
            raise asyncio.CancelledError

        async def _handle_client(self) -> None:
            if self._original_transport is None:
                instead = await self.meet("greeting")
                if instead:
                    await self.push(instead)
                    self._drop()
            await super()._handle_client()

    def met(name: str) -> Any:
        original = getattr(SMTP, f"smtp_{name}")

        async def command(self: Conversation, arg: str) -> None:
            state.counts[name] += 1
            if name == "RCPT":
                self.recipient = arg.partition("<")[2].partition(">")[0]
            instead = await self.meet(name)
            if instead is not None:
                await self.push(instead)
                return
            self.lines = 0 if name == "DATA" else None
            await original(self, arg)
            if name == "DATA":
                self.lines = None
                await self.meet("answered")

        for decoration in ("__smtp_syntax__", "__smtp_syntax_extended__", "__smtp_syntax_when__"):
            if hasattr(original, decoration):
                setattr(command, decoration, getattr(original, decoration))
        return command

    for name in ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA"):
        setattr(Conversation, f"smtp_{name}", met(name))

    class Keeping:
        async def handle_EHLO(  # noqa: N802  # aiosmtpd's names
            self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
        ) -> list[str]:
            session.host_name = hostname
            return responses if given.plain else [responses[0], "250-PIPELINING", *responses[1:]]

        async def handle_DATA(self, server: Conversation, session: Session, envelope: Envelope) -> str:  # noqa: N802
            instead = await server.meet("dot")
            if instead is not None:
                return instead
            content = envelope.content or b""
            raw = content if isinstance(content, bytes) else content.encode()
            state.mails.append(
                {
                    "message_id": message_from_bytes(raw)["Message-ID"],
                    "sender": envelope.mail_from,
                    "recipients": envelope.rcpt_tos,
                    "raw": base64.b64encode(raw).decode(),
                }
            )
            instead = await server.meet("kept")
            return instead if instead is not None else "250 2.0.0 kept"

    def authenticated(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        state.counts["logins"] += 1
        name, _, password = given.login.partition(":")
        return AuthResult(success=(data.login, data.password) == (name.encode(), password.encode()), handled=False)

    async def command(asked: dict[str, Any]) -> Any:
        match asked.pop("do"):
            case "order":
                state.orders.append(Order(**asked))
            case "wait_until_paused":
                await asyncio.wait_for(state.paused.wait(), asked["seconds"])
                state.paused.clear()
            case "resume":
                state.resumed.set()
            case "mails":
                return state.mails
            case "counts":
                return state.counts
            case "delay":
                state.delay = asked["seconds"]
            case "reset":
                state.orders, state.mails, state.delay = [], [], 0.0
                state.counts.clear()
                state.resumed.set()
                state.paused.clear()
        return None

    async def run() -> None:
        loop = asyncio.get_running_loop()
        context = None
        if given.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(given.tls)
        more: dict[str, Any] = {"authenticator": authenticated, "auth_require_tls": bool(given.tls)}
        if given.login:
            more["auth_required"] = True
        implicit = context if given.implicit_tls else None

        def made() -> Conversation:
            return Conversation(
                Keeping(),
                hostname="mail.example.com",
                enable_SMTPUTF8=True,
                loop=loop,
                tls_context=None if implicit else context,
                **{**more, **({"auth_require_tls": False} if implicit else {})},
            )

        server = await loop.create_server(made, "127.0.0.1", given.port, ssl=implicit)
        print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
        reader = asyncio.StreamReader(limit=2**24)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            try:
                answer = {"result": await command(json.loads(line))}
            except TimeoutError:
                answer = {"error": "nobody came by"}
            print(json.dumps(answer), flush=True)

    asyncio.run(run())


class MailServer:
    """The process as its test sees it; safe to share between threads."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self._process = process
        self._lock = threading.Lock()
        self.port = port

    def order(self, point: str, act: str, **more: Any) -> None:
        self._do("order", point=point, act=act, **more)

    def wait_until_paused(self, seconds: float = 20.0) -> None:
        self._do("wait_until_paused", seconds=seconds)

    def resume(self) -> None:
        self._do("resume")

    def delay(self, seconds: float) -> None:
        """Every round trip takes so much longer."""
        self._do("delay", seconds=seconds)

    def reset(self) -> None:
        self._do("reset")

    @property
    def mails(self) -> list[dict[str, Any]]:
        kept: list[dict[str, Any]] = self._do("mails")
        return kept

    @property
    def recipients(self) -> Counter[str]:
        return Counter(recipient for mail in self.mails for recipient in mail["recipients"])

    @property
    def counts(self) -> Counter[str]:
        return Counter(self._do("counts"))

    def _do(self, act: str, /, **arguments: Any) -> Any:
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps({"do": act, **arguments}) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer.get("result")


@contextmanager
def mail_server(*options: str) -> Iterator[MailServer]:
    command = [sys.executable, "-m", "tests.support.mail_server", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        try:
            yield MailServer(process, port)
        finally:
            process.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="mail_server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", help="a certificate with its key")
    parser.add_argument("--implicit-tls", action="store_true")
    parser.add_argument("--login", default="")
    parser.add_argument("--plain", action="store_true", help="without PIPELINING")
    serve(parser.parse_args())
