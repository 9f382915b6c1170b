"""A session for reading sees one moment and cannot write; one for writing commits as a whole or not at all."""

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, event, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from governance.database import ChangedMeanwhile, Database
from governance.models import Meeting, Person


def test_opening_and_closing_sessions_changes_nothing(database: Database) -> None:
    with database.reading():
        pass
    with database.writing():
        pass

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_what_was_written_is_read_by_the_next_session(database: Database) -> None:
    with database.writing() as session:
        session.add(Person(name="Ada"))

    with database.reading() as session:
        assert session.scalars(select(Person.name)).all() == ["Ada"]


def test_what_was_saved_can_be_shown_after_the_transaction(database: Database) -> None:
    with database.writing() as session:
        ada = Person(name="Ada")
        session.add(ada)

    assert (ada.name, ada.version) == ("Ada", 1)


@pytest.mark.parametrize("exit_by", [ZeroDivisionError, KeyboardInterrupt, SystemExit])
def test_an_error_undoes_the_whole_transaction(database: Database, exit_by: type[BaseException]) -> None:
    def fail() -> None:
        with database.writing() as session:
            session.add(Person(name="Ada"))
            session.flush()
            raise exit_by

    with pytest.raises(exit_by):
        fail()

    with database.reading() as session:
        assert session.scalars(select(Person.name)).all() == []


WRITES: dict[str, Callable[[Session], object]] = {
    "an object": lambda session: (session.add(Person(name="Ada")), session.flush()),
    "a statement": lambda session: session.execute(update(Person).values(name="nobody")),
    "text": lambda session: session.execute(text("DELETE FROM person")),
    "a table": lambda session: session.execute(text("CREATE TABLE more (id INTEGER)")),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_the_database_refuses_to_write_while_reading(database: Database, write: Callable[[Session], object]) -> None:
    with database.writing() as session:
        session.add(Person(name="Ada"))

    with pytest.raises(DBAPIError, match=r"(readonly database|read-only transaction)"), database.reading() as session:
        write(session)

    with database.reading() as session:
        assert session.scalars(select(Person.name)).all() == ["Ada"]


def test_a_connection_that_read_writes_again(database: Database) -> None:
    """Both kinds of session share their connections, and neither leaves its kind behind."""
    for number in range(3):
        with database.reading() as session:
            session.scalar(select(func.count()).select_from(Person))
        with database.writing() as session:
            session.add(Person(name=str(number)))

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 3


def test_a_reading_session_sees_one_moment_while_others_write(database: Database) -> None:
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Person))
        with database.writing() as other:
            other.add(Person(name="Ada"))
        after = session.scalar(select(func.count()).select_from(Person))

    assert (before, after) == (0, 0)


def test_reading_and_then_writing_never_fails_for_what_another_wrote_in_between(database: Database) -> None:
    """The second writer comes while the first is between reading and writing: both count, none is refused."""
    with database.writing() as session:
        session.add(Meeting(slug="board", name="Board", time_zone="UTC", cap=1))
    first_has_read, second_asks = threading.Event(), threading.Event()

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if threading.current_thread().name.startswith("second") and statement.startswith(("BEGIN", "SELECT meeting")):
            second_asks.set()

    def raise_cap() -> None:
        with database.writing() as session:
            meeting = session.scalars(select(Meeting).with_for_update()).one()
            if threading.current_thread().name.startswith("first"):
                first_has_read.set()
                assert second_asks.wait(30)
            meeting.cap += 1

    def raise_cap_second() -> None:
        assert first_has_read.wait(30)
        raise_cap()

    with ThreadPoolExecutor(1, "first") as first, ThreadPoolExecutor(1, "second") as second:
        for result in [first.submit(raise_cap), second.submit(raise_cap_second)]:
            result.result(60)

    with database.reading() as session:
        assert session.scalars(select(Meeting.cap)).all() == [3]


def test_who_saves_over_somebody_elses_change_is_told_so(database: Database) -> None:
    with database.writing() as session:
        session.add(Person(name="Ada"))
    with database.reading() as session:
        mine = session.scalars(select(Person)).one()
    with database.writing() as session:
        session.scalars(select(Person)).one().name = "Ada Lovelace"

    mine.name = "Ada King"
    with pytest.raises(ChangedMeanwhile, match=r"^Look at the present state and save again"):  # noqa: SIM117
        with database.writing() as session:
            session.add(mine)

    with database.reading() as session:
        assert session.scalars(select(Person.name)).all() == ["Ada Lovelace"]


def test_edits_from_many_threads_are_never_lost(database: Database) -> None:
    with database.writing() as session:
        session.add(Meeting(slug="board", name="Board", time_zone="UTC", cap=1))

    def raise_cap(_: int) -> None:
        with database.writing() as session:
            session.scalars(select(Meeting).with_for_update()).one().cap += 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(raise_cap, range(80)))

    with database.reading() as session:
        assert session.scalars(select(Meeting.cap)).all() == [81]


def test_sqlite_keeps_its_promises_on_every_connection(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("governance.database.create_engine", create_engine)  # the tests' own promises less
    database = Database(migrated_sqlite_url)

    with database.engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in _PRAGMAS]
    database.dispose()

    assert dict(zip(_PRAGMAS, found, strict=True)) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


@pytest.mark.parametrize("heavy", ["alembic", "psycopg", "sqlalchemy.dialects.postgresql"])
def test_opening_the_module_costs_no_migration_tool_and_no_driver(heavy: str) -> None:
    program = (
        "import sys; from governance.database import Database;"
        " Database('postgresql://u@h/d'); Database('sqlite:///x.db');"
        f" sys.exit({heavy!r} in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


_PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
