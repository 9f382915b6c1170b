"""How many mails may leave now: never more in 24 hours than allowed, and not all of them at once.

Half of what is allowed may go in a burst, the rest one by one over the day; a tenth is kept for the urgent kinds, which
wait for nothing else. The day is any 24 hours, not a date: providers count so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Lately:
    """The mails of the last 24 hours: `used` went out or may have, `claimed` are about to."""

    used: int
    claimed: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Room:
    ordinary: int
    urgent: int


def room(lately: Lately, *, limit: int, now: datetime) -> Room:
    """How many may be begun now; the urgent ones count against both."""
    taken = lately.used + lately.claimed
    return Room(ordinary=_ordinary(lately, taken, limit, now), urgent=max(limit - taken, 0))


def _ordinary(lately: Lately, taken: int, limit: int, now: datetime) -> int:
    most = max(limit - limit // 10, 1)
    burst = max(most // 2, 1)
    if taken < burst:
        return burst - taken
    if taken >= most or lately.claimed:
        return 0
    spacing = DAY / (most - burst)
    # A last sending in the future is one before the clock was set back.
    is_spaced = lately.last_at is None or abs(now - lately.last_at) >= spacing
    return 1 if is_spaced else 0
