"""What the commands call: which kind of database it is, and what kind of file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from governance.backups import postgresql, sqlite
from governance.backups.placing import not_placed
from governance.backups.refusals import NotABackup, NotPlaced
from governance.database import Database
from governance.services.restored import Marked, note_backup


@dataclass(frozen=True, slots=True)
class PutBack:
    """What the copy holds back, and where the old database is kept, if it is."""

    marked: Marked
    kept: Path | None


def back_up(database: Database, place: Path, *, may_replace: bool, now: datetime) -> None:
    """Noted in the ledger once the file is there."""
    _refuse_place(database, place, may_replace=may_replace)
    if database.file is None:
        postgresql.write_backup(database, place, may_replace=may_replace)
    else:
        sqlite.write_backup(database.file, place, may_replace=may_replace, now=now)
    with database.writing() as session:
        note_backup(session, name=place.name, now=now)


def restore(database: Database, file: Path, *, may_replace: bool, now: datetime) -> PutBack:
    kind = _kind_of(file)
    wanted = "SQLite" if database.file is not None else "PostgreSQL"
    if kind != wanted:
        raise NotABackup(file, f"is a copy of a database of {kind}, and database.url names one of {wanted}")
    if database.file is None:
        return PutBack(postgresql.put_back(file, database, may_replace=may_replace, now=now), None)
    if database.file.exists() and file.samefile(database.file):
        raise NotABackup(file, "is the database itself")
    if not database.file.parent.is_dir():
        raise NotPlaced(f"Create the folder {database.file.parent}", "the database is to lie there")
    return PutBack(*sqlite.put_back(file, database.file, may_replace=may_replace, now=now))


def _refuse_place(database: Database, place: Path, *, may_replace: bool) -> None:
    """At once, rather than after everything was copied."""
    if place.is_dir():
        raise NotPlaced("Name a file", f"{place} is a folder")
    if place.exists() and database.file is not None and place.samefile(database.file):
        raise NotPlaced("Choose another name", f"{place} is the database itself")
    if place.exists() and not may_replace:
        raise not_placed(place, FileExistsError())


def _kind_of(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            beginning = opened.read(len(sqlite.HEADER))
    except IsADirectoryError:
        raise NotABackup(file, "is a folder") from None
    except FileNotFoundError:
        raise NotABackup(file, "does not exist") from None
    except OSError as error:
        raise NotPlaced(
            f"Give this account the right to read {file}", (error.strerror or str(error)).lower()
        ) from error
    if beginning == sqlite.HEADER:
        return "SQLite"
    if beginning.startswith(postgresql.HEADER):
        return "PostgreSQL"
    raise NotABackup(file, "is empty" if not beginning else "is no copy of a database")
