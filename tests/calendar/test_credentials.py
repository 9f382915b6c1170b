"""Who we are to Google: one token per subject, the least scopes, and a sentence for every broken file."""

from __future__ import annotations

import base64
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from governance.calendar.client import GoogleCalendar
from governance.calendar.credentials import CALENDAR_SCOPES, read_credentials
from governance.domain.errors import ConfigurationError
from governance.reconcile.ports import CalendarAddress, Refused, Unbelievable, Unreachable
from tests.calendar.conftest import BOARD, api_requests, page
from tests.calendar.raw_server import RawServer, Request, answer

OTHER_FILE = "Name a service-account key or an authorised-user file as google.credentials"
TOKEN = {"access_token": "ya29.t", "expires_in": 3600, "token_type": "Bearer"}


def claims(request: Request) -> dict[str, Any]:
    coded = request.form["assertion"].split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
    return found


def read(calendar: GoogleCalendar, where: CalendarAddress = BOARD) -> None:
    calendar.list_changes(where, sync_token=None, concerns=lambda *_: True)


@pytest.fixture
def person(tmp_path: Path) -> Any:
    def write(server: RawServer, **changes: Any) -> Path:
        path = tmp_path / "person.json"
        found = {
            "type": "authorized_user",
            "client_id": "client.apps",
            "client_secret": "canary-secret",
            "refresh_token": "canary-refresh",
            "token_uri": f"{server.url}token",
        }
        path.write_text(json.dumps(found | changes))
        return path

    return write


@pytest.fixture
def token_server() -> Any:
    """A server whose token endpoint answers as the test says, and whose calendar is empty."""
    started: list[RawServer] = []

    def start(answering: Any) -> RawServer:
        started.append(RawServer(lambda r: answering(r) if r.path == "/token" else answer(page())))
        return started[-1]

    yield start
    for server in started:
        server.close()


def test_a_token_is_asked_for_once_and_used_until_it_ends(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(page()))

    for _ in range(3):
        read(calendar)

    assert [request.path for request in server.requests].count("/token") == 1


def test_a_service_account_acts_as_each_subject_with_the_least_scope(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(page()))

    for subject in ("chair@example.com", "cfo@example.com", "chair@example.com"):
        read(calendar, CalendarAddress("board@example.com", subject))

    asked = [claims(request) for request in server.requests if request.path == "/token"]
    assert [(one["sub"], one["scope"], one["iss"]) for one in asked] == [
        (subject, "https://www.googleapis.com/auth/calendar.events", "bot@project.iam.gserviceaccount.com")
        for subject in ("chair@example.com", "cfo@example.com")
    ]
    assert [request.query["quotaUser"] for request in api_requests(server)] == [
        "chair@example.com",
        "cfo@example.com",
        "chair@example.com",
    ]


def test_a_long_subject_is_shortened_for_the_quota_alone(calendar_of: Any) -> None:
    """Calendar API, standard parameters: quotaUser has at most 40 characters."""
    subject = "somebody.with.a.very.long.name@subsidiary.example.com"
    calendar, server = calendar_of(lambda _: answer(page()))

    read(calendar, CalendarAddress("board@example.com", subject))

    assert claims(server.requests[0])["sub"] == subject
    assert len(api_requests(server)[0].query["quotaUser"]) == 40


def test_a_signed_in_person_refreshes_at_the_address_in_the_file(
    calendar_of: Any, person: Any, token_server: Any
) -> None:
    elsewhere = token_server(lambda _: answer(TOKEN))
    calendar, server = calendar_of(lambda _: answer(page()), path=person(elsewhere))

    read(calendar)
    read(calendar, CalendarAddress("board@example.com", "other@example.com"))

    [asked] = [request.form for request in elsewhere.requests]
    assert asked == {
        "grant_type": "refresh_token",
        "client_id": "client.apps",
        "client_secret": "canary-secret",
        "refresh_token": "canary-refresh",
        "scope": "https://www.googleapis.com/auth/calendar.events",
    }
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer ya29.t"] * 2


def test_threads_that_need_a_token_together_ask_once(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(page()))
    start = threading.Barrier(4)
    threads = [threading.Thread(target=lambda: (start.wait(), read(calendar))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [request.path for request in server.requests].count("/token") == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_the_question_for_a_token_is_sent_once_a_try(
    calendar_of: Any, service_account: Any, token_server: Any, status: int
) -> None:
    """google-auth would send it three times and sleep in between."""
    server = token_server(lambda _: answer({"error": "internal_failure"}, status=status))
    calendar, _ = calendar_of(lambda _: answer(page()), path=service_account(server))

    with pytest.raises(Unreachable) if status != 429 else pytest.raises(Exception, match="too many calls"):
        read(calendar)

    assert len(server.requests) == 2


def test_a_refused_token_is_asked_for_once(calendar_of: Any, service_account: Any, token_server: Any) -> None:
    server = token_server(lambda _: answer({"error": "unauthorized_client"}, status=401))
    calendar, api = calendar_of(lambda _: answer(page()), path=service_account(server))

    with pytest.raises(Refused) as raised:
        read(calendar)

    assert raised.value.code == "google-delegation-missing"
    assert "client ID 1234567890" in str(raised.value)
    assert CALENDAR_SCOPES[0] in str(raised.value)
    assert (len(server.requests), api.requests) == (1, [])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<html>Sign in</html>", id="web page"),
        pytest.param(b"", id="nothing"),
        pytest.param({}, id="no token"),
        pytest.param({"access_token": None}, id="null"),
        pytest.param({"access_token": ""}, id="empty"),
        pytest.param({"access_token": "a\r\nX-Evil: 1"}, id="line break"),
        pytest.param({"access_token": "näive"}, id="not ASCII"),
        pytest.param({"access_token": "a", "expires_in": "soon"}, id="no time"),
        pytest.param([], id="list"),
    ],
)
def test_a_token_that_cannot_be_one_is_not_used(
    calendar_of: Any, service_account: Any, token_server: Any, body: Any
) -> None:
    server = token_server(lambda _: answer(body))
    calendar, api = calendar_of(lambda _: answer(page()), path=service_account(server))

    with pytest.raises(Unbelievable):
        read(calendar)

    assert api.requests == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, f"{OTHER_FILE}: there is no file {{path}}."),
        (
            b"no JSON",
            f"{OTHER_FILE}: {{path}} is not JSON.",
        ),
        (
            b"\xff\xfe",
            f"{OTHER_FILE}: {{path}} is not JSON.",
        ),
        (
            b"[]",
            f"{OTHER_FILE}: {{path}} holds no JSON object.",
        ),
        (
            b'{"installed": {"client_id": "x"}}',
            f"{OTHER_FILE}: {{path}} has an unknown “type”.",
        ),
        (
            b'{"type": "external_account"}',
            f"{OTHER_FILE}: {{path}} has an unknown “type”.",
        ),
        (
            b'{"type": ["service_account"]}',
            f"{OTHER_FILE}: {{path}} has an unknown “type”.",
        ),
        (
            b'{"type": "service_account", "client_email": "", "client_id": "1"}',
            "Download {path} again: client_email, private_key is missing in it.",
        ),
        (
            b'{"type": "authorized_user", "client_id": "1", "refresh_token": "canary"}',
            "Download {path} again: client_secret is missing in it.",
        ),
        (
            b'{"type": "service_account", "client_email": "b@x", "client_id": "1", "private_key": "canary"}',
            "Download {path} again: its private key cannot be read.",
        ),
    ],
)
def test_a_broken_file_ends_in_a_sentence(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    path = tmp_path / "credentials.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigurationError) as raised:
        read_credentials(path, scopes=CALENDAR_SCOPES)

    assert str(raised.value) == sentence.format(path=path)
    assert raised.value.path == path


def test_a_folder_is_no_credentials_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^Let this account read "):
        read_credentials(tmp_path, scopes=CALENDAR_SCOPES)
