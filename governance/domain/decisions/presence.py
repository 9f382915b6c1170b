"""Who is in the room when, for the quorum: from arrivals and departures, to the minute they were marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from governance.domain.decisions.outcome import quorum
from governance.domain.decisions.values import Decision


@dataclass(frozen=True, slots=True)
class Stay:
    """A seat was there from an arrival on, and until it left where it did."""

    seat: UUID
    since: datetime
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


def present_at(stays: Iterable[Stay], at: datetime) -> frozenset[UUID]:
    return frozenset(one.seat for one in stays if one.covers(at))


def lost_at(decision: Decision, stays: Iterable[Stay], fraction: Fraction | None, now: datetime) -> datetime | None:
    """Since when there is no quorum any more; None while there is one, and where there never was."""
    known = tuple(stays)
    moments = sorted({one.since for one in known} | {one.until for one in known if one.until is not None})
    since: datetime | None = None
    was_met = False
    for at in moments:
        if at > now:
            break
        is_met = quorum(decision, present_at(known, at), fraction, now).is_met
        if was_met and not is_met:
            since = at
        elif is_met:
            since = None
        was_met = is_met
    return since
