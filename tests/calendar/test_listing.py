"""Listings: all pages or nothing, and only what can be true."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from governance.reconcile.observed import ObservedEvent
from governance.reconcile.ports import CalendarAddress, Stopping, SyncTokenExpired, Unbelievable
from governance.reconcile.received import Listing
from tests.calendar.conftest import BOARD, api_requests, event, page, refusal
from tests.calendar.raw_server import Request, answer


def everything(event_id: str, series_id: str | None) -> bool:
    return True


def nothing(event_id: str, series_id: str | None) -> bool:
    return False


def test_an_unchanged_calendar_is_one_request_and_no_event(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(page(nextSyncToken="token-2")))

    listing = calendar.list_changes(BOARD, sync_token="token-1", concerns=everything)

    assert listing == Listing(events=(), sync_token="token-2", is_full=False, access_role="owner", had_items=False)
    [request] = api_requests(server)
    assert (request.method, request.path) == ("GET", "/calendar/v3/calendars/board@example.com/events")
    assert request.headers["authorization"] == "Bearer ya29.canary-access-token"


def test_a_listing_asks_for_no_filter_that_a_sync_token_forbids(calendar_of: Any) -> None:
    """Calendar API, sync guide: the parameters belong to the token; the field mask and the page size do not."""
    calendar, server = calendar_of(lambda _: answer(page()))

    calendar.list_changes(BOARD, sync_token=None, concerns=everything)
    calendar.list_changes(BOARD, sync_token="token-1", concerns=everything)

    full, incremental = (request.query for request in api_requests(server))
    assert incremental == full | {"syncToken": "token-1"}
    assert {name: value for name, value in full.items() if name != "fields"} == {
        "alt": "json",
        "maxResults": "250",
        "quotaUser": "chair@example.com",
        "singleEvents": "false",
    }


def test_all_pages_are_gathered_even_empty_ones(calendar_of: Any) -> None:
    pages = {
        None: page(event("a"), nextSyncToken=None, nextPageToken="p2"),
        "p2": page(nextSyncToken=None, nextPageToken="p3"),
        "p3": page(event("b"), nextSyncToken="token-9"),
    }
    calendar, server = calendar_of(lambda request: answer(pages[request.query.get("pageToken")]))

    listing = calendar.list_changes(BOARD, sync_token=None, concerns=everything)

    assert [one.id for one in listing.events] == ["a", "b"]
    assert (listing.sync_token, listing.is_full, listing.had_items) == ("token-9", True, True)
    assert len(api_requests(server)) == 3


def test_what_does_not_concern_us_is_not_even_translated(calendar_of: Any) -> None:
    broken = event("private", start={"dateTime": "no time at all"}, attendees="everybody")
    calendar, _ = calendar_of(lambda _: answer(page(broken, event("ours"))))

    listing = calendar.list_changes(BOARD, sync_token=None, concerns=lambda event_id, _: event_id == "ours")

    assert [one.id for one in listing.events] == ["ours"]


def test_a_listing_says_whether_there_was_any_item_at_all(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(page(event("private"))))

    listing = calendar.list_changes(BOARD, sync_token="token-1", concerns=nothing)

    assert (listing.events, listing.had_items) == ((), True)


def test_an_occurrence_concerns_us_through_its_series(calendar_of: Any) -> None:
    seen: list[tuple[str, str | None]] = []
    bare = {
        "id": "x_20270111T080000Z",
        "status": "cancelled",
        "recurringEventId": "x_R20270101T090000",
        "originalStartTime": {"dateTime": "2027-01-11T09:00:00+01:00", "timeZone": "Europe/Berlin"},
    }
    calendar, _ = calendar_of(lambda _: answer(page(bare)))

    listing = calendar.list_changes(
        BOARD, sync_token=None, concerns=lambda event_id, series_id: not seen.append((event_id, series_id))
    )

    assert seen == [("x_20270111T080000Z", "x_R20270101T090000")]
    [cancelled] = listing.events
    assert cancelled.read() == ObservedEvent(
        id="x_20270111T080000Z",
        etag="",
        status="cancelled",
        series_id="x_R20270101T090000",
        original_start=datetime(2027, 1, 11, 8, tzinfo=UTC),
        time_zone="Europe/Berlin",
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="empty object"),
        pytest.param([], id="list"),
        pytest.param(None, id="null"),
        pytest.param("calendar#events", id="text"),
        pytest.param(b"<html>Sign in</html>", id="web page"),
        pytest.param(b"", id="nothing"),
        pytest.param(b'{"kind": "calendar#events", "items": [', id="half a JSON"),
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(page(kind="calendar#event"), id="another kind"),
        pytest.param(page(nextSyncToken=None), id="no token"),
        pytest.param(page(nextPageToken="p2"), id="both tokens"),
        pytest.param(page(nextSyncToken=7), id="token is a number"),
        pytest.param(page(nextSyncToken=""), id="token is empty"),
        pytest.param(page(items=None) | {"items": None}, id="items are null"),
        pytest.param(page(items={"id": "a"}), id="items are an object"),
        pytest.param(page(items=["a"]), id="an item is a text"),
        pytest.param(page({"status": "confirmed"}), id="an item without id"),
        pytest.param(page(event(recurringEventId=5)), id="a series that is a number"),
        pytest.param(b'{"kind": "calendar#events", "nextSyncToken": "t", "items": [1,]}', id="items end with a comma"),
        pytest.param(
            b'{"kind": "calendar#events", "nextSyncToken": "t", "items": [{"id": "a"}], "items": [1]}', id="two"
        ),
    ],
)
def test_an_answer_that_cannot_be_true_is_not_believed(calendar_of: Any, body: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(body))

    with pytest.raises(Unbelievable, match=r"^Check the network of this machine"):
        calendar.list_changes(BOARD, sync_token="token-1", concerns=everything)

    assert len(api_requests(server)) == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(page(event(attendees=None)), id="guests are null"),
        pytest.param(page(event(attendees=["dana@example.com"])), id="guests are texts"),
        pytest.param(page(event(attendees=[{"email": 5}])), id="an address is a number"),
        pytest.param(page(event(attendees=[{"additionalGuests": -1}])), id="a negative count"),
        pytest.param(page(event(guestsCanModify="no")), id="a flag is a text"),
        pytest.param(page(event(start={"dateTime": "soon"})), id="an unreadable time"),
        pytest.param(page(event(start={"dateTime": "2027-01-01T09:00:00", "timeZone": "Mars"})), id="an unknown zone"),
        pytest.param(page(event(recurrence="RRULE:FREQ=WEEKLY")), id="rules are a text"),
        pytest.param(page(event(extendedProperties={"private": {"a": 1}})), id="a property is a number"),
    ],
)
def test_an_event_that_cannot_be_read_is_named_as_the_cause_and_can_be_passed_over(calendar_of: Any, body: Any) -> None:
    body["items"].append(event(id="sound"))
    [broken, _] = [one["id"] for one in body["items"]]
    calendar, server = calendar_of(lambda _: answer(body))

    with pytest.raises(Unbelievable, match=r"^Open the event in Google Calendar") as refused:
        calendar.list_changes(BOARD, sync_token="token-1", concerns=everything)
    listing = calendar.list_changes(BOARD, sync_token="token-1", concerns=everything, passing_over=frozenset({broken}))

    assert (refused.value.event_id, refused.value.event_ids) == (broken, (broken,))
    assert broken not in str(refused.value)
    assert ([one.id for one in listing.events], listing.passed_over) == (["sound"], frozenset({broken}))
    assert len(api_requests(server)) == 2


def test_an_event_that_cannot_be_read_and_is_not_governed_troubles_nobody(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: answer(page(event(attendees=None))))

    listing = calendar.list_changes(BOARD, sync_token="token-1", concerns=nothing)

    assert (listing.events, listing.passed_over) == ((), frozenset())


def test_an_unknown_word_of_google_is_carried_and_breaks_nothing(calendar_of: Any) -> None:
    odd = event(attendees=[{"email": "dana@example.com", "responseStatus": "maybeLater"}], eventType="hologram")
    calendar, _ = calendar_of(lambda _: answer(page(odd)))

    listing = calendar.list_changes(BOARD, sync_token=None, concerns=everything)

    assert [guest.answer for guest in listing.events[0].read().guests] == ["maybeLater"]


def test_the_same_page_for_ever_is_given_up_at_its_first_return(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(page(nextSyncToken=None, nextPageToken="p")))

    with pytest.raises(Unbelievable, match="the same page came again"):
        calendar.list_changes(BOARD, sync_token=None, concerns=everything)

    assert len(api_requests(server)) == 2


def test_pages_without_end_are_given_up_after_two_hundred(calendar_of: Any) -> None:
    def next_page(request: Request) -> bytes:
        number = int(request.query.get("pageToken", "0")) + 1
        return answer(page(nextSyncToken=None, nextPageToken=str(number)))

    calendar, server = calendar_of(next_page)

    with pytest.raises(Unbelievable, match="does not end after 200 pages"):
        calendar.list_changes(BOARD, sync_token=None, concerns=everything)

    assert len(api_requests(server)) == 200


def test_the_events_of_another_calendar_are_not_believed(calendar_of: Any) -> None:
    """An answer that crossed over: also when no foreign event concerns us, as the token would be stored."""
    calendar, _ = calendar_of(lambda _: answer(page(event())))
    calendar.list_changes(BOARD, sync_token=None, concerns=nothing)

    with pytest.raises(Unbelievable, match="belongs to another calendar"):
        calendar.list_changes(
            CalendarAddress("Finance@example.com", "cfo@example.com"), sync_token=None, concerns=nothing
        )


def test_an_event_organised_elsewhere_is_no_contradiction(calendar_of: Any) -> None:
    invited = event("invited", organizer={"email": "finance@example.com"})
    calendar, _ = calendar_of(lambda _: answer(page(invited)))
    calendar.list_changes(CalendarAddress("finance@example.com", "x@example.com"), sync_token=None, concerns=nothing)

    listing = calendar.list_changes(BOARD, sync_token=None, concerns=everything)

    assert [one.organizer_is_calendar for one in listing.events] == [False]


def test_a_refused_sync_token_is_expired_on_whichever_page(calendar_of: Any) -> None:
    def in_the_middle(request: Request) -> bytes:
        if "pageToken" in request.query:
            return refusal(410, "fullSyncRequired", location="syncToken", locationType="parameter")
        return answer(page(event("a"), nextSyncToken=None, nextPageToken="p2"))

    calendar, server = calendar_of(in_the_middle)

    with pytest.raises(SyncTokenExpired):
        calendar.list_changes(BOARD, sync_token="token-1", concerns=everything)

    assert len(api_requests(server)) == 2


def test_a_malformed_sync_token_is_expired_as_well(calendar_of: Any) -> None:
    calendar, _ = calendar_of(lambda _: refusal(400, "invalid", message="Invalid sync token value."))

    with pytest.raises(SyncTokenExpired):
        calendar.list_changes(BOARD, sync_token="from elsewhere", concerns=everything)


def test_no_page_is_asked_for_once_the_process_stops(calendar_of: Any, deadlines: Any) -> None:
    def stop_meanwhile(_: Request) -> bytes:
        deadlines.stop()
        return answer(page(event("a"), nextSyncToken=None, nextPageToken="p2"))

    calendar, server = calendar_of(stop_meanwhile)

    with pytest.raises(Stopping):
        calendar.list_changes(BOARD, sync_token=None, concerns=everything)

    assert len(api_requests(server)) == 1
