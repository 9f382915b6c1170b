"""The gateway before a raw server: credentials, a calendar, and everything closed at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from governance.calendar.calling import CALENDAR, DIRECTORY, Api, Caller
from governance.calendar.client import GoogleCalendar
from governance.calendar.credentials import CALENDAR_SCOPES, DIRECTORY_SCOPES, read_credentials
from governance.calendar.deadlines import Deadlines
from governance.calendar.directory import GoogleDirectory
from governance.calendar.retrying import RetryPolicy
from governance.reconcile.ports import CalendarAddress
from tests.calendar.encrypted_server import certificate, serve_tls  # noqa: F401  # fixtures
from tests.calendar.raw_server import Answering, RawServer, Request, answer

BOARD = CalendarAddress("board@example.com", "chair@example.com")
A_TOKEN = "ya29.canary-access-token"


@pytest.fixture(scope="session")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def serve() -> Iterator[Callable[[Answering], RawServer]]:
    """Starts servers that give a token at /token and leave the rest to the test."""
    started: list[RawServer] = []

    def start(answering: Answering) -> RawServer:
        def with_token(request: Request) -> bytes | None:
            if request.path == "/token":
                return answer({"access_token": A_TOKEN, "expires_in": 3600, "token_type": "Bearer"})
            return answering(request)

        started.append(RawServer(with_token))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def service_account(tmp_path: Path, private_key: str) -> Callable[[RawServer], Path]:
    def write(server: RawServer, **changes: Any) -> Path:
        path = tmp_path / "service-account.json"
        found = {
            "type": "service_account",
            "client_email": "bot@project.iam.gserviceaccount.com",
            "client_id": "1234567890",
            "private_key_id": "k1",
            "private_key": private_key,
            "token_uri": f"{server.url}token",
        }
        path.write_text(json.dumps(found | changes))
        return path

    return write


@pytest.fixture
def deadlines() -> Iterator[Deadlines]:
    made = Deadlines(grace_seconds=0.05)
    yield made
    made.stop()
    made.close()


@pytest.fixture
def caller_of(service_account: Any, deadlines: Deadlines) -> Iterator[Callable[..., Caller]]:
    """Callers whose waits before a second attempt are none unless the server asks for one."""
    made: list[Caller] = []

    def make(server: RawServer, *, api: Api = CALENDAR, path: Path | None = None, **options: Any) -> Caller:
        scopes = CALENDAR_SCOPES if api is CALENDAR else DIRECTORY_SCOPES
        options = {"retries": RetryPolicy(first_wait=0.0)} | options
        credentials = read_credentials(path or service_account(server), scopes=scopes)
        made.append(Caller(api, credentials, deadlines, api_root=server.url, **options))
        return made[-1]

    yield make
    deadlines.stop()
    for caller in made:
        caller.close()


@pytest.fixture
def calendar_of(serve: Any, caller_of: Any) -> Callable[..., tuple[GoogleCalendar, RawServer]]:
    """A calendar over a server that answers so."""

    def make(answering: Answering, *, read_only: bool = False, **options: Any) -> tuple[GoogleCalendar, RawServer]:
        server = serve(answering)
        return GoogleCalendar(caller_of(server, **options), read_only=read_only), server

    return make


@pytest.fixture
def directory_of(serve: Any, caller_of: Any) -> Callable[..., tuple[GoogleDirectory, RawServer]]:
    def make(answering: Answering, **options: Any) -> tuple[GoogleDirectory, RawServer]:
        server = serve(answering)
        return GoogleDirectory(caller_of(server, api=DIRECTORY, **options), subject="admin@example.com"), server

    return make


def api_requests(server: RawServer) -> list[Request]:
    return [request for request in server.requests if request.path != "/token"]


def page(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    envelope = {
        "kind": "calendar#events",
        "accessRole": "owner",
        "timeZone": "Europe/Berlin",
        "nextSyncToken": "token-1",
        "items": list(items),
    }
    merged = envelope | changes
    return {name: value for name, value in merged.items() if value is not None}


def event(event_id: str = "series1", **changes: Any) -> dict[str, Any]:
    plain = {
        "kind": "calendar#event",
        "id": event_id,
        "etag": '"1"',
        "status": "confirmed",
        "summary": "Steering",
        "organizer": {"email": "board@example.com", "self": True},
        "start": {"dateTime": "2027-01-04T09:00:00+01:00", "timeZone": "Europe/Berlin"},
        "end": {"dateTime": "2027-01-04T10:00:00+01:00", "timeZone": "Europe/Berlin"},
        "recurrence": ["RRULE:FREQ=WEEKLY"],
    }
    return plain | changes


def refusal(
    status: int, reason: str = "", *, message: str = "no", headers: dict[str, str] | None = None, **entry: str
) -> bytes:
    """An error in the shape that Calendar v3 has always had."""
    errors = [{"domain": "global", "reason": reason, "message": message, **entry}]
    return answer({"error": {"code": status, "message": message, "errors": errors}}, status=status, headers=headers)
