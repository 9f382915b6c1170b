"""What a decision took the place of and what took its place, as one reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ChainLink:
    """`day` is when it was closed; None for a later one that is not closed yet."""

    ref: str
    title: str
    day: date | None
    is_here: bool
    step: int
    is_in_force: bool = False


def chain(rows: Iterable[Any], decision_id: UUID, time_zone: str) -> tuple[ChainLink, ...]:
    """The earliest first; nothing where the decision is alone. A row has its number as `kind`, its title as `words`."""
    zone = ZoneInfo(time_zone)
    in_order = sorted(rows, key=lambda row: (row.step, row.at, row.id))
    return _linked(
        ChainLink(
            row.kind or str(row.id), row.words, day=row.at.astimezone(zone).date() if row.at else None,
            is_here=row.id == decision_id, step=row.step,
        )
        for row in in_order
    )  # fmt: skip


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
