"""Items 10 to 14: the token endpoint, delegation, scopes, and who may reach a calendar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import urllib3
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from google.auth import _helpers
from google.auth.exceptions import RefreshError
from google.auth.transport.urllib3 import Request
from google.oauth2 import credentials, service_account
from googleapiclient.discovery import build

from tests.calendar.sandbox.conftest import ANN, BOB, CEM, CHAIR, Office, refusal
from tests.support.sandbox import CALENDAR_SCOPES, SERVICE_ACCOUNT, public_key

EVENTS = "https://www.googleapis.com/auth/calendar.events"
EVENTS_READONLY = "https://www.googleapis.com/auth/calendar.events.readonly"
OWNED = "https://www.googleapis.com/auth/calendar.events.owned"


def as_service_account(
    office: Office, folder: Path, *, subject: str | None = CHAIR, scopes: tuple[str, ...] = CALENDAR_SCOPES
) -> Any:
    file = office.sandbox.credentials_file(folder)
    return service_account.Credentials.from_service_account_file(str(file), scopes=scopes, subject=subject)


def as_user(office: Office, folder: Path, subject: str) -> Any:
    """Not `from_authorized_user_file`: that one ignores the file's token_uri and asks Google."""
    file = office.sandbox.credentials_file(folder, "authorized_user", subject=subject)
    written = json.loads(file.read_text())
    kept = ("refresh_token", "token_uri", "client_id", "client_secret")
    return credentials.Credentials(None, scopes=[EVENTS], **{name: written[name] for name in kept})


def refreshed(found: Any) -> Any:
    with urllib3.PoolManager() as pool:
        found.refresh(Request(pool))
    return found


def refused(found: Any) -> str:
    with pytest.raises(RefreshError) as caught:
        refreshed(found)
    return str(caught.value.args[0])


def test_10_a_signed_request_gets_a_token_that_works(office: Office, tmp_path: Path) -> None:
    found = as_service_account(office, tmp_path)
    endpoint = {"api_endpoint": f"{office.sandbox.url}calendar/v3/"}

    with build("calendar", "v3", credentials=found, client_options=endpoint) as google:
        answer = google.calendars().get(calendarId="primary").execute()

    assert answer["id"] == CHAIR
    assert found.token.startswith("ya29.")


def test_10_a_refresh_token_gets_a_token(office: Office, tmp_path: Path) -> None:
    found = refreshed(as_user(office, tmp_path, ANN))

    assert found.token.startswith("ya29.")


def test_10_another_key_is_refused(office: Office, tmp_path: Path) -> None:
    foreign = generate_private_key(SECP256R1()).public_key()
    written = foreign.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    office.control.seed(clients=[{"email": SERVICE_ACCOUNT, "public_key": written}])

    assert refused(as_service_account(office, tmp_path)).startswith("invalid_grant: Invalid JWT Signature.")


def test_10_the_right_key_is_accepted(office: Office, tmp_path: Path) -> None:
    office.control.seed(clients=[{"email": SERVICE_ACCOUNT, "public_key": public_key()}])

    assert refreshed(as_service_account(office, tmp_path)).token


def test_11_a_scope_that_is_not_delegated_fails_the_whole_token(office: Office, tmp_path: Path) -> None:
    office.control.seed(clients=[{"email": SERVICE_ACCOUNT, "scopes": [EVENTS]}])

    assert refreshed(as_service_account(office, tmp_path, scopes=(EVENTS,))).token
    assert refused(as_service_account(office, tmp_path)).startswith("unauthorized_client: Client is unauthorized")


def test_11_an_unknown_client_is_refused_once_clients_are_known(office: Office, tmp_path: Path) -> None:
    office.control.seed(clients=[{"email": "other@sandbox.iam.gserviceaccount.com"}])

    assert refused(as_service_account(office, tmp_path)).startswith("invalid_grant")


@pytest.mark.parametrize("subject", ["nobody@example.com", BOB])
def test_11_unknown_and_suspended_users_are_refused_alike(office: Office, tmp_path: Path, subject: str) -> None:
    office.control.suspend(BOB)

    assert refused(as_service_account(office, tmp_path, subject=subject)) == ("invalid_grant: Invalid email or User ID")


def test_11_a_clock_that_is_wrong_is_refused(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = as_service_account(office, tmp_path)
    office.control.clock(now="2026-11-02T08:00:00Z")
    wrong = _helpers.utcnow().replace(year=2031)
    monkeypatch.setattr(_helpers, "utcnow", lambda: wrong)

    assert "Invalid JWT: Token must be a short-lived token" in refused(found)


def test_11_a_revoked_refresh_token_is_refused(office: Office, tmp_path: Path) -> None:
    found = as_user(office, tmp_path, ANN)

    office.control.revoke(f"1//refresh-{ANN}")

    assert refused(found).startswith("invalid_grant: Token has been expired or revoked.")


def test_12_an_expired_token_is_renewed_by_the_client_and_the_call_repeated(office: Office, tmp_path: Path) -> None:
    found = as_service_account(office, tmp_path)
    endpoint = {"api_endpoint": f"{office.sandbox.url}calendar/v3/"}
    with build("calendar", "v3", credentials=found, client_options=endpoint) as google:
        google.calendars().get(calendarId="primary").execute()
        office.control.clock(advance=7200)
        google.calendars().get(calendarId="primary").execute()

    assert [entry["status"] for entry in office.control.log("calendars.get")] == [200, 401, 200]
    assert len(office.control.log("token")) == 2


def test_12_a_missing_scope_is_403(office: Office) -> None:
    reader = Office(office.sandbox, office.sandbox.service(CHAIR, scopes=(EVENTS_READONLY,)))
    office.single()

    assert reader.get("single0")["id"] == "single0"
    assert refusal(lambda: reader.patch("single0", {"summary": "x"})) == (403, "insufficientPermissions")


def test_12_the_owned_scope_does_not_reach_shared_calendars(office: Office) -> None:
    office.control.share(CHAIR, ANN, "writer")
    owner = Office(office.sandbox, office.sandbox.service(ANN, scopes=(OWNED,)))

    assert owner.page()["items"] == []
    assert refusal(lambda: owner.page(calendarId=CHAIR)) == (404, "notFound")


def test_13_a_service_account_without_subject_reads_but_invites_nobody(office: Office, tmp_path: Path) -> None:
    office.single()
    office.control.share(CHAIR, SERVICE_ACCOUNT, "writer")
    found = as_service_account(office, tmp_path, subject=None)
    endpoint = {"api_endpoint": f"{office.sandbox.url}calendar/v3/"}
    with build("calendar", "v3", credentials=found, client_options=endpoint) as google:
        events = google.events()
        read = events.get(calendarId=CHAIR, eventId="single0").execute()
        body = {"attendees": [{"email": ANN}]}

        assert read["id"] == "single0"
        assert refusal(events.patch(calendarId=CHAIR, eventId="single0", body=body).execute) == (
            403,
            "forbiddenForServiceAccounts",
        )


def test_14_without_access_a_calendar_does_not_exist(office: Office) -> None:
    assert refusal(lambda: office.as_(ANN).page(calendarId=CHAIR)) == (404, "notFound")
    assert refusal(lambda: office.page(calendarId="nobody@example.com")) == (404, "notFound")


def test_14_a_reader_reads_and_may_not_write(office: Office) -> None:
    office.single()
    office.control.share(CHAIR, ANN, "reader")
    ann = office.as_(ANN).google.events()

    def write() -> Any:
        return ann.patch(calendarId=CHAIR, eventId="single0", body={}).execute()

    assert office.as_(ANN).page(calendarId=CHAIR)["accessRole"] == "reader"
    assert refusal(write) == (403, "forbidden")

    office.control.switch("access_refusal", "requiredAccessLevel")

    assert refusal(write) == (403, "requiredAccessLevel")


def test_14_free_and_busy_shows_instances_without_words(office: Office) -> None:
    office.weekly(ANN)
    office.control.share(CHAIR, CEM, "freeBusyReader")

    items = office.as_(CEM).page(calendarId=CHAIR)["items"]

    assert len(items) == 10
    assert {name for item in items for name in item} == {
        "kind", "etag", "id", "status", "start", "end", "visibility",
    }  # fmt: skip


def test_14_a_writer_of_a_shared_calendar_writes_for_its_owner(office: Office) -> None:
    office.control.seed(calendars=[{"id": "board@group.calendar.google.com", "owner": CHAIR, "acl": {ANN: "writer"}}])
    body = {
        "summary": "Board",
        "start": {"dateTime": "2026-11-03T09:00:00Z"},
        "end": {"dateTime": "2026-11-03T10:00:00Z"},
    }

    events = office.as_(ANN).google.events()
    made = events.insert(calendarId="board@group.calendar.google.com", body=body).execute()

    assert made["organizer"] == {
        "email": "board@group.calendar.google.com",
        "displayName": "board@group.calendar.google.com",
        "self": True,
    }
    assert made["creator"] == {"email": ANN}


def test_an_access_token_of_nobody_is_401(office: Office) -> None:
    response = office.raw("GET", "/calendar/v3/calendars/primary", authorization="Bearer nobody")

    assert response.status == 401
