"""What hangs on an occurrence goes along when the series is split or its start is moved. Pure.

An occurrence whose original start is not in any series of the meeting any more is bound to the new
occurrence of the same ISO week, when there is exactly one on each side; else it is reported. Past
occurrences never move.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.domain.roster import Roster
from governance.reconcile.picture import SeenOccurrence, SeriesPicture

Week = tuple[int, int]


@dataclass(frozen=True, slots=True)
class BoundOccurrence:
    """An occurrence on which a stand-in, kept seat or visitor hangs."""

    id: UUID
    series_id: UUID
    original_start: datetime


@dataclass(frozen=True, slots=True)
class Rebound:
    occurrence: BoundOccurrence
    series_id: UUID
    to: SeenOccurrence


@dataclass(frozen=True, slots=True)
class Lost:
    """No single new occurrence in the same week: the chair is told."""

    occurrence: BoundOccurrence


def rebind(
    occurrences: Iterable[BoundOccurrence],
    pictures: Iterable[SeriesPicture],
    *,
    time_zone: str,
    now: datetime,
) -> list[Rebound | Lost]:
    known = {picture.id: picture for picture in pictures}
    homeless: dict[Week, list[BoundOccurrence]] = {}
    for one in occurrences:
        if one.original_start > now and not _still_there(one, known):
            homeless.setdefault(_week(one.original_start, time_zone), []).append(one)
    found: list[Rebound | Lost] = []
    for week, ones in homeless.items():
        places = _occurrences_in(week, known, time_zone)
        if len(ones) == 1 and len(places) == 1:
            series_id, seen = places[0]
            found.append(Rebound(ones[0], series_id, seen))
        else:
            found += [Lost(one) for one in ones]
    return found


def with_rebounds(roster: Roster, rebounds: Iterable[Rebound]) -> Roster:
    """The roster with stand-ins, kept seats and visitors where they go along to."""
    stand_ins, visitors, kept = dict(roster.stand_ins), dict(roster.visitors), roster.kept
    for rebound in rebounds:
        old, new = rebound.occurrence.original_start, rebound.to.original_start
        if old in stand_ins:
            stand_ins[new] = (*stand_ins.get(new, ()), *stand_ins.pop(old))
        if old in visitors:
            visitors[new] = (*visitors.get(new, ()), *visitors.pop(old))
        kept = frozenset((new if start == old else start, seat_id) for start, seat_id in kept)
    return replace(roster, stand_ins=stand_ins, visitors=visitors, kept=kept)


def _still_there(one: BoundOccurrence, known: dict[UUID, SeriesPicture]) -> bool:
    """Whether the rules of its series still have that start: an exception that outlived them is an orphan."""
    picture = known.get(one.series_id)
    return picture is not None and picture.is_live and picture.recurrence.has(one.original_start)


def _week(instant: datetime, time_zone: str) -> Week:
    return instant.astimezone(ZoneInfo(time_zone)).isocalendar()[:2]


def _occurrences_in(week: Week, known: dict[UUID, SeriesPicture], time_zone: str) -> list[tuple[UUID, SeenOccurrence]]:
    first = datetime.fromisocalendar(*week, 1).replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
    last = first + timedelta(days=8)
    found = []
    for picture in known.values():
        for seen in picture.upcoming(first):
            if seen.start > last:
                break
            if _week(seen.original_start, time_zone) == week and picture.recurrence.has(seen.original_start):
                found.append((picture.id, seen))
    return found
