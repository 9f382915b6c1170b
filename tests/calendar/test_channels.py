"""Channels: opened and stopped by one call each, believed only when they are what was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from governance.calendar.client import GoogleCalendar
from governance.calendar.denials import Asked, denial_of
from governance.calendar.quota import Quota
from governance.calendar.refusals import trouble_of
from governance.reconcile.ports import (
    CalendarAddress,
    CalendarTrouble,
    ChannelPort,
    NotFound,
    OpenedChannel,
    OutcomeUnclear,
    Refused,
    Throttled,
)
from tests.calendar.conftest import A_TOKEN, BOARD, api_requests, refusal
from tests.calendar.raw_server import RawServer, answer
from tests.support.sandbox import SandboxForTests

CHAIR, ANN = "chair@example.com", "ann@example.com"
OF_CHAIR = CalendarAddress(CHAIR, CHAIR)
NOW = "2026-11-02T08:00:00+00:00"


@pytest.fixture
def control(sandbox: SandboxForTests) -> Any:
    sandbox.control.reset(now=NOW)
    sandbox.control.clock(frozen=True)
    sandbox.control.seed(users=[CHAIR, ANN])
    sandbox.control.switch("push_over_http", True)
    return sandbox.control


@pytest.fixture
def receiver(control: Any) -> Iterator[RawServer]:
    server = RawServer(lambda _: answer(status=204, keep_alive=False))
    yield server
    control.reset()
    server.close()


@pytest.fixture(params=["service_account", "authorized_user"])
def calendar(
    request: pytest.FixtureRequest, sandbox: SandboxForTests, control: Any, caller_of: Any, tmp_path: Path
) -> GoogleCalendar:
    return GoogleCalendar(caller_of(sandbox, path=sandbox.credentials_file(tmp_path, request.param)))


def opened(calendar: ChannelPort, address: str, channel: str = "c1", *, ttl: int = 3600) -> OpenedChannel:
    return calendar.watch(OF_CHAIR, channel_id=channel, token="secret", address=address, ttl_seconds=ttl)


def told(control: Any, receiver: RawServer) -> list[tuple[str, str, str]]:
    assert control.wait_until_pushed()
    names = ("x-goog-channel-id", "x-goog-channel-token", "x-goog-resource-state")
    return [tuple(request.headers[name] for name in names) for request in receiver.requests]


def test_while_nothing_changes_an_open_channel_says_only_that_it_is_open(
    calendar: GoogleCalendar, control: Any, receiver: RawServer
) -> None:
    opened(calendar, receiver.url)

    assert told(control, receiver) == [("c1", "secret", "sync")]


def test_a_channel_tells_of_every_change_until_it_is_stopped(
    calendar: GoogleCalendar, control: Any, receiver: RawServer
) -> None:
    channel = opened(calendar, receiver.url)
    control.create_series(CHAIR, "Board", "2026-11-03T09:00:00Z", "2026-11-03T10:00:00Z", "UTC")
    while_open = told(control, receiver)

    calendar.stop_channel(OF_CHAIR, channel_id="c1", resource_id=channel.resource_id)
    control.create_series(CHAIR, "Lunch", "2026-11-03T12:00:00Z", "2026-11-03T13:00:00Z", "UTC")

    assert while_open == told(control, receiver) == [("c1", "secret", "sync"), ("c1", "secret", "exists")]


def test_the_end_is_the_one_that_google_grants(calendar: GoogleCalendar, control: Any, receiver: RawServer) -> None:
    control.switch("channel_seconds", 7200)

    assert opened(calendar, receiver.url).expires_at == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert opened(calendar, receiver.url, "c2", ttl=86_400).expires_at == datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_a_channel_that_has_ended_or_never_was_is_stopped_without_ado(
    calendar: GoogleCalendar, control: Any, receiver: RawServer
) -> None:
    channel = opened(calendar, receiver.url, ttl=60)
    control.clock(advance=60)

    calendar.stop_channel(OF_CHAIR, channel_id="c1", resource_id=channel.resource_id)
    calendar.stop_channel(OF_CHAIR, channel_id="c0", resource_id="r0")


def test_both_calls_name_whose_quota_they_use_and_cost_one_unit(
    calendar: GoogleCalendar, control: Any, receiver: RawServer
) -> None:
    channel = opened(calendar, receiver.url)
    calendar.stop_channel(OF_CHAIR, channel_id="c1", resource_id=channel.resource_id)

    assert control.quota()["users"] == {CHAIR: {"peak": 2, "used": 2}}


def test_an_installation_that_only_looks_is_told_too(
    sandbox: SandboxForTests, control: Any, caller_of: Any, receiver: RawServer, tmp_path: Path
) -> None:
    calendar = GoogleCalendar(caller_of(sandbox, path=sandbox.credentials_file(tmp_path)), read_only=True)

    channel = opened(calendar, receiver.url)
    calendar.stop_channel(OF_CHAIR, channel_id="c1", resource_id=channel.resource_id)

    assert told(control, receiver) == [("c1", "secret", "sync")]


def test_a_channel_whose_answer_is_lost_is_open_and_its_id_is_used_up(
    calendar: GoogleCalendar, control: Any, receiver: RawServer
) -> None:
    control.fault("close_after", route="events.watch")

    with pytest.raises(OutcomeUnclear, match=r"^Wait while the notifications of calendar chair@example\.com"):
        opened(calendar, receiver.url)

    assert [channel["live"] for channel in control.channels()] == [True]
    assert len(control.log("events.watch")) == 1
    with pytest.raises(Refused) as again:
        opened(calendar, receiver.url)
    assert again.value.code == "google-channel-known"


@pytest.mark.parametrize("fault", ["close_before", "close_after", "500", "503"])
@pytest.mark.parametrize("route", ["events.watch", "channels.stop"])
def test_no_call_about_a_channel_is_repeated(
    calendar: GoogleCalendar, control: Any, receiver: RawServer, route: str, fault: str
) -> None:
    channel = opened(calendar, receiver.url)
    calls: dict[str, Callable[[], Any]] = {
        "events.watch": lambda: opened(calendar, receiver.url, "c2"),
        "channels.stop": lambda: calendar.stop_channel(OF_CHAIR, channel_id="c1", resource_id=channel.resource_id),
    }
    control.clear_log()
    control.fault(fault, route=route)

    with pytest.raises(OutcomeUnclear):
        calls[route]()

    assert len(control.log(route)) == 1


def test_an_expired_token_is_renewed_before_the_channel_opens(
    calendar: GoogleCalendar, control: Any, receiver: RawServer
) -> None:
    control.create_series(CHAIR, "Board", "2026-11-03T09:00:00Z", "2026-11-03T10:00:00Z", "UTC", event_id="board0")
    calendar.get_event(OF_CHAIR, "board0")
    control.expire_access()

    opened(calendar, receiver.url)

    assert [channel["id"] for channel in control.channels()] == ["c1"]


def test_plain_http_names_the_address_to_set(calendar: GoogleCalendar, control: Any, receiver: RawServer) -> None:
    control.switch("push_over_http", False)

    with pytest.raises(Refused) as raised:
        opened(calendar, receiver.url)

    assert raised.value.code == "google-push-address"
    assert str(raised.value).startswith("Set site.public_url in config.toml to an https address")


def test_a_calendar_that_is_not_shared_names_the_share(
    sandbox: SandboxForTests, control: Any, caller_of: Any, receiver: RawServer, tmp_path: Path
) -> None:
    calendar = GoogleCalendar(caller_of(sandbox, path=sandbox.credentials_file(tmp_path)))

    with pytest.raises(NotFound, match=f"^Share calendar {CHAIR} with {ANN}"):
        calendar.watch(CalendarAddress(CHAIR, ANN), channel_id="c1", token="t", address=receiver.url, ttl_seconds=60)


@pytest.mark.parametrize(
    ("status", "reason", "code", "sentence"),
    [
        (
            400,
            "pushNotSupportedForRequestedResource",
            "google-push-unsupported",
            "Adopt the meeting from a person's or a shared calendar, or set google.push to false in config.toml: "
            "Google sends no notifications about calendar board@example.com.",
        ),
        (
            401,
            "push.webhookUrlUnauthorized",
            "google-push-unauthorised",
            "Verify the domain of site.public_url for the project in the Google Cloud console, or set google.push to "
            "false in config.toml: Google does not yet let the project have notifications sent to that domain.",
        ),
        (
            400,
            "push.webhookUrlNotHttps",
            "google-push-address",
            "Set site.public_url in config.toml to an https address that Google can reach, or google.push to false: "
            "Google sends notifications only to such an address, with a certificate that everybody trusts.",
        ),
        (
            400,
            "channelIdNotUnique",
            "google-channel-known",
            "Open the channel under another id: Google already had one under this id, perhaps of a call whose answer "
            "was lost.",
        ),
        (
            403,
            "forbidden",
            "google-forbidden",
            "Share calendar board@example.com with chair@example.com and choose “Make changes to events”: "
            "Google refuses to show it to this account.",
        ),
    ],
)
def test_a_refusal_of_a_channel_says_what_to_do(
    calendar_of: Any, status: int, reason: str, code: str, sentence: str
) -> None:
    calendar, _ = calendar_of(lambda _: refusal(status, reason))

    with pytest.raises(Refused) as raised:
        calendar.watch(BOARD, channel_id="c1", token="t", address="https://example.com/", ttl_seconds=60)

    assert (raised.value.code, str(raised.value)) == (code, sentence)


def test_the_limit_on_invitations_is_no_reason_to_stop_writing_because_of_a_channel() -> None:
    asked = Asked(subject=CHAIR, calendar=CHAIR, is_channel=True)

    found = trouble_of(denial_of(403, {}, refused("quotaExceeded"), now=datetime(2026, 11, 2, tzinfo=UTC)), asked)

    assert type(found) is Throttled


def test_a_reason_about_channels_means_nothing_to_other_calls() -> None:
    found = trouble_of(
        denial_of(400, {}, refused("channelIdNotUnique"), now=datetime(2026, 11, 2, tzinfo=UTC)), Asked(calendar=CHAIR)
    )

    assert found.code == "google-invalid"


def refused(reason: str) -> bytes:
    return refusal(400, reason).partition(b"\r\n\r\n")[2]


CHANNEL = {"kind": "api#channel", "id": "c1", "resourceId": "r1", "expiration": "1793610000000"}


def watched(calendar: GoogleCalendar, address: str = "https://example.com/hook") -> OpenedChannel:
    return calendar.watch(BOARD, channel_id="c1", token="t1", address=address, ttl_seconds=604_800)


def test_a_watch_asks_for_what_it_was_told_and_for_no_kind_of_event(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(CHANNEL))

    found = watched(calendar)

    [request] = api_requests(server)
    assert (request.method, request.path) == ("POST", "/calendar/v3/calendars/board@example.com/events/watch")
    assert request.json() == {
        "id": "c1",
        "type": "web_hook",
        "address": "https://example.com/hook",
        "token": "t1",
        "params": {"ttl": "604800"},
    }
    assert request.query == {"alt": "json", "quotaUser": "chair@example.com"}
    assert found == OpenedChannel("r1", datetime(2026, 11, 2, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "calendar#event"},
        {"id": "c2"},
        {"id": None},
        {"resourceId": None},
        {"resourceId": ""},
        {"resourceId": 7},
        {"expiration": None},
        {"expiration": "soon"},
        {"expiration": "-1"},
        {"expiration": "9" * 30},
        {"expiration": 1793610000000},
    ],
)
def test_an_answer_that_is_not_the_channel_is_not_believed(calendar_of: Any, changes: dict[str, Any]) -> None:
    told = {name: value for name, value in (CHANNEL | changes).items() if value is not None}
    calendar, _ = calendar_of(lambda _: answer(told))

    with pytest.raises(OutcomeUnclear):
        watched(calendar)


@pytest.mark.parametrize("answered", [answer(status=204), answer([]), answer("c1"), answer(b"<html>"), answer({})])
def test_an_answer_without_a_channel_is_not_believed(calendar_of: Any, answered: bytes) -> None:
    calendar, _ = calendar_of(lambda _: answered)

    with pytest.raises(OutcomeUnclear):
        watched(calendar)


def test_a_stop_names_the_channel_and_its_resource(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(status=204))

    calendar.stop_channel(BOARD, channel_id="c1", resource_id="r1")

    [request] = api_requests(server)
    assert (request.method, request.path) == ("POST", "/calendar/v3/channels/stop")
    assert request.json() == {"id": "c1", "resourceId": "r1"}


@pytest.mark.parametrize("answered", [answer({}), answer(CHANNEL), answer(b"<html>"), answer(b"")])
def test_a_stop_that_is_answered_by_somebody_else_is_not_believed(calendar_of: Any, answered: bytes) -> None:
    calendar, server = calendar_of(lambda _: answered)

    with pytest.raises(OutcomeUnclear):
        calendar.stop_channel(BOARD, channel_id="c1", resource_id="r1")

    assert len(api_requests(server)) == 1


def test_a_stop_waits_its_turn_in_the_quota(calendar_of: Any) -> None:
    quota = Quota(lambda _: 10)
    calendar, _ = calendar_of(lambda _: answer(status=204), quota=quota)

    calendar.stop_channel(BOARD, channel_id="c1", resource_id="r1")

    assert quota.used(BOARD.subject) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 409, 500, 503])
def test_no_trouble_repeats_the_secret_of_a_channel(calendar_of: Callable[..., Any], status: int) -> None:
    calendar, _ = calendar_of(lambda _: refusal(status, "reason", message="t1 https://example.com/hook"))

    with pytest.raises(CalendarTrouble) as raised:
        watched(calendar)

    assert not {word for word in ("t1", "hook", A_TOKEN) if word in str(raised.value)}
