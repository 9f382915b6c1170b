"""When summaries go: so many hours after an occurrence was over, or at the next such weekday and hour. Pure.

occurrences ─► occasions (each one that was, each one that was cancelled, each week without one) ─► due instant

Hours after the end are hours that pass. A weekday and hour is read from the clock on the wall (RFC 5545, 3.3.5): an
hour that the clock jumps over is the one that the clock shows instead, so much later; of an hour that comes twice it is
the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from governance.domain.charter import AT, DELAY

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class After:
    """So long after the end."""

    delay: timedelta


@dataclass(frozen=True, slots=True)
class Weekly:
    """The first such moment at or after the end; Monday is 0."""

    weekday: int
    at: time


Hour = After | Weekly


@dataclass(frozen=True, slots=True)
class Happened:
    """An occurrence as the calendar shows it; a cancelled one stands where it would have been."""

    original_start: datetime
    start: datetime
    end: datetime
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """What one summary is about: an occurrence, or a week without one (`start` and `end` are None).

    `over_at` is the end; of a week without an occurrence when it would have ended on the usual day.
    """

    key: str
    start: datetime | None
    end: datetime | None
    over_at: datetime
    is_cancelled: bool = False

    @property
    def is_held(self) -> bool:
        """Only of such a one it is told what happened."""
        return self.start is not None and not self.is_cancelled


def hour_of(text: str) -> Hour:
    """What a charter or a person has said, `1h` or `Fri 16:00`.

    Raises:
        ValueError: it is neither.
    """
    if found := DELAY.fullmatch(text):
        return After(timedelta(hours=int(found[1])))
    if found := AT.fullmatch(text):
        return Weekly(DAYS.index(found[1]), time(int(found[2]), int(found[3])))
    raise ValueError(f"{text!r} is no hour of a summary")


def due_at(over_at: datetime, hour: Hour, time_zone: str) -> datetime:
    """When the summary of what was over then goes."""
    if isinstance(hour, After):
        return over_at + hour.delay
    zone = ZoneInfo(time_zone)
    # A day earlier as well: where a day begins is the zone's, and an hour that is jumped over lies on the next.
    first = over_at.astimezone(zone).date() - timedelta(days=1)
    moments = (_instant(first + timedelta(days=days), hour, zone) for days in range(17))
    return next(one for one in moments if one is not None and one >= over_at)


def latest(hour: Weekly, time_zone: str, now: datetime) -> datetime:
    """The last such moment that is not after now."""
    zone = ZoneInfo(time_zone)
    last = now.astimezone(zone).date() + timedelta(days=1)
    moments = (_instant(last - timedelta(days=days), hour, zone) for days in range(17))
    return next(one for one in moments if one is not None and one <= now)


def occasions(
    happened: Iterable[Happened], time_zone: str, first: datetime, last: datetime, *, usual: Happened | None = None
) -> list[Occasion]:
    """What was or will be over from `first` until `last`, in order: occurrences, and between them weeks without one.

    `usual` says on which day and at what time the meeting would have ended, where no occurrence before does.
    """
    zone, known = ZoneInfo(time_zone), sorted(happened, key=lambda one: (one.original_start, not one.is_cancelled))
    found = {key_of(one.original_start): _of_occurrence(one) for one in known}
    taken = {_week(one.start.astimezone(zone).date()) for one in known}
    for monday in _mondays(first.astimezone(zone).date(), last.astimezone(zone).date()):
        ended = _usual_end(known, monday, usual, zone) if _week(monday) not in taken else None
        if ended is not None:
            found[_week(monday)] = Occasion(_week(monday), None, None, ended)
    return sorted((one for one in found.values() if first <= one.over_at <= last), key=lambda one: one.over_at)


def newest_due(found: Iterable[Occasion], hour: Hour, time_zone: str, now: datetime) -> Occasion | None:
    """The last of those whose summary is due by now; what was missed before it is told with it, if it was held."""
    return max(_all_due(found, hour, time_zone, now), key=lambda one: one.over_at, default=None)


def held_before(
    found: Iterable[Occasion], newest: Occasion, hour: Hour, time_zone: str, now: datetime
) -> Occasion | None:
    """Where the newest one tells nothing of what happened, the last that does: it is told first."""
    if newest.is_held:
        return None
    due = (one for one in _all_due(found, hour, time_zone, now) if one.is_held)
    return max(due, key=lambda one: one.over_at, default=None)


def _all_due(found: Iterable[Occasion], hour: Hour, time_zone: str, now: datetime) -> Iterator[Occasion]:
    return (one for one in found if one.over_at <= now and due_at(one.over_at, hour, time_zone) <= now)


def next_due(found: Iterable[Occasion], hours: Iterable[Hour], time_zone: str, now: datetime) -> datetime | None:
    """The first instant after now at which a summary of one of these goes."""
    instants = (due_at(one.over_at, hour, time_zone) for hour in hours for one in found)
    return min((one for one in instants if one > now), default=None)


def key_of(original_start: datetime) -> str:
    return f"{original_start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _of_occurrence(one: Happened) -> Occasion:
    return Occasion(key_of(one.original_start), one.start, one.end, one.end, one.is_cancelled)


def _mondays(first: date, last: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield monday
        monday += _WEEK


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _usual_end(known: list[Happened], monday: date, usual: Happened | None, zone: ZoneInfo) -> datetime | None:
    """In that week, on the day and at the time at which the last occurrence before was to end by the series' rule."""
    before = [one for one in known if one.original_start.astimezone(zone).date() < monday]
    model = before[-1] if before else usual or (known[0] if known else None)
    if model is None:
        return None
    ended = (model.original_start + (model.end - model.start)).astimezone(zone)
    started = model.original_start.astimezone(zone).date()
    # Of a meeting over midnight the week is that of its start.
    day = monday + timedelta(days=started.weekday() + (ended.date() - started).days)
    return datetime.combine(day, ended.time(), zone).astimezone(UTC)


def _instant(day: date, hour: Weekly, zone: ZoneInfo) -> datetime | None:
    if day.weekday() != hour.weekday:
        return None
    return datetime.combine(day, hour.at, zone).astimezone(UTC)
