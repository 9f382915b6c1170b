"""Single events, what a calendar says of itself, and the series a chair may choose from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from governance.calendar.client import CalendarFacts
from governance.calendar.series_ahead import RecurringEvent
from governance.reconcile.ports import CalendarAddress, NotFound, Refused, Unbelievable
from tests.calendar.conftest import BOARD, api_requests, event, page, refusal
from tests.calendar.raw_server import Request, answer

NOW = datetime(2027, 1, 6, tzinfo=UTC)
PRIMARY = CalendarAddress("primary", "Chair@example.com")


def test_an_event_is_read_with_one_request(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(event("series1_20270111T080000Z", recurringEventId="series1")))

    seen = calendar.get_event(BOARD, "series1_20270111T080000Z")

    [request] = api_requests(server)
    assert request.path == "/calendar/v3/calendars/board@example.com/events/series1_20270111T080000Z"
    assert (seen.id, seen.series_id) == ("series1_20270111T080000Z", "series1")


@pytest.mark.parametrize("gone", [refusal(404, "notFound"), refusal(410, "deleted")])
def test_an_event_that_does_not_exist_is_none(calendar_of: Any, gone: bytes) -> None:
    calendar, _ = calendar_of(lambda _: gone)

    assert calendar.get_event(BOARD, "series1") is None


def test_a_deleted_event_that_google_still_keeps_is_cancelled(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(event(status="cancelled")))

    assert calendar.get_event(BOARD, "series1").is_cancelled


@pytest.mark.parametrize("body", [{}, [], event("another"), event(etag=""), event(kind="calendar#events"), b"<html>"])
def test_an_event_that_cannot_be_the_one_asked_for_is_not_believed(calendar_of: Any, body: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(body))

    with pytest.raises(Unbelievable):
        calendar.get_event(BOARD, "series1")


def test_the_day_of_an_all_day_event_is_the_same_instant_read_alone_or_in_a_list(calendar_of: Any) -> None:
    all_day = event(
        start={"date": "2027-01-04"},
        end={"date": "2027-01-05"},
        originalStartTime={"date": "2027-01-04"},
    )

    def answering(request: Request) -> bytes:
        return answer(page(all_day) if request.path.endswith("/events") else all_day)

    alone, _ = calendar_of(answering)
    listed, _ = calendar_of(answering)

    read_alone = alone.get_event(BOARD, "series1")
    [in_a_list] = listed.list_changes(BOARD, sync_token=None, concerns=lambda *_: True).events

    assert read_alone == in_a_list.read()
    assert read_alone.original_start == datetime(2027, 1, 3, 23, tzinfo=UTC)


def test_primary_is_the_calendar_that_organises_its_own_events(calendar_of: Any) -> None:
    calendar, _ = calendar_of(
        lambda _: answer(page(event(organizer={"email": "other@example.com"}), event("b", accessRole="x")))
    )

    assert calendar.calendar_of(PRIMARY) == CalendarFacts(
        google_id="board@example.com", access_role="owner", time_zone="Europe/Berlin", trouble=None
    )


def test_an_empty_primary_calendar_is_its_subjects(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(page()))

    assert calendar.calendar_of(PRIMARY).google_id == "chair@example.com"


def test_an_alias_of_a_calendar_leads_to_its_own_id(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(page(event())))

    assert calendar.calendar_of(CalendarAddress("the-board@example.com", "c@example.com")).google_id == (
        "board@example.com"
    )


def test_a_calendar_shared_read_only_says_so_before_the_first_write(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(page(event(), accessRole="reader")))

    facts = calendar.calendar_of(BOARD)

    assert facts.access_role == "reader"
    assert isinstance(facts.trouble, Refused)
    assert str(facts.trouble) == (
        "Share calendar board@example.com with chair@example.com and choose “Make changes to events”: "
        "the present share allows “reader”."
    )


def test_a_calendar_that_is_not_shared_says_so(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: refusal(404, "notFound"))

    with pytest.raises(NotFound, match=r"^Share calendar board@example.com with chair@example.com"):
        calendar.calendar_of(BOARD)


def test_asking_what_a_calendar_is_does_not_make_its_alias_another_calendar(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(page(event())))
    calendar.calendar_of(CalendarAddress("the-board@example.com", "c@example.com"))

    assert calendar.list_changes(BOARD, sync_token=None, concerns=lambda *_: True).had_items


def test_the_series_to_choose_from_come_with_their_next_occurrence(calendar_of: Any) -> None:
    def times(start: str, end: str) -> dict[str, Any]:
        zone = {"timeZone": "Europe/Berlin"}
        return {"start": {"dateTime": start, **zone}, "end": {"dateTime": end, **zone}}

    moved = {
        "id": "moved_20270111T080000Z",
        "etag": '"3"',
        "recurringEventId": "moved",
        "originalStartTime": {"dateTime": "2027-01-11T09:00:00+01:00"},
        **times("2027-01-12T09:00:00+01:00", "2027-01-12T10:00:00+01:00"),
    }
    cancelled = {
        "id": "cancelled_20270111T080000Z",
        "status": "cancelled",
        "recurringEventId": "cancelled",
        "originalStartTime": {"dateTime": "2027-01-11T09:00:00+01:00"},
    }
    guests = [{"email": "dana@example.com"}, {"email": "r@resource.calendar.google.com", "resource": True}]
    calendar, server = calendar_of(
        lambda _: answer(
            page(
                event("plain", attendees=guests),
                event("moved"),
                moved,
                event("cancelled"),
                cancelled,
                event("over", recurrence=["RRULE:FREQ=WEEKLY;COUNT=1"]),
                event("odd", recurrence=["RRULE:FREQ=NEVER"]),
                event("single", recurrence=[]),
                event("deleted", status="cancelled"),
            )
        )
    )

    found = calendar.recurring_events(BOARD, now=NOW)

    assert found == (
        _series("plain", datetime(2027, 1, 11, 8, tzinfo=UTC), guests=1),
        _series("moved", datetime(2027, 1, 12, 8, tzinfo=UTC)),
        _series("cancelled", datetime(2027, 1, 18, 8, tzinfo=UTC)),
    )
    assert len(api_requests(server)) == 1


def _series(event_id: str, next_start: datetime, *, guests: int = 0) -> RecurringEvent:
    return RecurringEvent(
        id=event_id,
        summary="Steering",
        organizer="board@example.com",
        organizer_is_calendar=True,
        next_start=next_start,
        guests=guests,
        time_zone="Europe/Berlin",
    )
