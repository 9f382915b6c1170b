"""An SQLite file is copied by SQLite itself: one moment of it, while others read and write.

A backup is put back the same way, into the file that is there: for whoever has that file open it is one change by
somebody else. Another file in its place would share their log with them, and be damaged by it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from governance.backups.placing import beside, company_of, not_placed, placed, put
from governance.backups.refusals import InUse, NotABackup, NotEmpty
from governance.backups.working import refuse_if_at_work
from governance.database import Database, DatabaseUnavailable
from governance.database_words import sqlite_words
from governance.services.restored import Marked, mark_as_restored
from governance.store.restored import is_blank

HEADER = b"SQLite format 3\x00"

_PATIENCE_SECONDS = 60.0
_SHARED_LOCK_AT, _SHARED_LOCK_LENGTH = 0x40000002, 510
"""Where every connection to a file that is in use holds a lock, by SQLite's file format."""

_OURS = {"alembic_version", "ledger_entry", "ledger_head", "meeting"}


def write_backup(source: Path, place: Path, *, may_replace: bool, now: datetime) -> Marked:
    """The copy is marked as restored before it is there, so that it may also be put in place by hand."""
    with placed(place, may_replace=may_replace) as part, _words_for(source, written=place):
        _copy(source, part, mode="rw")
        marked = _marked(part, "copied", now)
        _refuse_if_damaged(part, part)
    return marked


def put_back(file: Path, path: Path, *, may_replace: bool, now: datetime) -> tuple[Marked, Path | None]:
    """Everything is made ready beside the database, then it changes at once. Also says where the old one is kept."""
    with beside(path) as part, _words_for(path):
        try:
            _copy(file, part, mode="ro" if company_of(file) else "ro&immutable=1")
            _refuse_if_damaged(part, file)
        except sqlite3.DatabaseError as error:
            raise _no_backup(file, error) from error
        marked = _marked(part, "restored", now)
        if not _is_there(path):
            _take_the_place(part, path, may_replace=False)
            return marked, None
        if _is_damaged(path):
            return marked, _instead_of_a_damaged_one(part, path, may_replace=may_replace, now=now)
        old = Database(f"sqlite:///{path}")
        try:
            refuse_if_at_work(old)
            with old.reading() as session:
                is_empty = is_blank(session)
        finally:
            old.dispose()
        if not is_empty and not may_replace:
            raise NotEmpty(str(path), "it is kept beside the new one")
        kept = None if is_empty else _keep(path, now)
        _copy(part, path, mode="ro")
        return marked, kept


def _copy(source: Path, target: Path, *, mode: str) -> None:
    """All of it at one moment; atomic for the target, which may be in use."""
    deadline = time.monotonic() + _PATIENCE_SECONDS

    def wait_no_longer(_status: int, _left: int, _all: int) -> None:
        if time.monotonic() > deadline:
            raise DatabaseUnavailable("Try again in a moment", f"another program keeps {target} locked")

    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode={mode}", uri=True)) as taken,
        closing(sqlite3.connect(target)) as given,
    ):
        given.execute("PRAGMA synchronous=FULL")
        taken.backup(given, pages=-1, progress=wait_no_longer)


def _marked(part: Path, act: Literal["copied", "restored"], now: datetime) -> Marked:
    """Brought to the current schema, which knows the marks, and left as one file without a log beside it."""
    copy = Database(f"sqlite:///{part}")
    try:
        copy.migrate()
        with copy.writing() as session:
            marked = mark_as_restored(session, act=act, now=now)
    finally:
        copy.dispose()
    _as_one_file(part, "DELETE")
    return marked


def _as_one_file(path: Path, journal: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={journal}")


def _refuse_if_damaged(part: Path, named: Path) -> None:
    with closing(sqlite3.connect(f"{part.as_uri()}?mode=rw", uri=True)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables >= _OURS:
            raise NotABackup(named, "is another application's" if tables else "is an empty database")
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise NotABackup(named, "is damaged")


def _no_backup(file: Path, error: sqlite3.DatabaseError) -> NotABackup | DatabaseUnavailable:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE")):
        return DatabaseUnavailable("Free space on the disk of the database", "there is none for the copy")
    return NotABackup(file, "is damaged or cut off")


def _is_there(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _is_damaged(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return True
        raise


def _keep(path: Path, now: datetime) -> Path:
    kept = _name_beside(path, now)
    with placed(kept, may_replace=False) as part, _words_for(path, written=kept):
        _copy(path, part, mode="rw")
        _as_one_file(part, "DELETE")
    return kept


def _instead_of_a_damaged_one(part: Path, path: Path, *, may_replace: bool, now: datetime) -> Path:
    """A file that SQLite cannot read cannot be changed by it: it goes aside with its log, before anything else."""
    if not may_replace:
        raise NotEmpty(f"{path}, which is damaged", "it is kept beside the new one")
    if _is_open_somewhere(path):
        raise InUse("some program")
    kept = _name_beside(path, now)
    for one in (*company_of(path), path):
        os.link(one, f"{kept}{one.name.removeprefix(path.name)}")
    _take_the_place(part, path, may_replace=True)
    return kept


def _take_the_place(part: Path, path: Path, *, may_replace: bool) -> None:
    """Where nobody has the file open; a log of an earlier one would be taken for its own."""
    if path.exists() and not _is_there(path):
        may_replace = True
    _as_one_file(part, "WAL")
    for left in company_of(path):
        left.unlink()
    put(part, path, may_replace=may_replace)


def _name_beside(path: Path, now: datetime) -> Path:
    """Of two within a second the later one has a number."""
    name = f"{path.name}.before-restore-{now:%Y%m%dT%H%M%SZ}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(found for one in names if not (found := path.with_name(one)).exists())


def _is_open_somewhere(path: Path) -> bool:
    try:
        import fcntl
    except ImportError:  # a system on which a file in use cannot be moved anyway
        return False
    with path.open("r+b") as opened:
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_LOCK_LENGTH, _SHARED_LOCK_AT)
        except OSError:
            return True
        return False


@contextmanager
def _words_for(path: Path, *, written: Path | None = None) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        named = written if written is not None and name.startswith(("SQLITE_FULL", "SQLITE_IOERR")) else path
        words = sqlite_words(DBAPIError(None, None, error), make_url(f"sqlite:///{named}"), reading=False)
        if words is None:
            raise
        raise DatabaseUnavailable(*words) from error
    except OSError as error:
        raise not_placed(path, error) from error
