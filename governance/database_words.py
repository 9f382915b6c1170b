"""What a database driver's error means to people: a remedy and a reason, or none where the mistake is our own.

SQLite's are known by their name, PostgreSQL's by their SQLSTATE; the text of neither is shown.
"""

from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError


def sqlite_words(error: DBAPIError, url: URL, reading: bool) -> tuple[str, str] | None:
    path = Path(str(url.database)).absolute()
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    if name == "SQLITE_READONLY" and reading:
        return None  # our own mistake: a session for reading was asked to write
    if name == "SQLITE_CANTOPEN" and not path.exists():
        return "Run “governance migrate”, or put the database file back", f"there is no {path}"
    if name == "SQLITE_ERROR" and str(error.orig).startswith(("no such table", "no such column")):
        return "Run “governance migrate”", f"the database {path} has an older schema"
    for beginning, remedy, reason in _SQLITE_TROUBLE:
        if name.startswith(beginning):
            return remedy.format(path=path), reason.format(path=path)
    return None


def postgresql_words(error: DBAPIError, url: URL, reading: bool) -> tuple[str, str] | None:
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == "25006" and reading:
        return None  # our own mistake: a session for reading was asked to write
    where = f"{url.database} on {url.host or url.query.get('host') or 'this machine'}"
    for beginnings, remedy, reason in _POSTGRESQL_TROUBLE:
        if state.startswith(beginnings):
            return remedy.format(where=where, user=url.username), reason.format(where=where)
    is_gone = error.connection_invalidated or (not state and type(error.orig).__name__ == "OperationalError")
    return (f"Start PostgreSQL, or correct database.url ({where})", "the database does not answer") if is_gone else None


_SQLITE_TROUBLE = (
    ("SQLITE_FULL", "Free space on the disk of {path}", "the disk is full, and nothing was saved"),
    ("SQLITE_BUSY", "Try again in a moment", "another program keeps the database {path} locked"),
    ("SQLITE_LOCKED", "Try again in a moment", "another connection keeps the database {path} locked"),
    ("SQLITE_READONLY", "Give this program the right to write {path} and its folder", "the database is read-only"),
    ("SQLITE_CANTOPEN", "Give this program the right to open {path} and its folder", "the database cannot be opened"),
    ("SQLITE_PERM", "Give this program the right to open {path} and its folder", "the database cannot be opened"),
    ("SQLITE_IOERR", "Check the disk of {path} for space and faults", "the database cannot be read or written there"),
    ("SQLITE_CORRUPT", "Put back {path} from a backup", "the database file is damaged"),
    ("SQLITE_NOTADB", "Name another file in database.url, or put back {path} from a backup", "it is not a database"),
)

_POSTGRESQL_TROUBLE: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("08", "57P"), "Start PostgreSQL, or correct database.url ({where})", "the database does not answer"),
    (("28",), "Correct user and password in database.url ({where})", "PostgreSQL refuses {where}"),
    (("3D000",), "Create the database, or correct database.url ({where})", "there is no such database"),
    (("42P01", "42703", "3F000"), "Run “governance migrate”", "the database {where} has an older schema"),
    (("42501",), "Give the user {user} the rights on {where}", "PostgreSQL refuses what the program has to do"),
    (("53100",), "Free space on the disk of {where}", "the disk is full, and nothing was saved"),
    (("53300",), "Allow PostgreSQL more connections", "all connections of {where} are in use"),
    (("53", "58"), "Look into PostgreSQL’s log ({where})", "its machine is short of something or faulty"),
    (("40001", "40P01", "55P03"), "Try again in a moment", "another program keeps rows of {where} locked"),
    (("25006",), "Name the primary server in database.url ({where})", "this one is read-only"),
)
