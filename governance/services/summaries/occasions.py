"""What meetings have had and will have to sum up: from the stored picture of their series and what is kept of days."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.summaries.timing import Happened, Occasion, occasions
from governance.reconcile.picture import SeriesPicture
from governance.services.upcoming import picture_of
from governance.store import summary_times as store

log = logging.getLogger(__name__)

BACK, AHEAD = timedelta(days=28), timedelta(days=14)
"""So far is looked in both directions beyond the longest delay: every ISO week has something to sum up."""


@dataclass(frozen=True, slots=True)
class Place:
    """A meeting, for whoever has no row of `store.meetings_that_tell`; without `begun_at` all that was counts."""

    id: UUID
    time_zone: str
    begun_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """What one meeting has to sum up, in order."""

    meeting_id: UUID
    time_zone: str
    occasions: tuple[Occasion, ...]

    def lately_over(self, now: datetime) -> tuple[Occasion, ...]:
        """Of occurrences and weeks without one; where it tells nothing of what happened, first the last that does."""
        over = [one for one in self.occasions if one.over_at <= now]
        held = [one for one in over if one.is_held]
        return tuple(dict.fromkeys([*held[-1:], *over[-1:]]))

    def last_occurrence(self, now: datetime) -> Occasion | None:
        over = (one for one in reversed(self.occasions) if one.over_at <= now)
        return next((one for one in over if one.start is not None), None)


def days_of(
    session: Session,
    meetings: Iterable[Any],
    series: Mapping[UUID, list[Any]],
    now: datetime,
    *,
    delay: timedelta = timedelta(0),
) -> list[Days]:
    """Of those of these meetings (rows of `store.meetings_that_tell`) that can be read, in two statements; nothing from
    before `begun_at`.

    Args:
        series: rows of `store.series_states` by meeting.
        delay: the longest that anybody waits after the end.
    """
    wanted = list(meetings)
    first, last = now - delay - BACK, now + AHEAD
    ids = [one.id for meeting in wanted for one in series.get(meeting.id, ()) if not _is_long_over(one, first)]
    bodies = store.pictures_since(session, ids, first)
    kept: dict[UUID, list[Any]] = {one: [] for one in ids}
    for row in store.occurrences_since(session, ids, first):
        kept[row.series_id].append(row)
    found = []
    for meeting in wanted:
        own = [one for one in series.get(meeting.id, ()) if one.id in bodies]
        try:
            found.append(_days(meeting, own, bodies, kept, first, last))
        except Exception:
            # A zone that nobody knows any more, an event that cannot be read: no other meeting waits for it.
            log.exception("a meeting could not be summed up", extra={"meeting": str(meeting.id)})
    return found


def _days(
    meeting: Any,
    series: Iterable[Any],
    bodies: Mapping[UUID, list[Any]],
    kept: Mapping[UUID, list[Any]],
    first: datetime,
    last: datetime,
) -> Days:
    seen = [_Seen(one, picture_of(one.id, one.event_id, bodies[one.id]), kept[one.id]) for one in series]
    happened = [day for one in seen for day in one.days(first, last)]
    summed = occasions(happened, meeting.time_zone, first, last, usual=_usual(seen, happened, first))
    return Days(meeting.id, meeting.time_zone, tuple(_since(summed, meeting.begun_at)))


def _since(summed: Iterable[Occasion], begun_at: datetime | None) -> Iterator[Occasion]:
    return (one for one in summed if begun_at is None or one.over_at > begun_at)


def _is_long_over(series: Any, first: datetime) -> bool:
    return series.retired_at is not None and series.retired_at < first


def _usual(seen: Iterable[_Seen], happened: Iterable[Happened], first: datetime) -> Happened | None:
    """Of a meeting that takes place so seldom that nothing is near: its next occurrence says day and time."""
    if any(happened):
        return None
    return next((one for series in seen for one in series.after(first)), None)


@dataclass(frozen=True, slots=True)
class _Seen:
    series: Any
    picture: SeriesPicture
    kept: list[Any]

    def days(self, first: datetime, last: datetime) -> Iterator[Happened]:
        """What the calendar shows; where the series is gone, what is kept of the time before.

        A day that is kept but that a series does not have any more was moved or never came about.
        """
        ends = self.series.retired_at or self.series.gone_at
        if ends is not None and not self.picture.is_live:
            yield from (self._kept(row) for row in self.kept if row.end <= ends)
            return
        not_held = {row.original_start for row in self.kept if row.cancelled}
        for one in takewhile(lambda one: one.start < last, self.after(first)):
            if ends is None or one.end <= ends:
                yield _as_kept(one, not_held)
        yield from self._cancelled(first, last, ends)

    def after(self, first: datetime) -> Iterator[Happened]:
        return (Happened(one.original_start, one.start, one.end) for one in self.picture.upcoming(first))

    def _cancelled(self, first: datetime, last: datetime, ends: datetime | None) -> Iterator[Happened]:
        """Where the series itself would take place: of what it lost to another one, or to a new rule, it was a part."""
        if not self.picture.is_live:
            return
        rule = self.picture.recurrence
        length = rule.end - rule.start
        for one in self.picture.exceptions:
            start = one.original_start
            if not one.is_cancelled or start is None or not first - length < start < last:
                continue
            if (ends is None or start + length <= ends) and rule.has(start):
                yield Happened(start, start, start + length, is_cancelled=True)

    def _kept(self, row: Any) -> Happened:
        return Happened(row.original_start, row.start, row.end, is_cancelled=row.cancelled)


def _as_kept(one: Happened, not_held: set[datetime]) -> Happened:
    """Chair or scribe may have said that it did not take place."""
    return Happened(one.original_start, one.start, one.end, is_cancelled=one.original_start in not_held)
