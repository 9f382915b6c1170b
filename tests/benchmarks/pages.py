"""What a page costs, beside the same page made by hand: sqlite3 and f-strings, and nothing that would keep it right.

Time is of the processor, of the thread that answers: neither a network nor another process is measured.
"""

from __future__ import annotations

import io
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from governance.database import Database
from tests.benchmarks.by_hand import ByHand
from tests.benchmarks.rows import Row, ratio
from tests.web.acting import words_of
from tests.web.conftest import Pages, config_for
from tests.web.scenes import CHAIR, SLUG, Scene
from web import create_app

SEATS = 50
PAGE = f"/m/{SLUG}/roster"
ROUNDS, TURNS = 9, 15

Answer = tuple[str, dict[str, str], bytes]


@dataclass(slots=True)
class Office:
    """An installation with one meeting of fifty seats, and a chair who is signed in."""

    app: Flask
    scene: Scene
    file: Path
    cookie: str

    def get(self, path: str = PAGE, app: Flask | None = None, **headers: str) -> Answer:
        """One request as a server hands it over, without a socket."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
            "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
            "HTTP_COOKIE": f"governance={self.cookie}", **headers,
        }  # fmt: skip
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, answered: list[tuple[str, str]], _trouble: Any = None) -> Any:
            started.append((status, answered))

        body = b"".join((app or self.app)(environ, start))
        [(status, answered)] = started
        return status, dict(answered), body


@contextmanager
def office(seats: int = SEATS) -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "governance.db"
        database = Database(f"sqlite:///{file}")
        database.migrate()
        scene = Scene(database)
        scene.adopt(cap=seats)
        scene.roster(tuple((f"Department {n:02}", f"Delegate {n}", f"d.{n}@example.com") for n in range(seats)))
        scene.cycle()
        scene.approve()
        scene.cycle()
        app = create_app(config_for(), database, clock=lambda: scene.now)
        cookie = Pages(app, scene).signed_in(CHAIR).get_cookie("governance")
        assert cookie is not None
        yield Office(app, scene, file, cookie.value)
        database.dispose()


def pages() -> Iterator[Row]:
    about = f"the roster's page with {SEATS} seats"
    with office() as one:
        by_hand = ByHand(one.file, one.cookie, one.app, one.scene.now)
        pair = [words_of(page.partition("</main>")[0]) for page in (by_hand.page().decode(), one.get()[2].decode())]
        assert pair[0] == pair[1], "what is compared is the same page"
        with _writing(one) as write:
            again, by_it = _in_turn(one.get, by_hand.page)
            after, by_it_after = _in_turn(one.get, by_hand.page, before=lambda: write(_BESIDE))
            (written,) = _in_turn(one.get, before=lambda: write(_A_SEAT))
        note = f"{again * 1000:.2f} ms against {by_it * 1000:.2f} ms"
        yield ratio(about, "processor time against by hand", again / by_it, 4, note, goal="P8")
        note = f"{after * 1000:.2f} ms against {by_it_after * 1000:.2f} ms"
        yield ratio(
            about, "the same, something else written before each reading", after / by_it_after, 5, note, goal="P8"
        )
        note = f"{written * 1000:.2f} ms against {by_it_after * 1000:.2f} ms"
        yield ratio(about, "the same, the roster itself written before each", written / by_it_after, 7, note, goal="P8")
        yield from _unchanged(about, one)


_BESIDE = "INSERT INTO aside VALUES (1)"
_A_SEAT = "UPDATE seat SET version = version + 1 WHERE id = (SELECT min(id) FROM seat)"


@contextmanager
def _writing(one: Office) -> Iterator[Callable[[str], object]]:
    """Writes of somebody else, of which nothing is known but that there was one."""
    other = sqlite3.connect(one.file, isolation_level=None)
    other.execute("CREATE TABLE aside (number)")
    yield other.execute
    other.close()


def _unchanged(about: str, one: Office) -> Iterator[Row]:
    bare = Flask("bare")
    bare.add_url_rule("/", "hello", lambda: "hello")
    hello = _each(lambda: one.get("/", bare), 200)
    seen = one.get()[1]["ETag"]
    assert one.get(HTTP_IF_NONE_MATCH=seen)[0].startswith("304")
    at_rest = _each(lambda: one.get(HTTP_IF_NONE_MATCH=seen), 500)
    note = f"{at_rest * 1e6:.0f} µs against {hello * 1e6:.0f} µs"
    yield ratio(about, "304 against a bare Flask answer, nothing written", at_rest / hello, 2, note)

    other = sqlite3.connect(one.file, isolation_level=None)
    other.execute("CREATE TABLE beside (number)")

    def after_a_write() -> None:
        assert one.get(HTTP_IF_NONE_MATCH=seen)[0].startswith("304")

    spent = []
    for number in range(30):
        other.execute("INSERT INTO beside VALUES (?)", (number,))
        begun = time.thread_time()
        after_a_write()
        spent.append(time.thread_time() - begun)
    other.close()
    stamped = statistics.median(spent)
    note = f"{stamped * 1e6:.0f} µs: session, rights and stamp, three statements"
    yield ratio(about, "304 against it, something else written", stamped / hello, None, note)


def _in_turn(*work: Callable[[], object], before: Callable[[], object] = lambda: None) -> list[float]:
    """Seconds of this thread for each, in turns of ten so that all meet the same machine; the best turn of each."""
    best = [float("inf")] * len(work)
    for place, do in enumerate(work * TURNS):
        spent = 0.0
        for _ in range(10):
            before()
            begun = time.thread_time()
            do()
            spent += time.thread_time() - begun
        best[place % len(work)] = min(best[place % len(work)], spent / 10)
    return best


def _each(do: Callable[[], object], times: int) -> float:
    """Seconds of this thread, the best of some rounds: what disturbs a round only ever adds to it."""
    do()
    found = []
    for _ in range(ROUNDS):
        begun = time.thread_time()
        for _ in range(times):
            do()
        found.append((time.thread_time() - begun) / times)
    return min(found)
