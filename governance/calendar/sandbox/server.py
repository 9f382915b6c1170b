"""The sandbox's server: one thread a connection, one lock for the world."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
import traceback
from collections import deque
from typing import Any
from urllib.parse import parse_qs

from . import auth, channels, control, faults, routes, wire
from .calls import Call
from .clock import stamp
from .errors import Refusal, bad_request, html_page
from .faults import Fault, Faults
from .pushing import Pusher
from .quota import charged_user
from .routes import Answer
from .wire import Request
from .world import Access, World

_LOGGED = 100_000
"""Requests remembered: more than any test makes, and a bound for a demo that runs for weeks."""
_NOBODY = Access("", frozenset(), None)


class Sandbox:
    """The world, what goes wrong in it, and the log of requests (item 67)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.faults = Faults()
        self.log: deque[dict[str, Any]] = deque(maxlen=_LOGGED)
        self.connections: set[socket.socket] = set()
        self.written = threading.Event()
        """Set when something may have changed, for whoever keeps the state in a file."""
        self.pusher = Pusher(world)

    def settle(self) -> None:
        """Do what has become due and tell the channels what has changed; the caller holds the world's lock."""
        self.world.settle()
        delayed = set(self.world.delayed)
        if messages := channels.news(self.world):
            self.pusher.send(messages)
        if self.world.delayed - delayed:
            self._look_again_in(self.world.switches.push_delay_seconds)

    def _look_again_in(self, seconds: float) -> None:
        """While the clock runs, what is held back leaves by itself; a clock set by hand settles at once."""
        timer = threading.Timer(seconds, self._settle_later)
        timer.daemon = True
        timer.start()

    def _settle_later(self) -> None:
        with self.world.lock:
            self.settle()


class _Connection(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sandbox = self.server.sandbox
        self.request.settimeout(sandbox.world.switches.idle_seconds)
        sandbox.connections.add(self.request)
        try:
            with self.request.makefile("rb") as stream:
                while (request := wire.read_request(stream)) and self._serve(request):
                    pass
        except (OSError, ValueError):
            pass  # Gone, idle for too long, or not HTTP: a server hangs up either way.
        finally:
            sandbox.connections.discard(self.request)

    def _serve(self, request: Request) -> bool:
        """Answer one request; False when the connection ends with it."""
        if request.target.startswith("/_sandbox/"):
            answer = control.answered(self.server.sandbox, request, self.request)
            self.request.sendall(wire.encoded(answer, request, packs=True))
            return True
        return _Exchange(self.server.sandbox, self.request, request).run()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, sandbox: Sandbox, port: int) -> None:
        self.sandbox = sandbox
        super().__init__(("127.0.0.1", port), _Connection)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Exchange:
    """One request to an API, from its arrival to the last byte of its answer."""

    def __init__(self, sandbox: Sandbox, connection: socket.socket, request: Request) -> None:
        self._sandbox, self._world = sandbox, sandbox.world
        self._connection, self._request = connection, request
        path, _, query = request.target.partition("?")
        self._path, self._method, self._body = path, request.method, request.body
        if request.headers.get("x-http-method-override"):
            # Item 2: an address too long for GET comes as a form.
            self._method = request.headers["x-http-method-override"].upper()
            query, self._body = request.body.decode(), b""
        self._query = parse_qs(query, keep_blank_values=True)
        self._query_text = query
        self._route, self._names = routes.route_of(self._method, path)
        self._access: Access | None = None
        self._entry = self._logged()

    def run(self) -> bool:
        fault, early = self._begin()
        self._sandbox.faults.gate.pass_through(self._route, self._names, "before")
        if fault and fault.kind in ("hang", "close_before"):
            return self._break_off(fault)
        if fault and fault.kind == "slow":
            self._sandbox.faults.wait(fault.seconds)
        call = self._call()
        if fault and fault.kind == "same_page":
            call.query.pop("pageToken", None)
        answer = early or self._performed(call, fault)
        self._sandbox.faults.gate.pass_through(self._route, self._names, "after")
        if fault and fault.refusal() is None:
            answer = faults.distorted(fault, answer, self._other_page(fault, call))
        self._entry["status"] = answer.status
        return self._send(answer, fault)

    def _logged(self) -> dict[str, Any]:
        entry = {
            "when": stamp(self._world.clock.now()),
            "method": self._method,
            "path": self._path,
            "route": self._route,
            "names": list(self._names),
            "query": {name: v[0] if len(v) == 1 else v for name, v in self._query.items()},
            "headers": self._request.headers,
            "body": _readable(self._body),
            "subject": "",
            "status": None,
        }
        self._sandbox.log.append(entry)
        return entry

    def _begin(self) -> tuple[Fault | None, Answer | None]:
        """Who calls, and what has been ordered to go wrong; a refusal may already be the answer."""
        with self._world.lock:
            self._sandbox.settle()
            try:
                if self._route != "token":
                    self._access = auth.caller(self._world, self._request.headers.get("authorization"))
                    self._entry["subject"] = self._access.subject
                    self._charge(self._access)
            except Refusal as unknown:
                return None, self._refused(unknown)
        subject = self._access.subject if self._access else ""
        fault = self._sandbox.faults.next(self._route, self._names, subject)
        refusal = fault.refusal() if fault else None
        if fault and refusal:
            return fault, self._refused(refusal, body=fault.body)
        return fault, None

    def _charge(self, access: Access) -> None:
        user = charged_user(access, self._query, self._request.headers)
        self._world.quotas.charge(self._route, user, self._world.clock.now(), self._world.switches)

    def _call(self) -> Call:
        body = _readable(self._body) if self._body else None
        access = self._access or _NOBODY
        return Call(self._world, access, self._query, self._request.headers, body, self._route, self._names)

    def _performed(self, call: Call, fault: Fault | None) -> Answer:
        with self._world.lock:
            try:
                if fault and fault.kind == "race":
                    control.touch(self._world, call)
                return self._perform(call)
            except Refusal as refusal:
                return self._refused(refusal)
            except Exception:
                # A fault of the sandbox itself: shown to its developer, and an answer all the same.
                traceback.print_exc()
                return self._refused(Refusal(500, "backendError", "Backend Error"))
            finally:
                self._sandbox.settle()

    def _perform(self, call: Call) -> Answer:
        if call.route == "token":
            return routes.token_answer(self._world, self._body)
        if not call.route:
            return Answer(404, html_page(404), "text/html; charset=UTF-8")
        if self._body and call.body is None:
            raise bad_request("Parse Error")
        if self._method != "GET":
            self._sandbox.written.set()
        return routes.perform(call)

    def _refused(self, refusal: Refusal, *, body: str = "json") -> Answer:
        shape = self._world.switches.error_shape if body == "json" else body
        content, content_type = refusal.body(shape)
        return Answer(refusal.status, content, content_type, dict(refusal.headers))

    def _other_page(self, fault: Fault, call: Call) -> Answer | None:
        if fault.kind != "other_calendar" or not fault.shown:
            return None
        owner = self._world.calendar(fault.shown).owner
        call.names = (fault.shown, *call.names[1:])
        call.access = Access(owner, None, None)
        call.query = {n: v for n, v in call.query.items() if n not in ("syncToken", "pageToken")}
        return self._performed(call, None)

    def _break_off(self, fault: Fault) -> bool:
        if fault.kind == "hang":
            self._sandbox.faults.wait(fault.seconds)
        wire.hang_up(self._connection)
        return False

    def _send(self, answer: Answer, fault: Fault | None) -> bool:
        data = wire.encoded(answer, self._request, packs=self._world.switches.gzip)
        kind = fault.kind if fault else ""
        if kind in ("close_after", "hang_after", "truncated"):
            return self._send_part(data, fault)
        if fault and kind == "drip":
            self._drip(data, fault)
        else:
            self._connection.sendall(data)
        return self._request.headers.get("connection", "").lower() != "close"

    def _send_part(self, data: bytes, fault: Fault | None) -> bool:
        """The write was applied, but its answer does not, or not wholly, arrive."""
        if fault and fault.kind == "hang_after":
            self._sandbox.faults.wait(fault.seconds)
        if fault and fault.kind == "truncated":
            head = data.find(b"\r\n\r\n") + 4
            self._connection.sendall(data[: head + (len(data) - head) // 2])
        wire.hang_up(self._connection)
        return False

    def _drip(self, data: bytes, fault: Fault) -> None:
        """The answer arrives, a piece at a time, over `seconds`."""
        pieces = 20
        size = max(1, len(data) // pieces)
        for start in range(0, len(data), size):
            self._connection.sendall(data[start : start + size])
            self._sandbox.faults.wait(fault.seconds / pieces)


def _readable(body: bytes) -> Any:
    """The body as JSON where it is; otherwise as text, which no method accepts."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
