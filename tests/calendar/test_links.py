"""People may name an event as they find it."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.calendar.links import NotAnEvent, event_id_from

IDS = st.text(alphabet="abcdefghijklmnopqrstuv0123456789_", min_size=5, max_size=60)


def coded(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@given(IDS)
def test_an_id_is_itself(event_id: str) -> None:
    assert event_id_from(f"  {event_id}\n") == event_id


@given(IDS, st.sampled_from(["chair@example.com", "team@g", "someone@m", "_x@group.calendar.google.com"]))
def test_a_link_leads_to_the_id_it_codes(event_id: str, calendar: str) -> None:
    eid = coded(f"{event_id} {calendar}")

    assert {
        event_id_from(f"https://www.google.com/calendar/event?eid={eid}"),
        event_id_from(f"https://www.google.com/calendar/event?eid={eid}&ctz=Europe/Berlin"),
        event_id_from(f"https://calendar.google.com/calendar/event?action=VIEW&eid={eid}"),
        event_id_from(f"https://calendar.google.com/calendar/u/0/r/eventedit/{eid}?sf=true"),
    } == {event_id}


@pytest.mark.parametrize("event_id", ["abc123_20270111T080000Z", "abc123_R20270111T090000", "_6tlnaqrle5p6cpb4dhmjce1"])
def test_occurrences_splits_and_imports_keep_their_marks(event_id: str) -> None:
    assert event_id_from(event_id) == event_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "abc",
        "chair@example.com",
        "the steering meeting",
        "../../calendars",
        "https://calendar.google.com/calendar/u/0/r/week",
        "https://www.google.com/calendar/event?eid=",
        "https://www.google.com/calendar/event?eid=%%%",
        "https://www.google.com/calendar/event?eid=" + coded("a b"),
        "https://www.google.com/calendar/event?eid=" + coded("naïve chair@example.com"),
        "https://[half/an/address?eid=abcdef",
    ],
)
def test_anything_else_is_refused_with_what_to_enter(text: str) -> None:
    with pytest.raises(NotAnEvent, match=r"^Enter the event's id or the address of its page"):
        event_id_from(text)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    with contextlib.suppress(NotAnEvent):
        assert event_id_from(text)
