"""Taking and giving back a calendar through the product's sessions, against the same loop by hand, on PostgreSQL."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

import psycopg

from governance import bell
from governance.database import Database
from governance.leasing.sharing import MOST_AT_ONCE
from governance.models.calendar import Calendar
from governance.models.worker import Worker
from governance.services import leases
from tests.benchmarks.interleaving import interleaved
from tests.benchmarks.pushing import nearest
from tests.benchmarks.rows import Bound, Kind, Row
from tests.support.postgres import MISSING, postgres_if_there

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CLAIMS = 120
LEAST = 0.8
WAKE_MS = 5.0
WAKES = 200

_SEEN = "UPDATE lease SET worker_id = %s, fence = fence + 1, taken_at = %s WHERE calendar_id = %s AND fence = %s"
_FREE = "SELECT calendar_id, fence FROM lease WHERE worker_id IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED"


@dataclass(slots=True)
class Leases:
    """So many calendars, each with a lease that nobody has; `fences` are the present ones."""

    database: Database
    worker: UUID
    calendars: list[UUID]
    fences: dict[UUID, int]

    def take_and_give(self, calendars: list[UUID]) -> None:
        """All of them in one transaction, as a worker takes its share, and in another one back."""
        with self.database.writing() as session:
            held = leases.take_all(session, {one: self.fences[one] for one in calendars}, self.worker, now=NOW)
        if len(held) != len(calendars):
            raise RuntimeError("Run this alone: somebody else takes these calendars.")
        with self.database.writing() as session:
            leases.give_all(session, held, now=NOW)
        self.fences.update({hold.calendar_id: hold.fence + 1 for hold in held})

    def by_hand(self, connection: psycopg.Connection, calendars: list[UUID]) -> None:
        """The same statements, without anything around them."""
        for worker in (self.worker, None):
            for one in calendars:
                connection.execute(_SEEN, (worker, NOW, one, self.fences[one]))
                self.fences[one] += 1
            connection.commit()

    def by_locking(self, connection: psycopg.Connection) -> None:
        """As queues are written by hand: lock any free row, take it, give it back."""
        found = connection.execute(_FREE).fetchone()
        if found is None:
            raise RuntimeError("Run this alone: somebody else takes these calendars.")
        calendar, fence = found
        connection.execute(_SEEN, (self.worker, NOW, calendar, fence))
        connection.commit()
        connection.execute(_SEEN, (None, NOW, calendar, fence + 1))
        connection.commit()
        self.fences[calendar] = fence + 2


def claims() -> list[Row]:
    with postgres_if_there() as server:
        if server is None:
            print(f"{MISSING}.", file=sys.stderr)
            return []
        address = server.create()
        with _leases(address) as some:
            return [
                *(row for threads in (1, 4) for row in _one_by_one(some, _plain(address), threads)),
                _share(some, _plain(address)),
                _wakes(some.database, _plain(address)),
            ]


@contextmanager
def _leases(address: str) -> Iterator[Leases]:
    database = Database(address)
    database.migrate()
    try:
        with database.writing() as session:
            worker = Worker(name="bench", started_at=NOW, heartbeat_at=NOW, detail_json={})
            calendars = [Calendar(google_id=f"{one}@bench", subject="bench") for one in range(MOST_AT_ONCE)]
            session.add_all([worker, *calendars])
            session.flush()
            worker_id, ids = worker.id, [one.id for one in calendars]
            holds = [leases.take(session, one, worker_id, seen=None, now=NOW) for one in ids]
            for hold in holds:
                if hold is not None:
                    leases.give(session, hold, now=NOW)
        yield Leases(database, worker_id, ids, dict.fromkeys(ids, 2))
    finally:
        database.dispose()


def _one_by_one(some: Leases, address: str, threads: int) -> Iterator[Row]:
    """Each claim and each release is a transaction."""
    own = [some.calendars[number] for number in range(threads)]
    name = f"claims on PostgreSQL, one at a time, {threads} thread{'s' if threads > 1 else ''}, rate"
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(threads))
        connections = [stack.enter_context(closing(psycopg.connect(address))) for _ in range(threads)]

        def ours(number: int) -> None:
            for _ in range(CLAIMS):
                some.take_and_give([own[number]])

        def same(number: int) -> None:
            for _ in range(CLAIMS):
                some.by_hand(connections[number], [own[number]])

        def locking(number: int) -> None:
            for _ in range(CLAIMS):
                some.by_locking(connections[number])

        def at_once(work: Callable[[int], None]) -> Callable[[], object]:
            return lambda: list(pool.map(work, range(threads)))

        claimed = threads * CLAIMS
        yield _rate(name, "/ SELECT … FOR UPDATE SKIP LOCKED by hand", at_once(ours), at_once(locking), claimed)
        yield _rate(name, "/ the same UPDATE by hand", at_once(ours), at_once(same), claimed)


def _share(some: Leases, address: str) -> Row:
    name = f"claims on PostgreSQL, {MOST_AT_ONCE} at a time as a worker takes its share, rate"
    with closing(psycopg.connect(address)) as connection:
        return _rate(
            name,
            "/ the same UPDATE by hand",
            lambda: some.take_and_give(some.calendars),
            lambda: some.by_hand(connection, some.calendars),
            MOST_AT_ONCE,
        )


def _rate(about: str, name: str, ours: Callable[[], object], by_hand: Callable[[], object], claimed: int) -> Row:
    measured = interleaved(ours, by_hand, clock=time.perf_counter)
    return Row(
        about=about,
        name=name,
        kind=Kind.RATIO,
        measured=1 / measured.ratio,
        limit=LEAST,
        bound=Bound.AT_LEAST,
        goal="P15",
        note=f"ours {claimed / measured.ours:.0f}/s, by hand {claimed / measured.yardstick:.0f}/s",
    )


def _wakes(database: Database, address: str) -> Row:
    """From the commit of whoever rings to the worker that hears it; by hand: one NOTIFY to one who listens."""
    woken, heard = threading.Event(), database.bell()
    heard.listen(woken.set)
    woken.wait(10)  # it sounds once when it begins to listen
    ours, plain = [], []
    with (
        closing(psycopg.connect(address, autocommit=True)) as ringing,
        closing(psycopg.connect(address, autocommit=True)) as listening,
    ):
        listening.execute("LISTEN bench")
        for _ in range(WAKES):
            woken.clear()
            with database.writing() as session:
                bell.ring(session)
                begun = time.perf_counter()
            if not woken.wait(10):
                raise RuntimeError("Look at the bell: it was rung and not heard.")
            ours.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            ringing.execute("NOTIFY bench")
            next(listening.notifies(timeout=10))
            plain.append(time.perf_counter() - begun)
    heard.stop()
    return Row(
        about="a wake-up on PostgreSQL, from commit to the one who waits",
        name="p99",
        kind=Kind.MILLISECONDS,
        measured=nearest(ours, 0.99) * 1000,
        limit=WAKE_MS,
        goal="P15",
        note=f"p50 {median(ours) * 1000:.2f} ms; NOTIFY by hand {median(plain) * 1000:.2f} ms, "
        f"p99 {nearest(plain, 0.99) * 1000:.2f} ms",
    )


def _plain(address: str) -> str:
    return address.replace("postgresql+psycopg:", "postgresql:")
