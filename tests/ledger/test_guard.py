# ruff: noqa: S608 – the statements are put together from this file alone
"""The database refuses every way to change the ledger but adding to it and erasing a payload."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from governance.database import Database
from tests.ledger.histories import a_meeting_with, verify

ENTRY = "id, chain, seq, at, actor, source, act, subject, class, payload_digest, previous_hash, hash"

REFUSED_BY_BOTH = [
    "UPDATE ledger_entry SET actor = 'somebody else' WHERE seq = 2",
    "UPDATE ledger_entry SET hash = hash",
    "DELETE FROM ledger_entry WHERE seq = 3",
    "DELETE FROM ledger_entry",
    "UPDATE ledger_payload SET body_json = '{}'",
    "UPDATE ledger_payload SET salt = NULL, body_json = NULL, erased_at = NULL",
    "UPDATE ledger_payload SET salt = NULL, erased_at = '2026-01-05 09:00:00Z'",
    "UPDATE ledger_payload SET body_json = NULL, erased_at = '2026-01-05 09:00:00Z'",
    "DELETE FROM ledger_payload",
    f"INSERT INTO ledger_entry ({ENTRY}) SELECT {ENTRY} FROM ledger_entry WHERE seq = 2"
    " ON CONFLICT (chain, seq) DO UPDATE SET actor = 'somebody else'",
]

REPLACEMENTS = [
    f"INSERT OR REPLACE INTO ledger_entry ({ENTRY}) SELECT {ENTRY.replace('actor', 'act', 1)} FROM ledger_entry",
    f"REPLACE INTO ledger_entry ({ENTRY}) SELECT"
    f" {ENTRY.replace('id', 'lower(hex(randomblob(16)))', 1)} FROM ledger_entry WHERE seq = 2",
    f"REPLACE INTO ledger_entry (rowid, {ENTRY}) SELECT 1, lower(hex(randomblob(16))), chain, 77, at, actor, source,"
    " act, subject, class, payload_digest, 'x', 'x' FROM ledger_entry WHERE seq = 2",
    "UPDATE OR REPLACE ledger_entry SET seq = 1 WHERE seq = 2",
    "REPLACE INTO ledger_payload (entry_id, salt, body_json) SELECT entry_id, salt, '{}' FROM ledger_payload",
    "REPLACE INTO ledger_payload (rowid, entry_id, salt, body_json)"
    " SELECT 1, lower(hex(randomblob(16))), salt, '{}' FROM ledger_payload LIMIT 1",
    "UPDATE OR REPLACE ledger_payload SET entry_id = (SELECT min(entry_id) FROM ledger_payload)",
]


def test_adding_to_it_is_not_refused(database: Database) -> None:
    a_meeting_with(database, 3)

    assert [(report.entries, report.ok) for report in verify(database)] == [(3, True)]


@pytest.mark.parametrize("statement", REFUSED_BY_BOTH)
def test_a_change_is_refused(database: Database, statement: str) -> None:
    a_meeting_with(database, 3)
    before = verify(database)

    with pytest.raises(DBAPIError, match=r"the ledger is only ever added to|ck_ledger_payload|CHECK constraint"):  # noqa: SIM117
        with database.writing() as session:
            session.execute(text(statement))

    assert verify(database) == before
    assert before[0].ok


@pytest.mark.parametrize("recursive", ["OFF", "ON"])
@pytest.mark.parametrize("statement", REPLACEMENTS)
def test_sqlite_refuses_to_replace(sqlite_database: Database, tmp_path: Path, statement: str, recursive: str) -> None:
    """By hand and with references unchecked: whoever opens the file with another program meets the same refusal."""
    a_meeting_with(sqlite_database, 3)
    before = verify(sqlite_database)

    with closing(sqlite3.connect(tmp_path / "governance.db")) as connection:
        connection.execute(f"PRAGMA recursive_triggers={recursive}")
        with pytest.raises(sqlite3.IntegrityError, match="the ledger is only ever added to"):
            connection.execute(statement)
        connection.commit()

    assert verify(sqlite_database) == before


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["ledger_entry, ledger_payload", "ledger_payload", "meeting CASCADE"])
def test_postgresql_refuses_to_truncate(migrated_postgresql_url: str, table: str) -> None:
    database = Database(migrated_postgresql_url)
    a_meeting_with(database, 3)
    before = verify(database)

    with pytest.raises(DBAPIError, match="the ledger is only ever added to"), database.writing() as session:
        session.execute(text(f"TRUNCATE {table}"))

    assert verify(database) == before
    database.dispose()


def test_an_erased_payload_stays_as_it_is(database: Database) -> None:
    a_meeting_with(database, 1)
    erase = "UPDATE ledger_payload SET salt = NULL, body_json = NULL, erased_at = '2026-01-05 09:00:00Z'"
    with database.writing() as session:
        session.execute(text(erase))

    with pytest.raises(DBAPIError, match="the ledger is only ever added to"), database.writing() as session:
        session.execute(text(erase))
