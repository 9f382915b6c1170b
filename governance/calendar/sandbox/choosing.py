"""Which copies belong into a list (items 40, 41, 43 and 46)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from . import finding
from .copies import Calendar, Copy
from .queries import Query
from .world import World


def chosen_by(world: World, calendar: Calendar, query: Query) -> Callable[[Copy], bool]:
    def accepts(copy: Copy) -> bool:
        if not _status_fits(world, calendar, query, copy):
            return False
        if copy.cancelled and (query.sync_seq is not None or query.updated_min):
            return _is_recent(query, copy)
        return _is_recent(query, copy) and _content_fits(query, copy) and _in_window(calendar, query, copy)

    return accepts


def _status_fits(world: World, calendar: Calendar, query: Query, copy: Copy) -> bool:
    """Items 40 and 41."""
    if not copy.cancelled:
        return True
    if finding.is_forgotten(world, copy):
        return False
    if query.sync_seq is not None or query.updated_min:
        return True
    if query.show_deleted:
        return not (query.single and copy.is_series)
    return not query.single and copy.is_exception and _series_is_live(calendar, copy)


def _series_is_live(calendar: Calendar, copy: Copy) -> bool:
    series = calendar.copies.get(copy.shared["recurringEventId"])
    return series is not None and not series.cancelled


def _is_recent(query: Query, copy: Copy) -> bool:
    return query.updated_min is None or (copy.changed is not None and copy.changed >= query.updated_min)


def _content_fits(query: Query, copy: Copy) -> bool:
    """Item 46; properties of one kind are alternatives, the two kinds must both fit."""
    shared = copy.shared
    if query.ical_uid and shared["iCalUID"] != query.ical_uid:
        return False
    if query.types and shared.get("eventType", "default") not in query.types:
        return False
    own = copy.private.get("properties", {})
    if query.private and not any(own.get(key) == value for key, value in query.private):
        return False
    public = shared.get("properties", {})
    if query.shared and not any(public.get(key) == value for key, value in query.shared):
        return False
    return query.text is None or _mentions(shared, query.text.lower())


def _mentions(shared: dict[str, Any], text: str) -> bool:
    said = [shared.get(name, "") for name in ("summary", "description", "location")]
    said += [f"{g.get('email', '')} {g.get('displayName', '')}" for g in shared.get("attendees", ())]
    return any(text in part.lower() for part in said)


def _in_window(calendar: Calendar, query: Query, copy: Copy) -> bool:
    """Item 43: `timeMin` bounds the end and `timeMax` the start, both exclusively."""
    if query.time_min is None and query.time_max is None:
        return True
    if copy.is_series and not copy.cancelled:
        given = finding.instances(calendar, copy, after=query.time_min)
        return any(overlaps(calendar, query, instance) for instance in islice(given, 20))
    return overlaps(calendar, query, copy)


def overlaps(calendar: Calendar, query: Query, copy: Copy) -> bool:
    if query.time_min and finding.moment_of(copy, "end", calendar) <= query.time_min:
        return False
    return not (query.time_max and finding.moment_of(copy, "start", calendar) >= query.time_max)
