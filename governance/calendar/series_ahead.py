"""Which series of a calendar have an occurrence ahead, for whoever chooses one to govern. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from governance.domain.event_ids import base_id
from governance.domain.recurrence import Recurrence
from governance.reconcile.observed import ObservedEvent

MOST_SUCCESSORS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringEvent:
    """A series as `meeting find` and `plan` show it; nothing of it is kept."""

    id: str
    summary: str
    organizer: str | None
    organizer_is_calendar: bool
    next_start: datetime | None
    guests: int
    time_zone: str | None = None


def series_ahead(events: Iterable[ObservedEvent], *, now: datetime) -> tuple[RecurringEvent, ...]:
    """Of a complete listing, every series that has an occurrence ahead, the next one first."""
    listed = list(events)
    exceptions: dict[str, dict[datetime, ObservedEvent]] = {}
    for event in listed:
        if event.series_id and event.original_start:
            exceptions.setdefault(event.series_id, {})[event.original_start] = event
    series = (event for event in listed if event.is_recurring and not event.is_cancelled)
    found = [_as_recurring(event, exceptions.get(event.id, {}), now) for event in series]
    ahead = [event for event in found if event.next_start]
    return tuple(sorted(ahead, key=lambda event: (event.next_start, event.summary, event.id)))


def successors(
    ahead: Iterable[RecurringEvent],
    *,
    summaries: Collection[str],
    event_ids: Collection[str],
    not_free: Collection[str],
) -> tuple[RecurringEvent, ...]:
    """In which of these series a meeting may go on whose own are lost, in the order given.

    They are those that this calendar could have governed, that nobody has yet, and that are called as one of the lost
    ones was or come from it by a split.
    """
    titles = {_folded(summary) for summary in summaries} - {""}
    bases = {base_id(event_id) for event_id in event_ids}
    found = (
        event
        for event in ahead
        if event.organizer_is_calendar
        and event.id not in not_free
        and (_folded(event.summary) in titles or base_id(event.id) in bases)
    )
    return tuple(islice(found, MOST_SUCCESSORS))


def _folded(summary: str) -> str:
    return " ".join(summary.split()).casefold()


def _as_recurring(series: ObservedEvent, exceptions: dict[datetime, ObservedEvent], now: datetime) -> RecurringEvent:
    return RecurringEvent(
        id=series.id,
        summary=series.summary,
        organizer=series.organizer,
        organizer_is_calendar=series.organizer_is_calendar,
        next_start=_next_start(series, exceptions, now),
        guests=len(series.addresses),
        time_zone=series.time_zone,
    )


def _next_start(series: ObservedEvent, exceptions: dict[datetime, ObservedEvent], now: datetime) -> datetime | None:
    moved = [event.start for event in exceptions.values() if event.start and event.end and event.end > now]
    return min([*moved, *_first_regular(series, exceptions, now)], default=None)


def _first_regular(
    series: ObservedEvent, exceptions: dict[datetime, ObservedEvent], now: datetime
) -> Iterator[datetime]:
    """The next occurrence that is as the rules place it; none where Google's rules are beyond ours."""
    if series.start is None or series.end is None or series.time_zone is None:
        return
    rules = Recurrence(series.recurrence, series.start, series.end, series.time_zone)
    try:
        for slot in rules.slots_ending_after(now):
            if slot.original_start not in exceptions:
                yield slot.start
                return
    except (ValueError, KeyError, OverflowError):
        return
