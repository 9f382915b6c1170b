"""When a series happens (items 24 and 25): expansion in the event's zone, and instance names.

Expansion is done in wall-clock time without zone, so that "every Tuesday at nine" stays at
nine on both sides of a change of the clocks; only the result is turned into instants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from dateutil.rrule import rrule, rruleset, rrulestr

from . import times
from .errors import invalid
from .times import EventTime

_LINE = re.compile(r"^(RRULE|EXRULE|RDATE|EXDATE)((?:;[^:]*)?):(.+)$", re.IGNORECASE)
_UNTIL = re.compile(r"UNTIL=([0-9TZ]+)", re.IGNORECASE)
_NAME = re.compile(r"^(.+)_(\d{8}(?:T\d{6}Z)?)$")
_SPLIT = re.compile(r"_R\d{8}(?:T\d{6})?$")
_DAY = timedelta(days=1)
_HORIZON = timedelta(days=366 * 10)


def require_valid(start: EventTime, lines: list[str]) -> None:
    """Refuse (400) recurrence lines that cannot be expanded or never happen."""
    if next(starts(start, lines), None) is None:
        raise invalid("Invalid recurrence rule.", location="recurrence")


def starts(start: EventTime, lines: list[str], *, after: datetime | None = None) -> Iterator[EventTime]:
    """The original starts in order, from the one at or after the wall-clock time `after`.

    Ends after ten years from the later of `after` and the start: Google bounds endless series too.
    """
    rules = _rules(_frozen(start), tuple(lines))
    first = max(after or times.local(start), times.local(start) - _HORIZON)
    last = max(first, times.local(start)) + _HORIZON
    for wall_clock in rules.xafter(first, inc=True):
        if wall_clock > last:
            return
        yield times.like(start, wall_clock)


def contains(start: EventTime, lines: list[str], original: EventTime) -> bool:
    """Whether the series has an instance with this original start."""
    if times.is_all_day(start) != times.is_all_day(original):
        return False
    # A day early, because a time that the clocks skip is found at another time on the wall.
    near = _wall_clock(start, original)
    for wall_clock in _rules(_frozen(start), tuple(lines)).xafter(near - _DAY, inc=True):
        if wall_clock > near + _DAY:
            return False
        if key(times.like(start, wall_clock)) == key(original):
            return True
    return False


def end_for(start: EventTime, end: EventTime, original: EventTime) -> EventTime:
    """The end of the instance that starts at `original`, as long as the series' first one."""
    length = times.local(end) - times.local(start)
    return times.like(end, times.local(original) + length)


def key(original: EventTime) -> str:
    """Item 25: the last part of an instance's id, from its original start."""
    if times.is_all_day(original):
        return str(original["date"]).replace("-", "")
    return f"{times.moment(original, 'UTC'):%Y%m%dT%H%M%SZ}"


def base(series_id: str) -> str:
    """Item 31: instances of `{base}_R{stamp}` are named after `{base}` alone."""
    return _SPLIT.sub("", series_id)


def instance_id(series_id: str, original: EventTime) -> str:
    return f"{base(series_id)}_{key(original)}"


def parsed_instance_id(event_id: str) -> tuple[str, str] | None:
    """(base, key) when the id is made like an instance's."""
    found = _NAME.match(event_id)
    return (found[1], found[2]) if found else None


def original_start(start: EventTime, key_text: str) -> EventTime | None:
    """The original start that a key names, written like the series' start."""
    if times.is_all_day(start) == ("T" in key_text):
        return None
    try:
        at = datetime.fromisoformat(key_text)
    except ValueError:
        return None
    return {"date": f"{at:%Y-%m-%d}"} if times.is_all_day(start) else times.timed(at, start["timeZone"])


def trimmed(start: EventTime, lines: list[str], *, before: EventTime) -> list[str]:
    """The lines with every rule ended just before `before`, as Google's own pages write it."""
    until = _last_until(start, before)
    return [
        re.sub(r";(UNTIL|COUNT)=[^;]*", "", re.sub(r":(UNTIL|COUNT)=[^;]*;?", ":", line)) + f";UNTIL={until}"
        if line.upper().startswith("RRULE")
        else line
        for line in lines
    ]


def _last_until(start: EventTime, before: EventTime) -> str:
    if times.is_all_day(start):
        return f"{times.local(before) - timedelta(days=1):%Y%m%d}"
    midnight = times.local(before).replace(hour=0, minute=0, second=0)
    at = midnight.replace(tzinfo=times.zone(start["timeZone"])).astimezone(UTC)
    return f"{at - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"


def _wall_clock(start: EventTime, original: EventTime) -> datetime:
    if times.is_all_day(start):
        return times.local(original)
    at = times.moment(original, "UTC").astimezone(times.zone(start["timeZone"]))
    return at.replace(tzinfo=None)


def _frozen(start: EventTime) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(start.items()))


@lru_cache(maxsize=8192)
def _rules(frozen_start: tuple[tuple[str, str], ...], lines: tuple[str, ...]) -> rruleset:
    start = dict(frozen_start)
    rules = rruleset(cache=True)
    for line in lines:
        _add(rules, line, start)
    if not any(line.upper().startswith("RRULE") for line in lines):
        rules.rdate(times.local(start))
    return rules


def _add(rules: rruleset, line: str, start: EventTime) -> None:
    found = _LINE.match(line) if isinstance(line, str) else None
    if not found:
        raise invalid("Invalid recurrence rule.", location="recurrence")
    kind, parameters, value = found[1].upper(), found[2].upper(), found[3]
    if kind in ("RRULE", "EXRULE"):
        rule = _rule(value, start)
        (rules.rrule if kind == "RRULE" else rules.exrule)(rule)
        return
    for day in value.split(","):
        at = _listed(day, parameters, start, found[2])
        (rules.rdate if kind == "RDATE" else rules.exdate)(at)


def _rule(value: str, start: EventTime) -> rrule:
    written = _UNTIL.sub(lambda m: f"UNTIL={_until(m[1], start):%Y%m%dT%H%M%S}", value)
    try:
        rule = rrulestr(written, dtstart=times.local(start))
    except (ValueError, KeyError, TypeError):
        raise invalid("Invalid recurrence rule.", location="recurrence") from None
    if isinstance(rule, rruleset):
        raise invalid("Invalid recurrence rule.", location="recurrence")
    return rule


def _until(value: str, start: EventTime) -> datetime:
    at = _basic(value)
    if value.endswith("Z") and not times.is_all_day(start):
        return at.replace(tzinfo=UTC).astimezone(times.zone(start["timeZone"])).replace(tzinfo=None)
    if len(value) == 8:
        return at + timedelta(days=1, seconds=-1)
    return at


def _listed(value: str, upper: str, start: EventTime, parameters: str) -> datetime:
    """One RDATE or EXDATE value as wall-clock time in the series' zone."""
    value = value.split("/")[0]
    at = _basic(value)
    if times.is_all_day(start) or len(value) == 8:
        own = times.local(start)
        return at.replace(hour=own.hour, minute=own.minute, second=own.second)
    source: tzinfo
    if value.endswith("Z"):
        source = UTC
    elif "TZID=" in upper:
        source = times.zone(re.split(r";", parameters.split("=", 1)[1])[0])
    else:
        return at
    return at.replace(tzinfo=source).astimezone(times.zone(start["timeZone"])).replace(tzinfo=None)


def _basic(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        raise invalid("Invalid recurrence rule.", location="recurrence") from None
