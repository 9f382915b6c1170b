"""Google's event and ours: defaults, times, and what comes back unchanged."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.calendar.believing import Contradiction
from governance.calendar.translation import GuestEntries, observed_event, written_fields
from governance.reconcile.observed import Guest, ObservedEvent
from governance.reconcile.ports import EventWrite
from tests.calendar.conftest import event


def test_a_write_that_names_nothing_writes_nothing() -> None:
    assert written_fields(EventWrite(event_id="e", etag="1")) == {}


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


def test_equal_guests_of_a_listing_are_one_value() -> None:
    entries = GuestEntries()
    first, second = (
        observed_event(event(attendees=[{"email": "dana@example.com"}]), time_zone="UTC", entries=entries).guests
        for _ in range(2)
    )

    assert first == (Guest("dana@example.com", received={"email": "dana@example.com"}),)
    assert second[0] is first[0]


def test_guests_of_a_listing_that_differ_are_told_apart() -> None:
    entries = GuestEntries()
    answers = [{"email": "dana@example.com", "responseStatus": answer} for answer in ("accepted", "declined")]

    seen = [observed_event(event(attendees=[one]), time_zone="UTC", entries=entries).guests for one in answers]

    assert seen == [(Guest("dana@example.com", answer="accepted"),), (Guest("dana@example.com", answer="declined"),)]
    assert [guest.received for (guest,) in seen] == answers


@pytest.mark.parametrize(
    ("right", "wrong"), [({"optional": True}, {"optional": 1}), ({"additionalGuests": 1}, {"additionalGuests": True})]
)
def test_a_guest_that_is_equal_in_value_and_not_in_type_is_contradicted(
    right: dict[str, Any], wrong: dict[str, Any]
) -> None:
    entries = GuestEntries()
    observed_event(event(attendees=[right]), time_zone="UTC", entries=entries)

    with pytest.raises(Contradiction):
        observed_event(event(attendees=[wrong]), time_zone="UTC", entries=entries)


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


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
    st.sampled_from(
        [
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
        ]
    ),
)
def test_a_field_of_any_shape_is_translated_or_contradicted(value: Any, name: str) -> None:
    with contextlib.suppress(Contradiction):
        assert observed_event(event(**{name: value}), time_zone="UTC").id == "series1"
