"""From the organiser's copy to the guests' calendars, and answers back (items 15, 32, 33, 57)."""

from __future__ import annotations

from typing import Any

from .copies import Copy
from .world import World


def spread(world: World, copy: Copy) -> None:
    """Pass the organiser's copy on, at once or after the switch `guest_delay_seconds`."""
    shared, cancelled = copy.shared, copy.cancelled
    if not copy.spread and not _audience(world, copy) and not copy.is_exception:
        return
    world.later(world.switches.guest_delay_seconds, lambda: _deliver(world, copy, shared, cancelled))


def _deliver(world: World, copy: Copy, shared: dict[str, Any], cancelled: bool) -> None:
    audience = set() if cancelled else _audience(world, copy)
    arrived = [calendar_id for calendar_id in sorted(audience) if _give(world, copy, calendar_id, shared)]
    for calendar_id in sorted((copy.spread | _of_series(world, copy)) - audience):
        _take(world, copy, calendar_id, shared)
    copy.spread |= audience
    if copy.is_series and arrived:
        _deliver_exceptions(world, copy)


def _deliver_exceptions(world: World, series: Copy) -> None:
    """A guest new to the series also learns where its exceptions differ for him."""
    calendar = world.calendars[series.calendar]
    for exception in list(calendar.exceptions.get(series.id, {}).values()):
        _deliver(world, exception, exception.shared, exception.cancelled)


def _audience(world: World, copy: Copy) -> set[str]:
    reached: set[str] = set()
    for guest in copy.shared.get("attendees", ()):
        if guest.get("email"):
            reached.update(world.recipients(guest["email"]))
    reached.discard(copy.calendar)
    return reached & world.calendars.keys()


def _of_series(world: World, copy: Copy) -> set[str]:
    """Who sees the series sees its exceptions too, if only as cancelled."""
    if not copy.is_exception:
        return set()
    series = world.calendars[copy.calendar].copies.get(copy.shared["recurringEventId"])
    return series.spread if series else set()


def _give(world: World, copy: Copy, calendar_id: str, shared: dict[str, Any]) -> bool:
    """Whether the event was not there before."""
    known = world.calendars[calendar_id].copies.get(copy.id)
    if known is None:
        world.keep(Copy(calendar_id, copy.id, shared))
        return True
    was_cancelled = known.cancelled
    if known.shared is not shared or was_cancelled:
        known.shared, known.cancelled = shared, False
        # The organiser's next edit overwrites what the guest changed on his copy alone.
        known.local = {}
        world.keep(known)
    return was_cancelled


def _take(world: World, copy: Copy, calendar_id: str, shared: dict[str, Any]) -> None:
    """The event is cancelled for somebody who is no guest of it any more."""
    calendar = world.calendars.get(calendar_id)
    known = calendar.copies.get(copy.id) if calendar else None
    if known is None and copy.is_exception and calendar is not None:
        series = calendar.copies.get(shared["recurringEventId"])
        if series is not None and not series.cancelled:
            world.keep(Copy(calendar_id, copy.id, shared, cancelled=True))
    elif known is not None and not known.cancelled:
        known.shared, known.cancelled = shared, True
        world.keep(known)
