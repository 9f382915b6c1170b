"""Histories to judge: recorded by the product itself, and changed behind its back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.ledger import ChainReport, LedgerPosition, chain_of
from governance.models import Meeting
from governance.models.identifiers import new_id
from governance.services import ledger

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


def note(session: Session, number: int = 0, meeting_id: UUID | None = None, **values: object) -> None:
    """Record one act whose payload names its number."""
    common = {"actor": "chair", "source": "page", "act": "cap-set", "subject": "meeting"}
    payload = {"before": None, "after": {"number": number, "name": "Ada Löwe"}, "why": "because"}
    at = NINE + timedelta(minutes=number)
    ledger.record(session, at=at, meeting_id=meeting_id, **(common | payload | values))


def meeting(slug: str = "board") -> Meeting:
    return Meeting(slug=slug, name=slug.title(), time_zone="UTC")


def a_meeting_with(database: Database, entries: int, slug: str = "board") -> UUID:
    """A meeting whose chain has so many entries, a transaction each; also in an earlier schema."""
    made = new_id()
    with database.writing() as session:
        session.execute(insert(Meeting).values(id=made, slug=slug, name=slug.title(), time_zone="UTC"))
    for number in range(entries):
        with database.writing() as session:
            note(session, number, made)
    return made


def a_quarter(database: Database) -> list[LedgerPosition]:
    """Three chains of some length, with erasures; returns the heads as a weekly mail would have printed them."""
    board, room = a_meeting_with(database, 12), a_meeting_with(database, 9, "room")
    for number in range(7):
        with database.writing() as session:
            note(session, number)
    with database.writing() as session:
        ledger.erase(session, chain_of(board), 5, NINE + timedelta(days=1))
        ledger.erase(session, chain_of(None), 2, NINE + timedelta(days=1))
        note(session, 100, board)
        note(session, 101, room)
    with database.reading() as session:
        return [ledger.head(session, which) for which in (None, board, room)]


def verify(database: Database, head: Sequence[LedgerPosition] | LedgerPosition | None = None) -> list[ChainReport]:
    with database.reading() as session:
        return ledger.verify(session, head)


def change_by_hand(path: Path, *statements: str | tuple[str, tuple[object, ...]]) -> None:
    """Do what somebody could do who has the file: without our triggers, without references checked."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        unguard(connection)
        for statement in statements:
            connection.execute(*(statement if isinstance(statement, tuple) else (statement,)))


def unguard(connection: sqlite3.Connection) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
