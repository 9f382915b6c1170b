"""What a decision took the place of and what took its place, as one reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    step: int
    is_in_force: bool = False


def chain(session: Session, meeting: Meeting, decision_id: UUID) -> tuple[ChainLink, ...]:
    """The earliest first; nothing where the decision is alone. One statement."""
    zone = ZoneInfo(meeting.time_zone)
    return _linked(
        ChainLink(
            *(row.number or str(row.id), row.title),
            day=row.closed_at.astimezone(zone).date() if row.closed_at else None,
            is_here=row.id == decision_id,
            step=row.step,
        )
        for row in chain_of(session, decision_id)
    )


def closed_alone(some: Iterable[ChainLink]) -> tuple[ChainLink, ...]:
    """For who is not told of drafts, that one of them is to take the place of a closed one included."""
    return _linked(one for one in some if one.day)


def _linked(some: Iterable[ChainLink]) -> tuple[ChainLink, ...]:
    """What stands now is the last that is closed."""
    links = tuple(some)
    last = max((one.step for one in links if one.day), default=None)
    return (
        tuple(replace(one, is_in_force=one.step == last and one.day is not None) for one in links) if links[1:] else ()
    )
