"""What Google's failures mean for us, and what somebody can do about each.

Pure: a status and a body go in, an error of the one tree comes out. Decided on the status first and
the reason second, in both shapes Google writes errors in (Calendar API, guide to errors). Google's own
message may name people, addresses and tokens, so it is looked at and never shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPMessage
from typing import Any

from governance.calendar.deadlines import Interruption
from governance.reconcile.ports import (
    CalendarTrouble,
    ChangedMeanwhile,
    NotFound,
    OutcomeUnclear,
    Refused,
    Stopping,
    SyncTokenExpired,
    Throttled,
    Unbelievable,
    Unreachable,
    WritesPaused,
)

DAILY_LIMIT = "google-daily-limit"
_LONGEST_WAIT = 86_400.0  # a day: a longer Retry-After is a mistake, and would silence a calendar for ever

Headers = Mapping[str, str] | HTTPMessage

_DELEGATION = "Security, Access and data control, API controls, Domain-wide delegation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a call was about, for the sentence: who acted, on what, with which credentials."""

    subject: str = ""
    calendar: str = ""
    is_write: bool = False
    with_sync_token: bool = False
    scopes: tuple[str, ...] = ()
    client_id: str = ""
    account: str = ""
    """The service account's address; empty for credentials of a person."""
    credentials_file: str = "the credentials file"
    server: str = "Google"

    @property
    def on_calendar(self) -> str:
        return f"calendar {self.calendar}" if self.calendar else "the Directory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """An answer other than a success, taken apart. `hint` is Google's message in small letters, never to be shown."""

    status: int
    reasons: frozenset[str] = frozenset()
    locations: frozenset[str] = frozenset()
    hint: str = field(default="", repr=False)
    retry_after: float | None = None


def denial_of(status: int, headers: Headers, content: bytes, *, now: datetime) -> Denial:
    """Takes a failed answer of an API apart; HTML and empty bodies have no reasons."""
    error = _object(_parsed(content).get("error"))
    entries = [_object(entry) for key in ("errors", "details") for entry in _list(error.get(key))]
    reasons = {error.get("status"), *(entry.get("reason") for entry in entries)}
    return Denial(
        status=status,
        reasons=frozenset(reason for reason in reasons if isinstance(reason, str)),
        locations=frozenset(str(entry["location"]) for entry in entries if "location" in entry),
        hint=str(error.get("message", "")).casefold(),
        retry_after=seconds_to_wait(headers.get("retry-after"), now=now),
    )


def token_denial_of(status: int, headers: Headers, content: bytes, *, now: datetime) -> Denial:
    """Takes a failed answer of the token endpoint apart (RFC 6749, 5.2); the reason is the `error`."""
    told = _parsed(content)
    reasons = (told.get("error"), told.get("error_subtype"))
    return Denial(
        status=status,
        reasons=frozenset(reason for reason in reasons if isinstance(reason, str)),
        hint=str(told.get("error_description", "")).casefold(),
        retry_after=seconds_to_wait(headers.get("retry-after"), now=now),
    )


def seconds_to_wait(retry_after: str | None, *, now: datetime) -> float | None:
    """Retry-After as seconds: a number or a date (RFC 9110, 10.2.3); None when it says nothing usable."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return min(float(retry_after), _LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), _LONGEST_WAIT)


def trouble_of(denial: Denial, asked: Asked) -> CalendarTrouble:
    """What a failed answer of an API means."""
    status = denial.status
    if status >= 500 or status == 408:
        return _later(denial, asked)
    if 300 <= status < 400:
        return unbelievable(asked, "it was redirected to another address, as sign-in pages of networks do")
    if (status == 410 and asked.with_sync_token) or _names_the_sync_token(denial, asked):
        return SyncTokenExpired("Wait while the whole calendar is read again", "Google no longer knows where we were")
    meaning = _BY_STATUS.get(status, _malformed)
    return meaning(denial, asked)


def token_trouble_of(denial: Denial, asked: Asked) -> CalendarTrouble:
    """What a failed answer of the token endpoint means. Nothing of the call itself was sent."""
    if denial.status == 429 or denial.reasons & {"rate_limit_exceeded", "slow_down"}:
        return _throttled(denial, asked)
    if denial.status >= 500 or denial.status == 408 or denial.reasons & _TOKEN_LATER:
        return _no_token_now(denial, asked)
    if 300 <= denial.status < 400:
        return Unbelievable(
            "Check the network of this machine", "the question for a token was redirected, as sign-in pages do"
        )
    for reason, meaning in _TOKEN_REASONS.items():
        if reason in denial.reasons:
            return meaning(denial, asked)
    return Refused(
        f"Create new credentials in place of {asked.credentials_file}",
        f"Google gave no token for {_acting(asked)} and named no reason we know",
        code="google-token-refused",
    )


def no_answer(cause: str, *, sent: bool, interruption: Interruption | None, asked: Asked) -> CalendarTrouble:
    """What a call means that broke off: whether a write was applied is known only when nothing was sent."""
    if sent and asked.is_write:
        return _unclear(asked, "the connection ended before Google answered")
    if interruption is Interruption.STOP:
        return Stopping("Start the service again", "it is stopping and cut the call")
    if interruption is Interruption.DEADLINE:
        return Unreachable("Wait, or check the network of this machine", f"{asked.server} did not answer in time")
    if "certificate" in cause:
        remedy = f"Let this machine trust the certificate of {asked.server}, and check its clock"
        return Unreachable(remedy, cause, code="google-certificate")
    remedy = f"Check that this machine's network and firewall let it reach {asked.server}"
    return Unreachable(remedy, cause)


def unbelievable(asked: Asked, why: str) -> CalendarTrouble:
    """A success that cannot be true. A write that was answered so may have been applied."""
    if asked.is_write:
        return _unclear(asked, why)
    remedy = "Check the network of this machine for a proxy or sign-in page that answers in Google's place"
    return Unbelievable(remedy, f"the answer about {asked.on_calendar} cannot be true: {why}")


def writing_is_switched_off() -> Refused:
    return Refused(
        "Set google.read_only to false in config.toml",
        "this installation only looks and plans, and never writes to a calendar",
        code="google-read-only",
    )


def role_trouble(role: str, asked: Asked) -> Refused | None:
    """The refusal to expect on the first write, known from the role a listing answered with; None when all is well."""
    if role in ("writer", "owner"):
        return None
    return _shared_read_only(asked, f"the present share allows “{role or 'nothing'}”")


def seconds_words(seconds: float) -> str:
    return f"{seconds:.0f} second" if round(seconds) == 1 else f"{seconds:.0f} seconds"


def _later(denial: Denial, asked: Asked) -> CalendarTrouble:
    if asked.is_write:
        return _unclear(asked, f"Google answered with an error of its own ({denial.status})")
    return Unreachable(
        "Wait, Google will be asked again",
        f"it has a fault of its own ({denial.status})",
        retry_after=denial.retry_after,
    )


def _unclear(asked: Asked, why: str) -> OutcomeUnclear:
    remedy = f"Wait while {asked.on_calendar} is read again to see whether the change arrived"
    return OutcomeUnclear(remedy, why)


def _names_the_sync_token(denial: Denial, asked: Asked) -> bool:
    """A token that is not expired but wrong, as after a restored copy, would otherwise be refused for ever."""
    return (
        denial.status == 400
        and asked.with_sync_token
        and ("syncToken" in denial.locations or "sync token" in denial.hint)
    )


def _malformed(denial: Denial, asked: Asked) -> CalendarTrouble:
    words = ", ".join(sorted(reason for reason in denial.reasons if reason.isascii() and reason.isidentifier()))
    return Refused(
        "Check the addresses on the roster, and report this if they are right",
        f"Google refused a call about {asked.on_calendar} as invalid ({denial.status}{' ' + words if words else ''})",
        code="google-invalid",
    )


def _unauthorised(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Create new credentials in place of {asked.credentials_file}",
        f"Google refuses a fresh token of {_acting(asked)}",
        code="google-unauthorised",
    )


def _forbidden(denial: Denial, asked: Asked) -> CalendarTrouble:
    for reasons, meaning in _FORBIDDEN:
        if denial.reasons & reasons:
            return meaning(denial, asked)
    return _no_right(denial, asked)


def _throttled(denial: Denial, asked: Asked) -> CalendarTrouble:
    wait = f"Wait {seconds_words(denial.retry_after)}" if denial.retry_after else "Wait, Google will be asked again"
    return Throttled(wait, f"{_acting(asked)} made too many calls", retry_after=denial.retry_after)


def _daily_limit(denial: Denial, _: Asked) -> CalendarTrouble:
    return Throttled(
        "Raise the daily quota of the project in the Google Cloud console, or wait until tomorrow",
        "the calls allowed for one day are used up",
        code=DAILY_LIMIT,
        retry_after=denial.retry_after,
    )


def _quota_used_up(denial: Denial, asked: Asked) -> CalendarTrouble:
    if not asked.is_write:
        return _throttled(denial, asked)
    return WritesPaused(
        "Wait some hours, and let nothing else invite guests with this account meanwhile",
        f"Google's limit on invitations stops all changes by {_acting(asked)}",
        retry_after=denial.retry_after,
    )


def _scope_missing(_: Denial, asked: Asked) -> CalendarTrouble:
    if not asked.account:
        remedy = f"Sign in again for {asked.credentials_file} and tick every box, so that it grants {_scopes(asked)}"
        return Refused(remedy, "a permission is missing in the present one", code="google-scope-missing")
    remedy = f"Add the scopes {_scopes(asked)} for client ID {asked.client_id} in the Admin console under {_DELEGATION}"
    return Refused(remedy, f"the token of {_acting(asked)} lacks one of them", code="google-scope-missing")


def _service_account_alone(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Set google.subject to the person whose calendar it is, and add client ID {asked.client_id} with the scopes "
        f"{_scopes(asked)} in the Admin console under {_DELEGATION}",
        f"Google lets service account {asked.account} invite guests only in a person's name",
        code="google-delegation-missing",
    )


def _api_switched_off(_: Denial, asked: Asked) -> CalendarTrouble:
    which = "Google Calendar API" if asked.calendar else "Admin SDK API"
    return Refused(
        f"Enable the {which} for the project of {asked.credentials_file} in the Google Cloud console",
        "the project may not use it yet",
        code="google-api-disabled",
    )


def _no_calendar_service(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Switch the Calendar service on for {asked.subject} in the Admin console, or name another subject",
        "this account has no Google Calendar",
        code="google-no-calendar-user",
    )


def _not_the_organiser(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Adopt the meeting from its organiser's calendar instead of {asked.calendar}",
        "only the organiser's copy of an event may be changed",
        code="google-not-organiser",
    )


def _no_right(_: Denial, asked: Asked) -> CalendarTrouble:
    if asked.is_write:
        return _shared_read_only(asked, "Google shows it to this account but refuses changes")
    if asked.calendar:
        return Refused(
            f"Share calendar {asked.calendar} with {asked.subject} and choose “Make changes to events”",
            "Google refuses to show it to this account",
            code="google-forbidden",
        )
    return Refused(
        f"Give {asked.subject} an administrator's role that may read users and groups, or name another google.subject",
        "Google refuses it the Directory",
        code="google-forbidden",
    )


def _shared_read_only(asked: Asked, why: str) -> Refused:
    remedy = f"Share calendar {asked.calendar} with {asked.subject} and choose “Make changes to events”"
    return Refused(remedy, why, code="google-shared-read-only")


def _not_found(_: Denial, asked: Asked) -> CalendarTrouble:
    share = f"Share calendar {asked.calendar} with {asked.subject} and choose “Make changes to events”, or check its id"
    return NotFound(
        share if asked.calendar else "Check the address",
        "Google says that there is no such thing, or that this account may not see it",
    )


def _changed(_: Denial, asked: Asked) -> CalendarTrouble:
    if not asked.is_write:
        return _malformed(Denial(status=409), asked)
    remedy = f"Wait while {asked.on_calendar} is read again"
    return ChangedMeanwhile(remedy, "somebody else changed the event in the meantime")


def _no_token_now(denial: Denial, _: Asked) -> CalendarTrouble:
    reason = f"its sign-in service has a fault of its own ({denial.status})"
    return Unreachable("Wait, Google will be asked again", reason, retry_after=denial.retry_after)


def _not_delegated(_: Denial, asked: Asked) -> CalendarTrouble:
    if not asked.account:
        return _client_unknown(_, asked)
    return Refused(
        f"Add client ID {asked.client_id} with the scopes {_scopes(asked)} in the Admin console under {_DELEGATION}",
        f"Google does not let it act as {asked.subject}; a new entry can take up to a day",
        code="google-delegation-missing",
    )


def _bad_grant(denial: Denial, asked: Asked) -> CalendarTrouble:
    if "invalid_rapt" in denial.reasons:
        return _sign_in_expired(denial, asked)
    for hints, meaning in _GRANT_HINTS:
        if any(hint in denial.hint for hint in hints):
            return meaning(denial, asked)
    return _key_gone(denial, asked) if asked.account else _sign_in_ended(denial, asked)


def _subject_unknown(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Enter an active account of your domain as the subject instead of {asked.subject}",
        "Google knows no such account, or it is suspended",
        code="google-subject-unknown",
    )


def _clock_wrong(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        "Set the clock of this machine, best by switching on its time synchronisation",
        "Google refuses a signature made minutes too early or too late",
        code="google-clock-wrong",
    )


def _key_gone(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Create a new key for service account {asked.account} and put it in place of {asked.credentials_file}",
        "Google no longer accepts the present one",
        code="google-key-deleted",
    )


def _service_account_gone(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Create a service account with a key in place of {asked.credentials_file}",
        f"Google knows no service account {asked.account}",
        code="google-account-deleted",
    )


def _sign_in_ended(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Sign in again to make a new {asked.credentials_file}",
        "the permission was revoked or has expired",
        code="google-sign-in-ended",
    )


def _sign_in_expired(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Exempt this app from session control in the Admin console, then sign in again for {asked.credentials_file}",
        "the organisation asks people to sign in again from time to time",
        code="google-sign-in-ended",
    )


def _client_unknown(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Correct client_id and client_secret in {asked.credentials_file}",
        "Google knows no such OAuth client",
        code="google-client-unknown",
    )


def _scope_refused(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Allow the scopes {_scopes(asked)} to the client of {asked.credentials_file}",
        "Google refuses one of them",
        code="google-scope-missing",
    )


def _policy(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Ask the Workspace administrator to trust client ID {asked.client_id} under API controls, App access control",
        f"the organisation blocks it for {_acting(asked)}",
        code="google-blocked-by-policy",
    )


def _acting(asked: Asked) -> str:
    return asked.subject or asked.account or "this account"


def _scopes(asked: Asked) -> str:
    """As the Admin console wants them pasted."""
    return ",".join(asked.scopes)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        return _object(json.loads(content))
    except (ValueError, RecursionError):
        return {}


def _object(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


Meaning = Callable[[Denial, Asked], CalendarTrouble]

_BY_STATUS: dict[int, Meaning] = {
    401: _unauthorised,
    403: _forbidden,
    404: _not_found,
    409: _changed,
    410: _not_found,
    412: _changed,
    429: _throttled,
}

# More telling reasons first: an answer may carry the general PERMISSION_DENIED beside the one that matters.
_FORBIDDEN: tuple[tuple[frozenset[str], Meaning], ...] = (
    (frozenset({"quotaExceeded"}), _quota_used_up),
    (frozenset({"dailyLimitExceeded"}), _daily_limit),
    (
        frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"}),
        _throttled,
    ),
    (frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}), _scope_missing),
    (frozenset({"forbiddenForServiceAccounts"}), _service_account_alone),
    (frozenset({"accessNotConfigured", "SERVICE_DISABLED"}), _api_switched_off),
    (frozenset({"notACalendarUser"}), _no_calendar_service),
    (frozenset({"forbiddenForNonOrganizer"}), _not_the_organiser),
)

_TOKEN_LATER = frozenset({"internal_failure", "server_error", "temporarily_unavailable"})

_TOKEN_REASONS: dict[str, Meaning] = {
    "unauthorized_client": _not_delegated,
    "access_denied": _not_delegated,
    "invalid_grant": _bad_grant,
    "invalid_client": _client_unknown,
    "deleted_client": _client_unknown,
    "invalid_scope": _scope_refused,
    "admin_policy_enforced": _policy,
}

_GRANT_HINTS: tuple[tuple[tuple[str, ...], Meaning], ...] = (
    (("invalid email", "not a valid email", "user id"), _subject_unknown),
    (("signature",), _key_gone),
    (("short-lived", "timeframe", "iat", "exp and"), _clock_wrong),
    (("account not found",), _service_account_gone),
    (("expired or revoked", "revoked"), _sign_in_ended),
)
