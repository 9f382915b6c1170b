"""Secrets and addresses stay where they belong: no token, key or full address in a message or a log, at any level."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from governance.reconcile.ports import CalendarTrouble, EventWrite
from tests.calendar.conftest import A_TOKEN, BOARD, refusal
from tests.calendar.raw_server import answer

CANARIES = [A_TOKEN, "canary-sync-token", "PRIVATE KEY", "canary-content", "127.0.0.1", "calendar/v3", "assertion"]
WRITE = EventWrite(event_id="series1", etag='"1"', description="canary-content")

ANSWERS: list[Any] = [
    pytest.param(lambda _: None, id="closed"),
    pytest.param(lambda _: answer(b"<html>canary-content"), id="web page"),
    pytest.param(lambda _: answer({"kind": "canary-content"}), id="another kind"),
    pytest.param(lambda _: answer(status=302, headers={"Location": "https://127.0.0.1/canary-content"}), id="redirect"),
    pytest.param(lambda _: refusal(400, "canary-content is no word", message="canary-content"), id="400"),
    pytest.param(lambda _: refusal(401, "authError", message="canary-content"), id="401"),
    pytest.param(lambda _: refusal(403, "forbidden", message="canary-content"), id="403"),
    pytest.param(lambda _: answer(b'"canary-content"', status=403), id="403 text"),
    pytest.param(lambda _: answer(b"canary-content", status=403), id="403 no JSON"),
    pytest.param(lambda _: refusal(404, "notFound", message="canary-content"), id="404"),
    pytest.param(lambda _: refusal(410, "fullSyncRequired", message="canary-content"), id="410"),
    pytest.param(lambda _: refusal(412, "conditionNotMet", message="canary-content"), id="412"),
    pytest.param(lambda _: refusal(429, "rateLimitExceeded", message="canary-content"), id="429"),
    pytest.param(lambda _: answer(b"canary-content", status=503), id="503"),
    pytest.param(
        lambda _: b"HTTP/1.1 200 canary-content\r\nConnection: close\r\nbroken canary-content\r\n\r\n",
        id="broken header",
    ),
]
CALLS: list[Any] = [
    pytest.param(
        lambda calendar: calendar.list_changes(BOARD, sync_token="canary-sync-token", concerns=lambda *_: True),
        id="list",
    ),
    pytest.param(lambda calendar: calendar.write_event(BOARD, WRITE), id="write"),
]


@pytest.mark.parametrize("answering", ANSWERS)
@pytest.mark.parametrize("call", CALLS)
def test_no_failure_tells_a_secret(
    calendar_of: Any, caplog: pytest.LogCaptureFixture, answering: Any, call: Callable[[Any], None]
) -> None:
    calendar, _ = calendar_of(answering)

    with caplog.at_level(logging.DEBUG), pytest.raises(CalendarTrouble) as raised:
        call(calendar)

    error = raised.value
    told = "".join(traceback.format_exception_only(error)) + repr(error) + error.remedy + error.reason + caplog.text
    assert [canary for canary in CANARIES if canary in told] == []


def test_a_token_endpoint_that_echoes_tells_nothing(
    calendar_of: Any, serve: Any, service_account: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def echo(request: Any) -> bytes:
        return answer({"error": "invalid_grant", "error_description": request.body.decode()}, status=400)

    calendar, _ = calendar_of(lambda _: answer({}), path=_with_token_at(serve(echo), service_account))

    with caplog.at_level(logging.DEBUG), pytest.raises(CalendarTrouble) as raised:
        calendar.write_event(BOARD, WRITE)

    assert [canary for canary in CANARIES if canary in f"{raised.value!r}{caplog.text}"] == []


def _with_token_at(server: Any, service_account: Any) -> Any:
    path = service_account(server)
    found = json.loads(path.read_text())
    path.write_text(json.dumps(found | {"token_uri": f"{server.url}another/token"}))
    return path
