"""The server stops the way services are told to, and loses no answer over it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlencode

import pytest

from tests.support import copies
from tests.web import serving
from tests.web.conftest import csrf_of
from tests.web.scenes import SLUG, Scene, in_order
from tests.web.test_headers import EVERYWHERE

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Run this on Linux or macOS: there are no signals here.")


@pytest.mark.parametrize("told_to", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_stops_with_exit_code_0(migrated_sqlite_url: str, told_to: signal.Signals) -> None:
    with _running(migrated_sqlite_url) as (server, port):
        assert _ask(port, "GET", "/healthz") == (200, "ok\n")

        server.send_signal(told_to)

        assert server.wait(timeout=20) == 0


def test_a_request_that_runs_when_it_is_told_to_stop_is_still_answered(scene: Scene, migrated_sqlite_url: str) -> None:
    in_order(scene)
    with _running(migrated_sqlite_url) as (server, port):
        assert server.stdout is not None
        assert server.stdin is not None
        _, page = _ask(port, "GET", f"/m/{SLUG}")
        form = urlencode({"csrf": csrf_of(page), "act": "wait", "slug": SLUG})
        answers: list[int] = []
        asking = threading.Thread(target=lambda: answers.append(_ask(port, "POST", "/demo/act", form)[0]))
        asking.start()
        assert server.stdout.readline() == "acting\n"

        server.send_signal(signal.SIGTERM)
        server.stdin.write("go on\n")
        server.stdin.flush()

        asking.join(timeout=20)
        assert answers == [303]
        assert server.wait(timeout=20) == 0


@pytest.mark.parametrize(
    "announced", ["content-length: 1025", "content-length: 9999999999", "transfer-encoding: chunked"]
)
def test_a_large_notification_is_refused_before_it_has_arrived(migrated_sqlite_url: str, announced: str) -> None:
    """Only the first kilobyte is sent; a server that waited for the rest would not answer."""
    with _running(migrated_sqlite_url) as (_, port), socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        head = f"POST /google/notifications HTTP/1.1\r\nhost: localhost\r\n{announced}\r\n\r\n"
        body = b"401\r\n" + b"x" * 1025 if "chunked" in announced else b""

        line.sendall(head.encode() + body)

        assert line.recv(12) == b"HTTP/1.1 413"


def test_a_small_one_and_a_large_form_elsewhere_are_taken(migrated_sqlite_url: str) -> None:
    with _running(migrated_sqlite_url) as (_, port):
        assert _ask(port, "POST", "/google/notifications", "x" * 1024)[0] == 404
        assert _ask(port, "POST", "/sign-in/none", "x" * 10_000)[0] == 400


REFUSED = {
    "GET / HTTP/1.1\r\nhost: localhost\r\ncontent-length: many\r\n\r\n": 400,
    "GET\r\n\r\n": 400,
    "POST /google/notifications HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1025\r\n\r\n": 413,
    "POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9999999\r\n\r\n": 413,
    f"GET / HTTP/1.1\r\nhost: localhost\r\nx: {'y' * 300_000}\r\n\r\n": 431,
    "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: strange\r\n\r\n": 501,
}


def test_what_the_server_itself_refuses_says_what_every_answer_says(migrated_sqlite_url: str) -> None:
    with _running(migrated_sqlite_url) as (_, port):
        answers = {asked: _raw(port, asked) for asked in REFUSED}

    assert {asked: status for asked, (status, _) in answers.items()} == REFUSED
    for _, said in answers.values():
        assert {name: said.get(name) for name in EVERYWHERE} == EVERYWHERE
        own = {"Cache-Control", "Connection", "Content-Length", "Content-Type", "Date"}
        assert said.keys() - EVERYWHERE.keys() == own


def _raw(port: int, asked: str) -> tuple[int, dict[str, str]]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(asked.encode())
        answer = http.client.HTTPResponse(line)
        answer.begin()
        return answer.status, dict(answer.getheaders())


@contextmanager
def _running(address: str) -> Iterator[tuple[copies.Copy, int]]:
    with copies.start(serving.main, address, stdin=copies.PIPE, stdout=copies.PIPE) as server:
        try:
            assert server.stdout is not None
            yield server, int(server.stdout.readline())
        finally:
            server.kill()


def _ask(port: int, method: str, path: str, form: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    with closing(connection):
        connection.request(method, path, body=form, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
