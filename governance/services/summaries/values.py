"""What the parts of the weekly summary hand to each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Period:
    """What one summary is about: an occurrence that is over, or a week without one.

    `key` makes it the only one: the original start in UTC (`2026-11-26T09:00:00Z`), or the ISO week (`2026-W48`). It
    tells what happened from `since` (exclusive) until `until` (inclusive).
    """

    key: str
    start: datetime | None
    end: datetime | None
    is_cancelled: bool
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """`seat` is the one they hold or stood in for; whoever leads reads the longer summary."""

    person: UUID
    is_lead: bool
    seat: UUID | None = None
    is_stand_in: bool = False
