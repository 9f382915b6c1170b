"""The door to what is stored: a session for reading or for writing, on SQLite or PostgreSQL.

    with database.reading() as session: ...   # one moment, seen as a whole; the database refuses every write
    with database.writing() as session: ...   # alone (SQLite) or with row locks (PostgreSQL); commits at the end

SQLite takes its one writer's place at the start (`BEGIN IMMEDIATE`): a transaction that first reads and then asks to
write is refused at once when another wrote in between, whatever the busy timeout. Trouble with the database itself
comes out as `DatabaseUnavailable`; when the database is back, the next session simply works.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import NullPool

from governance import bell
from governance.database_mark import FileMark, Mark
from governance.database_words import postgresql_words, sqlite_words
from governance.domain.errors import GovernanceError
from governance.migrations import runner
from governance.migrations.runner import DatabaseNewer as DatabaseNewer
from governance.services.ledger import RecordingSession, append_collected, collect
from governance.services.mailing.announcing import post_announced

BUSY_SECONDS = 10.0
"""How long one statement waits for another's lock; `?timeout=` in a SQLite address sets another time."""

_MIGRATION_SECONDS = 60.0


class DatabaseUnavailable(GovernanceError):
    """The database is gone, full, locked, damaged, not writable or not migrated; nothing was saved."""


class ChangedMeanwhile(GovernanceError):
    """Somebody else saved the same row between our reading and our saving; nothing was saved."""

    def __init__(self) -> None:
        super().__init__("Look at the present state and save again", "somebody else saved a change at the same time")


class Sessions(Protocol):
    """The two kinds of session; see `Database`."""

    def reading(self) -> AbstractContextManager[Session]: ...

    def writing(self) -> AbstractContextManager[Session]: ...


class Database:
    """One database; opened when first used. `migration_url` may name a role with more rights, for `migrate` alone."""

    def __init__(self, url: str, *, migration_url: str | None = None) -> None:
        self._url = _understood(url)
        self._migration_url = _understood(migration_url) if migration_url else self._url

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment and cannot write: the database itself refuses."""
        with self._trouble_in_words(reading=True), self._reading_sessions() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at the end, with what was recorded and is to be told; rolls back on any error."""
        with self._trouble_in_words(), self._writing_sessions() as session:
            with session.begin():
                collect(session)
                yield session
                session.flush()
                post_announced(session)
                append_collected(session)
            if bell.is_rung(session):
                bell.sound(self._url)

    def migrate(self) -> None:
        """Bring the database to the current schema, and a SQLite file into being; nothing when it is there already."""
        if self.is_current():
            return
        with self.altering() as connection:
            runner.upgrade(connection)
            _check_references(connection)

    @contextmanager
    def altering(self) -> Iterator[Connection]:
        """One transaction of an account that may change tables; commits at the end."""
        with self._trouble_in_words():
            engine = _migration_engine(self._migration_url)
            try:
                with engine.connect() as connection, connection.begin():
                    yield connection
            finally:
                engine.dispose()

    @property
    def migration_url(self) -> URL:
        return self._migration_url

    @property
    def file(self) -> Path | None:
        """The SQLite file; None on a server."""
        return _file(self._url) if _is_sqlite(self._url) else None

    def is_current(self) -> bool:
        """Whether the schema is the one this program was written for; `DatabaseNewer` when it is a later one."""
        if _is_sqlite(self._url) and not _file(self._url).exists():
            return False
        with self._trouble_in_words(), self._reading_engine.connect() as connection:
            return runner.found(connection) == runner.newest()

    def mark(self) -> Mark | None:
        """What differs once anybody has written anything; None where it cannot be told without asking for it."""
        return self._file_mark.read() if self._file_mark else None

    def bell(self) -> bell.Bell:
        """What sounds when somebody asks for a look; see `governance.bell`."""
        return bell.Bell(self._url, lambda: self.engine.raw_connection())

    def dispose(self) -> None:
        """Close all connections; the next session opens new ones."""
        if "engine" in self.__dict__:
            self.engine.dispose()
        opened = self.__dict__.get("_file_mark")
        if opened:
            opened.close()

    @cached_property
    def _file_mark(self) -> FileMark | None:
        return FileMark(_file(self._url)) if _is_sqlite(self._url) else None

    @cached_property
    def engine(self) -> Engine:
        return _sqlite_engine(self._url) if _is_sqlite(self._url) else _postgresql_engine(self._url)

    @cached_property
    def _reading_engine(self) -> Engine:
        """The same connections; on PostgreSQL one snapshot for the whole transaction, as SQLite has it anyway."""
        if _is_sqlite(self._url):
            return self.engine.execution_options(reading=True)
        return self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @cached_property
    def _reading_sessions(self) -> Callable[[], Session]:
        return sessionmaker(self._reading_engine, expire_on_commit=False)

    @cached_property
    def _writing_sessions(self) -> Callable[[], RecordingSession]:
        # Not expired: what was saved is still shown after the transaction, without reading it again.
        return sessionmaker(self.engine, class_=RecordingSession, expire_on_commit=False)

    @contextmanager
    def _trouble_in_words(self, *, reading: bool = False) -> Iterator[None]:
        try:
            yield
        except StaleDataError as error:
            raise ChangedMeanwhile from error
        except PoolExhausted as error:
            raise DatabaseUnavailable("Try again in a moment", "all connections to the database are in use") from error
        except DBAPIError as error:
            words = sqlite_words if _is_sqlite(self._url) else postgresql_words
            trouble = words(error, self._url, reading)
            if trouble is None:
                raise
            raise DatabaseUnavailable(*trouble) from error


def _understood(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is not None and address.drivername in ("postgresql", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    if address is not None and address.drivername in ("sqlite", "sqlite+pysqlite"):
        if address.database in (None, "", ":memory:"):
            raise DatabaseUnavailable("Name a file in database.url", "a database in memory is lost at the end")
        return address
    # Without the address itself: it may hold a password.
    raise DatabaseUnavailable(
        "Write database.url as sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME", "it is neither"
    )


def _is_sqlite(url: URL) -> bool:
    return url.drivername.startswith("sqlite")


def _file(url: URL) -> Path:
    return Path(str(url.database)).absolute()


# --- SQLite


def _sqlite_engine(url: URL) -> Engine:
    """Connections to an existing file: to create one by a mistyped path would look like an empty installation."""
    path = _file(url)
    engine = create_engine(url, creator=lambda: _connect_sqlite(url, mode="rw"), pool_size=10, max_overflow=20)
    event.listen(engine, "begin", _begin_sqlite)

    @event.listens_for(engine, "connect")
    def remember_the_file(_driver: Any, record: Any) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def be_sure_of_the_file(_driver: Any, record: Any, _proxy: Any) -> None:
        # A restored or deleted file lives on, unseen, for whoever has it open: what is saved there would be lost.
        if record.info["file"] != _identity(path):
            raise DisconnectionError("the file was replaced")

    return engine


def _connect_sqlite(url: URL, *, mode: str, timeout: float | None = None) -> sqlite3.Connection:
    seconds = timeout if timeout is not None else float(str(url.query.get("timeout", BUSY_SECONDS)))
    connection = sqlite3.connect(
        f"{_file(url).as_uri()}?mode={mode}",
        uri=True,
        timeout=seconds,
        isolation_level=None,  # the driver begins nothing by itself, `_begin_sqlite` does
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA synchronous=FULL")  # NORMAL may lose the last commits when the power fails
        connection.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin_sqlite(connection: Connection) -> None:
    reading = bool(connection.get_execution_options().get("reading"))
    if connection.info.get("reading") is not reading:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.info["reading"] = reading
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


# --- PostgreSQL


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url,
        pool_size=10,
        max_overflow=20,
        pool_pre_ping=True,  # else one request a process fails after every restart of the database
        connect_args=_postgresql_arguments(url, lock_seconds=BUSY_SECONDS),
    )


def _postgresql_arguments(url: URL, *, lock_seconds: float) -> dict[str, Any]:
    """Waiting has an end: for a connection, for a lock, and for a server that went silent (milliseconds there)."""
    wanted = {
        "options": f"-c timezone=UTC -c lock_timeout={int(lock_seconds * 1000)}"
        # A process that hangs in the middle of a transaction would keep its locks, and a calendar, from everybody.
        f" -c idle_in_transaction_session_timeout={int(lock_seconds * 1000)}",
        "connect_timeout": 10,
        "tcp_user_timeout": 15_000,
        "application_name": "meeting-governance",
    }
    return {name: value for name, value in wanted.items() if name not in url.query}


# --- Migration


def _migration_engine(url: URL) -> Engine:
    if not _is_sqlite(url):
        arguments = _postgresql_arguments(url, lock_seconds=_MIGRATION_SECONDS)
        return create_engine(url, poolclass=NullPool, connect_args=arguments)
    engine = create_engine(url, poolclass=NullPool, creator=lambda: _create_sqlite(url))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_sqlite(url: URL) -> sqlite3.Connection:
    """A connection that may alter tables, to a file that only its owner may read."""
    path = _file(url)
    if not path.parent.is_dir():
        raise DatabaseUnavailable(f"Create the folder {path.parent}", "the database is to lie there")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseUnavailable(f"Give this program the right to write {path.parent}", str(error.strerror)) from error
    connection = _connect_sqlite(url, mode="rw", timeout=_MIGRATION_SECONDS)
    try:
        _write_ahead(connection)
        # SQLite alters a table by replacing it, which the references to it would forbid; `_check_references` follows.
        connection.execute("PRAGMA foreign_keys=OFF")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL for good. The switch itself does not wait for another process that is switching."""
    deadline = time.monotonic() + _MIGRATION_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise DatabaseUnavailable(
            "Put back the database from a backup and report this",
            f"the migration was undone because {len(broken)} rows would have lost what they refer to",
        )
