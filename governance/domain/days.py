"""Days and times as people say them, in every reason that people read. What programs read stays ISO."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def said_day(on: date) -> str:
    """“26 Nov 2026”."""
    return f"{on.day} {on:%b %Y}"


def said_start(start: datetime, zone: str) -> str:
    """“Thursday 26 Nov 2026, 10:00 (Berlin)”, in the meeting's own time zone."""
    local = start.astimezone(ZoneInfo(zone))
    return f"{local:%A} {said_day(local.date())}, {local:%H:%M} ({said_place(zone)})"


def said_place(zone: str) -> str:
    """The zone as people name it: “Berlin”, “UTC”."""
    return zone.rpartition("/")[2].replace("_", " ")
