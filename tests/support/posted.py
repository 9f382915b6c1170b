"""What was posted, read back from the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from governance.database import Database
from governance.models import whole_metadata
from governance.models.outbox import ActionLink, Outbox


@dataclass(frozen=True, slots=True)
class Posted:
    kind: str
    address: str
    about: str
    facts: dict[str, Any]
    links: dict[str, UUID]
    state: str
    hold: str | None
    limit_minor: int | None


def posted(database: Database, *kinds: str) -> list[Posted]:
    """Every mail, the oldest first; of these kinds where some are named."""
    with database.reading() as session:
        rows = session.scalars(select(Outbox).order_by(Outbox.queued_at, Outbox.id)).all()
    return [_posted(row) for row in rows if not kinds or row.kind in kinds]


def keys(database: Database, *kinds: str) -> list[tuple[str, str]]:
    """Kind and address of each, in order of these: enough to see who hears of what."""
    return sorted((one.kind, one.address) for one in posted(database, *kinds))


def link(database: Database, link_id: UUID) -> ActionLink:
    with database.reading() as session:
        return session.get_one(ActionLink, link_id)


def _posted(row: Outbox) -> Posted:
    body = row.facts_json
    links = {name: UUID(one) for name, one in body["links"].items()}
    return Posted(row.kind, row.address, row.about, body["facts"], links, row.state, row.hold, body.get("limit_minor"))


def all_rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """The whole database, to see that not one row has changed."""
    with database.reading() as session:
        return {
            one: sorted((tuple(row) for row in session.execute(text(f'SELECT * FROM "{one}"'))), key=repr)  # noqa: S608
            for one in whole_metadata().tables
        }
