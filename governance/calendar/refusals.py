"""What a failed call of an API means for us, and what somebody can do about it.

Pure: a denial goes in, an error of the one tree comes out. Decided on the status first and the reason
second; what each reason means is said on Google's page (Calendar API, guide to errors).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from governance.calendar.deadlines import Interruption
from governance.calendar.denials import Asked, Denial
from governance.calendar.push_refusals import push_trouble_of
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
DELEGATION = "Security, Access and data control, API controls, Domain-wide delegation"

Meaning = Callable[[Denial, Asked], CalendarTrouble]


def trouble_of(denial: Denial, asked: Asked) -> CalendarTrouble:
    """What a failed answer of an API means."""
    status = denial.status
    if status >= 500 or status == 408:
        return _later(denial, asked)
    if 300 <= status < 400:
        return unbelievable(asked, "it was redirected to another address, as sign-in pages of networks do")
    if (status == 410 and asked.with_sync_token) or _names_the_sync_token(denial, asked):
        return SyncTokenExpired("Wait while the whole calendar is read again", "Google no longer knows where we were")
    if asked.is_channel and (trouble := push_trouble_of(denial, asked)):
        return trouble
    meaning = _BY_STATUS.get(status, _malformed)
    return meaning(denial, asked)


def no_answer(cause: str, *, sent: bool, interruption: Interruption | None, asked: Asked) -> CalendarTrouble:
    """What a call means that broke off: whether a write was applied is known only when nothing was sent."""
    if sent and asked.has_effect:
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
    if asked.has_effect:
        return _unclear(asked, why)
    remedy = "Check the network of this machine for a proxy or sign-in page that answers in Google's place"
    return Unbelievable(remedy, f"the answer about {asked.on_calendar} cannot be true: {why}")


def unreadable_events(asked: Asked, causes: Mapping[str, str]) -> Unbelievable:
    """Everything else about the answer is right; `causes` says of each event what cannot be true of it."""
    why = "; ".join(sorted(set(causes.values())))
    remedy = "Open the event in Google Calendar, and change or delete what is wrong with it"
    many = "one event" if len(causes) == 1 else f"{len(causes)} events"
    reason = f"{many} of calendar {asked.calendar} cannot be read: {why}"
    return Unbelievable(remedy, reason, event_ids=tuple(sorted(causes)))


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


def _seconds_words(seconds: float) -> str:
    return f"{seconds:.0f} second" if round(seconds) == 1 else f"{seconds:.0f} seconds"


def _later(denial: Denial, asked: Asked) -> CalendarTrouble:
    if asked.has_effect:
        return _unclear(asked, f"Google answered with an error of its own ({denial.status})")
    return Unreachable(
        "Wait, Google will be asked again",
        f"it has a fault of its own ({denial.status})",
        retry_after=denial.retry_after,
    )


def _unclear(asked: Asked, why: str) -> OutcomeUnclear:
    if asked.is_channel:
        return OutcomeUnclear(f"Wait while the notifications of {asked.on_calendar} are arranged anew", why)
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
        f"Google refuses a fresh token of {asked.actor}",
        code="google-unauthorised",
    )


def _forbidden(denial: Denial, asked: Asked) -> CalendarTrouble:
    for reasons, meaning in _FORBIDDEN:
        if denial.reasons & reasons:
            return meaning(denial, asked)
    return _no_right(denial, asked)


def throttled(denial: Denial, asked: Asked) -> CalendarTrouble:
    wait = f"Wait {_seconds_words(denial.retry_after)}" if denial.retry_after else "Wait, Google will be asked again"
    return Throttled(wait, f"{asked.actor} made too many calls", retry_after=denial.retry_after)


def _daily_limit(denial: Denial, _: Asked) -> CalendarTrouble:
    return Throttled(
        "Raise the daily quota of the project in the Google Cloud console, or wait until tomorrow",
        "the calls allowed for one day are used up",
        code=DAILY_LIMIT,
        retry_after=denial.retry_after,
    )


def _quota_used_up(denial: Denial, asked: Asked) -> CalendarTrouble:
    if not asked.is_write:
        return throttled(denial, asked)
    return WritesPaused(
        "Wait some hours, and let nothing else invite guests with this account meanwhile",
        f"Google's limit on invitations stops all changes by {asked.actor}",
        retry_after=denial.retry_after,
    )


def _scope_missing(_: Denial, asked: Asked) -> CalendarTrouble:
    if not asked.account:
        remedy = f"Sign in again for {asked.credentials_file} and tick every box, so that it grants {asked.scope_list}"
        return Refused(remedy, "a permission is missing in the present one", code="google-scope-missing")
    remedy = (
        f"Add the scopes {asked.scope_list} for client ID {asked.client_id} in the Admin console under {DELEGATION}"
    )
    return Refused(remedy, f"the token of {asked.actor} lacks one of them", code="google-scope-missing")


def _service_account_alone(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Set google.subject to the person whose calendar it is, and add client ID {asked.client_id} with the scopes "
        f"{asked.scope_list} in the Admin console under {DELEGATION}",
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


_BY_STATUS: dict[int, Meaning] = {
    401: _unauthorised,
    403: _forbidden,
    404: _not_found,
    409: _changed,
    410: _not_found,
    412: _changed,
    429: throttled,
}

# More telling reasons first: an answer may carry the general PERMISSION_DENIED beside the one that matters.
_FORBIDDEN: tuple[tuple[frozenset[str], Meaning], ...] = (
    (frozenset({"quotaExceeded"}), _quota_used_up),
    (frozenset({"dailyLimitExceeded"}), _daily_limit),
    (
        frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"}),
        throttled,
    ),
    (frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}), _scope_missing),
    (frozenset({"forbiddenForServiceAccounts"}), _service_account_alone),
    (frozenset({"accessNotConfigured", "SERVICE_DISABLED"}), _api_switched_off),
    (frozenset({"notACalendarUser"}), _no_calendar_service),
    (frozenset({"forbiddenForNonOrganizer"}), _not_the_organiser),
)
