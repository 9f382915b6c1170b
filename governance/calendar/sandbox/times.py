"""Google's EventDateTime (`date`, or `dateTime` with a zone) and what is computed from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .errors import Refusal, bad_request, invalid

EventTime = dict[str, Any]


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise invalid("Invalid time zone definition.") from None


def is_all_day(when: EventTime) -> bool:
    return "date" in when


def normalised(when: Any, *, default_zone: str) -> EventTime:
    """As it is stored: a date alone, or an instant written in the event's own zone (item 23)."""
    if not isinstance(when, dict):
        raise bad_request()
    given_date, given_time = when.get("date"), when.get("dateTime")
    if bool(given_date) == bool(given_time):
        raise invalid("Invalid start time.", location="start")
    if given_date:
        return {"date": _date(given_date).isoformat()}
    name = when.get("timeZone") or default_zone
    return timed(_instant(given_time, zone(name)), name)


def timed(at: datetime, zone_name: str) -> EventTime:
    return {"dateTime": text(at, zone_name), "timeZone": zone_name}


def text(at: datetime, zone_name: str) -> str:
    written = at.astimezone(zone(zone_name)).isoformat(timespec="seconds")
    return f"{written[:-6]}Z" if written.endswith("+00:00") else written


def local(when: EventTime) -> datetime:
    """Wall-clock time in the event's zone, without zone; midnight for a day."""
    if is_all_day(when):
        return datetime.combine(_date(when["date"]), time())
    at = datetime.fromisoformat(when["dateTime"])
    return at.astimezone(zone(when["timeZone"])).replace(tzinfo=None)


def moment(when: EventTime, calendar_zone: str) -> datetime:
    """The instant; a day begins at midnight of the calendar's zone."""
    if is_all_day(when):
        return local(when).replace(tzinfo=zone(calendar_zone)).astimezone(UTC)
    return datetime.fromisoformat(when["dateTime"]).astimezone(UTC)


def like(when: EventTime, wall_clock: datetime) -> EventTime:
    """The same kind of time as `when`, at another wall-clock time."""
    if is_all_day(when):
        return {"date": wall_clock.date().isoformat()}
    at = wall_clock.replace(tzinfo=zone(when["timeZone"]))
    # Through UTC, so that a wall-clock time skipped in spring becomes one that exists.
    return timed(at.astimezone(UTC), when["timeZone"])


def shown(when: EventTime, zone_name: str) -> EventTime:
    """As printed for a reader in `zone_name`: the instant in his zone, the event's zone kept."""
    if is_all_day(when) or when["timeZone"] == zone_name:
        return when
    at = datetime.fromisoformat(when["dateTime"])
    return {"dateTime": text(at, zone_name), "timeZone": when["timeZone"]}


def require_order(start: EventTime, end: EventTime) -> None:
    """Item 23: both days or both times, and the end not before the start."""
    if is_all_day(start) != is_all_day(end):
        raise invalid("Invalid start time.", location="start")
    if is_all_day(start):
        in_order = _date(start["date"]) < _date(end["date"])
    else:
        in_order = moment(start, "UTC") <= moment(end, "UTC")
    if not in_order:
        raise Refusal(400, "timeRangeEmpty", "The specified time range is empty.", "calendar")


def next_day(when: EventTime) -> EventTime:
    return {"date": (_date(when["date"]) + timedelta(days=1)).isoformat()}


def _date(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise bad_request() from None


def _instant(value: Any, default: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise bad_request() from None
    return (at if at.tzinfo else at.replace(tzinfo=default)).astimezone(UTC)
