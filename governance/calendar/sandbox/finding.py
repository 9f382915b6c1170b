"""An event by its id: stored, or an unmodified instance of a stored series (items 25 and 31)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from . import recurrence, rendering, times
from .copies import Calendar, Copy
from .errors import not_found
from .world import World


def found(world: World, calendar: Calendar, event_id: str) -> Copy:
    """The copy with this id, deleted ones included while they are remembered; else 404."""
    stored = calendar.copies.get(event_id)
    if stored is not None:
        if stored.cancelled and is_forgotten(world, stored):
            raise not_found()
        return stored
    instance = _instance(calendar, event_id)
    if instance is None:
        raise not_found()
    return instance


def is_forgotten(world: World, copy: Copy) -> bool:
    """Item 41: tombstones go after a while; cancelled instances stay as long as their series."""
    if not copy.cancelled or copy.changed is None:
        return False
    if copy.is_exception:
        series = world.calendars[copy.calendar].copies.get(copy.shared["recurringEventId"])
        if series is not None and not series.cancelled:
            return False
    kept = timedelta(days=world.switches.tombstone_days)
    return world.clock.now() - copy.changed > kept


def is_stored(calendar: Calendar, copy: Copy) -> bool:
    return calendar.copies.get(copy.id) is copy


def instances(calendar: Calendar, series: Copy, *, after: datetime | None = None) -> Iterator[Copy]:
    """Every instance of a series in order, exceptions in the place of what they replace."""
    replaced = calendar.exceptions.get(series.id, {})
    start = series.shared["start"]
    wall_clock = _wall_clock(start, after) if after else None
    for original in recurrence.starts(start, series.shared["recurrence"], after=wall_clock):
        yield replaced.get(recurrence.key(original)) or rendering.instance(series, original)


def moment_of(copy: Copy, which: str, calendar: Calendar) -> datetime:
    return times.moment({**copy.shared, **copy.local}[which], calendar.time_zone)


def _instance(calendar: Calendar, event_id: str) -> Copy | None:
    parsed = recurrence.parsed_instance_id(event_id)
    if parsed is None:
        return None
    base, key = parsed
    for series in calendar.series_of_base(base):
        if series.cancelled or not series.is_series:
            continue
        original = recurrence.original_start(series.shared["start"], key)
        if original and recurrence.contains(series.shared["start"], series.shared["recurrence"], original):
            return rendering.instance(series, original)
    return None


def _wall_clock(start: times.EventTime, at: datetime) -> datetime:
    """A little before `at`, since an instance may begin before and still be running."""
    name = start.get("timeZone", "UTC")
    return at.astimezone(times.zone(name)).replace(tzinfo=None) - timedelta(days=8)
