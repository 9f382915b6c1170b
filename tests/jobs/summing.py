"""Scenes whose summaries come due, and workers that look at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from governance.database import Database
from governance.domain.event_ids import occurrence_id
from governance.models import Meeting
from governance.services.charters import set_charter
from governance.services.summaries.choosing import choose_hour
from governance.store.people import person_by_address
from jobs.summary import Summaries
from tests.services.summaries.weeks import meeting
from tests.support.posted import posted
from tests.web.scenes import CAST, CHAIR, SCRIBE, SLUG, Scene

EVERYBODY = sorted([CHAIR, SCRIBE, *(one[2] for one in CAST)])
AMARA, ANNA = CAST[0][2], CAST[1][2]
FIRST, SECOND, THIRD = (f"2026-{day}T09:00:00Z" for day in ("11-26", "12-03", "12-10"))
TO_THE_END = timedelta(days=3, minutes=30)
"""From Monday 9:30 to Thursday 10:00 in UTC, when the occurrence is over."""


def worker(scene: Scene, *, minutes: int = 0) -> Summaries:
    """Whose clock is so far ahead."""
    ahead = timedelta(minutes=minutes)
    return Summaries(
        scene.database, zone="UTC", clock=lambda: scene.now + ahead, monotonic=lambda: scene.now.timestamp()
    )


def told(database: Database, kind: str = "summary") -> list[tuple[str, str]]:
    return sorted((one.about, one.address) for one in posted(database, kind))


def choose(scene: Scene, address: str, at: str | None, *, is_together: bool = False) -> None:
    with scene.database.writing() as session:
        person = person_by_address(session, address)
        assert person is not None
        choose_hour(session, person, at, is_together=is_together, now=scene.now, source="test")


def charter(scene: Scene, hour: str, slug: str = SLUG) -> None:
    with scene.database.writing() as session:
        set_charter(session, meeting(session, slug), f'summary = "{hour}"\n', actor="test", now=scene.now)


def meeting_id(scene: Scene, slug: str) -> Any:
    with scene.database.reading() as session:
        return meeting(session, slug).id


def look_until(scene: Scene, until: datetime, *workers: Summaries, hours: int = 8) -> list[tuple[str, int]]:
    """When something was posted, and how many."""
    found = []
    while scene.now < until:
        scene.now += timedelta(hours=hours)
        count = sum(one.look() for one in workers)
        if count:
            found.append((f"{scene.now:%a %d %H:%M}", count))
    return found


def exception(scene: Scene, key: str, **fields: Any) -> None:
    series, start = scene.calendar.events[f"event-{SLUG}"], datetime.fromisoformat(key)
    of_day = {
        "id": occurrence_id(series.id, start, all_day=False, time_zone="UTC"),
        "series_id": series.id,
        "original_start": start,
        "recurrence": (),
    }
    scene.calendar.put(replace(series, **of_day, **fields))


def breaking_for(broken: Any, real: Callable[..., Any]) -> Callable[..., Any]:
    def breaking(session: Any, one: Meeting, *more: Any, **named: Any) -> Any:
        if one.id == broken:
            raise LookupError("an occurrence that nobody thought of")
        return real(session, one, *more, **named)

    return breaking
