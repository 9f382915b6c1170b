"""The bytes of a calendar feed: read back by the library, and by a reader of our own that knows nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from governance.mail.calendar_feed import Entry, calendar_feed
from tests.letters.hostile import texts
from tests.support.ics import events_of, lines_of

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
DUE = Entry(
    uid="promise-1@meeting-governance", revision=2, revised_at=AT, title="Due: Call the bank",
    about="You promised this.",
    address="https://meetings.example.com/m/one/promises/1", begins=date(2026, 11, 30),
)  # fmt: skip
HELD = replace(DUE, uid="occurrence-1@meeting-governance", begins=AT, ends=AT + timedelta(hours=1))


def test_nothing_is_a_calendar_without_events() -> None:
    content = calendar_feed("Meetings", ())

    assert events_of(content) == []
    assert {line.name for line in lines_of(content)} == {
        *("BEGIN", "END", "PRODID", "VERSION", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL")
    }


def test_the_same_entries_give_the_same_bytes() -> None:
    assert calendar_feed("Meetings", (DUE, HELD)) == calendar_feed("Meetings", (DUE, HELD))


def test_what_is_due_takes_the_whole_day_and_nobody_is_busy() -> None:
    [event] = events_of(calendar_feed("Meetings", (DUE,)))

    assert event["DTSTART"] == ("DTSTART", {"VALUE": "DATE"}, "20261130")
    assert event["DTEND"] == ("DTEND", {"VALUE": "DATE"}, "20261201")
    assert event["TRANSP"].value == "TRANSPARENT"
    assert event["SEQUENCE"].value == "2"
    assert event["DTSTAMP"].value == "20261126T090000Z"


def test_an_occurrence_is_told_in_utc() -> None:
    [event] = events_of(calendar_feed("Meetings", (HELD,)))

    assert event["DTSTART"] == ("DTSTART", {}, "20261126T090000Z")
    assert event["DTEND"] == ("DTEND", {}, "20261126T100000Z")
    assert (event["TRANSP"].value, event["STATUS"].value) == ("OPAQUE", "CONFIRMED")
    assert event["DESCRIPTION"].text == f"You promised this.\n{HELD.address}"


def test_a_cancelled_one_says_so_and_keeps_nobody_busy() -> None:
    [event] = events_of(calendar_feed("Meetings", (replace(HELD, is_cancelled=True),)))

    assert (event["STATUS"].value, event["TRANSP"].value) == ("CANCELLED", "TRANSPARENT")


def test_an_address_that_is_none_is_left_out() -> None:
    [event] = events_of(calendar_feed("Meetings", (replace(HELD, address="javascript:alert(1)"),)))

    assert "URL" not in event
    assert event["DESCRIPTION"].text == "You promised this."


@pytest.mark.parametrize(
    "title", ["a, b; c\\d\ne:f", "END:VEVENT\r\nBEGIN:VEVENT", "x" * 300, "ü" * 150, "\\n\\, \\\\"]
)
def test_a_title_stays_what_it_is(title: str) -> None:
    content = calendar_feed("Meetings", (replace(DUE, title=title),))

    [ours], [theirs] = events_of(content), Calendar.from_ical(content).walk("VEVENT")
    meant = " ".join(title.split())
    assert ours["SUMMARY"].text == str(theirs["SUMMARY"])
    assert ours["SUMMARY"].text.removesuffix("…") == meant[: len(ours["SUMMARY"].text.removesuffix("…"))]
    assert len(ours["SUMMARY"].text) == min(len(meant), 200)


def test_hostile_texts_add_nothing_to_the_feed() -> None:
    some = texts(200)

    content = calendar_feed(
        some[0], [replace(DUE, uid=f"{number}@x", title=one, about=one) for number, one in enumerate(some)]
    )

    found = events_of(content)
    assert len(found) == len(some) == len(Calendar.from_ical(content).walk("VEVENT"))
    assert {frozenset(event) for event in found} == {frozenset(found[0])}
