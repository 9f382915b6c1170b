"""What an administrator reads when Google says no: the remedy first, the thing by its name, no secret."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.calendar.denials import Asked, denial_of, seconds_to_wait, token_denial_of
from governance.calendar.refusals import role_trouble, trouble_of
from governance.calendar.token_refusals import token_trouble_of
from governance.reconcile.ports import (
    CalendarTrouble,
    NotFound,
    OutcomeUnclear,
    Refused,
    SyncTokenExpired,
    Throttled,
    Unbelievable,
    Unreachable,
    WritesPaused,
)

NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)
BOT = Asked(
    subject="chair@example.com",
    calendar="board@example.com",
    scopes=("https://scope/one", "https://scope/two"),
    client_id="1234567890",
    account="bot@project.iam.gserviceaccount.com",
    credentials_file="service-account.json",
)
PERSON = Asked(
    subject="chair@example.com",
    calendar="board@example.com",
    scopes=("https://scope/one",),
    client_id="client.apps",
    credentials_file="person.json",
)
WRITING = Asked(
    subject=BOT.subject, calendar=BOT.calendar, scopes=BOT.scopes, client_id="1", account=BOT.account, is_write=True
)
DIRECTORY = Asked(subject="admin@example.com", scopes=BOT.scopes, client_id="1", account=BOT.account)
DELEGATION = "Security, Access and data control, API controls, Domain-wide delegation"


def old_shape(reason: str, message: str = "secret message", **entry: str) -> bytes:
    errors = [{"domain": "global", "reason": reason, "message": message, **entry}]
    return json.dumps({"error": {"code": 0, "message": message, "errors": errors}}).encode()


def new_shape(reason: str, status: str = "PERMISSION_DENIED") -> bytes:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}]
    return json.dumps({"error": {"code": 0, "message": "m", "status": status, "details": details}}).encode()


def trouble(status: int, content: bytes = b"", asked: Asked = BOT, **headers: str) -> CalendarTrouble:
    return trouble_of(denial_of(status, headers, content, now=NOW), asked)


def token_trouble(status: int, body: Any, asked: Asked = BOT) -> CalendarTrouble:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return token_trouble_of(token_denial_of(status, {}, content, now=NOW), asked)


@pytest.mark.parametrize("role", ["writer", "owner"])
def test_a_sufficient_role_is_no_trouble(role: str) -> None:
    assert role_trouble(role, BOT) is None


@pytest.mark.parametrize("role", ["reader", "freeBusyReader", "writerWithoutPrivateAccess", "none", ""])
def test_a_lower_role_names_the_share_to_make(role: str) -> None:
    refused = role_trouble(role, BOT)

    assert refused is not None
    assert refused.code == "google-shared-read-only"
    assert str(refused).startswith(
        "Share calendar board@example.com with chair@example.com and choose “Make changes to events”: "
    )


@pytest.mark.parametrize(
    ("found", "kind", "code", "sentence"),
    [
        pytest.param(
            trouble(404, old_shape("notFound")),
            NotFound,
            "google-not-found",
            "Share calendar board@example.com with chair@example.com and choose “Make changes to events”, or check its "
            "id: Google says that there is no such thing, or that this account may not see it.",
            id="not shared",
        ),
        pytest.param(
            trouble(403, old_shape("forbidden"), WRITING),
            Refused,
            "google-shared-read-only",
            "Share calendar board@example.com with chair@example.com and choose “Make changes to events”: "
            "Google shows it to this account but refuses changes.",
            id="shared read-only",
        ),
        pytest.param(
            trouble(403, old_shape("requiredAccessLevel"), WRITING),
            Refused,
            "google-shared-read-only",
            "Share calendar board@example.com with chair@example.com and choose “Make changes to events”: "
            "Google shows it to this account but refuses changes.",
            id="level required",
        ),
        pytest.param(
            trouble(403, old_shape("insufficientPermissions")),
            Refused,
            "google-scope-missing",
            "Add the scopes https://scope/one,https://scope/two for client ID 1234567890 in the Admin console under "
            f"{DELEGATION}: the token of chair@example.com lacks one of them.",
            id="scope missing",
        ),
        pytest.param(
            trouble(403, new_shape("ACCESS_TOKEN_SCOPE_INSUFFICIENT"), PERSON),
            Refused,
            "google-scope-missing",
            "Sign in again for person.json and tick every box, so that it grants https://scope/one: "
            "a permission is missing in the present one.",
            id="scope not ticked",
        ),
        pytest.param(
            trouble(403, old_shape("forbiddenForServiceAccounts"), WRITING),
            Refused,
            "google-delegation-missing",
            "Set google.subject to the person whose calendar it is, and add client ID 1 with the scopes "
            f"https://scope/one,https://scope/two in the Admin console under {DELEGATION}: Google lets service account "
            "bot@project.iam.gserviceaccount.com invite guests only in a person's name.",
            id="service account alone",
        ),
        pytest.param(
            trouble(403, new_shape("SERVICE_DISABLED")),
            Refused,
            "google-api-disabled",
            "Enable the Google Calendar API for the project of service-account.json in the Google Cloud console: "
            "the project may not use it yet.",
            id="API disabled",
        ),
        pytest.param(
            trouble(403, old_shape("accessNotConfigured"), DIRECTORY),
            Refused,
            "google-api-disabled",
            "Enable the Admin SDK API for the project of the credentials file in the Google Cloud console: "
            "the project may not use it yet.",
            id="Directory disabled",
        ),
        pytest.param(
            trouble(403, old_shape("notACalendarUser")),
            Refused,
            "google-no-calendar-user",
            "Switch the Calendar service on for chair@example.com in the Admin console, or name another subject: "
            "this account has no Google Calendar.",
            id="no calendar user",
        ),
        pytest.param(
            trouble(403, old_shape("forbiddenForNonOrganizer"), WRITING),
            Refused,
            "google-not-organiser",
            "Adopt the meeting from its organiser's calendar instead of board@example.com: "
            "only the organiser's copy of an event may be changed.",
            id="a guest's copy",
        ),
        pytest.param(
            trouble(403, old_shape("forbidden"), DIRECTORY),
            Refused,
            "google-forbidden",
            "Give admin@example.com an administrator's role that may read users and groups, or name another "
            "google.subject: Google refuses it the Directory.",
            id="no administrator",
        ),
        pytest.param(
            trouble(401, old_shape("authError")),
            Refused,
            "google-unauthorised",
            "Create new credentials in place of service-account.json: Google refuses a fresh token of "
            "chair@example.com.",
            id="token refused",
        ),
        pytest.param(
            trouble(400, old_shape("invalid"), WRITING),
            Refused,
            "google-invalid",
            "Check the addresses on the roster, and report this if they are right: "
            "Google refused a call about calendar board@example.com as invalid (400 invalid).",
            id="invalid",
        ),
    ],
)
def test_an_administrator_is_told_what_to_do(
    found: CalendarTrouble, kind: type[CalendarTrouble], code: str, sentence: str
) -> None:
    assert (type(found), found.code, str(found), found.is_permanent) == (kind, code, sentence, True)


@pytest.mark.parametrize(
    ("found", "code", "sentence"),
    [
        pytest.param(
            token_trouble(
                401,
                {
                    "error": "unauthorized_client",
                    "error_description": "Client is unauthorized to retrieve access tokens using this method, or "
                    "client not authorized for any of the scopes requested.",
                },
            ),
            "google-delegation-missing",
            "Add client ID 1234567890 with the scopes https://scope/one,https://scope/two in the Admin console under "
            f"{DELEGATION}: Google does not let it act as chair@example.com; a new entry can take up to a day.",
            id="not delegated",
        ),
        pytest.param(
            token_trouble(403, {"error": "access_denied", "error_description": "Requested client not authorized."}),
            "google-delegation-missing",
            "Add client ID 1234567890 with the scopes https://scope/one,https://scope/two in the Admin console under "
            f"{DELEGATION}: Google does not let it act as chair@example.com; a new entry can take up to a day.",
            id="access denied",
        ),
        pytest.param(
            token_trouble(400, {"error": "invalid_grant", "error_description": "Invalid email or User ID"}),
            "google-subject-unknown",
            "Enter an active account of your domain as the subject instead of chair@example.com: "
            "Google knows no such account, or it is suspended.",
            id="subject unknown",
        ),
        pytest.param(
            token_trouble(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}),
            "google-key-deleted",
            "Create a new key for service account bot@project.iam.gserviceaccount.com and put it in place of "
            "service-account.json: Google no longer accepts the present one.",
            id="key deleted",
        ),
        pytest.param(
            token_trouble(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "Invalid JWT: Token must be a short-lived token (60 minutes) and in a "
                    "reasonable timeframe. Check your iat and exp values in the JWT claim.",
                },
            ),
            "google-clock-wrong",
            "Set the clock of this machine, best by switching on its time synchronisation: "
            "Google refuses a signature made minutes too early or too late.",
            id="clock",
        ),
        pytest.param(
            token_trouble(400, {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}),
            "google-account-deleted",
            "Create a service account with a key in place of service-account.json: Google knows no service account "
            "bot@project.iam.gserviceaccount.com.",
            id="service account deleted",
        ),
        pytest.param(
            token_trouble(
                400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, PERSON
            ),
            "google-sign-in-ended",
            "Sign in again to make a new person.json: the permission was revoked or has expired.",
            id="revoked",
        ),
        pytest.param(
            token_trouble(
                400,
                {
                    "error": "invalid_grant",
                    "error_description": "reauth related error (invalid_rapt)",
                    "error_subtype": "invalid_rapt",
                },
                PERSON,
            ),
            "google-sign-in-ended",
            "Exempt this app from session control in the Admin console, then sign in again for person.json: "
            "the organisation asks people to sign in again from time to time.",
            id="session control",
        ),
        pytest.param(
            token_trouble(401, {"error": "invalid_client", "error_description": "Unauthorized"}, PERSON),
            "google-client-unknown",
            "Correct client_id and client_secret in person.json: Google knows no such OAuth client.",
            id="client unknown",
        ),
        pytest.param(
            token_trouble(400, {"error": "admin_policy_enforced"}),
            "google-blocked-by-policy",
            "Ask the Workspace administrator to trust client ID 1234567890 under API controls, App access control: "
            "the organisation blocks it for chair@example.com.",
            id="policy",
        ),
        pytest.param(
            token_trouble(400, {"error": "invalid_scope"}),
            "google-scope-missing",
            "Allow the scopes https://scope/one,https://scope/two to the client of service-account.json: "
            "Google refuses one of them.",
            id="scope",
        ),
        pytest.param(
            token_trouble(400, {"error": "something_new"}),
            "google-token-refused",
            "Create new credentials in place of service-account.json: "
            "Google gave no token for chair@example.com and named no reason we know.",
            id="unknown",
        ),
    ],
)
def test_a_refused_token_tells_the_administrator_what_to_do(found: CalendarTrouble, code: str, sentence: str) -> None:
    assert (type(found), found.code, str(found)) == (Refused, code, sentence)


@pytest.mark.parametrize("body", [b"", b"<html>", {"error": "internal_failure"}])
def test_a_fault_of_the_sign_in_service_passes(body: Any) -> None:
    assert type(token_trouble(500, body)) is Unreachable
    assert type(token_trouble(400, {"error": "internal_failure"})) is Unreachable


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (429, old_shape("rateLimitExceeded"), Throttled),
        (429, b"", Throttled),
        (403, old_shape("rateLimitExceeded"), Throttled),
        (403, old_shape("userRateLimitExceeded"), Throttled),
        (403, new_shape("RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"), Throttled),
        (403, old_shape("dailyLimitExceeded"), Throttled),
        (403, old_shape("quotaExceeded"), Throttled),
        (500, b"", Unreachable),
        (503, b"<html>busy</html>", Unreachable),
        (302, b"", Unbelievable),
        (304, b"", Unbelievable),
    ],
)
def test_failed_reads(status: int, content: bytes, kind: type[CalendarTrouble]) -> None:
    assert type(trouble(status, content)) is kind


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (403, old_shape("quotaExceeded"), WritesPaused),
        (403, old_shape("userRateLimitExceeded"), Throttled),
        (503, b"<html>busy</html>", OutcomeUnclear),
        (302, b"", OutcomeUnclear),
        (410, old_shape("deleted"), NotFound),
    ],
)
def test_failed_writes(status: int, content: bytes, kind: type[CalendarTrouble]) -> None:
    assert type(trouble(status, content, WRITING)) is kind


def test_a_410_is_an_expired_token_only_when_one_was_sent() -> None:
    sent = Asked(subject="s", calendar="c", with_sync_token=True)

    assert type(trouble(410, old_shape("updatedMinTooLongAgo"), sent)) is SyncTokenExpired
    assert type(trouble(410, b"", sent)) is SyncTokenExpired
    assert type(trouble(410, old_shape("deleted"))) is NotFound


def test_the_shape_of_an_error_does_not_matter() -> None:
    both = json.dumps(
        {
            "error": {
                "code": 403,
                "message": "m",
                "status": "PERMISSION_DENIED",
                "errors": [{"reason": "forbiddenForServiceAccounts"}],
                "details": [{"reason": "SOMETHING_ELSE"}, "odd", None],
            }
        }
    ).encode()

    assert trouble(403, both).code == "google-delegation-missing"


@given(st.integers(300, 599), st.binary(max_size=60) | st.sampled_from([b"null", b"[]", b'{"error": 5}', b'"x"']))
def test_no_body_breaks_the_reading_of_a_failure(status: int, content: bytes) -> None:
    for asked in (BOT, WRITING, DIRECTORY):
        assert isinstance(trouble(status, content, asked), CalendarTrouble)
        assert isinstance(token_trouble(status, content, asked), CalendarTrouble)


@given(
    st.integers(300, 599), st.sampled_from(["quotaExceeded", "invalid", "notFound", "forbidden", "rateLimitExceeded"])
)
def test_googles_own_message_is_never_repeated(status: int, reason: str) -> None:
    body = old_shape(reason, message="canary@example.com syncToken=CANARY")

    for asked in (BOT, WRITING, DIRECTORY):
        found = trouble(status, body, asked)
        assert "canary" not in f"{found} {found!r} {found.args}".casefold()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        (" 120 ", 120.0),
        ("Mon, 04 Jan 2027 08:01:00 GMT", 60.0),
        ("Mon, 04 Jan 2027 07:00:00 GMT", 0.0),
        ("99999999", 86_400.0),
        ("soon", None),
        ("-3", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_to_wait(header, now=NOW) == seconds


def test_the_wait_google_names_reaches_the_caller() -> None:
    found = trouble(429, b"", **{"retry-after": "7"})

    assert found.retry_after == 7.0
    assert str(found) == "Wait 7 seconds: chair@example.com made too many calls."
