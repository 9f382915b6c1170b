"""The database's own clock: the one that all workers agree on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

# The clock itself, not the beginning of the transaction: whoever waited for a lock has waited.
_NOW = {
    "sqlite": text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"),
    "postgresql": text("SELECT clock_timestamp()"),
}


def database_now(session: Session) -> datetime:
    connection = session.connection()
    now = connection.execute(_NOW[connection.dialect.name]).scalar_one()
    return datetime.fromisoformat(now) if isinstance(now, str) else now
