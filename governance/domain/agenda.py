"""The agenda of an occurrence: what is on it, in which order, how often an item came back, what may become of it. Pure.

    every place an item had + the coming occurrences + now → on this agenda? carried? how often? what may be chosen?

An item whose newest place has no outcome, and whose occurrence is over, counts as *carried* without anybody writing
so: it is on the next agenda as soon as that is read, and the rows follow at the next act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class Purpose(StrEnum):
    DECIDE = "decide"
    DISCUSS = "discuss"
    INFORM = "inform"


class Outcome(StrEnum):
    """What became of an item at one occurrence; all but *carried* settle it."""

    TREATED = "treated"
    CARRIED = "carried"
    DROPPED = "dropped"
    DELEGATED = "delegated"
    ASSIGNED = "assigned"


MUST_CHOOSE_FROM = 3
"""The return from which on an item is not carried again by anybody's choice."""

LONGEST_BOX = 480
"""Minutes: a working day; beyond it somebody has mistyped."""


@dataclass(frozen=True, slots=True)
class Place:
    """An item on one agenda. `is_gone` where the occurrence was called off or is not in the calendar any more; `key`
    is its original start.
    """

    occurrence: UUID
    start: datetime
    end: datetime
    rank: int
    outcome: Outcome | None = None
    outcome_at: datetime | None = None
    is_gone: bool = False
    key: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """An occurrence that is not over; `key` is its original start."""

    key: datetime
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """The timeboxes of an agenda against the length of its occurrence, in minutes; `open_ended` have none."""

    boxed: int
    length: int
    open_ended: int

    @property
    def is_over(self) -> bool:
        return self.boxed > self.length


def newest(places: Sequence[Place]) -> Place:
    return max(places, key=lambda one: one.start)


def is_carried(place: Place, now: datetime) -> bool:
    """Whether the item left that occurrence unsettled; one that did not take place has not treated anything either."""
    if place.outcome is not None:
        return place.outcome is Outcome.CARRIED
    return place.is_gone or place.end <= now


def is_return(place: Place, now: datetime) -> bool:
    """Whether leaving it counts as coming back: not from an occurrence that never took place."""
    return is_carried(place, now) and not place.is_gone


def returns(places: Iterable[Place], before: datetime, now: datetime) -> int:
    """How often the item had come back by the occurrence that begins at `before`."""
    return sum(is_return(one, now) for one in places if one.start < before)


def carried_to(places: Sequence[Place], coming: Sequence[Coming], now: datetime) -> Coming | None:
    """The occurrence an unsettled item goes on to, or None while it has a place, is settled, or none is coming."""
    last = newest(places)
    if not is_carried(last, now):
        return None
    return next((one for one in sorted(coming, key=lambda one: one.start) if one.start > last.start), None)


def is_withdrawn(place: Place) -> bool:
    """Taken off before the occurrence began: whoever reads the agenda later need not know of it."""
    is_early = place.outcome_at is not None and place.outcome_at < place.start
    return place.outcome is Outcome.DROPPED and is_early


def in_order(places: Iterable[tuple[UUID, int, bool]]) -> list[UUID]:
    """Items by (rank, returning): what comes back and has no place of its own yet goes first, in its old order."""
    return [item for item, _, _ in sorted(places, key=lambda one: (not one[2], one[1], one[0]))]


def moved(order: Sequence[UUID], item: UUID, *, up: bool) -> list[UUID]:
    """One place up or down; at the end of the list, as it was."""
    found = list(order)
    at = found.index(item)
    other = at - 1 if up else at + 1
    if 0 <= other < len(found):
        found[at], found[other] = found[other], found[at]
    return found


def closes_at(start: datetime, zone: str) -> datetime:
    """Until when seats add items: the end of the day before.

    Whoever comes prepared read the agenda that evening. The charter has no key for it, because a shorter notice would
    make *nobody is surprised in the room* untrue, and a longer one makes people bring what has gone stale.
    """
    local = start.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), time(0), ZoneInfo(zone))


def must_choose(number_of_returns: int) -> bool:
    return number_of_returns >= MUST_CHOOSE_FROM


def allowed(number_of_returns: int, purpose: Purpose, *, has_decision: bool) -> tuple[Outcome, ...]:
    """What may become of an item. At the third return it is decided, delegated, dropped, or somebody's until a day.

    *Treated* is then for what has become a decision, and for what was only to be told.
    """
    ways_out = (Outcome.DELEGATED, Outcome.DROPPED, Outcome.ASSIGNED)
    if not must_choose(number_of_returns):
        return (Outcome.TREATED, Outcome.CARRIED, *ways_out)
    return (Outcome.TREATED, *ways_out) if has_decision or purpose is Purpose.INFORM else ways_out


def planned(boxes: Iterable[int | None], start: datetime, end: datetime) -> Planned:
    listed = list(boxes)
    length = int((end - start).total_seconds() // 60)
    return Planned(sum(one or 0 for one in listed), length, sum(one is None for one in listed))
