"""An event comes back from storage as it went in, whatever it holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from governance.reconcile.observed import Guest, ObservedEvent

texts = st.text(max_size=12)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
guests = st.builds(
    Guest,
    address=st.none() | texts,
    name=st.none() | texts,
    answer=st.sampled_from(["needsAction", "accepted", "declined"]),
    optional=st.booleans(),
    resource=st.booleans(),
    organizer=st.booleans(),
    plus_ones=st.integers(0, 9),
    received=st.dictionaries(texts, texts | st.booleans() | st.integers(), max_size=3),
)
events = st.builds(
    ObservedEvent,
    id=texts,
    etag=texts,
    status=st.sampled_from(["confirmed", "cancelled"]),
    summary=texts,
    recurrence=st.lists(texts, max_size=2).map(tuple),
    series_id=st.none() | texts,
    original_start=st.none() | instants,
    start=st.none() | instants,
    end=st.none() | instants,
    all_day=st.booleans(),
    time_zone=st.none() | texts,
    organizer=st.none() | texts,
    organizer_is_calendar=st.booleans(),
    guests=st.lists(guests, max_size=3).map(tuple),
    guests_omitted=st.booleans(),
    guests_can_invite=st.booleans(),
    guests_can_modify=st.booleans(),
    description=texts,
    private_properties=st.dictionaries(texts, texts, max_size=2),
)


@given(events)
def test_an_event_survives_storage(event: ObservedEvent) -> None:
    stored = json.loads(json.dumps(event.to_json()))

    back = ObservedEvent.from_json(stored)

    assert event == back
    assert [guest.received for guest in event.guests] == [guest.received for guest in back.guests]


@given(events)
def test_addresses_are_those_of_people(event: ObservedEvent) -> None:
    expected = {guest.address for guest in event.guests if guest.address and not guest.resource}

    assert expected == event.addresses
