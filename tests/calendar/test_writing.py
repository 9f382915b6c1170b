"""Writes: only what is named, only under the version it was planned for, and sent exactly once."""

from __future__ import annotations

import socket
import struct
import threading
from typing import Any

import pytest

from governance.reconcile.ports import (
    CalendarAddress,
    CalendarTrouble,
    ChangedMeanwhile,
    EventWrite,
    NotFound,
    OutcomeUnclear,
    Refused,
    SendUpdates,
    Throttled,
    Unreachable,
    WritesPaused,
)
from tests.calendar.conftest import A_TOKEN, BOARD, api_requests, event, refusal
from tests.calendar.raw_server import RawServer, Request, answer

WRITE = EventWrite(event_id="series1", etag='"1"', guests_can_invite=False)


def reset(request: Request) -> None:
    """The server is gone in the hardest way: a reset instead of an end."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def test_a_write_that_names_one_flag_sends_one_flag(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(event(etag='"2"', guestsCanInviteOthers=False)))

    written = calendar.write_event(BOARD, WRITE)

    [request] = api_requests(server)
    assert (request.method, request.path) == ("PATCH", "/calendar/v3/calendars/board@example.com/events/series1")
    assert request.json() == {"guestsCanInviteOthers": False}
    assert request.headers["if-match"] == '"1"'
    assert (written.etag, written.guests_can_invite) == ('"2"', False)


def test_a_write_sends_everything_it_names_and_guests_as_received(calendar_of: Any) -> None:
    stays = {"email": "Dana@Example.com", "responseStatus": "accepted", "comment": "late", "unheardOf": [1]}
    calendar, server = calendar_of(lambda _: answer(event()))

    calendar.write_event(
        BOARD,
        EventWrite(
            event_id="series1",
            etag='"1"',
            guests=(stays, {"email": "new@example.com"}),
            guests_can_invite=False,
            guests_can_modify=False,
            description="text",
            private_properties={"ledger": "7", "old": None},
            send_updates=SendUpdates.ALL,
        ),
    )

    [request] = api_requests(server)
    assert request.json() == {
        "attendees": [stays, {"email": "new@example.com"}],
        "guestsCanInviteOthers": False,
        "guestsCanModify": False,
        "description": "text",
        "extendedProperties": {"private": {"ledger": "7", "old": None}},
    }
    assert {name: value for name, value in request.query.items() if name != "fields"} == {
        "alt": "json",
        "quotaUser": "chair@example.com",
        "sendUpdates": "all",
    }


def test_the_version_reaches_google_to_the_letter(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(event()))

    calendar.write_event(BOARD, EventWrite(event_id="series1", etag='"3437/+=x"', description=""))

    assert api_requests(server)[0].headers["if-match"] == '"3437/+=x"'


def test_without_a_version_nothing_is_sent(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(event()))

    with pytest.raises(ChangedMeanwhile):
        calendar.write_event(BOARD, EventWrite(event_id="series1", etag="", description=""))

    assert server.requests == []


def test_an_installation_that_only_looks_sends_nothing(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(event()), read_only=True)

    with pytest.raises(Refused, match=r"^Set google\.read_only to false"):
        calendar.write_event(BOARD, WRITE)

    assert server.requests == []


@pytest.mark.parametrize("end", [pytest.param(lambda _: None, id="closed"), pytest.param(reset, id="reset")])
def test_a_write_that_is_applied_and_dropped_is_sent_once_and_unclear(calendar_of: Any, end: Any) -> None:
    calendar, server = calendar_of(end)

    with pytest.raises(OutcomeUnclear):
        calendar.write_event(BOARD, WRITE)

    assert len(api_requests(server)) == 1


def test_a_write_on_a_reused_connection_is_not_sent_again_either(calendar_of: Any) -> None:
    """The case in which httplib2, urllib3 and most browsers would try again: an idle connection that dies under us."""

    def die_on_writes(request: Request) -> bytes | None:
        return answer(event()) if request.method == "GET" else None

    calendar, server = calendar_of(die_on_writes)
    calendar.get_event(BOARD, "series1")

    with pytest.raises(OutcomeUnclear):
        calendar.write_event(BOARD, WRITE)

    assert [request.method for request in api_requests(server)] == ["GET", "PATCH"]
    assert server.connections == 1


def test_an_idle_connection_the_server_has_closed_is_replaced_before_sending(calendar_of: Any) -> None:
    """Nothing was sent on it, so nothing is unclear."""
    closed = threading.Event()

    def close_after_reads(request: Request) -> bytes | None:
        if request.method == "PATCH":
            return answer(event(etag='"2"'))
        request.connection.sendall(answer(event()))
        request.connection.shutdown(socket.SHUT_RDWR)
        closed.set()
        return None

    calendar, server = calendar_of(close_after_reads)
    calendar.get_event(BOARD, "series1")
    closed.wait()

    written = calendar.write_event(BOARD, WRITE)

    assert written.etag == '"2"'
    assert server.connections == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_fault_of_the_server_leaves_a_write_unclear(calendar_of: Any, status: int) -> None:
    calendar, server = calendar_of(lambda _: answer(b"<html>", status=status, headers={"Retry-After": "1"}))

    with pytest.raises(OutcomeUnclear):
        calendar.write_event(BOARD, WRITE)

    assert len(api_requests(server)) == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>Sign in</html>", id="web page"),
        pytest.param(b'{"kind": "calendar#event", "id"', id="half a JSON"),
        pytest.param({}, id="empty object"),
        pytest.param(event("another"), id="another event"),
        pytest.param(event(etag=7), id="no version"),
        pytest.param(event(kind="calendar#events"), id="a listing"),
        pytest.param(event(attendees="all"), id="unreadable guests"),
    ],
)
def test_a_success_that_cannot_be_true_leaves_a_write_unclear(calendar_of: Any, body: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(body))

    with pytest.raises(OutcomeUnclear):
        calendar.write_event(BOARD, WRITE)

    assert len(api_requests(server)) == 1


def test_a_redirected_write_goes_nowhere_and_is_unclear(calendar_of: Any, serve: Any) -> None:
    elsewhere = serve(lambda _: answer(event()))
    calendar, server = calendar_of(lambda _: answer(status=307, headers={"Location": elsewhere.url}))

    with pytest.raises(OutcomeUnclear):
        calendar.write_event(BOARD, WRITE)

    assert (len(api_requests(server)), elsewhere.connections) == (1, 0)


@pytest.mark.parametrize(
    ("denied", "expected"),
    [
        pytest.param(refusal(412, "conditionNotMet"), ChangedMeanwhile, id="changed"),
        pytest.param(refusal(409, "conflict"), ChangedMeanwhile, id="conflict"),
        pytest.param(refusal(404, "notFound"), NotFound, id="gone"),
        pytest.param(refusal(410, "deleted"), NotFound, id="deleted"),
        pytest.param(refusal(403, "quotaExceeded"), WritesPaused, id="quota"),
        pytest.param(refusal(403, "rateLimitExceeded"), Throttled, id="rate"),
        pytest.param(refusal(429, "rateLimitExceeded", headers={"Retry-After": "0"}), Throttled, id="too many"),
        pytest.param(refusal(403, "forbidden"), Refused, id="read-only"),
        pytest.param(refusal(400, "invalid"), Refused, id="invalid"),
    ],
)
def test_a_refused_write_is_sent_once_and_says_why(
    calendar_of: Any, denied: bytes, expected: type[CalendarTrouble]
) -> None:
    calendar, server = calendar_of(lambda _: denied)

    with pytest.raises(CalendarTrouble) as raised:
        calendar.write_event(BOARD, WRITE)

    assert type(raised.value) is expected
    assert len(api_requests(server)) == 1


def test_a_write_to_nobody_was_not_sent(caller_of: Any, calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(event()))
    calendar.get_event(BOARD, "series1")
    server.close()

    with pytest.raises(Unreachable, match="the connection was refused"):
        calendar.write_event(BOARD, WRITE)


def test_a_write_without_a_token_was_not_sent(calendar_of: Any, serve: Any, service_account: Any) -> None:
    """The question for the token broke off; that says nothing about the write, which never left."""
    silent = RawServer(lambda _: None)
    calendar, server = calendar_of(lambda _: answer(event()), path=service_account(silent))

    with pytest.raises(Unreachable):
        calendar.write_event(BOARD, WRITE)

    silent.close()
    assert server.requests == []


def test_a_write_refused_for_its_token_is_sent_again_with_a_new_one(calendar_of: Any) -> None:
    """RFC 9110, 15.5.2: after a 401 the request has not been applied, so this is no second effect."""
    answers = iter([refusal(401, "authError"), answer(event(etag='"2"'))])
    calendar, server = calendar_of(lambda _: next(answers))

    written = calendar.write_event(BOARD, WRITE)

    assert written.etag == '"2"'
    assert [request.path for request in server.requests].count("/token") == 2
    assert [request.headers["if-match"] for request in api_requests(server)] == ['"1"', '"1"']


def test_a_token_that_is_refused_for_ever_ends_after_one_renewal(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: refusal(401, "authError"))

    with pytest.raises(Refused) as raised:
        calendar.write_event(BOARD, WRITE)

    assert (raised.value.code, raised.value.is_permanent) == ("google-unauthorised", True)
    assert len(api_requests(server)) == 2


def test_an_address_with_every_odd_sign_stays_inside_its_path(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(event("../../x?y#z")))

    calendar.write_event(
        CalendarAddress("../../evil@example.com/?#", "chair@example.com"),
        EventWrite(event_id="../../x?y#z", etag='"1"', description=""),
    )

    [request] = api_requests(server)
    assert request.target.startswith(
        "/calendar/v3/calendars/..%2F..%2Fevil%40example.com%2F%3F%23/events/..%2F..%2Fx%3Fy%23z?"
    )
    assert request.headers["authorization"] == f"Bearer {A_TOKEN}"
