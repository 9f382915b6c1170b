"""Summaries go by themselves: each once, whoever looks, however often, and whatever the clock does meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from governance.database import Database
from jobs.summary import Summaries
from tests.support.posted import posted
from tests.web.scenes import CAST, CHAIR, SCRIBE, Scene, in_order

EVERYBODY = sorted([CHAIR, SCRIBE, *(one[2] for one in CAST)])
TO_THE_END = timedelta(days=3, minutes=30)
"""From Monday 9:30 to Thursday 10:00 in UTC, when the occurrence is over."""


def worker(scene: Scene, database: Database | None = None) -> Summaries:
    return Summaries(
        database or scene.database, zone="UTC", clock=lambda: scene.now, monotonic=lambda: scene.now.timestamp()
    )


def told(database: Database, kind: str = "summary") -> list[tuple[str, str]]:
    return sorted((one.about, one.address) for one in posted(database, kind))


def test_an_idle_installation_writes_nothing_and_asks_little(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    scene = Scene(database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    one = worker(scene)
    one.look()
    statements()

    for _ in range(3):
        scene.now += timedelta(seconds=60)
        assert one.look() == 0

    sent = statements()
    assert [one for one in sent if not one.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA"))] == []
    assert len(sent) <= 3 * 12


def test_an_hour_after_the_end_everybody_with_a_part_hears_once(database: Database) -> None:
    scene = Scene(database)
    in_order(scene)
    one, other = worker(scene), worker(scene)
    counts = []
    for minutes in (0, 59, 1, 1, 60 * 24 * 6):
        scene.now += timedelta(minutes=minutes) if minutes else TO_THE_END
        counts.append((one.look(), other.look()))

    assert counts == [(0, 0), (0, 0), (len(EVERYBODY), 0), (0, 0), (0, 0)]
    assert told(database) == [("2026-11-26T09:00:00Z", address) for address in EVERYBODY]
