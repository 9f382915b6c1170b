"""Items 61 to 64: channels, and what arrives at the address that was named."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.calendar.raw_server import RawServer, answer
from tests.calendar.sandbox.conftest import ANN, BOB, CHAIR, NOW, Office, refusal
from tests.calendar.sandbox.test_process import running
from tests.calendar.sandbox.test_signing_in import as_service_account, as_user, refreshed
from tests.support.sandbox import SandboxForTests

WEEK = 604_800
NOON = int(datetime.fromisoformat(NOW).timestamp() * 1000)


@pytest.fixture
def receiver(office: Office) -> Iterator[RawServer]:
    """Takes every message; the clock stands still, as it must not matter to deliveries."""
    office.control.switch("push_over_http", True)
    office.control.switch("push_retry_seconds", 0.01)
    office.control.clock(now=NOW, frozen=True)
    server = RawServer(lambda _: answer(status=204, keep_alive=False))
    yield server
    office.control.reset()
    server.close()


def watch(office: Office, receiver: RawServer, channel: str = "c1", **more: Any) -> dict[str, Any]:
    where = {} if "address" in more else {"address": f"{receiver.url}hook"}
    body = {"id": channel, "type": "web_hook", **where, **more}
    opened: dict[str, Any] = office.google.events().watch(calendarId="primary", body=body).execute()
    return opened


def stop(office: Office, opened: dict[str, Any], **changes: str) -> str:
    body = {"id": opened["id"], "resourceId": opened["resourceId"], **changes}
    answered: str = office.google.channels().stop(body=body).execute()
    return answered


def arrived(office: Office, receiver: RawServer) -> list[tuple[str, str]]:
    """(channel, state) of what has come, once nothing is on its way any more."""
    assert office.control.wait_until_pushed()
    return [(r.headers["x-goog-channel-id"], r.headers["x-goog-resource-state"]) for r in receiver.requests]


def numbers(receiver: RawServer) -> list[int]:
    return [int(request.headers["x-goog-message-number"]) for request in receiver.requests]


def outcomes(office: Office) -> list[str]:
    assert office.control.wait_until_pushed()
    return [delivery["outcome"] for delivery in office.control.deliveries()]


def test_62_nothing_changes_and_nothing_but_sync_arrives(office: Office, receiver: RawServer) -> None:
    office.weekly(ANN)
    watch(office, receiver)
    office.listed()

    assert arrived(office, receiver) == [("c1", "sync")]


def test_61_a_channel_is_answered_with_its_resource_and_its_end(office: Office, receiver: RawServer) -> None:
    opened = watch(office, receiver, token="secret")

    assert opened == {
        "kind": "api#channel",
        "id": "c1",
        "resourceId": opened["resourceId"],
        "resourceUri": "https://www.googleapis.com/calendar/v3/calendars/chair%40example.com/events?alt=json",
        "expiration": str(NOON + WEEK * 1000),
        "token": "secret",
    }
    assert watch(office, receiver, "c2")["resourceId"] == opened["resourceId"] != ""


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ({"params": {"ttl": "60"}}, 60),
        ({"params": {"ttl": str(10 * WEEK)}}, WEEK),
        ({"expiration": str(NOON + 90_000)}, 90),
        ({"expiration": str(NOON + 90_000), "params": {"ttl": "60"}}, 60),
        ({"expiration": str(NOON + 30_000), "params": {"ttl": "60"}}, 30),
    ],
)
def test_61_the_earliest_end_holds(office: Office, receiver: RawServer, asked: dict[str, Any], seconds: int) -> None:
    assert watch(office, receiver, **asked)["expiration"] == str(NOON + seconds * 1000)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": ""}, "required"),
        ({"id": "x" * 65}, "invalid"),
        ({"id": "two words"}, "invalid"),
        ({"type": "pigeon"}, "push.channelTypeNotSupported"),
        ({"address": ""}, "required"),
        ({"address": "ftp://example.com/"}, "push.webhookUrlNotHttps"),
        ({"address": "https://"}, "invalid"),
        ({"token": "x" * 257}, "invalid"),
        ({"params": {"ttl": "soon"}}, "invalid"),
        ({"params": {"ttl": "0"}}, "invalid"),
        ({"expiration": str(NOON - 1)}, "invalid"),
    ],
)
def test_61_a_senseless_channel_is_refused(
    office: Office, receiver: RawServer, changes: dict[str, Any], reason: str
) -> None:
    assert refusal(lambda: watch(office, receiver, **{"channel": changes.pop("id", "c1"), **changes})) == (400, reason)
    assert office.control.channels() == []


def test_61_plain_http_is_refused_unless_the_switch_allows_it(office: Office, receiver: RawServer) -> None:
    office.control.switch("push_over_http", False)

    assert refusal(lambda: watch(office, receiver)) == (400, "push.webhookUrlNotHttps")
    assert watch(office, receiver, address="https://example.com/hook")["id"] == "c1"


def test_61_an_id_serves_once_for_ever(office: Office, receiver: RawServer) -> None:
    opened = watch(office, receiver)

    assert refusal(lambda: watch(office, receiver)) == (400, "channelIdNotUnique")
    stop(office, opened)
    assert refusal(lambda: watch(office, receiver)) == (400, "channelIdNotUnique")


def test_61_googles_own_calendars_tell_nobody(office: Office, receiver: RawServer) -> None:
    holidays = "en.german#holiday@group.v.calendar.google.com"
    office.control.seed(calendars=[{"id": holidays, "owner": CHAIR}])
    body = {"id": "c1", "type": "web_hook", "address": receiver.url}

    refused = refusal(office.google.events().watch(calendarId=holidays, body=body).execute)

    assert refused == (400, "pushNotSupportedForRequestedResource")


def test_61_a_stranger_to_the_calendar_is_told_of_none(office: Office, receiver: RawServer) -> None:
    body = {"id": "c1", "type": "web_hook", "address": receiver.url}

    assert refusal(office.as_(ANN).google.events().watch(calendarId=CHAIR, body=body).execute) == (404, "notFound")


def test_62_messages_have_the_whole_set_of_headers_and_no_body(office: Office, receiver: RawServer) -> None:
    opened = watch(office, receiver, token="secret", params={"ttl": "3600"})
    office.weekly()
    arrived(office, receiver)

    first, second = receiver.requests
    assert [(r.method, r.path, r.body, r.headers["content-length"]) for r in (first, second)] == [
        ("POST", "/hook", b"", "0")
    ] * 2
    assert {name: value for name, value in second.headers.items() if name.startswith("x-goog")} == {
        "x-goog-channel-id": "c1",
        "x-goog-channel-token": "secret",
        "x-goog-channel-expiration": "Mon, 02 Nov 2026 09:00:00 GMT",
        "x-goog-message-number": second.headers["x-goog-message-number"],
        "x-goog-resource-id": opened["resourceId"],
        "x-goog-resource-state": "exists",
        "x-goog-resource-uri": opened["resourceUri"],
    }
    assert second.headers["user-agent"].startswith("APIs-Google")


def test_62_what_was_not_given_has_no_header(office: Office, receiver: RawServer) -> None:
    office.control.switch("push_names_expiration", False)
    watch(office, receiver)
    arrived(office, receiver)

    assert not {"x-goog-channel-token", "x-goog-channel-expiration"} & receiver.requests[0].headers.keys()


def test_62_numbers_begin_at_one_and_rise_with_gaps(office: Office, receiver: RawServer) -> None:
    watch(office, receiver)
    for text in "abc":
        office.single(event_id=f"single{text}")
    arrived(office, receiver)

    found = numbers(receiver)
    assert found[0] == 1
    assert all(later - earlier > 1 for earlier, later in pairwise(found))


def test_62_every_change_of_a_copy_is_told_whoever_made_it(office: Office, receiver: RawServer) -> None:
    office.weekly(ANN)
    office.as_(ANN).google.events().watch(
        calendarId="primary", body={"id": "ann", "type": "web_hook", "address": receiver.url}
    ).execute()
    office.google.events().watch(
        calendarId="primary", body={"id": "chair", "type": "web_hook", "address": receiver.url}
    ).execute()
    seen = len(arrived(office, receiver))

    told = []
    for act in (
        lambda: office.patch("weekly0", {"summary": "Another"}),
        lambda: office.patch("weekly0", {"summary": "Another"}),
        lambda: office.as_(ANN).patch("weekly0", {"reminders": {"useDefault": False}}),
        lambda: office.control.answers(CHAIR, "weekly0", ANN, "declined"),
        lambda: office.control.touch(CHAIR, "weekly0"),
        lambda: office.delete("weekly0"),
    ):
        act()
        told.append({channel for channel, _ in arrived(office, receiver)[seen:]})
        seen = len(receiver.requests)

    assert told == [{"ann", "chair"}, set(), {"ann"}, {"ann", "chair"}, {"chair"}, {"ann", "chair"}]


def test_62_one_write_is_one_message_however_many_copies_it_changes(office: Office, receiver: RawServer) -> None:
    office.weekly(ANN)
    office.patch("weekly0_20261110T080000Z", {"summary": "That day"})
    office.control.switch("exceptions_follow_guests", True)
    watch(office, receiver)

    office.patch("weekly0", {"attendees": [{"email": BOB}]})

    assert arrived(office, receiver) == [("c1", "sync"), ("c1", "exists")]


def test_62_a_named_type_of_event_hears_of_that_alone(office: Office, receiver: RawServer) -> None:
    body = {"id": "c1", "type": "web_hook", "address": receiver.url}
    office.google.events().watch(calendarId="primary", body=body, eventTypes=["focusTime"]).execute()

    office.weekly()

    assert arrived(office, receiver) == [("c1", "sync")]


def test_62_sync_arrives_before_the_answer_that_is_held_up(office: Office, receiver: RawServer) -> None:
    office.control.pause_at("events.watch", when="after")
    opening = threading.Thread(target=lambda: watch(office, receiver))
    opening.start()

    assert office.control.wait_until_paused()
    assert arrived(office, receiver) == [("c1", "sync")]

    office.control.resume()
    opening.join()


def test_62_a_write_whose_answer_is_lost_is_told_all_the_same(office: Office, receiver: RawServer) -> None:
    office.weekly()
    watch(office, receiver)
    office.control.fault("close_after", route="events.patch")

    with pytest.raises(http.client.RemoteDisconnected):
        office.raw("PATCH", "/calendar/v3/calendars/primary/events/weekly0", json.dumps({"summary": "x"}).encode())

    assert arrived(office, receiver)[1:] == [("c1", "exists")]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_63_a_receiver_that_is_unwell_is_asked_again(office: Office, receiver: RawServer, status: int) -> None:
    statuses = iter([status, status, 200])
    receiver.answering = lambda _: answer(status=next(statuses), keep_alive=False)

    watch(office, receiver)

    assert arrived(office, receiver) == [("c1", "sync")] * 3
    assert [(d["outcome"], d["answers"]) for d in office.control.deliveries()] == [("delivered", [status, status, 200])]
    assert numbers(receiver) == [1, 1, 1]


def test_63_it_is_asked_again_only_so_often(office: Office, receiver: RawServer) -> None:
    office.control.switch("push_attempts", 3)
    receiver.answering = lambda _: answer(status=503, keep_alive=False)

    watch(office, receiver)

    assert outcomes(office) == ["lost"]
    assert len(receiver.requests) == 3


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 429, 501])
def test_63_any_other_refusal_is_final(office: Office, receiver: RawServer, status: int) -> None:
    receiver.answering = lambda _: answer(status=status, headers={"Location": receiver.url}, keep_alive=False)

    watch(office, receiver)

    assert outcomes(office) == ["lost"]
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_63_every_success_is_one(office: Office, receiver: RawServer, status: int) -> None:
    receiver.answering = lambda _: answer(status=status, keep_alive=False)

    watch(office, receiver)

    assert outcomes(office) == ["delivered"]


def test_63_a_receiver_that_hangs_delays_no_answer_of_the_api(office: Office, receiver: RawServer) -> None:
    let_go = threading.Event()
    receiver.answering = lambda _: let_go.wait() and None

    watch(office, receiver)
    office.weekly()

    assert office.control.wait_until_pushed(timeout=0.01) is False
    assert {delivery["outcome"] for delivery in office.control.deliveries()} == {"waiting"}
    let_go.set()
    assert outcomes(office) == ["lost", "lost"]


def test_63_a_receiver_that_does_not_answer_in_time_has_lost_the_message(office: Office, receiver: RawServer) -> None:
    office.control.switch("push_timeout_seconds", 0.05)
    let_go = threading.Event()
    receiver.answering = lambda _: let_go.wait() and None

    watch(office, receiver)

    assert outcomes(office) == ["lost"]
    assert office.control.deliveries()[0]["answers"] == ["TimeoutError"]
    let_go.set()


def test_63_nobody_at_the_address_loses_the_message(office: Office, receiver: RawServer) -> None:
    address = receiver.url
    receiver.close()

    watch(office, receiver, address=address)

    assert outcomes(office) == ["lost"]
    assert office.control.deliveries()[0]["answers"] == ["ConnectionRefusedError"]


def test_63_messages_are_dropped_as_ordered(office: Office, receiver: RawServer) -> None:
    office.control.switch("push_drops_every", 2)
    watch(office, receiver)
    for text in "abc":
        office.single(event_id=f"single{text}")

    assert outcomes(office) == ["delivered", "dropped", "delivered", "dropped"]
    assert len(receiver.requests) == 2


def test_63_messages_come_twice_as_ordered(office: Office, receiver: RawServer) -> None:
    office.control.switch("push_doubles", True)
    watch(office, receiver)
    office.weekly()

    assert arrived(office, receiver) == [("c1", "sync")] * 2 + [("c1", "exists")] * 2
    first, again, second, once_more = numbers(receiver)
    assert (first, second) == (again, once_more)


def test_63_messages_come_late_by_the_sandboxs_clock(office: Office, receiver: RawServer) -> None:
    watch(office, receiver)
    office.control.switch("push_delay_seconds", 7200)
    office.weekly()
    office.control.clock(advance=7199)
    in_time = arrived(office, receiver)

    office.control.clock(advance=1)

    assert (in_time, arrived(office, receiver)) == ([("c1", "sync")], [("c1", "sync"), ("c1", "exists")])


def test_63_what_is_late_comes_by_itself_while_the_clock_runs(office: Office, receiver: RawServer) -> None:
    come = threading.Event()
    office.control.clock(frozen=False)
    office.control.switch("push_delay_seconds", 0.05)
    receiver.answering = lambda _: come.set() or answer(status=204, keep_alive=False)

    watch(office, receiver)

    assert come.wait(10)


def test_63_messages_are_swapped_as_ordered(office: Office, receiver: RawServer) -> None:
    office.control.switch("push_swaps", True)
    watch(office, receiver)
    for text in "abcd":
        office.single(event_id=f"single{text}")
    arrived(office, receiver)

    sync, *later = numbers(receiver)
    assert sync == 1
    assert [sorted(later).index(number) for number in later] == [1, 0, 3, 2]


def test_63_a_receiver_whose_certificate_is_not_trusted_gets_nothing(
    office: Office, receiver: RawServer, serve_tls: Any
) -> None:
    received: list[bytes] = []
    address = serve_tls(lambda connection: received.append(connection.recv(65_536)))

    watch(office, receiver, address=address)

    assert outcomes(office) == ["lost"]
    assert office.control.deliveries()[0]["answers"] == ["SSLCertVerificationError"]
    assert [block for block in received if block] == []


def test_64_a_stopped_channel_is_silent(office: Office, receiver: RawServer) -> None:
    opened = watch(office, receiver)

    assert stop(office, opened) == ""

    office.weekly()
    assert arrived(office, receiver) == [("c1", "sync")]
    assert [channel["live"] for channel in office.control.channels()] == [False]


def test_64_a_channel_ends_by_the_clock_without_a_word(office: Office, receiver: RawServer) -> None:
    opened = watch(office, receiver, params={"ttl": "60"})
    office.control.clock(advance=59)
    office.single(event_id="single1")
    before = arrived(office, receiver)

    office.control.clock(advance=1)
    office.single(event_id="single2")

    assert before == arrived(office, receiver) == [("c1", "sync"), ("c1", "exists")]
    assert refusal(lambda: stop(office, opened)) == (404, "notFound")


def test_64_a_stopped_channel_is_not_asked_again(office: Office, receiver: RawServer) -> None:
    opened = watch(office, receiver)
    arrived(office, receiver)
    reached, let_go = threading.Event(), threading.Event()
    receiver.answering = lambda _: (reached.set(), let_go.wait()) and answer(status=503, keep_alive=False)
    office.weekly()
    assert reached.wait(10)

    stop(office, opened)
    let_go.set()

    assert outcomes(office) == ["delivered", "lost"]
    assert len(receiver.requests) == 2


def test_64_stop_wants_both_ids(office: Office, receiver: RawServer) -> None:
    opened = watch(office, receiver)

    assert refusal(lambda: stop(office, opened, id="c2")) == (404, "notFound")
    assert refusal(lambda: stop(office, opened, resourceId="other")) == (404, "notFound")
    assert refusal(lambda: stop(office, opened, resourceId="")) == (400, "required")
    assert stop(office, opened) == ""
    assert refusal(lambda: stop(office, opened)) == (404, "notFound")


def test_64_only_who_opened_a_channel_stops_it(office: Office, receiver: RawServer, tmp_path: Path) -> None:
    opened = watch(office, receiver)

    assert refusal(lambda: stop(office.as_(ANN), opened)) == (404, "notFound")
    assert refusal(lambda: stop(through(office, refreshed(as_user(office, tmp_path, CHAIR))), opened)) == (
        404,
        "notFound",
    )


def test_64_a_service_account_stops_its_channels_whoever_it_acts_as(
    office: Office, receiver: RawServer, tmp_path: Path
) -> None:
    account = as_service_account(office, tmp_path)
    opened = watch(through(office, refreshed(account)), receiver)

    assert stop(through(office, refreshed(account.with_subject(ANN))), opened) == ""


def through(office: Office, found: Any) -> Office:
    """The office with the token of these credentials."""
    return Office(office.sandbox, office.sandbox.service_with(found.token))


def test_a_message_can_be_sent_by_hand_also_of_an_ended_channel(office: Office, receiver: RawServer) -> None:
    stop(office, watch(office, receiver))

    number = office.control.notify("c1", "not_exists")

    assert arrived(office, receiver) == [("c1", "sync"), ("c1", "not_exists")]
    assert numbers(receiver) == [1, number]


def test_a_reset_withdraws_what_is_on_its_way(office: Office, receiver: RawServer) -> None:
    reached, let_go = threading.Event(), threading.Event()
    receiver.answering = lambda _: (reached.set(), let_go.wait()) and answer(status=503, keep_alive=False)
    watch(office, receiver)
    assert reached.wait(10)

    office.control.reset()
    let_go.set()

    assert office.control.wait_until_pushed()
    assert (office.control.deliveries(), office.control.channels()) == ([], [])


def test_a_cleared_log_forgets_deliveries(office: Office, receiver: RawServer) -> None:
    watch(office, receiver)
    arrived(office, receiver)

    office.control.clear_log()

    assert office.control.deliveries() == []


def test_channels_outlive_the_process(receiver: RawServer, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with running("--state", str(state)) as control:
        control.seed(users=[CHAIR])
        control.switch("push_over_http", True)
        sandbox = SandboxForTests(control.url, control)
        first = Office(sandbox, sandbox.service(CHAIR))
        opened = watch(first, receiver)
        arrived(first, receiver)
        before = control.channels()
        sandbox.close_services()

    with running("--state", str(state)) as control:
        sandbox = SandboxForTests(control.url, control)
        again = Office(sandbox, sandbox.service(CHAIR))

        assert control.channels() == before
        again.single()
        assert arrived(again, receiver) == [("c1", "sync"), ("c1", "exists")]
        assert stop(again, opened) == ""
        sandbox.close_services()
