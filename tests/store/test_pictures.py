"""Pictures: what a listing brought is kept as it came, and read as what it says."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select, update

from governance.database import Database
from governance.models.calendar import EventPicture
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.ports import CalendarAddress
from governance.store.seen_series import load_pictures
from tests.support.governed import CHAIR, SERIES, THURSDAY, Governed, occurrence_id

EXCEPTION = occurrence_id(THURSDAY)


def test_a_listing_that_brings_nothing_new_leaves_the_rows_as_they_are(governed_on_both: Governed) -> None:
    _with_an_exception(governed_on_both)
    before = _rows(governed_on_both.database)

    governed_on_both.look()

    assert _rows(governed_on_both.database) == before


def test_listed_events_are_read_as_if_each_had_been_read_by_itself(governed_on_both: Governed) -> None:
    _with_an_exception(governed_on_both)

    stored = _seen(governed_on_both)

    assert stored == {event_id: _read_alone(governed_on_both, event_id) for event_id in (SERIES, EXCEPTION)}
    assert "received" in _rows(governed_on_both.database)[EXCEPTION][1]


def test_an_event_that_changed_keeps_its_row(governed_on_both: Governed) -> None:
    _with_an_exception(governed_on_both)
    before = _rows(governed_on_both.database)
    governed_on_both.control.answers(CHAIR, EXCEPTION, "amara@example.com", "declined")

    governed_on_both.look()

    after = _rows(governed_on_both.database)
    assert {name: row[0] for name, row in after.items()} == {name: row[0] for name, row in before.items()}
    assert after[EXCEPTION] != before[EXCEPTION]
    assert _seen(governed_on_both)[EXCEPTION] == _read_alone(governed_on_both, EXCEPTION)


def test_pictures_that_an_earlier_version_translated_are_read_as_before(governed_on_both: Governed) -> None:
    _with_an_exception(governed_on_both)
    seen = _seen(governed_on_both)
    with governed_on_both.database.writing() as session:
        for event_id, event in seen.items():
            session.execute(
                update(EventPicture).where(EventPicture.event_id == event_id).values(body_json=event.to_json())
            )

    assert _seen(governed_on_both) == seen
    assert _rows(governed_on_both.database)[SERIES][1] == json.loads(json.dumps(seen[SERIES].to_json()))


def _with_an_exception(governed: Governed) -> None:
    governed.adopt()
    governed.control.answers(CHAIR, EXCEPTION, "amara@example.com", "accepted")
    governed.look()


def _seen(governed: Governed) -> dict[str, ObservedEvent]:
    with governed.database.reading() as session:
        [picture] = load_pictures(session, governed.meeting_id, governed.now)
    assert picture.series is not None
    return {event.id: event for event in (picture.series, *picture.exceptions)}


def _read_alone(governed: Governed, event_id: str) -> ObservedEvent | None:
    return governed.google.calendar.get_event(CalendarAddress(CHAIR, CHAIR), event_id)


def _rows(database: Database) -> dict[str, tuple[Any, ...]]:
    with database.reading() as session:
        columns = (EventPicture.event_id, EventPicture.id, EventPicture.body_json, EventPicture.seen_at)
        return {event_id: tuple(rest) for event_id, *rest in session.execute(select(*columns))}
