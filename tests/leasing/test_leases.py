"""A calendar is one worker's at a time, and whoever comes too late writes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from governance.database import Database
from governance.leasing.commanding import holding
from governance.leasing.fencing import FencedCalendars, FencedSessions
from governance.leasing.heart import Heart
from governance.models.calendar import Calendar
from governance.models.worker import Worker
from governance.reconcile.ports import CalendarAddress, EventWrite, LeaseLost
from governance.services import leases, workers
from governance.services.leases import Hold
from governance.store.clock import database_now
from governance.store.workers import all_workers, has_fence, lease_of
from tests.support.cast import NOW


class Clock:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def a_calendar(database: Database, google_id: str = "chair@example.com") -> UUID:
    with database.writing() as session:
        row = Calendar(google_id=google_id, subject=google_id)
        session.add(row)
    return row.id


def a_worker(database: Database, name: str) -> UUID:
    with database.writing() as session:
        return workers.enter(session, name, now=database_now(session)).id


def take(database: Database, calendar: UUID, worker: UUID, seen: int | None) -> Hold | None:
    with database.writing() as session:
        return leases.take(session, calendar, worker, seen=seen, now=NOW)


def rename(database: Database, hold: Hold, subject: str) -> None:
    with FencedSessions(database, hold).writing() as session:
        row = session.get(Calendar, hold.calendar_id)
        assert row is not None
        row.subject = subject


def subject(database: Database, calendar: UUID) -> str:
    with database.reading() as session:
        row = session.get(Calendar, calendar)
        assert row is not None
        return row.subject


def test_of_two_that_want_the_same_calendar_one_gets_it(database: Database) -> None:
    calendar, ann, bob = a_calendar(database), a_worker(database, "ann"), a_worker(database, "bob")

    assert Hold(calendar, 1) == take(database, calendar, ann, None)
    assert None is take(database, calendar, bob, None)
    assert Hold(calendar, 2) == take(database, calendar, bob, 1)
    assert None is take(database, calendar, ann, 1)


def test_of_many_calendars_those_are_taken_that_nobody_else_has_taken_since(database: Database) -> None:
    free, fresh, gone = (a_calendar(database, f"{name}@example.com") for name in ("free", "fresh", "gone"))
    ann, bob = a_worker(database, "ann"), a_worker(database, "bob")
    for calendar in (free, gone):
        hold = take(database, calendar, bob, None)
        assert hold is not None
        with database.writing() as session:
            leases.give(session, hold, now=NOW)
    take(database, gone, bob, 2)

    with database.writing() as session:
        taken = leases.take_all(session, {free: 2, fresh: None, gone: 2}, ann, now=NOW)
        nothing = leases.take_all(session, {}, ann, now=NOW)

    assert {Hold(free, 3), Hold(fresh, 2)} == set(taken)
    assert [] == nothing
    with database.writing() as session:
        held = [has_fence(session, one.calendar_id, one.fence) for one in taken]
        leases.give_all(session, [*taken, Hold(gone, 2)], now=NOW)
        after = {one: lease_of(session, one) for one in (free, fresh, gone)}
    assert [True, True] == held
    assert {free: (None, 4), fresh: (None, 3), gone: (bob, 3)} == {
        one: (lease.holder_id, lease.fence) for one, lease in after.items() if lease is not None
    }


def test_of_many_that_reach_at_once_one_gets_it(database: Database) -> None:
    calendar = a_calendar(database)
    everybody = [a_worker(database, f"worker-{number}") for number in range(8)]
    together = threading.Barrier(len(everybody))

    def reach(worker: UUID) -> Hold | None:
        together.wait(30.0)
        return take(database, calendar, worker, None)

    with ThreadPoolExecutor(len(everybody)) as pool:
        got = [hold for hold in pool.map(reach, everybody) if hold is not None]

    assert [Hold(calendar, 1)] == got


def test_the_fence_rises_with_every_change_of_hands(database: Database) -> None:
    calendar, ann = a_calendar(database), a_worker(database, "ann")
    seen: list[int | None] = []

    for _ in range(3):
        with database.reading() as session:
            lease = lease_of(session, calendar)
        seen.append(lease.fence if lease else None)
        hold = take(database, calendar, ann, seen[-1])
        assert hold is not None
        with database.writing() as session:
            leases.give(session, hold, now=NOW)

    assert [None, 2, 4] == seen


def test_whoever_has_the_calendar_writes(database: Database) -> None:
    calendar = a_calendar(database)
    hold = take(database, calendar, a_worker(database, "ann"), None)
    assert hold is not None

    rename(database, hold, "new@example.com")

    assert "new@example.com" == subject(database, calendar)


@pytest.mark.parametrize("lost", ["taken", "given", "swept"])
def test_whoever_has_lost_it_writes_nothing(lost: str, database: Database) -> None:
    calendar, ann = a_calendar(database), a_worker(database, "ann")
    hold = take(database, calendar, ann, None)
    assert hold is not None
    with database.writing() as session:
        if lost == "taken":
            leases.take(session, calendar, workers.enter(session, "bob", now=NOW).id, seen=1, now=NOW)
        elif lost == "given":
            leases.give(session, hold, now=NOW)
        else:
            leases.free_all(session, [ann], now=NOW)

    with pytest.raises(LeaseLost, match="Leave the calendar to the worker"):
        rename(database, hold, "late@example.com")

    assert "chair@example.com" == subject(database, calendar)


@pytest.mark.postgres
def test_nobody_takes_it_in_the_middle_of_a_write(migrated_postgresql_url: str) -> None:
    database = Database(migrated_postgresql_url)
    calendar, ann, bob = a_calendar(database), a_worker(database, "ann"), a_worker(database, "bob")
    hold = take(database, calendar, ann, None)
    assert hold is not None
    order: list[str] = []

    def taking() -> None:
        take(database, calendar, bob, 1)
        order.append("taken")

    with FencedSessions(database, hold).writing() as session:
        other = threading.Thread(target=taking)
        other.start()
        other.join(0.3)  # it has had the time to be too quick
        row = session.get(Calendar, calendar)
        assert row is not None
        row.subject = "written@example.com"
        order.append("written")
    other.join(30.0)

    assert ["written", "taken"] == order
    assert "written@example.com" == subject(database, calendar)
    database.dispose()


def test_what_a_dead_worker_held_is_free_when_another_begins(database: Database) -> None:
    calendar, ann = a_calendar(database), a_worker(database, "ann")
    take(database, calendar, ann, None)
    with database.writing() as session:
        row = session.get(Worker, ann)
        assert row is not None
        row.heartbeat_at = database_now(session) - timedelta(seconds=workers.LEASE_SECONDS + 1)

    a_worker(database, "bob")

    with database.reading() as session:
        lease = lease_of(session, calendar)
    assert lease is not None
    assert (None, 2) == (lease.holder_id, lease.fence)


# The heart


def test_a_heart_beats_by_the_databases_clock(database: Database) -> None:
    heart = Heart(database, "ann")

    heart.beat()

    with database.reading() as session:
        [row] = all_workers(session)
        now = database_now(session)
    assert row.id == heart.worker_id
    assert timedelta() <= now - row.heartbeat_at < timedelta(seconds=30)
    assert heart.is_beating()


def test_a_heart_that_is_late_takes_its_leases_for_gone_before_anybody_else_does(database: Database) -> None:
    clock = Clock()
    heart = Heart(database, "ann", monotonic=clock)
    heart.beat()

    clock.seconds += workers.LEASE_SECONDS - 1.5
    in_time = heart.is_beating()
    clock.seconds += 1.0

    assert (True, False) == (in_time, heart.is_beating())


def test_whoever_was_taken_for_dead_begins_anew(database: Database) -> None:
    heart = Heart(database, "ann")
    heart.beat()
    before = heart.worker_id
    with database.writing() as session:
        for row in all_workers(session):
            session.delete(row)

    heart.beat()

    assert heart.worker_id not in (None, before)


def test_a_stop_frees_what_is_held(database: Database) -> None:
    calendar = a_calendar(database)
    heart = Heart(database, "ann")
    heart.start()
    assert heart.worker_id is not None
    take(database, calendar, heart.worker_id, None)

    heart.stop()

    with database.reading() as session:
        lease = lease_of(session, calendar)
    assert lease is not None
    assert (None, False) == (lease.holder_id, heart.is_beating())


def test_the_heart_stops_when_the_work_hangs(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(workers, "BEAT_SECONDS", 0.01)
    heart = Heart(database, "ann", monotonic=clock)
    beats = threading.Semaphore(0)
    real = heart.beat

    def beat() -> None:
        real()
        beats.release()

    monkeypatch.setattr(heart, "beat", beat)
    heart.note_work()
    heart.start()
    assert beats.acquire(timeout=30.0)

    clock.seconds += 60.0

    def gone() -> bool:
        return not beats.acquire(timeout=0.5)

    assert any(gone() for _ in range(5))
    heart.stop()


class NoCalendar:
    """A gateway that must not be written through."""

    def write_event(self, calendar: CalendarAddress, write: EventWrite) -> None:
        raise AssertionError("written too late")


def test_a_worker_that_was_silent_writes_nothing_to_google() -> None:
    is_beating: Callable[[], bool] = lambda: False  # noqa: E731
    calendars = FencedCalendars(NoCalendar(), is_beating)  # type: ignore[arg-type]

    with pytest.raises(LeaseLost):
        calendars.write_event(CalendarAddress("c", "s"), EventWrite(event_id="e", etag="1"))


# Commands


def test_a_command_holds_a_calendar_for_as_long_as_it_runs_and_leaves_no_row(database: Database) -> None:
    calendar = a_calendar(database)

    with holding(database, "sync") as holds:
        hold = holds.hold(calendar)
        with database.reading() as session:
            looking, rows = workers.live_workers(session, database_now(session)), len(all_workers(session))

    with database.reading() as session:
        lease = lease_of(session, calendar)
        left = all_workers(session)
    assert lease is not None
    assert (hold, [], 1) == (Hold(calendar, 1), looking, rows)
    assert (None, []) == (lease.holder_id, left)


def test_a_command_waits_for_another_one(database: Database) -> None:
    calendar = a_calendar(database)
    got: list[Hold] = []

    def second() -> None:
        with holding(database, "sync") as holds:
            got.append(holds.hold(calendar))

    with holding(database, "sync") as holds:
        hold = holds.hold(calendar)
        other = threading.Thread(target=second)
        other.start()
        other.join(0.5)
        while_held = list(got)
        holds.give(hold)
        other.join(30.0)

    assert [] == while_held
    assert [Hold(calendar, 3)] == got
