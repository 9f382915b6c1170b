"""Failed answers taken apart, before anybody says what they mean.

Google writes errors in two shapes, and at its edge in none (Calendar API, guide to errors). Its own
message may name people, addresses and tokens, so it is looked at and never shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPMessage
from typing import Any

Headers = Mapping[str, str] | HTTPMessage

_LONGEST_WAIT = 86_400.0  # a day: a longer Retry-After is a mistake, and would silence a calendar for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a call was about, for the sentence: who acted, on what, with which credentials."""

    subject: str = ""
    calendar: str = ""
    is_write: bool = False
    is_channel: bool = False
    """About notifications: nothing in the calendar depends on it."""
    with_sync_token: bool = False
    scopes: tuple[str, ...] = ()
    client_id: str = ""
    account: str = ""
    """The service account's address; empty for credentials of a person."""
    credentials_file: str = "the credentials file"
    server: str = "Google"

    @property
    def has_effect(self) -> bool:
        """Whether something may have happened although no answer came."""
        return self.is_write or self.is_channel

    @property
    def on_calendar(self) -> str:
        return f"calendar {self.calendar}" if self.calendar else "the Directory"

    @property
    def actor(self) -> str:
        return self.subject or self.account or "this account"

    @property
    def scope_list(self) -> str:
        """As the Admin console wants them pasted."""
        return ",".join(self.scopes)


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


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        return _object(json.loads(content))
    except (ValueError, RecursionError):
        return {}


def _object(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _list(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []
