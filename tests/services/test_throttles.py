"""Not too often, for all processes together; a count is one statement, so that nobody slips in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from governance.database import Database
from governance.services import throttles
from governance.services.throttles import Throttle, TooOften
from tests.services import trying
from tests.support import copies

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


def test_being_refused_changes_nothing(database: Database) -> None:
    tries(database, 3)
    before = rows(database)

    refused = tries(database, 5, now=NOW + timedelta(minutes=1))

    assert refused == [False] * 5
    assert rows(database) == before


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_so_many_are_allowed_and_no_more(database: Database, limit: int) -> None:
    assert tries(database, limit + 2, limit=limit) == [True] * limit + [False] * 2


@pytest.mark.parametrize(
    ("passed", "allowed"), [(WINDOW - timedelta(microseconds=1), False), (WINDOW, True), (WINDOW * 3, True)]
)
def test_the_window_begins_with_the_first_and_ends_to_the_moment(
    database: Database, passed: timedelta, allowed: bool
) -> None:
    tries(database, 1)
    tries(database, 2, now=NOW + WINDOW / 2)

    assert tries(database, 1, now=NOW + passed) == [allowed]


def test_after_the_window_the_count_begins_anew(database: Database) -> None:
    tries(database, 3)

    assert tries(database, 4, now=NOW + WINDOW) == [True, True, True, False]


def test_a_clock_that_was_set_back_lets_nobody_through(database: Database) -> None:
    tries(database, 3)

    assert tries(database, 1, now=NOW - timedelta(hours=1)) == [False]


def test_keys_are_counted_apart(database: Database) -> None:
    tries(database, 3, key="one")

    assert tries(database, 1, key="other") == [True]


def test_whoever_is_refused_learns_how_long_to_wait(database: Database) -> None:
    throttle = Throttle("knocking", limit=1, window=WINDOW)
    with database.writing() as session:
        throttles.count(session, throttle, "ada", NOW)

    with pytest.raises(TooOften, match=r"^Try again in 10 minutes: ") as refused, database.writing() as session:
        throttles.count(session, throttle, "ada", NOW + timedelta(minutes=5))

    assert refused.value.wait == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("wait", "words"), [(1, "in a minute"), (60, "in a minute"), (61, "in 2 minutes"), (900, "in 15 minutes")]
)
def test_the_wait_is_said_in_whole_minutes(wait: int, words: str) -> None:
    assert str(TooOften(timedelta(seconds=wait))).startswith(f"Try again {words}:")


def test_what_was_counted_is_known_by_a_hash(database: Database) -> None:
    tries(database, 1, key="ada@example.com")

    assert "ada" not in str(rows(database))


def test_counts_of_yesterday_are_forgotten_a_few_at_a_time(database: Database) -> None:
    with database.writing() as session:
        for number in range(150):
            throttles.allow(session, f"key {number}", 1, WINDOW, NOW)

    tries(database, 1, now=NOW + timedelta(days=1, minutes=1))
    after_one = len(rows(database))
    tries(database, 1, now=NOW + timedelta(days=1, minutes=1))

    assert after_one == 51
    assert len(rows(database)) == 1


def test_eight_processes_at_once_are_counted_together(database: Database, migrated_url: str) -> None:
    """Each tries twenty times as fast as it can, on the same key and on keys of its own."""
    processes = [copies.start(trying.main, migrated_url, 37, stdin=copies.PIPE, stdout=copies.PIPE) for _ in range(8)]
    try:
        for one in processes:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"

        answers = [one.communicate("go\n", timeout=60)[0].split() for one in started(processes)]
    finally:
        for one in processes:
            one.kill()

    assert [one.returncode for one in processes] == [0] * 8
    assert sum(int(common) for common, _ in answers) == 37
    assert [int(own) for _, own in answers] == [20] * 8


def started(processes: list[copies.Copy]) -> list[copies.Copy]:
    """All are told to go before the first is waited for."""
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    return processes


def tries(database: Database, times: int, *, key: str = "ada", limit: int = 3, now: datetime = NOW) -> list[bool]:
    allowed = []
    for _ in range(times):
        with database.writing() as session:
            allowed.append(throttles.allow(session, key, limit, WINDOW, now))
    return allowed


def rows(database: Database) -> list[object]:
    with database.reading() as session:
        return list(session.execute(text("SELECT * FROM throttle ORDER BY key")))
