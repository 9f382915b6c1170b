"""Which calendars a worker takes and which it gives away, so that everybody has their share. Pure.

Everybody decides for themselves from the same rows: nobody leads, so nobody has to be replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from governance.services.workers import LEASE_SECONDS
from governance.store.workers import Heartbeat, WatchedCalendar

MOST_AT_ONCE = 200
"""So many are taken in one transaction; the rest a look later."""


@dataclass(frozen=True, slots=True)
class Shares:
    take: tuple[WatchedCalendar, ...] = ()
    give: tuple[WatchedCalendar, ...] = ()


def share_out(
    watched: Sequence[WatchedCalendar], *, worker_id: UUID, alive: Collection[UUID], busy: Collection[UUID]
) -> Shares:
    """`alive` are the workers whose heart beats; `busy` the calendars that this one is reading just now.

    A share is the number of calendars by the number of workers, rounded up: who has less takes what is free, who has
    more gives away, and who has just that does nothing.
    """
    everybody = sorted({*alive, worker_id})
    share = -(-len(watched) // len(everybody))
    own = [calendar for calendar in watched if calendar.holder_id == worker_id]
    if len(own) > share:
        idle = [calendar for calendar in own if calendar.id not in busy and not calendar.is_urgent]
        return Shares(give=tuple(idle[: len(own) - share]))
    free = [calendar for calendar in watched if calendar.holder_id not in everybody]
    place, number = everybody.index(worker_id), len(everybody)
    # Everybody begins at another place: else all would reach for the same one first.
    in_turn = sorted(enumerate(free), key=lambda one: (not one[1].is_urgent, (one[0] - place) % number, one[0]))
    return Shares(take=tuple(calendar for _, calendar in in_turn[: min(share - len(own), MOST_AT_ONCE)]))


def alive(heartbeats: Iterable[Heartbeat], now: datetime) -> set[UUID]:
    """The processes whose leases hold; `now` is the database's clock."""
    limit = now - timedelta(seconds=LEASE_SECONDS)
    return {one.worker_id for one in heartbeats if one.at >= limit and not one.has_stopped}
