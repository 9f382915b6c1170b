"""When the database fails, one sentence says what to do; when it is back, everything works without a restart."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from governance.database import Database, DatabaseUnavailable
from governance.models import Person


def add(database: Database, name: str = "Ada") -> None:
    with database.writing() as session:
        session.add(Person(name=name))


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_no_trouble_is_left_as_it_is(database: Database) -> None:
    """A faulty statement is our own mistake and no sentence for people."""
    with pytest.raises(DBAPIError, match=r"syntax error"), database.writing() as session:
        session.execute(text("SELEKT"))

    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("INSERT INTO person (id) VALUES (NULL)"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://root:hunter2@db/x",
        "postgresql+psycopg2://u:hunter2@db/x",
        "hunter2",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=r"^(Write|Name a file in) database\.url") as refused:
        Database(url)

    assert "hunter2" not in str(refused.value)


def test_a_database_that_was_never_migrated_says_how(database_url: str) -> None:
    database = Database(database_url)
    if database_url.startswith("sqlite"):
        Path(database_url.removeprefix("sqlite:///")).touch()

    with pytest.raises(DatabaseUnavailable, match=r"^Run “governance migrate”"):
        count(database)

    database.migrate()
    assert count(database) == 0
    database.dispose()


class TestSqlite:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "governance.db"

    def test_a_file_that_is_gone_is_not_made_anew(self, sqlite_database: Database, file: Path) -> None:
        add(sqlite_database)
        away = _moved_away(file)

        for attempt in (add, count):
            with pytest.raises(DatabaseUnavailable, match=r"^Run “governance migrate”, or put the database file back"):
                attempt(sqlite_database)
        assert not file.exists()

        _moved_back(away, file)
        add(sqlite_database, "Bob")
        assert count(sqlite_database) == 2

    def test_a_file_that_was_replaced_is_the_one_that_is_used(self, sqlite_database: Database, file: Path) -> None:
        """A connection to the old file would go on, and everything it saves would be lost."""
        backup = file.with_name("backup.db")
        shutil.copyfile(file, backup)
        add(sqlite_database)
        _moved_away(file)
        backup.rename(file)

        assert count(sqlite_database) == 0
        add(sqlite_database, "Bob")

        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT name FROM person").fetchall() == [("Bob",)]

    def test_a_full_disk_loses_nothing_and_works_again_when_there_is_space(self, sqlite_database: Database) -> None:
        add(sqlite_database)
        _limit_pages(sqlite_database, to_present_size=True)

        with pytest.raises(DatabaseUnavailable, match=r"^Free space on the disk of .*governance\.db"):
            add(sqlite_database, "x" * 1_000_000)
        assert count(sqlite_database) == 1

        _limit_pages(sqlite_database, to_present_size=False)
        add(sqlite_database, "x" * 1_000_000)
        assert count(sqlite_database) == 2

    def test_a_lock_held_too_long_is_a_sentence(self, sqlite_database: Database, file: Path) -> None:
        impatient = Database(f"sqlite:///{file.as_posix()}?timeout=0")
        with sqlite_database.writing() as session:
            session.add(Person(name="Ada"))
            session.flush()

            with pytest.raises(DatabaseUnavailable, match=r"^Try again in a moment"):
                add(impatient)

        add(impatient)
        assert count(impatient) == 2
        impatient.dispose()

    def test_readers_are_never_locked_out_by_a_writer(self, sqlite_database: Database, file: Path) -> None:
        impatient = Database(f"sqlite:///{file.as_posix()}?timeout=0")
        with sqlite_database.writing() as session:
            session.add(Person(name="Ada"))
            session.flush()

            assert count(impatient) == 0
        impatient.dispose()

    def test_a_database_that_may_only_be_read_is_a_sentence(self, sqlite_database: Database) -> None:
        @event.listens_for(sqlite_database.engine, "begin")
        def answer_as_for_a_file_without_the_right(connection: Connection) -> None:
            connection.exec_driver_sql("PRAGMA query_only=ON")

        with pytest.raises(DatabaseUnavailable, match=r"^Give this program the right to write"):
            add(sqlite_database)

    def test_a_file_that_is_no_database_is_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("Dear diary, " * 1000)
        database = Database(f"sqlite:///{tmp_path / 'notes.txt'}")

        with pytest.raises(DatabaseUnavailable, match=r"^Name another file in database\.url, or put back .*notes\.txt"):
            count(database)

    def test_a_damaged_file_is_a_sentence(self, sqlite_database: Database, file: Path) -> None:
        for number in range(50):
            add(sqlite_database, str(number))
        sqlite_database.dispose()
        content = bytearray(file.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        file.write_bytes(content)

        with pytest.raises(DatabaseUnavailable, match=r"^Put back .*governance\.db from a backup"):
            count(sqlite_database)


@pytest.mark.postgres
class TestPostgreSQL:
    @pytest.fixture
    def database(self, migrated_postgresql_url: str) -> Iterator[Database]:
        opened = Database(migrated_postgresql_url)
        yield opened
        opened.dispose()

    def test_connections_cut_between_two_sessions_are_not_noticed(
        self, database: Database, migrated_postgresql_url: str
    ) -> None:
        add(database)
        _administer(migrated_postgresql_url, _CUT_ALL)

        add(database, "Bob")

        assert count(database) == 2

    def test_a_connection_cut_within_a_session_is_a_sentence_and_nothing_is_saved(
        self, database: Database, migrated_postgresql_url: str
    ) -> None:
        def cut_while_writing() -> None:
            with database.writing() as session:
                session.add(Person(name="Ada"))
                session.flush()
                _administer(migrated_postgresql_url, _CUT_ALL)

        with pytest.raises(DatabaseUnavailable, match=r"^Start PostgreSQL, or correct"):
            cut_while_writing()

        assert count(database) == 0

    def test_a_database_that_is_gone_and_back_works_again(
        self, database: Database, migrated_postgresql_url: str
    ) -> None:
        add(database)
        name = _name(migrated_postgresql_url)
        _administer(migrated_postgresql_url, _CUT_ALL, f'ALTER DATABASE "{name}" RENAME TO "{name}_away"')

        for attempt in (add, count):
            with pytest.raises(DatabaseUnavailable, match=r"^(Create the database|Start PostgreSQL), or correct"):
                attempt(database)

        _administer(migrated_postgresql_url, f'ALTER DATABASE "{name}_away" RENAME TO "{name}"')
        add(database, "Bob")
        assert count(database) == 2

    def test_a_lock_held_too_long_is_a_sentence(self, database: Database) -> None:
        def lock_impatiently() -> None:
            with database.writing() as other:
                other.execute(text("SET LOCAL lock_timeout = '1ms'"))
                other.scalars(select(Person).with_for_update()).one()

        add(database)
        with database.writing() as session:
            session.scalars(select(Person).with_for_update()).one()

            with pytest.raises(DatabaseUnavailable, match=r"^Try again in a moment"):
                lock_impatiently()

    def test_a_server_that_is_not_there_is_named_without_the_password(self, tmp_path: Path) -> None:
        database = Database(f"postgresql://ada:hunter2@/governance?host={tmp_path}")

        with pytest.raises(DatabaseUnavailable, match=r"^Start PostgreSQL, or correct database\.url") as trouble:
            count(database)

        assert "hunter2" not in str(trouble.value)

    def test_instants_are_read_in_utc_wherever_the_server_stands(self, database: Database) -> None:
        with database.reading() as session:
            assert session.scalar(text("SHOW timezone")) == "UTC"


_CUT_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


def _administer(url: str, *statements: str) -> None:
    host = urlsplit(url).query.removeprefix("host=")
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.format(name=_name(url)))  # type: ignore[call-overload]


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _moved_away(file: Path) -> list[Path]:
    return [part.rename(f"{part}.away") for part in file.parent.glob(f"{file.name}*")]


def _moved_back(parts: list[Path], file: Path) -> None:
    for part in parts:
        part.rename(part.with_name(part.name.removesuffix(".away")))
    assert file.exists()


def _limit_pages(database: Database, *, to_present_size: bool) -> None:
    """The limit is the connection's own; there is one in the pool."""
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() if to_present_size else 1_000_000
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
