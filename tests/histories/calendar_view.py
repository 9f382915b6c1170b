"""The meeting's coming events as Google would show them to anybody: no product code is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.histories.oracle import Seen, Week
from tests.support.governed import CHAIR, ZONE

_AHEAD = 6
"""So many coming occurrences of a series are judged."""


@dataclass(frozen=True)
class Shown:
    """One coming event: its raw form, what the oracle needs of it, and from when to when its removal waits."""

    id: str
    series: str
    raw: dict[str, Any]
    seen: Seen
    start: datetime
    end: datetime
    original: datetime | None = None

    @property
    def guests(self) -> set[str]:
        return {entry["email"].lower() for entry in self.raw.get("attendees", []) if not entry.get("resource")}

    @property
    def scope(self) -> str:
        """As an approval names it."""
        return "series" if self.original is None else f"{self.original:%Y-%m-%dT%H:%M:%SZ}"


def coming_events(control: Any, base: str, now: datetime) -> list[Shown]:
    """Every live series of the lineage with an occurrence to come, each followed by its next ones."""
    stored = {event["id"]: event for event in control.events(CHAIR)}
    found: list[Shown] = []
    for event in stored.values():
        if event["id"].partition("_R")[0] == base and _is_live_series(event):
            found += _of_series(control, event, stored, now)
    return found


def _of_series(control: Any, series: dict[str, Any], stored: dict[str, Any], now: datetime) -> Iterator[Shown]:
    regular = {one["id"]: one for one in control.instances(CHAIR, series["id"], _AHEAD, after=now)}
    kept = {one["id"]: one for one in stored.values() if one.get("recurringEventId") == series["id"]}
    starts = {
        _instant(one, "originalStartTime") for one in control.instances(CHAIR, series["id"], _AHEAD * 2, after=now)
    }
    every = [one for one in {**regular, **kept}.values() if one["status"] != "cancelled" and _instant(one, "end") > now]
    if not every:
        return
    every.sort(key=lambda one: _instant(one, "start"))
    judged = _instant(every[0], "start").astimezone(ZoneInfo(ZONE)).date()
    yield Shown(series["id"], series["id"], series, Seen(judged, judged, None, {}), *_times(every[0]))
    for one in every:
        original = _instant(one, "originalStartTime")
        is_exception = one["id"] in kept
        seen = Seen(
            judged=judged,
            own_day=_instant(one, "start").astimezone(ZoneInfo(ZONE)).date(),
            week=week_of(original),
            answers={g["email"].lower(): g["responseStatus"] for g in one.get("attendees", [])},
            is_exception=is_exception,
            is_orphan=original not in starts,
            shows_answers=is_exception or one is every[0],
        )
        yield Shown(one["id"], series["id"], one, seen, *_times(one), original)


def week_of(instant: datetime) -> Week:
    return instant.astimezone(ZoneInfo(ZONE)).isocalendar()[:2]


def _times(event: dict[str, Any]) -> tuple[datetime, datetime]:
    return _instant(event, "start"), _instant(event, "end")


def _is_live_series(event: dict[str, Any]) -> bool:
    is_ours = event.get("organizer", {}).get("email") == CHAIR
    return "recurrence" in event and event["status"] != "cancelled" and is_ours


def _instant(event: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(event[name]["dateTime"]).astimezone(UTC)
