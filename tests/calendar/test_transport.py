"""One send, one whole answer, no redirect, no bomb, nothing of another call."""

from __future__ import annotations

import gc
import gzip
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from governance.calendar.deadlines import Call, Deadlines
from governance.calendar.transport import NoAnswer, Transport, UnusableAnswer
from governance.reconcile.ports import CalendarAddress, Unbelievable
from tests.calendar.conftest import BOARD, api_requests, event, page
from tests.calendar.raw_server import RawServer, Request, answer

Sending = Callable[..., tuple[Any, bytes]]
GZIP = {"Content-Encoding": "gzip"}


@pytest.fixture
def send() -> Iterator[Sending]:
    transport, deadlines = Transport(most_bytes=100_000), Deadlines()

    def go(server: RawServer, path: str = "x", method: str = "GET", body: str | None = None) -> tuple[Any, bytes]:
        call = Call.within(30)
        deadlines.begin(call)
        try:
            return transport.send(call, server.url + path, method=method, body=body, headers={"accept": "a/b"})
        finally:
            deadlines.end(call)
            transport.tidy()

    yield go
    transport.close()
    deadlines.close()


def test_an_answer_is_handed_over_as_it_came(serve: Any, send: Sending) -> None:
    server = serve(lambda _: answer(b"body", status=418, headers={"X-Odd": "1"}))

    got, content = send(server, "a/b?c=d", "PATCH", "text")

    assert (got.status, got.headers.get("x-odd"), content) == (418, "1", b"body")
    [request] = server.requests
    assert (request.method, request.target, request.body) == ("PATCH", "/a/b?c=d", b"text")


def test_one_connection_serves_all_calls(serve: Any, send: Sending) -> None:
    server = serve(lambda _: answer(b"body"))

    for _ in range(5):
        send(server)

    assert (server.connections, len(server.requests)) == (1, 5)


def test_a_redirect_is_an_answer_like_any_other(serve: Any, send: Sending) -> None:
    elsewhere = serve(lambda _: answer(b"{}"))
    server = serve(lambda _: answer(status=302, headers={"Location": elsewhere.url}))

    got, _ = send(server)

    assert (got.status, elsewhere.connections) == (302, 0)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", id="shorter than said"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", id="no last chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf", id="a chunk of no size"),
        pytest.param(b"no HTTP at all\r\n\r\n", id="no status line"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", id="headers without end"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", id="an endless header"),
    ],
)
def test_a_broken_answer_is_none_and_is_not_asked_for_again(serve: Any, send: Sending, sent: bytes) -> None:
    server = serve(lambda request: request.connection.sendall(sent))

    with pytest.raises(NoAnswer) as raised:
        send(server)

    assert (raised.value.sent, raised.value.interruption, len(server.requests)) == (True, None, 1)


def test_what_is_compressed_is_unpacked(serve: Any, send: Sending) -> None:
    server = serve(lambda _: answer(gzip.compress(b"body"), headers=GZIP))

    assert send(server)[1] == b"body"


def test_an_honest_list_may_be_very_repetitive(serve: Any, send: Sending) -> None:
    """Meetings repeat themselves: a limit on the ratio, as httplib2 has it, refuses honest calendars."""
    list_of_copies = b'{"email": "dana@example.com"},' * 3_000
    server = serve(lambda _: answer(gzip.compress(list_of_copies), headers=GZIP))

    assert send(server)[1] == list_of_copies


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(gzip.compress(bytes(50_000_000)), GZIP, id="a bomb"),
        pytest.param(bytes(100_001), {}, id="too large as it is"),
        pytest.param(b"not gzip", GZIP, id="no gzip"),
        pytest.param(gzip.compress(b"body" * 100)[:-9], GZIP, id="cut gzip"),
        pytest.param(gzip.compress(b"body") + b"more", GZIP, id="more after the end"),
        pytest.param(zlib.compress(b"body"), {"Content-Encoding": "deflate"}, id="not asked for"),
        pytest.param(b"body", {"Content-Encoding": "br"}, id="unknown"),
    ],
)
def test_an_answer_that_cannot_be_unpacked_is_unusable(
    serve: Any, send: Sending, body: bytes, headers: dict[str, str]
) -> None:
    server = serve(lambda _: answer(body, headers=headers))

    with pytest.raises(UnusableAnswer):
        send(server)


def test_an_endless_answer_is_left_at_the_limit(serve: Any, send: Sending) -> None:
    def endless(request: Request) -> None:
        request.connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            request.connection.sendall(bytes(65_536))

    with pytest.raises(UnusableAnswer):
        send(serve(endless))


def test_bytes_that_nobody_asked_for_are_not_the_next_answer(serve: Any, send: Sending) -> None:
    stray = answer(b"of another call")
    arrived = threading.Event()

    def answer_twice(request: Request) -> bytes | None:
        if request.target == "/first":
            request.connection.sendall(answer(b"first") + stray)
            arrived.set()
            return b""
        return answer(b"second")

    server = serve(answer_twice)
    send(server, "first")
    arrived.wait()

    assert send(server, "second")[1] == b"second"


def test_calls_leave_no_garbage_that_only_the_collector_finds(calendar_of: Any) -> None:
    """A worker polls for months; cycles would grow between collections and cost their time."""
    calendar, _ = calendar_of(lambda _: answer(page(event(attendees=[{"email": "dana@example.com"}]))))
    calendar.list_changes(BOARD, sync_token="token-1", concerns=lambda *_: True)
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            calendar.list_changes(BOARD, sync_token="token-1", concerns=lambda *_: True)

        found = gc.collect()
    finally:
        gc.enable()

    assert found == 0


@pytest.mark.slow
@pytest.mark.parametrize("calls", [2_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_threads_never_get_the_answer_of_another(calendar_of: Any, calls: int) -> None:
    """Each of eight threads asks for calendars of its own; the server answers with the calendar it was asked for."""

    def echo(request: Request) -> bytes:
        name = request.path.split("/")[4]
        return answer(page(event(summary=name, organizer={"email": name}), nextSyncToken=name))

    calendar, server = calendar_of(echo)
    wrong: Counter[str] = Counter()

    def ask(thread: int) -> None:
        for number in range(calls // 8):
            name = f"c{thread}-{number % 7}@example.com"
            listing = calendar.list_changes(
                CalendarAddress(name, f"s{thread}@example.com"), sync_token=None, concerns=lambda *_: True
            )
            event = listing.events[0].read()
            told = {listing.sync_token, event.summary, event.organizer}
            wrong["wrong" if told != {name} else "right"] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == {"right": calls}
    assert (len(api_requests(server)), server.connections) == (calls, 8)


def test_an_answer_of_another_event_is_not_believed(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(event("another")))

    with pytest.raises(Unbelievable, match="it is another event"):
        calendar.get_event(BOARD, "series1")
