"""Which series of a calendar have an occurrence ahead, for whoever chooses one to govern. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from governance.domain.recurrence import Recurrence
from governance.reconcile.observed import ObservedEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringEvent:
    """A series as `meeting find` shows it; nothing of it is kept."""

    id: str
    summary: str
    organizer: str | None
    next_start: datetime | None
    guests: int


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


def _as_recurring(series: ObservedEvent, exceptions: dict[datetime, ObservedEvent], now: datetime) -> RecurringEvent:
    return RecurringEvent(
        id=series.id,
        summary=series.summary,
        organizer=series.organizer,
        next_start=_next_start(series, exceptions, now),
        guests=len(series.addresses),
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
