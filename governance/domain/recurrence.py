"""The occurrences that a series' rules give, in the zone of the event.

Google keeps RRULE, EXRULE, RDATE and EXDATE lines without a start; the wall time is kept through
daylight saving, so the rules are expanded in local time and only then turned into instants
(RFC 5545, 3.3.10; Calendar API, guide to recurring events).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

_WEEK = timedelta(days=7)
_MOST_SLOTS = 5_000  # nearly a century of weeks: a rule that yields more is not a weekly meeting


@dataclass(frozen=True, slots=True)
class Slot:
    """One occurrence as the rules place it; instants in UTC."""

    original_start: datetime
    end: datetime

    @property
    def start(self) -> datetime:
        return self.original_start


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The rules of one series; hashable, so that expansions are remembered."""

    lines: tuple[str, ...]
    start: datetime
    end: datetime
    time_zone: str

    def slots_ending_after(self, instant: datetime) -> Iterator[Slot]:
        """Occurrences whose end is after the instant, earliest first."""
        length = self.end - self.start
        for start in self._starts(instant - length):
            if start + length > instant:
                yield Slot(start, start + length)

    def has(self, original_start: datetime) -> bool:
        return next(self._starts(original_start), None) == original_start.astimezone(UTC)

    def _starts(self, not_before: datetime) -> Iterator[datetime]:
        zone = ZoneInfo(self.time_zone)
        first = not_before.astimezone(zone).replace(tzinfo=None) - timedelta(hours=3)
        rules = _expanded(self.lines, self.start.astimezone(zone).replace(tzinfo=None), self.time_zone, first)
        for count, local in enumerate(rules.xafter(first, inc=True)):
            if count > _MOST_SLOTS:
                return
            instant = local.replace(tzinfo=zone).astimezone(UTC)
            if instant >= not_before:
                yield instant


def _expanded(lines: tuple[str, ...], start: datetime, time_zone: str, first: datetime) -> rruleset:
    return _rules(lines, _moved_near(lines, start, first), time_zone)


@lru_cache(maxsize=4096)
def _rules(lines: tuple[str, ...], start: datetime, time_zone: str) -> rruleset:
    rules = rruleset()
    for line in lines:
        name, _, value = line.partition(":")
        kind = name.split(";")[0].upper()
        if kind in ("RRULE", "EXRULE"):
            rule = rrulestr(_with_local_until(value, time_zone), dtstart=start)
            assert isinstance(rule, rrule)  # noqa: S101 – one line gives one rule; a set needs several
            rules.rrule(rule) if kind == "RRULE" else rules.exrule(rule)
        elif kind in ("RDATE", "EXDATE"):
            for local in _local_dates(name, value, time_zone, start.time()):
                rules.rdate(local) if kind == "RDATE" else rules.exdate(local)
    if not any(line.upper().startswith("RRULE") for line in lines):
        rules.rdate(start)
    return rules


def _moved_near(lines: tuple[str, ...], start: datetime, first: datetime) -> datetime:
    """A later start that gives the same occurrences from `first` on: whole intervals of a weekly rule.

    dateutil walks every occurrence since the start; a meeting that is ten years old would pay for all
    of them at every look. A rule with a COUNT, or any other frequency, is walked.
    """
    weekly = [line for line in lines if line.upper().startswith("RRULE")]
    if len(weekly) != 1 or "FREQ=WEEKLY" not in weekly[0].upper() or "COUNT=" in weekly[0].upper():
        return start
    stated = re.search(r"INTERVAL=(\d+)", weekly[0], re.IGNORECASE)
    stride = _WEEK * (int(stated[1]) if stated else 1)
    whole = (first - start) // stride - 1
    return start + whole * stride if whole > 0 else start


def _with_local_until(rule: str, time_zone: str) -> str:
    found = re.search(r"UNTIL=([0-9TZ]+)", rule, re.IGNORECASE)
    if not found:
        return rule
    return rule.replace(found[0], f"UNTIL={_local(found[1], time_zone, time(23, 59, 59)):%Y%m%dT%H%M%S}")


def _local_dates(name: str, value: str, time_zone: str, at: time) -> Iterator[datetime]:
    stated = re.search(r"TZID=([^;:]+)", name, re.IGNORECASE)
    for one in value.split(","):
        yield _local(one.split("/")[0], time_zone, at, stated[1] if stated else None)


def _local(text: str, time_zone: str, at: time, own_zone: str | None = None) -> datetime:
    """The wall time in `time_zone`; a bare date gets the time `at`."""
    if "T" not in text:
        return datetime.combine(datetime.strptime(text[:8], "%Y%m%d").date(), at)  # noqa: DTZ007
    naive = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    zone: ZoneInfo | None = ZoneInfo("UTC") if text.endswith("Z") else ZoneInfo(own_zone) if own_zone else None
    if zone is None:
        return naive
    return naive.replace(tzinfo=zone).astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
