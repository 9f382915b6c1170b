"""How Google names series, their splits and their occurrences.

An occurrence's id is the series' base and its original start in UTC (all-day: the date); a split made
with "this and following" adds `_R` and a local stamp to the series' id, and its occurrences are named
after the base without it. So an id is built, never parsed for a link: occurrences are linked by series
and original start alone (Calendar API, guide to recurring events).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_SPLIT = re.compile(r"_R\d{8}(?:T\d{6})?$")
_MARK = "_R"


def base_id(series_id: str) -> str:
    """The id without the marks of a split: all parts of one lineage share it."""
    return _SPLIT.sub("", series_id) if _MARK in series_id else series_id  # asked for every event of a calendar


def is_split(series_id: str) -> bool:
    return base_id(series_id) != series_id


def occurrence_id(series_id: str, original_start: datetime, *, all_day: bool, time_zone: str) -> str:
    if all_day:
        return f"{base_id(series_id)}_{original_start.astimezone(ZoneInfo(time_zone)):%Y%m%d}"
    return f"{base_id(series_id)}_{original_start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
