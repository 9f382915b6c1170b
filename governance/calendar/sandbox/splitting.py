"""Item 31: "this and all following", as Google's own pages split a series."""

from __future__ import annotations

from typing import Any

from . import people, recurrence, rendering, times
from .clock import stamp
from .copies import Calendar, Copy
from .finding import found
from .spreading import spread
from .world import World


def split(world: World, calendar: str, event: str, at: str, patch: dict[str, Any] | None = None) -> dict[str, Any]:
    """Item 31: "this and all following" in Google's pages; answers with the new series.

    The old series ends before the instance `at`; the new one is named `{base}_R{stamp}` and
    takes guests, properties and the later exceptions along. Instances of both keep `{base}_…`.
    """
    home = world.calendar(calendar)
    series = found(world, home, event)
    first = _original(series, at)
    old, lines = series.shared, series.shared["recurrence"]
    later = [e for e in home.exceptions.get(series.id, {}).values() if _is_from(e, first)]
    made = _successor(world, series, first, lines)
    trimmed = recurrence.trimmed(old["start"], lines, before=first)
    series.shared = {**old, "recurrence": trimmed}
    world.keep(series)
    world.record_effect(by=home.id, act="split", copy=series, before=old, cancelled=False)
    spread(world, series)
    for exception in later:
        _rehome(world, home, exception, made)
    return people.organizer_edits(world, calendar, made.id, patch) if patch else rendering.event(world, home, made)


def _original(series: Copy, at: str) -> times.EventTime:
    """The original start named by an instance id, a day, or an instant."""
    parsed = recurrence.parsed_instance_id(at)
    start = series.shared["start"]
    for original in recurrence.starts(start, series.shared["recurrence"]):
        if (parsed and recurrence.key(original) == parsed[1]) or _names(original, at):
            return original
    raise ValueError(f"Choose an instance of the series, not {at!r}.")


def _names(original: times.EventTime, at: str) -> bool:
    if len(at) == 10:
        return times.local(original).date().isoformat() == at
    if recurrence.parsed_instance_id(at) or times.is_all_day(original):
        return False
    wanted = times.normalised({"dateTime": at}, default_zone=original["timeZone"])
    return times.moment(wanted, "UTC") == times.moment(original, "UTC")


def _is_from(exception: Copy, first: times.EventTime) -> bool:
    return times.moment(exception.shared["originalStartTime"], "UTC") >= times.moment(first, "UTC")


def _successor(world: World, series: Copy, first: times.EventTime, lines: list[str]) -> Copy:
    wall_clock = times.local(first)
    suffix = f"_R{wall_clock:%Y%m%d}" if times.is_all_day(first) else f"_R{wall_clock:%Y%m%dT%H%M%S}"
    name = f"{recurrence.base(series.id)}{suffix}"
    shared = {
        **series.shared,
        "iCalUID": f"{name}@google.com",
        "created": stamp(world.clock.now()),
        "start": first,
        "end": recurrence.end_for(series.shared["start"], series.shared["end"], first),
        "recurrence": _remaining(series, first, lines),
    }
    made = Copy(series.calendar, name, shared, dict(series.private))
    world.keep(made)
    world.record_effect(by=series.calendar, act="split", copy=made, before=None, cancelled=False)
    spread(world, made)
    return made


def _remaining(series: Copy, first: times.EventTime, lines: list[str]) -> list[str]:
    """The same rules; a COUNT is what is left of it."""
    passed = 0
    for original in recurrence.starts(series.shared["start"], lines):
        if times.moment(original, "UTC") >= times.moment(first, "UTC"):
            break
        passed += 1
    return [_less(line, passed) for line in lines]


def _less(line: str, passed: int) -> str:
    head, count, rest = line.partition("COUNT=")
    if not count or not line.upper().startswith("RRULE"):
        return line
    number, semicolon, tail = rest.partition(";")
    return f"{head}COUNT={int(number) - passed}{semicolon}{tail}"


def _rehome(world: World, home: Calendar, exception: Copy, series: Copy) -> None:
    """An exception after the split belongs to the new series; its id stays as it is."""
    for calendar_id in (home.id, *exception.spread):
        calendar = world.calendars[calendar_id]
        copy = calendar.copies[exception.id]
        calendar.exceptions.get(copy.shared["recurringEventId"], {}).pop(copy.key, None)
        calendar.exceptions.setdefault(series.id, {})[copy.key] = copy
    exception.shared = {
        **exception.shared, "recurringEventId": series.id, "iCalUID": series.shared["iCalUID"],
    }  # fmt: skip
    world.keep(exception)
    spread(world, exception)
