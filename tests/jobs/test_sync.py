"""Which calendars are read, and that none of them waits for another."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from governance.calendar.quota import Priority
from governance.database import Database, DatabaseUnavailable
from governance.leasing.heart import Heart
from governance.models.calendar import Calendar
from governance.reconcile.ports import Stopping
from governance.reconcile.reconciler import CycleReport
from governance.services import adoption
from governance.services.leases import Hold
from governance.store.meetings import calendar_by_google_id, meeting_by_slug
from governance.store.workers import WatchedCalendar
from jobs.patience import Patience
from jobs.sync import Sync, Turn, is_due
from tests.support.cast import NOW, weekly_event

ONE = UUID(int=1)
LONG_AGO = -1000.0
LATER = NOW + timedelta(seconds=1)


def calendar(*, is_urgent: bool = False, retry_at: datetime | None = None) -> WatchedCalendar:
    return WatchedCalendar(id=ONE, google_id="chair@example.com", is_urgent=is_urgent, retry_at=retry_at)


@pytest.mark.parametrize(
    ("watched", "turn", "expected"),
    [
        pytest.param(calendar(), Turn(begun_at=70.0), False, id="read lately, and nothing new"),
        pytest.param(calendar(), Turn(), True, id="never read by this worker"),
        pytest.param(calendar(), Turn(begun_at=40.0), True, id="poll_seconds are over"),
        pytest.param(calendar(), Turn(begun_at=LONG_AGO, is_running=True), False, id="being read"),
        pytest.param(calendar(is_urgent=True), Turn(begun_at=99.9), True, id="urgent"),
        pytest.param(calendar(is_urgent=True), Turn(begun_at=99.9, is_running=True), False, id="urgent but being read"),
        pytest.param(calendar(is_urgent=True), Turn(begun_at=99.5, eager=1), False, id="urgent again within a second"),
        pytest.param(calendar(is_urgent=True), Turn(begun_at=99.0, eager=1), True, id="urgent again after a second"),
        pytest.param(calendar(is_urgent=True), Turn(begun_at=93.0, eager=4), False, id="urgent for the fifth time"),
        pytest.param(calendar(is_urgent=True), Turn(begun_at=40.0, eager=99), True, id="urgent for ever"),
        pytest.param(calendar(retry_at=LATER), Turn(), False, id="has to wait after a failure"),
        pytest.param(calendar(is_urgent=True, retry_at=LATER), Turn(), False, id="urgent, and has to wait"),
        pytest.param(calendar(retry_at=NOW), Turn(begun_at=99.0), True, id="has waited after a failure"),
    ],
)
def test_a_calendar_is_due(watched: WatchedCalendar, turn: Turn, expected: bool) -> None:
    assert is_due(watched, turn, now=NOW, monotonic=100.0, poll_seconds=60.0) is expected


class Cycles:
    """Stands for the reconciler: notes who was read, and holds whom it is told to hold."""

    def __init__(self) -> None:
        self.read: list[UUID] = []
        self.held: set[UUID] = set()
        self.trouble: dict[UUID, Exception] = {}
        self.go_on = threading.Event()
        self.inside = threading.Semaphore(0)

    def __call__(self, hold: Hold, priority: Priority) -> CycleReport:
        calendar_id = hold.calendar_id
        if calendar_id in self.held:
            self.inside.release()
            assert self.go_on.wait(30.0)
        self.read.append(calendar_id)
        if calendar_id in self.trouble:
            raise self.trouble[calendar_id]
        return CycleReport(read_at=NOW)


def test_a_database_without_meetings_leads_to_no_reading(make: Callable[..., Sync], cycles: Cycles) -> None:
    sync = make()

    assert sync.look() == 0
    assert cycles.read == []


def test_looking_when_nothing_is_due_asks_the_same_five_questions(
    make: Callable[..., Sync], a: UUID, statements: Callable[[], list[str]]
) -> None:
    sync = make()
    look_and_wait(sync)
    statements()

    sync.look()

    assert len([one for one in statements() if one.startswith("SELECT")]) == 5


def test_a_calendar_is_read_again_when_poll_seconds_are_over(
    make: Callable[..., Sync], cycles: Cycles, a: UUID, seconds: list[float]
) -> None:
    sync = make()
    look_and_wait(sync)
    seconds[0] += 59.0
    assert sync.look() == 0
    seconds[0] += 1.0

    look_and_wait(sync)

    assert cycles.read == [a, a]
    assert sync.last_reads == {a: NOW}


def test_a_changed_roster_is_seen_at_the_next_look(
    make: Callable[..., Sync], cycles: Cycles, database: Database, a: UUID
) -> None:
    sync = make()
    look_and_wait(sync)
    with database.writing() as session:
        meeting = meeting_by_slug(session, "alpha")
        assert meeting is not None
        meeting.dirty = True

    look_and_wait(sync)

    assert cycles.read == [a, a]


def test_a_calendar_that_hangs_delays_no_other_and_is_not_read_twice_at_once(
    make: Callable[..., Sync], cycles: Cycles, a: UUID, b: UUID, seconds: list[float]
) -> None:
    cycles.held = {a}
    sync = make(threads=2)
    sync.look()
    assert cycles.inside.acquire(timeout=30.0)
    wait_for(lambda: cycles.read == [b])
    seconds[0] += 60.0

    begun = sync.look()

    assert begun == 1
    wait_for(lambda: cycles.read == [b, b])
    cycles.go_on.set()
    sync.wait_until_idle(threading.Event())
    assert cycles.read == [b, b, a]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ZeroDivisionError(), "a calendar could not be looked after"),
        (DatabaseUnavailable("Start it"), "the database is away, and is tried again until it is back"),
        (Stopping("Start again"), None),
    ],
)
def test_a_calendar_in_trouble_stops_no_other(
    error: Exception,
    says: str | None,
    make: Callable[..., Sync],
    cycles: Cycles,
    a: UUID,
    b: UUID,
    caplog: pytest.LogCaptureFixture,
) -> None:
    cycles.trouble = {a: error}
    sync = make(threads=1)

    with caplog.at_level(logging.INFO, "jobs"):
        look_and_wait(sync)

    assert cycles.read == [a, b]
    assert sync.last_reads == {b: NOW}
    assert [record.message for record in caplog.records] == ["took calendars", *([says] if says else [])]


def test_a_released_meeting_is_not_read_any_more(
    make: Callable[..., Sync], cycles: Cycles, database: Database, a: UUID, b: UUID
) -> None:
    with database.writing() as session:
        adoption.release(session, adoption.meeting_named(session, "alpha"), actor="test", now=NOW)
    sync = make()

    look_and_wait(sync)

    assert cycles.read == [b]
    assert sync.google_ids == {"b@example.com"}


def test_a_stop_lets_what_runs_end_and_begins_nothing_more(
    make: Callable[..., Sync], cycles: Cycles, a: UUID, b: UUID
) -> None:
    cycles.held = {a}
    sync = make(threads=1)
    sync.look()
    assert cycles.inside.acquire(timeout=30.0)

    ended_in_time = sync.stop(within=0.0)

    assert ended_in_time is False
    cycles.go_on.set()
    assert sync.stop(within=30.0)


def look_and_wait(sync: Sync) -> None:
    sync.look()
    sync.wait_until_idle(threading.Event())


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30.0
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def adopted(database: Database, slug: str, google_id: str) -> UUID:
    """A meeting that needs no looking after, on a calendar of its own."""
    with database.writing() as session:
        event = weekly_event(f"event-{slug}", organizer=google_id)
        meeting = adoption.adopt(
            session, slug=slug, google_id=google_id, subject=google_id, event=event, actor="test", now=NOW
        )
        session.flush()
        meeting.dirty, meeting.due_at = False, NOW + timedelta(days=1)
        row = calendar_by_google_id(session, google_id)
        assert isinstance(row, Calendar)
        row.dirty, row.sync_token = False, "token"
        return row.id


@pytest.fixture
def a(database: Database) -> UUID:
    return adopted(database, "alpha", "a@example.com")


@pytest.fixture
def b(database: Database, a: UUID) -> UUID:
    return adopted(database, "beta", "b@example.com")


@pytest.fixture
def cycles() -> Iterator[Cycles]:
    made = Cycles()
    yield made
    made.go_on.set()


@pytest.fixture
def seconds() -> list[float]:
    """The monotonic clock."""
    return [100.0]


@pytest.fixture
def make(database: Database, cycles: Cycles, seconds: list[float]) -> Iterator[Callable[..., Sync]]:
    made: list[Sync] = []

    def make_one(*, threads: int = 2) -> Sync:
        heart = Heart(database, f"worker-{len(made)}", monotonic=lambda: 0.0)
        heart.beat()
        sync = Sync(
            database,
            cycles,
            Patience(lambda: seconds[0]),
            heart,
            poll_seconds=60.0,
            clock=lambda: NOW,
            monotonic=lambda: seconds[0],
            threads=threads,
        )
        made.append(sync)
        return sync

    yield make_one
    cycles.go_on.set()
    for sync in made:
        assert sync.stop(within=30.0)
