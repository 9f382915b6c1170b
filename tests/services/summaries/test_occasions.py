"""What a meeting has to sum up is what its calendar shows, whatever was done to its series meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from governance.database import Database
from governance.domain.event_ids import occurrence_id
from governance.models import Series
from governance.services.summaries.due import by_meeting
from governance.services.summaries.occasions import Place, days_of
from governance.store import summary_times as store
from tests.services.summaries.weeks import meeting
from tests.web.scenes import SLUG, ZONE, Scene, in_order

FIRST, SECOND, THIRD = (datetime(2026, month, day, 9, tzinfo=UTC) for month, day in ((11, 26), (12, 3), (12, 10)))
NOW = THIRD + timedelta(hours=2)


@pytest.fixture
def scene(sqlite_database: Database) -> Scene:
    """Of three occurrences the second was called off."""
    found = Scene(sqlite_database)
    in_order(found)
    series = found.calendar.events[f"event-{SLUG}"]
    found.calendar.put(
        replace(
            series,
            id=occurrence_id(series.id, SECOND, all_day=False, time_zone=ZONE),
            series_id=series.id, original_start=SECOND, start=None, end=None, recurrence=(), status="cancelled",
        )
    )  # fmt: skip
    found.cycle()
    return found


def test_a_cancelled_occurrence_is_told_as_long_as_its_series_would_have_it(scene: Scene) -> None:
    assert told(scene) == [(FIRST, False), (SECOND, True), (THIRD, False)]


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=TH;UNTIL=20261130T000000Z", "FREQ=WEEKLY;BYDAY=TU"])
def test_what_a_series_has_no_more_was_not_cancelled(scene: Scene, rule: str) -> None:
    """It was split before that day, and another series goes on; or all of it was moved to another weekday."""
    scene.calendar.change(f"event-{SLUG}", recurrence=(f"RRULE:{rule}",))
    scene.cycle()

    assert [start for start, is_cancelled in told(scene) if is_cancelled] == []


def test_what_was_called_off_after_the_meeting_was_linked_to_another_event_is_not_its(scene: Scene) -> None:
    with scene.database.writing() as session:
        session.execute(update(Series).values(retired_at=FIRST + timedelta(days=2)))

    assert told(scene) == [(FIRST, False)]


def told(scene: Scene) -> list[tuple[datetime, bool]]:
    with scene.database.reading() as session:
        found = meeting(session)
        place = Place(found.id, found.time_zone, found.begun_at)
        [days] = days_of(session, [place], by_meeting(store.series_states(session)), NOW)
        return [(one.start, one.is_cancelled) for one in days.occasions if one.start and one.over_at <= NOW]
