"""What a refused access token means, and what an administrator can do about it.

Nothing of the call itself was sent when there is no token for it. The reasons are OAuth's (RFC 6749,
5.2); what lies behind an `invalid_grant` stands only in its description.
"""

from __future__ import annotations

from governance.calendar.denials import Asked, Denial
from governance.calendar.refusals import DELEGATION, Meaning, throttled
from governance.reconcile.ports import CalendarTrouble, Refused, Unbelievable, Unreachable


def token_trouble_of(denial: Denial, asked: Asked) -> CalendarTrouble:
    """What a failed answer of the token endpoint means. Nothing of the call itself was sent."""
    if denial.status == 429 or denial.reasons & {"rate_limit_exceeded", "slow_down"}:
        return throttled(denial, asked)
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
        f"Google gave no token for {asked.actor} and named no reason we know",
        code="google-token-refused",
    )


def _no_token_now(denial: Denial, _: Asked) -> CalendarTrouble:
    reason = f"its sign-in service has a fault of its own ({denial.status})"
    return Unreachable("Wait, Google will be asked again", reason, retry_after=denial.retry_after)


def _not_delegated(_: Denial, asked: Asked) -> CalendarTrouble:
    if not asked.account:
        return _client_unknown(_, asked)
    return Refused(
        f"Add client ID {asked.client_id} with the scopes {asked.scope_list} in the Admin console under {DELEGATION}",
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
        f"Allow the scopes {asked.scope_list} to the client of {asked.credentials_file}",
        "Google refuses one of them",
        code="google-scope-missing",
    )


def _policy(_: Denial, asked: Asked) -> CalendarTrouble:
    return Refused(
        f"Ask the Workspace administrator to trust client ID {asked.client_id} under API controls, App access control",
        f"the organisation blocks it for {asked.actor}",
        code="google-blocked-by-policy",
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
