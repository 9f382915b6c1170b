"""The worker against the sandbox calendar and a real database: it keeps order, idles, stops, and is not put off."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from governance.config import load_config
from governance.database import Database
from governance.models.worker import Worker
from governance.seed import cast
from governance.services import adoption, charters
from governance.services.workers import last_reads, live_workers
from governance.store.workers import all_workers
from jobs.worker import run_worker
from tests.jobs.conftest import PATIENCE, Office, wait_until
from tests.support import copies

ALPHA, BETA = "alpha", "beta"


@pytest.fixture
def two(office: Office) -> Office:
    office.open_meeting(ALPHA, cast.CHAIR)
    office.open_meeting(BETA, cast.SCRIBE)
    return office


def workers(database: Database) -> list[Worker]:
    with database.reading() as session:
        return all_workers(session)


# Nothing changes


def test_an_idle_worker_writes_nothing_but_its_own_row(office_on_both: Office) -> None:
    office = office_on_both
    office.open_meeting(ALPHA, cast.CHAIR)
    office.work_off()
    office.control.clear_log()

    with office.working():
        wait_until(lambda: office.requests("events.list", ALPHA) >= 2)
        before, leases = office.tables(), office.leases()
        wait_until(lambda: office.requests("events.list", ALPHA) >= 4)
        after = office.tables(), office.leases()

    assert after == (before, leases)
    assert {one["route"] for one in office.control.log()} <= {"events.list", "token"}


def test_working_off_twice_what_is_due_is_the_same_as_once(office_on_both: Office) -> None:
    office = office_on_both
    office.open_meeting(ALPHA, cast.CHAIR)
    office.forward(ALPHA)

    office.work_off()
    after_first = office.tables()
    office.work_off()

    # The service's own write comes back in the next listing, which moves the calendar's sync token on.
    after_second = office.tables()
    assert office.is_put_right(ALPHA)
    assert {**after_second, "calendar": after_first["calendar"]} == after_first
    office.work_off()
    assert office.tables() == after_second


def test_without_a_meeting_nobody_is_asked(office: Office) -> None:
    office.work_off()

    assert office.control.log() == []


# It keeps order


def test_what_somebody_does_is_put_right_without_anybody_asking(two: Office) -> None:
    with two.working():
        two.forward(ALPHA)
        two.forward(BETA)

        wait_until(lambda: two.is_put_right(ALPHA) and two.is_put_right(BETA))


def test_its_row_says_that_it_lives_and_what_it_has_read(two: Office) -> None:
    began = two.now

    with two.working():
        wait_until(lambda: len(_last_reads(two)) == 2)
        [row] = workers(two.database)
        with two.database.reading() as session:
            alive = live_workers(session, row.heartbeat_at)

    assert alive == [row.name]
    assert min(_last_reads(two).values()) > began
    [stopped] = workers(two.database)
    with two.database.reading() as session:
        assert live_workers(session, stopped.heartbeat_at) == []


def test_whoever_comes_next_knows_what_was_read_last(two: Office) -> None:
    two.work_off()
    first = _last_reads(two)
    two.control.fault("503", route="events.list", count=None)

    two.work_off()

    assert _last_reads(two) == first


def test_the_rows_of_workers_that_are_long_gone_go(office: Office) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    office.work_off()
    with office.database.writing() as session:
        [row] = all_workers(session)
        row.heartbeat_at -= timedelta(minutes=2)

    office.work_off()

    assert [row.id] != [one.id for one in workers(office.database)]
    assert len(workers(office.database)) == 1


def _last_reads(office: Office) -> dict[Any, Any]:
    with office.database.reading() as session:
        return last_reads(session)


# One does not delay the other


def test_a_calendar_that_hangs_delays_no_other(two: Office) -> None:
    two.forward(ALPHA)
    two.forward(BETA)
    hanging = two.scenes[ALPHA].calendar
    two.control.fault("hang", route="events.list", calendar=hanging, count=None, seconds=600)

    with two.working():
        wait_until(lambda: two.is_put_right(BETA))

        assert not two.is_put_right(ALPHA)


def test_a_calendar_that_is_refused_delays_no_other(two: Office) -> None:
    two.forward(BETA)
    two.control.fault("404", route="events.list", calendar=two.scenes[ALPHA].calendar, count=None)

    two.work_off()

    assert two.is_put_right(BETA)


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param("UPDATE charter_version SET source = 'short = '", id="with a sentence of ours"),
        pytest.param("UPDATE meeting SET time_zone = 'Nowhere/Land' WHERE slug = 'alpha'", id="unforeseen"),
    ],
)
def test_a_poisoned_meeting_delays_no_other_of_its_calendar(office: Office, poison: str) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    office.open_meeting(BETA, cast.CHAIR)
    _give_charter(office, ALPHA)
    with office.database.writing() as session:
        session.execute(text(poison))
    office.forward(ALPHA)
    office.forward(BETA)

    office.work_off()

    assert office.is_put_right(BETA)
    assert not office.is_put_right(ALPHA)
    with office.database.reading() as session:
        problems = dict(session.execute(text("SELECT slug, problem_remedy FROM meeting")).all())
    assert problems[ALPHA] is not None
    assert problems[BETA] is None


def _give_charter(office: Office, slug: str) -> None:
    with office.database.writing() as session:
        meeting = adoption.meeting_named(session, slug)
        charters.set_charter(session, meeting, 'short = "We decide."', actor="test", now=office.now)


# It stops


def run(config: str) -> int:
    return run_worker(load_config(Path(config), {}))


def run_with_a_stray(config: str) -> int:
    """At a line of input, a thread that is not the main one receives the signal."""

    def stray() -> None:
        input()
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    threading.Thread(target=stray, daemon=True).start()
    return run(config)


def start(office: Office, function: Callable[[str], int] = run) -> copies.Copy:
    """A worker as a process of its own."""
    return copies.start(function, str(office.config.path), stdin=copies.PIPE, stderr=copies.PIPE)


@contextmanager
def running(office: Office, function: Callable[[str], int] = run) -> Iterator[copies.Copy]:
    process = start(office, function)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_an_idle_worker_well(office: Office, number: signal.Signals) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    with running(office) as process:
        wait_until(lambda: office.requests("events.list", ALPHA) >= 1)

        process.send_signal(number)

        assert process.wait(PATIENCE) == 0
    [row] = workers(office.database)
    assert row.stopped_at is not None


def test_a_signal_that_another_thread_receives_ends_it_as_well(office: Office) -> None:
    """As after SIGCONT, when the main thread has not yet got up."""
    office.open_meeting(ALPHA, cast.CHAIR)
    with running(office, run_with_a_stray) as process:
        wait_until(lambda: office.requests("events.list", ALPHA) >= 1)
        assert process.stdin is not None

        process.stdin.write("\n")
        process.stdin.flush()

        assert process.wait(PATIENCE) == 0


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_stop_cuts_a_hanging_write_within_five_seconds_and_the_next_worker_finds_out(
    office_on_both: Office, moment: str
) -> None:
    """`before` and `after` say whether Google had applied the write when it was cut."""
    office = office_on_both
    office.open_meeting(ALPHA, cast.CHAIR)
    office.forward(ALPHA)
    office.control.pause_at("events.patch", when=moment)
    with running(office) as process:
        assert office.control.wait_until_paused(PATIENCE)
        asked = time.monotonic()

        process.terminate()

        assert process.wait(PATIENCE) == 0
        took = time.monotonic() - asked
    office.control.resume()
    wait_until(lambda: office.is_put_right(ALPHA))

    office.work_off()

    assert took <= 5.0
    assert office.is_put_right(ALPHA)
    assert _rows(office, "write_intent") == 0
    assert _rows(office, "applied_change") == 1


@pytest.mark.slow
def test_a_stop_cuts_a_hanging_read_within_five_seconds(office: Office) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    office.control.pause_at("events.list")
    with running(office) as process:
        assert office.control.wait_until_paused(PATIENCE)
        asked = time.monotonic()

        process.terminate()

        assert process.wait(PATIENCE) == 0
        assert time.monotonic() - asked <= 5.0
    office.control.resume()


def test_a_second_signal_ends_it_at_once(office: Office) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    office.control.pause_at("events.list")
    with running(office) as process:
        assert office.control.wait_until_paused(PATIENCE)
        asked = time.monotonic()

        process.terminate()
        wait_until(lambda: _sends_until_dead(process))

        assert process.returncode == 128 + signal.SIGTERM
        assert time.monotonic() - asked < 3.0
    office.control.resume()


def _sends_until_dead(process: copies.Copy) -> bool:
    """Two signals that arrive together are one, so the second is repeated."""
    process.terminate()
    return process.poll() is not None


def _rows(office: Office, table: str) -> int:
    with office.database.reading() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


# The database goes, and is back


def test_a_database_that_is_gone_is_said_once_and_waited_for(
    office_on_both: Office, migrated_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    office = office_on_both
    office.open_meeting(ALPHA, cast.CHAIR)
    with caplog.at_level(logging.INFO, "jobs"), office.working():
        wait_until(lambda: office.requests("events.list", ALPHA) >= 1)
        with away(migrated_url):
            wait_until(lambda: _said(caplog, "the database is away") == 1)
            office.forward(ALPHA)

        wait_until(lambda: office.is_put_right(ALPHA))

    assert _said(caplog, "the database is away") == 1
    assert _said(caplog, "the database is back") == 1


def _said(caplog: pytest.LogCaptureFixture, beginning: str) -> int:
    return sum(1 for message in caplog.messages if message.startswith(beginning))


@contextmanager
def away(url: str) -> Iterator[None]:
    go, come_back = _file_away(url) if url.startswith("sqlite") else _server_away(url)
    go()
    try:
        yield
    finally:
        come_back()


def _file_away(url: str) -> tuple[Callable[[], object], Callable[[], object]]:
    file = Path(str(make_url(url).database))
    hidden = file.with_name("hidden.db")
    return lambda: file.rename(hidden), lambda: hidden.rename(file)


def _server_away(url: str) -> tuple[Callable[[], object], Callable[[], object]]:
    """Refuses new connections and ends those there are, as a restart would."""
    address = make_url(url)
    host, user, name = str(address.query["host"]), str(address.username), str(address.database)

    def run(*statements: str) -> None:
        with psycopg.connect(host=host, user=user, dbname="postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]

    return (
        lambda: run(
            f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false',
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",  # noqa: S608
        ),
        lambda: run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'),
    )
