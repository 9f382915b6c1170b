"""Google's event and ours: defaults, times, what comes back unchanged, and what a listing keeps unread."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.calendar.translation import written_fields
from governance.reconcile.observed import Guest, ObservedEvent
from governance.reconcile.ports import EventWrite
from governance.reconcile.received import Contradiction, observed_event, received_event, stored_event
from tests.calendar.conftest import event


def test_fields_left_out_are_at_their_default() -> None:
    """Calendar API, events: defaults are not sent."""
    assert observed_event({"id": "e", "etag": "1"}, time_zone="Europe/Berlin") == ObservedEvent(
        id="e", etag="1", time_zone="Europe/Berlin", guests_can_invite=True, guests_can_modify=False
    )


def test_a_series_is_seen_whole() -> None:
    dana = {"email": " Dana@Example.com ", "displayName": "Dana", "responseStatus": "accepted", "comment": "late"}
    room = {"email": "r1@resource.calendar.google.com", "resource": True, "responseStatus": "accepted"}
    plus = {"email": "eve@other.org", "optional": True, "additionalGuests": 2, "organizer": True, "self": True}
    raw = event(
        organizer={"email": "Board@Example.com", "self": True},
        attendees=[dana, room, plus, {"displayName": "somebody"}],
        attendeesOmitted=True,
        guestsCanInviteOthers=False,
        guestsCanModify=True,
        description="<p>hello</p>",
        extendedProperties={"private": {"ledger": "7"}, "shared": {"x": "y"}},
        recurrence=["RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/Berlin:20270118T090000"],
    )

    assert observed_event(raw, time_zone="UTC") == ObservedEvent(
        id="series1",
        etag='"1"',
        summary="Steering",
        recurrence=("RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/Berlin:20270118T090000"),
        start=datetime(2027, 1, 4, 8, tzinfo=UTC),
        end=datetime(2027, 1, 4, 9, tzinfo=UTC),
        time_zone="Europe/Berlin",
        organizer="board@example.com",
        organizer_is_calendar=True,
        guests=(
            Guest("dana@example.com", "Dana", "accepted"),
            Guest("r1@resource.calendar.google.com", answer="accepted", resource=True),
            Guest("eve@other.org", optional=True, organizer=True, plus_ones=2),
            Guest(None, "somebody"),
        ),
        guests_omitted=True,
        guests_can_invite=False,
        guests_can_modify=True,
        description="<p>hello</p>",
        private_properties={"ledger": "7"},
    )


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["comment", "id", "asyncOperation", "unheardOf"]), st.text() | st.integers(), max_size=3
        )
    )
)
def test_guests_come_back_exactly_as_they_were_received(extras: list[dict[str, Any]]) -> None:
    entries = [{"email": f"g{number}@example.com", **extra} for number, extra in enumerate(extras)]

    seen = observed_event(event(attendees=entries), time_zone="UTC")

    write = EventWrite(event_id="e", etag="1", guests=tuple(guest.received for guest in seen.guests))
    assert written_fields(write) == {"attendees": entries}


@pytest.mark.parametrize("wrong", [{"optional": 1}, {"additionalGuests": True}, {"resource": 0}])
def test_a_guest_that_is_equal_in_value_and_not_in_type_is_contradicted(wrong: dict[str, Any]) -> None:
    with pytest.raises(Contradiction):
        observed_event(event(attendees=[wrong]), time_zone="UTC")


@pytest.mark.parametrize(
    ("when", "zone", "expected"),
    [
        pytest.param({"dateTime": "2027-07-05T09:00:00+02:00"}, "UTC", "2027-07-05T07:00", id="offset"),
        pytest.param({"dateTime": "2027-07-05T07:00:00Z"}, "Europe/Berlin", "2027-07-05T07:00", id="Z"),
        pytest.param({"dateTime": "2027-07-05T07:00:00.000Z"}, "UTC", "2027-07-05T07:00", id="fractions"),
        pytest.param(
            {"dateTime": "2027-07-05T09:00:00", "timeZone": "Europe/Berlin"}, "UTC", "2027-07-05T07:00", id="zone alone"
        ),
        pytest.param({"date": "2027-07-05"}, "Europe/Berlin", "2027-07-04T22:00", id="day in the calendar's zone"),
        pytest.param(
            {"date": "2027-07-05", "timeZone": "America/New_York"}, "UTC", "2027-07-05T04:00", id="day in its own zone"
        ),
    ],
)
def test_the_original_start_is_an_instant(when: dict[str, str], zone: str, expected: str) -> None:
    bare = {"id": "e_1", "status": "cancelled", "recurringEventId": "e", "originalStartTime": when}

    seen = observed_event(bare, time_zone=zone)

    assert seen.original_start == datetime.fromisoformat(f"{expected}+00:00")
    assert (seen.start, seen.is_cancelled, seen.all_day) == (None, True, "date" in when)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"id": "e"}, id="bare"),
        pytest.param({"id": "e_1", "status": "cancelled", "originalStartTime": {"date": "2027-07-05"}}, id="cancelled"),
        pytest.param(event(attendees=[{"email": "dana@example.com", "comment": "late"}]), id="with a guest"),
        pytest.param(
            event(
                recurrence=["RRULE:FREQ=WEEKLY"],
                guestsCanInviteOthers=False,
                guestsCanModify=True,
                attendeesOmitted=True,
                extendedProperties={"private": {"ledger": "7"}},
            ),
            id="with everything else",
        ),
    ],
)
def test_what_was_seen_survives_being_stored(raw: dict[str, Any]) -> None:
    seen = observed_event(raw, time_zone="UTC")

    stored = ObservedEvent.from_json(json.loads(json.dumps(seen.to_json())))

    assert stored == seen
    assert [guest.received for guest in stored.guests] == raw.get("attendees", [])


ANY_SHAPE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = (
    "etag",
    "status",
    "summary",
    "description",
    "recurrence",
    "recurringEventId",
    "originalStartTime",
    "start",
    "end",
    "organizer",
    "attendees",
    "attendeesOmitted",
    "guestsCanInviteOthers",
    "guestsCanModify",
    "extendedProperties",
)
GUEST_FIELDS = ("email", "displayName", "responseStatus", "optional", "resource", "organizer", "additionalGuests", "id")
TIME_FIELDS = ("date", "dateTime", "timeZone")


@given(ANY_SHAPE, st.sampled_from(FIELDS))
def test_a_field_of_any_shape_is_translated_or_contradicted(value: Any, name: str) -> None:
    with contextlib.suppress(Contradiction):
        assert observed_event(event(**{name: value}), time_zone="UTC").id == "series1"


@given(
    st.dictionaries(st.sampled_from(FIELDS), ANY_SHAPE, max_size=1)
    | st.dictionaries(st.sampled_from(GUEST_FIELDS), ANY_SHAPE, max_size=2).map(lambda guest: {"attendees": [guest]})
    | st.tuples(st.sampled_from(["start", "end", "originalStartTime"]), st.sampled_from(TIME_FIELDS), ANY_SHAPE).map(
        lambda time: {time[0]: {time[1]: time[2]}}
    )
    | ANY_SHAPE.map(lambda value: {"extendedProperties": {"private": value}})
    | ANY_SHAPE.map(lambda value: {"recurrence": [value]})
    | ANY_SHAPE.map(lambda value: {"organizer": {"email": value, "self": True}})
    | st.integers(-1, 1).map(lambda number: {"attendees": [{"additionalGuests": number}]})
)
def test_a_listing_refuses_exactly_what_reading_would(changes: dict[str, Any]) -> None:
    raw = event(**changes)
    read = _or_contradiction(lambda: observed_event(raw, time_zone="UTC"))

    received = _or_contradiction(lambda: received_event(raw, json.dumps(raw), time_zone="UTC"))

    assert _facts(received) == _facts(read)
    if received is not None:
        assert received.read() == read


def test_an_event_is_stored_as_it_was_received() -> None:
    raw = event(attendees=[{"email": "dana@example.com", "comment": "late"}], start={"date": "2027-07-05"})
    text = json.dumps(raw, indent=1)

    received = received_event(raw, text, time_zone="Europe/Berlin")

    assert text in received.to_stored()
    assert stored_event(json.loads(received.to_stored())) == observed_event(raw, time_zone="Europe/Berlin")


def test_a_picture_of_an_earlier_version_is_read_as_well() -> None:
    """It was translated before it was stored; so is an event that is read by itself still."""
    seen = observed_event(event(attendees=[{"email": "dana@example.com", "comment": "late"}]), time_zone="UTC")

    stored = stored_event(json.loads(seen.to_stored()))

    assert stored == seen
    assert stored.guests[0].received == {"email": "dana@example.com", "comment": "late"}


def _or_contradiction(attempt: Callable[[], Any]) -> Any:
    try:
        return attempt()
    except Contradiction:
        return None


def _facts(seen: Any) -> tuple[Any, ...] | None:
    """What a listing tells of an event without reading it."""
    if seen is None:
        return None
    times = (seen.original_start, seen.end)
    flags = (seen.is_cancelled, seen.is_recurring, seen.organizer_is_calendar)
    return (seen.id, seen.etag, seen.status, seen.series_id, *times, *flags)
