"""Whoever asks for a look wakes the workers; nothing else does, and nothing is lost when nobody listens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from governance.database import Database
from governance.models.calendar import Calendar
from governance.models.meeting import Meeting
from governance.store.meetings import meeting_by_slug

PATIENCE = 30.0


@contextmanager
def heard(url: str) -> Iterator[threading.Semaphore]:
    """Rings as another process hears them; the first, for what was rung before, is taken off."""
    listening = Database(url)
    rings = threading.Semaphore(0)
    bell = listening.bell()
    bell.listen(rings.release)
    assert rings.acquire(timeout=PATIENCE)
    try:
        yield rings
    finally:
        bell.stop()
        listening.dispose()


def a_meeting(database: Database, *, dirty: bool = False) -> UUID:
    with database.writing() as session:
        row = Meeting(slug="board", name="Board", time_zone="UTC", dirty=dirty)
        session.add(row)
    return row.id


def change(database: Database, **values: object) -> None:
    with database.writing() as session:
        row = meeting_by_slug(session, "board")
        assert row is not None
        for name, value in values.items():
            setattr(row, name, value)


def test_what_asks_for_no_look_wakes_nobody(database: Database, migrated_url: str) -> None:
    a_meeting(database)

    with heard(migrated_url) as rings:
        change(database, name="The board")

        assert not rings.acquire(timeout=0.3)


def test_a_meeting_that_is_to_be_looked_at_wakes_the_worker(database: Database, migrated_url: str) -> None:
    a_meeting(database)

    with heard(migrated_url) as rings:
        change(database, dirty=True)

        assert rings.acquire(timeout=PATIENCE)
        assert not rings.acquire(timeout=0.2)


def test_a_calendar_that_is_to_be_read_wakes_the_worker(database: Database, migrated_url: str) -> None:
    with heard(migrated_url) as rings:
        with database.writing() as session:
            session.add(Calendar(google_id="a@example.com", subject="a@example.com", dirty=True))

        assert rings.acquire(timeout=PATIENCE)


def test_what_was_rolled_back_wakes_nobody(database: Database, migrated_url: str) -> None:
    a_meeting(database)

    with heard(migrated_url) as rings:
        with suppress(ZeroDivisionError), database.writing() as session:
            row = meeting_by_slug(session, "board")
            assert row is not None
            row.dirty = True
            session.flush()
            raise ZeroDivisionError

        assert not rings.acquire(timeout=0.3)


def test_ringing_while_nobody_listens_is_no_trouble(database: Database) -> None:
    a_meeting(database)

    change(database, dirty=True)

    with database.reading() as session:
        row = meeting_by_slug(session, "board")
    assert row is not None
    assert row.dirty


@pytest.mark.postgres
def test_a_bell_whose_connection_breaks_hears_again(
    migrated_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("governance.bell._AGAIN_SECONDS", 0.01)
    database = Database(migrated_postgresql_url)
    a_meeting(database)

    with heard(migrated_postgresql_url) as rings:
        with database.writing() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )
        assert rings.acquire(timeout=PATIENCE)  # whatever was rung while nobody listened
        change(database, dirty=True)

        assert rings.acquire(timeout=PATIENCE)
    database.dispose()


def test_a_file_in_the_place_of_the_pipe_is_left_alone(sqlite_database: Database, migrated_sqlite_url: str) -> None:
    file = Path(f"{migrated_sqlite_url.removeprefix('sqlite:///')}-bell")
    file.write_text("mine")
    a_meeting(sqlite_database)

    change(sqlite_database, dirty=True)

    assert file.read_text() == "mine"
