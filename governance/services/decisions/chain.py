"""What a decision took the place of and what took its place, as one reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.models import Meeting
from governance.store.decision_chain import chain_of


@dataclass(frozen=True, slots=True)
class ChainLink:
    """`day` is when it was closed; None for a later one that is not closed yet."""

    ref: str
    title: str
    day: date | None
    is_here: bool
    is_in_force: bool


def chain(session: Session, meeting: Meeting, decision_id: UUID, *, reads_drafts: bool) -> tuple[ChainLink, ...]:
    """The earliest first; nothing where the decision is alone. One statement."""
    zone = ZoneInfo(meeting.time_zone)
    rows = [row for row in chain_of(session, decision_id) if row.number or reads_drafts]
    if len(rows) < 2:
        return ()
    last = max(row.step for row in rows)
    return tuple(
        ChainLink(
            row.number or str(row.id), row.title, row.closed_at.astimezone(zone).date() if row.closed_at else None,
            is_here=row.id == decision_id, is_in_force=row.step == last,
        )
        for row in rows
    )  # fmt: skip
