"""A PostgreSQL database is copied by `pg_dump`, and put back from what `pg_restore` makes of it.

Putting back is one transaction: what was there goes, the copy comes, is brought to the current schema and marked.
Whatever dies before its end has changed nothing. A dump cannot be changed after it was made, so unlike an SQLite file
it is marked only here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from governance.backups import programs
from governance.backups.placing import placed
from governance.backups.programs import ProgramFailed
from governance.backups.refusals import BackupNewer, NotABackup, NotEmpty, NotPlaced
from governance.backups.script import Rows, pieces
from governance.backups.working import refuse_if_session_shows_work
from governance.database import Database, DatabaseUnavailable
from governance.migrations import decision_guard, runner
from governance.models.base import whole_metadata
from governance.services.ledger import RecordingSession, append_collected, collect
from governance.services.restored import Marked, mark_as_restored
from governance.store.restored import is_blank

HEADER = b"PGDMP"

_OURS = {"alembic_version", "ledger_entry", "ledger_head", "meeting"}
_GUARD = "refuse_to_change_the_ledger"


def write_backup(database: Database, place: Path, *, may_replace: bool) -> None:
    url = database.migration_url
    version = _server_version(database)
    dump = programs.program("pg_dump", server_version=version)
    restore = programs.program("pg_restore", server_version=version)
    command = [dump, "--format=custom", "--no-owner", "--no-acl", "--no-password"]
    with placed(place, may_replace=may_replace) as part:
        try:
            programs.run([*command, f"--file={part}", f"--dbname={programs.connection_words(url)}"],
                         env=programs.environment(url))  # fmt: skip
            programs.run([restore, "--file=/dev/null", str(part)])
        except ProgramFailed as failed:
            raise _failed("pg_dump", failed, place) from failed


def put_back(file: Path, database: Database, *, may_replace: bool, now: datetime) -> Marked:
    restore = programs.program("pg_restore", server_version=_server_version(database))
    _refuse_if_not_ours(restore, file)
    with database.altering() as connection:
        with Session(bind=connection, join_transaction_mode="rollback_only") as session:
            _lock_workers(connection)
            refuse_if_session_shows_work(session)
            is_empty = is_blank(session)
        if not is_empty and not may_replace:
            raise NotEmpty(_where(database.migration_url), "make a backup of that first, if you may want it back")
        grants = _grants(connection)
        _drop(connection)
        try:
            _execute(connection, restore, file)
        except ProgramFailed as failed:
            raise NotABackup(file, f"is damaged or cut off ({failed.words})") from failed
        runner.upgrade(connection)
        _grant_again(connection, grants)
        with _recording(connection) as writing:
            return mark_as_restored(writing, act="restored", now=now)


def _server_version(database: Database) -> int:
    with database.reading() as session:
        number = session.execute(text("SHOW server_version_num")).scalar_one()
    return int(number) // 10_000


def _failed(name: str, failed: ProgramFailed, place: Path) -> NotPlaced | DatabaseUnavailable:
    if "No space left" in failed.words:
        return NotPlaced(f"Free space on the disk of {place}", "the disk is full, and there is no backup")
    return DatabaseUnavailable("Do what PostgreSQL asks for, and try again", f"{name} ended with “{failed.words}”")


def _refuse_if_not_ours(restore: str, file: Path) -> None:
    try:
        listed = programs.run([restore, "--list", str(file)])
    except ProgramFailed as failed:
        if "unsupported version" in failed.words:
            raise BackupNewer(file, restore) from failed
        raise NotABackup(file, f"is damaged or cut off ({failed.words})") from failed
    tables = {line.split()[-2] for line in listed.splitlines() if " TABLE DATA " in line}
    if not tables >= _OURS:
        raise NotABackup(file, "is another application's")


def _lock_workers(connection: Connection) -> None:
    """Nobody can begin to work between the question and the end of the transaction."""
    if connection.execute(text("SELECT to_regclass('worker')")).scalar() is not None:
        connection.execute(text("LOCK TABLE worker IN ACCESS EXCLUSIVE MODE"))


def _drop(connection: Connection) -> None:
    """Our tables; all of the schema's where a newer version, whose tables are not known here, has been at work."""
    names = {"alembic_version", *whole_metadata().tables}
    present = set(connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"))
                  .scalars())  # fmt: skip
    try:
        runner.found(connection)
    except runner.DatabaseNewer:
        names |= present
    quote = connection.dialect.identifier_preparer.quote
    if doomed := sorted(names & present):
        connection.execute(text(f"DROP TABLE {', '.join(map(quote, doomed))} CASCADE"))
    for name in (_GUARD, *decision_guard.functions()):
        connection.execute(text(f"DROP FUNCTION IF EXISTS {name}() CASCADE"))


def _execute(connection: Connection, restore: str, file: Path) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101
    command = [restore, "--no-owner", "--no-acl", "--file=-", str(file)]
    with programs.reading(command) as script, driver.cursor() as cursor:
        for piece in pieces(script):
            if isinstance(piece, Rows):
                with cursor.copy(piece.copy) as copy:
                    for line in piece.lines:
                        copy.write(line)
            else:
                cursor.execute(piece.sql)
    # The script sets an empty search path and no limits for the rest of the session.
    connection.execute(text("RESET ALL"))


def _grants(connection: Connection) -> list[tuple[str, str, str]]:
    """What others than the owner may do with which table: the tables go, and these rights with them."""
    found = connection.execute(
        text(
            "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
            " WHERE table_schema = current_schema() AND grantee <> current_user ORDER BY 1, 2, 3"
        )
    )
    return [(table, grantee, privilege) for table, grantee, privilege in found]


def _grant_again(connection: Connection, grants: list[tuple[str, str, str]]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for table, grantee, privilege in grants:
        if connection.execute(text("SELECT to_regclass(:name)"), {"name": quote(table)}).scalar() is None:
            continue
        whom = grantee if grantee == "PUBLIC" else quote(grantee)
        connection.execute(text(f"GRANT {privilege} ON {quote(table)} TO {whom}"))


@contextmanager
def _recording(connection: Connection) -> Iterator[RecordingSession]:
    """A session of ours inside the transaction that is open already."""
    with RecordingSession(bind=connection, join_transaction_mode="rollback_only") as session:
        collect(session)
        yield session
        session.flush()
        append_collected(session)
        session.commit()


def _where(url: URL) -> str:
    return f"{url.database} on {url.host or url.query.get('host') or 'this machine'}"
