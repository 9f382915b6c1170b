"""Parts of a chain by what somebody looks for; whatever its length, as much is read as is shown."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from governance.domain.ledger import Confidentiality, LedgerLine
from governance.models.ledger import LedgerEntry, LedgerHead, LedgerPayload
from governance.models.meeting import Meeting
from governance.store.ledger import line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries; none of it given means all. `start` and `end` are the bounds of a day, `below` a number."""

    act: str | None = None
    actor: str | None = None
    text: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    below: int | None = None

    @property
    def asks_for_content(self) -> bool:
        """Whether what is found says something about the content of what is not shown."""
        return bool(self.act or self.actor or self.text)


def entries(
    session: Session, chain: str, wanted: Wanted, classes: Collection[Confidentiality], limit: int
) -> list[LedgerLine]:
    """Newest first. Who may not read a class finds nothing by its content, not even that it is there."""
    query = (
        select(LedgerEntry, LedgerPayload.body_json, LedgerPayload.erased_at)
        .join(LedgerPayload, LedgerPayload.entry_id == LedgerEntry.id)
        .where(LedgerEntry.chain == chain, *_conditions(wanted))
    )
    if wanted.asks_for_content:
        query = query.where(LedgerEntry.confidentiality.in_([one.value for one in classes]))
    rows = session.execute(query.order_by(LedgerEntry.seq.desc()).limit(limit))
    return [line_of(entry, body, erased_at) for entry, body, erased_at in rows]


def acts_and_actors(session: Session, chain: str, classes: Collection[Confidentiality]) -> list[tuple[str, str]]:
    """Every pair that there is to choose from."""
    query = select(LedgerEntry.act, LedgerEntry.actor).distinct()
    readable = LedgerEntry.confidentiality.in_([one.value for one in classes])
    return [(act, actor) for act, actor in session.execute(query.where(LedgerEntry.chain == chain, readable))]


def heads(session: Session) -> list[tuple[str, int, str, str | None, str | None]]:
    """The last position of every chain (chain, number, hash) with slug and name of its meeting; the site's first."""
    query = select(LedgerHead.chain, LedgerHead.seq, LedgerHead.hash, Meeting.slug, Meeting.name)
    rows = session.execute(
        query.outerjoin(Meeting, Meeting.id == LedgerHead.meeting_id).order_by(Meeting.name, LedgerHead.chain)
    )
    return sorted((tuple(row) for row in rows), key=lambda row: row[3] is not None)  # type: ignore[misc]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.below is not None:
        found.append(LedgerEntry.seq < wanted.below)
    if wanted.act:
        found.append(LedgerEntry.act == wanted.act)
    if wanted.actor:
        found.append(LedgerEntry.actor == wanted.actor)
    if wanted.start is not None and wanted.end is not None:
        found += [LedgerEntry.at >= wanted.start, LedgerEntry.at < wanted.end]
    if wanted.text:
        found.append(_says(wanted.text))
    return found


def _says(text: str) -> ColumnElement[bool]:
    """In the payload, as it is spelled there: letters outside of ASCII are escaped, so their cases are tried."""
    spellings = {json.dumps(form)[1:-1] for form in (text, text.lower(), text.upper(), text.title())}
    parts: list[Any] = [LedgerPayload.body_json.icontains(one, autoescape=True) for one in sorted(spellings)]
    return or_(*parts, LedgerEntry.act.icontains(text.replace(" ", "-"), autoescape=True))
