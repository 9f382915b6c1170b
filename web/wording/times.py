"""Days, times and durations as people say them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from governance.domain.days import said_day, said_place

_ISO_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def count(number: int, noun: str, plural: str | None = None) -> str:
    """“1 person”, “3 people”."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def day(on: date) -> str:
    """“Thursday 26 November 2026”."""
    return f"{on:%A} {on.day} {on:%B %Y}"


short_day = said_day
place = said_place


def clock(zone: str) -> str:
    """Which clock a page is by: “All times are Berlin time.”"""
    return f"All times are {place(zone)}{'' if place(zone) == 'UTC' else ' time'}."


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def span(start: datetime, end: datetime, zone: str) -> str:
    """“Thursday 26 November 2026, 10:00–11:00 (Berlin)”."""
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    until = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%H:%M} on {short_day(last.date())}"
    return f"{day(first.date())}, {first:%H:%M}–{until} ({place(zone)})"


def start(instant: datetime, zone: str) -> str:
    """“Thursday 26 November, 10:00 (Berlin)”."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B, %H:%M} ({place(zone)})"


def exact(instant: datetime, zone: str) -> str:
    """“26 November 2026, 10:00:05 CET”, for the title of a relative time and for print."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y, %H:%M:%S} {local.tzname()}"


def machine(instant: datetime) -> str:
    """For the `datetime` attribute of a `<time>`."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def ago(instant: datetime, now: datetime) -> str:
    """“just now”, “5 minutes ago”, “yesterday”, “3 days ago”; a clock that is a little ahead is “just now” too."""
    passed = now - instant
    if passed < _MINUTE:
        return "just now"
    if passed < _DAY:
        return f"{_hours_or_minutes(passed)} ago"
    return "yesterday" if passed < 2 * _DAY else f"{passed.days} days ago"


def until_start(start: datetime, now: datetime, zone: str) -> str:
    """“in 40 minutes” on the day itself, else “tomorrow”, “in 3 days” as the calendar counts them."""
    there = ZoneInfo(zone)
    on, today = start.astimezone(there).date(), now.astimezone(there).date()
    if on > today:
        return away(on, today)
    return "running now" if start <= now else ahead(start, now)


def ahead(instant: datetime, now: datetime) -> str:
    """“now”, “in 40 minutes”, “in 3 days”."""
    left = instant - now
    if left <= timedelta(0):
        return "now"
    if left < _MINUTE:
        return "in a moment"
    return f"in {_hours_or_minutes(left)}" if left < _DAY else f"in {count(left.days, 'day')}"


def away(on: date, today: date) -> str:
    """“today”, “tomorrow”, “in 5 days”; a past day “yesterday”, “5 days ago”."""
    days = (on - today).days
    if days in (0, 1, -1):
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def said(text: str) -> str:
    """A recorded sentence with its days as people say them."""
    return _ISO_DAY.sub(_said_day, text)


def _said_day(found: re.Match[str]) -> str:
    try:
        return short_day(date.fromisoformat(found[0]))
    except ValueError:  # digits that are no day
        return found[0]


def _hours_or_minutes(length: timedelta) -> str:
    if length < _HOUR:
        return count(length // _MINUTE, "minute")
    return count(length // _HOUR, "hour")
