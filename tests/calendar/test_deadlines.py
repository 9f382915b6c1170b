"""No call hangs: whatever the server does, it is cut at its deadline, and soon after the process stops."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from governance.calendar import connections
from governance.calendar.deadlines import Call, Deadlines, Interrupted, Interruption
from governance.calendar.transport import NoAnswer, Transport
from governance.reconcile.ports import EventWrite, OutcomeUnclear, Stopping, Unreachable
from tests.calendar.conftest import BOARD, event, page
from tests.calendar.raw_server import Request, answer

WRITE = EventWrite(event_id="series1", etag='"1"', description="")
SOON = 0.2


class Tap:
    """Holds the server at a step until the test, or its end, lets go."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.let_go = threading.Event()

    def hang(self, _: Request) -> None:
        self.reached.set()
        self.let_go.wait()

    def drip(self, request: Request) -> None:
        """A body that never ends: each byte in time for a socket's own time-out."""
        self.reached.set()
        request.connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{")
        while not self.let_go.wait(0.02):
            request.connection.sendall(b" ")

    def drip_headers(self, request: Request) -> None:
        self.reached.set()
        request.connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not self.let_go.wait(0.02):
            request.connection.sendall(b"x")


@pytest.fixture
def tap() -> Iterator[Tap]:
    made = Tap()
    yield made
    made.let_go.set()


@pytest.fixture(params=["hang", "drip", "drip_headers"])
def misbehaving(request: pytest.FixtureRequest, tap: Tap) -> Any:
    return getattr(tap, request.param)


def test_a_call_that_ends_in_time_is_left_alone(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(event()), seconds=60)

    assert calendar.get_event(BOARD, "series1") is not None


def test_a_read_ends_at_its_deadline(calendar_of: Any, misbehaving: Any) -> None:
    calendar, _ = calendar_of(misbehaving)

    with pytest.raises(Unreachable, match="did not answer in time"):
        calendar.get_event(BOARD, "series1", deadline_seconds=SOON)


def test_a_write_cut_at_its_deadline_is_unclear(calendar_of: Any, misbehaving: Any) -> None:
    calendar, _ = calendar_of(misbehaving, seconds=SOON)

    with pytest.raises(OutcomeUnclear):
        calendar.write_event(BOARD, WRITE)


def test_the_next_call_after_a_cut_one_has_a_connection_of_its_own(calendar_of: Any, tap: Tap) -> None:
    """Otherwise the late answer to the cut call would be taken for the answer to the next."""
    first = iter([tap.hang])

    def hang_once(request: Request) -> bytes | None:
        step = next(first, None)
        return step(request) if step else answer(event())

    calendar, server = calendar_of(hang_once)
    with pytest.raises(Unreachable):
        calendar.get_event(BOARD, "series1", deadline_seconds=SOON)

    assert calendar.get_event(BOARD, "series1").id == "series1"
    assert server.connections == 2


def test_a_read_in_flight_is_cut_when_the_process_stops(
    calendar_of: Any, misbehaving: Any, tap: Tap, deadlines: Any
) -> None:
    calendar, _ = calendar_of(misbehaving)
    stopper = threading.Thread(target=lambda: (tap.reached.wait(), deadlines.stop()))
    stopper.start()

    with pytest.raises(Stopping):
        calendar.get_event(BOARD, "series1")

    stopper.join()


def test_a_write_in_flight_when_the_process_stops_is_unclear(calendar_of: Any, tap: Tap, deadlines: Any) -> None:
    calendar, _ = calendar_of(tap.hang)
    stopper = threading.Thread(target=lambda: (tap.reached.wait(), deadlines.stop()))
    stopper.start()

    with pytest.raises(OutcomeUnclear):
        calendar.write_event(BOARD, WRITE)

    stopper.join()


def test_a_call_that_ends_within_the_grace_is_answered(calendar_of: Any, deadlines: Any) -> None:
    deadlines._grace_seconds = 60.0

    def stop_then_answer(_: Request) -> bytes:
        deadlines.stop()
        return answer(event())

    calendar, _ = calendar_of(stop_then_answer)

    assert calendar.get_event(BOARD, "series1").id == "series1"


def test_after_the_stop_nothing_is_sent(calendar_of: Any, deadlines: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(page()))
    deadlines.stop()

    with pytest.raises(Stopping):
        calendar.write_event(BOARD, WRITE)

    assert server.requests == []


def test_a_connection_that_is_never_accepted_ends_at_the_deadline(deadlines: Deadlines) -> None:
    """A black hole: the queue of the listening socket is full, and the kernel drops what comes."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        fillers = [_filler(listening) for _ in range(3)]

        failure = _failure_of(f"http://127.0.0.1:{listening.getsockname()[1]}/", deadlines)

        for filler in fillers:
            filler.close()
    assert (failure.sent, failure.interruption) in {(False, Interruption.DEADLINE), (False, None)}


def test_a_name_lookup_that_hangs_ends_at_the_deadline(deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    monkeypatch.setattr(connections.socket, "getaddrinfo", lambda *_, **__: answered.wait() and [])

    failure = _failure_of("http://calendar.example.com/", deadlines)

    answered.set()
    assert failure.sent is False


def test_a_name_lookup_is_given_up_when_the_process_stops(
    deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()

    def stop_and_hang(*_: Any, **__: Any) -> list[Any]:
        deadlines.stop()
        answered.wait()
        return []

    monkeypatch.setattr(connections.socket, "getaddrinfo", stop_and_hang)

    failure = _failure_of("http://calendar.example.com/", deadlines, seconds=600)

    answered.set()
    assert (failure.sent, failure.interruption) == (False, Interruption.STOP)


def test_a_name_that_does_not_exist_is_said_so(deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(connections.socket, "getaddrinfo", unknown)

    failure = _failure_of("http://calendar.example.com/", deadlines)

    assert (failure.cause, failure.sent) == ("the name of the server was not found", False)


def test_a_call_that_has_ended_is_never_cut(deadlines: Deadlines) -> None:
    ended, watched = Call.within(0.01), Call.within(0.02)
    watched.news = threading.Event()
    deadlines.begin(ended)
    deadlines.begin(watched)
    deadlines.end(ended)

    watched.news.wait()

    assert (ended.interruption, watched.interruption) == (None, Interruption.DEADLINE)


def test_a_stopped_watch_begins_no_call(deadlines: Deadlines) -> None:
    deadlines.stop()

    with pytest.raises(Interrupted):
        deadlines.begin(Call.within(30))


def _filler(listening: socket.socket) -> socket.socket:
    filler = socket.socket()
    filler.setblocking(False)
    filler.connect_ex(listening.getsockname())
    return filler


def _failure_of(uri: str, deadlines: Deadlines, *, seconds: float = SOON) -> NoAnswer:
    transport, call = Transport(), Call.within(seconds)
    deadlines.begin(call)
    try:
        with pytest.raises(NoAnswer) as raised:
            transport.send(call, uri, method="GET", body=None, headers={})
    finally:
        deadlines.end(call)
        transport.close()
    return raised.value
