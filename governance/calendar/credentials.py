"""Who we are to Google: a service account that acts as somebody, or a person who signed in once.

The kind is what the file says. Scopes are always set: without them the client asks for every scope
there is, and domain-wide delegation refuses them all together.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import google.oauth2.credentials
import google.oauth2.service_account
from google.auth.exceptions import GoogleAuthError
from google.auth.transport import Request as TokenRequest

from governance.calendar.deadlines import Call
from governance.calendar.denials import Asked, token_denial_of
from governance.calendar.refusals import no_answer
from governance.calendar.token_refusals import token_trouble_of
from governance.calendar.transport import NoAnswer, Transport, UnusableAnswer
from governance.domain.errors import ConfigurationError
from governance.reconcile.ports import CalendarTrouble, Unbelievable

CALENDAR_SCOPES = ("https://www.googleapis.com/auth/calendar.events",)
DIRECTORY_SCOPES = (
    "https://www.googleapis.com/auth/admin.directory.user.readonly",
    "https://www.googleapis.com/auth/admin.directory.group.readonly",
    "https://www.googleapis.com/auth/admin.directory.group.member.readonly",
)
# To send, and to find out whether something was sent: only a scope that reads may search by Message-ID.
GMAIL_SCOPES = (
    "https://www.googleapis.com/auth/gmail.send",
    "https://www.googleapis.com/auth/gmail.readonly",
)
_TOKEN_URI = "https://oauth2.googleapis.com/token"
_LIFETIME_OF_A_TOKEN = 3600


class Authorisation:
    """The access token of one subject; used by all threads, renewed by one at a time."""

    def __init__(self, credentials: Any, asked: Asked) -> None:
        self._credentials = credentials
        self._asked = asked
        self._renewing = threading.Lock()

    def token(self, call: Call, transport: Transport) -> str:
        """An access token that holds for some minutes at least. Raises CalendarTrouble."""
        if not self._credentials.valid:
            self.renew(call, transport, instead_of=self._credentials.token)
        return str(self._credentials.token)

    def renew(self, call: Call, transport: Transport, *, instead_of: str | None) -> None:
        """A new token, unless another thread brought one meanwhile. Raises CalendarTrouble."""
        if not self._renewing.acquire(timeout=call.remaining()):
            raise no_answer("nothing came in time", sent=False, interruption=None, asked=self._asked)
        try:
            if self._credentials.token == instead_of or not self._credentials.valid:
                self._refresh(call, transport)
        finally:
            self._renewing.release()

    def _refresh(self, call: Call, transport: Transport) -> None:
        asked = self._asked
        try:
            self._credentials.refresh(_TokenSender(call, transport, asked))
        except NoAnswer as error:
            # Nothing of the call itself was sent, whatever happened to the question for a token.
            raise no_answer(error.cause, sent=False, interruption=error.interruption, asked=asked) from None
        except (UnusableAnswer, GoogleAuthError, ValueError, TypeError):
            raise _untrue_token() from None


@dataclass(frozen=True, slots=True)
class _TokenAnswer:
    """What google-auth reads of an answer."""

    status: int
    headers: Any
    data: bytes


class _TokenSender(TokenRequest):
    """Sends google-auth's questions over our transport: once each, inside the deadline of the call they serve.

    Anything but a usable token is raised here, because google-auth would repeat the question with
    sleeps of its own that nothing can wake.
    """

    def __init__(self, call: Call, transport: Transport, asked: Asked) -> None:
        self._call = call
        self._transport = transport
        self._asked = asked

    def __call__(
        self, url: str, method: str = "GET", body: Any = None, headers: Any = None, timeout: Any = None, **_: Any
    ) -> _TokenAnswer:
        sent = {**(headers or {}), "accept-encoding": "gzip"}
        answer, content = self._transport.send(self._call, url, method=method, body=body, headers=sent)
        if answer.status != 200:
            denial = token_denial_of(answer.status, answer.headers, content, now=datetime.now(UTC))
            raise token_trouble_of(denial, self._asked)
        return _TokenAnswer(answer.status, answer.headers, _checked_token(content))


class Credentials(Protocol):
    """One file of credentials, for one set of scopes."""

    def acting_as(self, subject: str) -> Authorisation: ...

    def asked(self, subject: str) -> Asked:
        """What a sentence about these credentials may name."""


class ServiceAccount:
    """Acts as anybody of the domain that delegated to it; one token per subject."""

    def __init__(self, found: dict[str, Any], *, scopes: tuple[str, ...], path: Path) -> None:
        known: Any = google.oauth2.service_account.Credentials
        self._root = known.from_service_account_info({"token_uri": _TOKEN_URI, **found}, scopes=scopes)
        self._asked = Asked(
            scopes=scopes,
            client_id=str(found.get("client_id") or f"of {found['client_email']}"),
            account=str(found.get("client_email", "")),
            credentials_file=str(path),
        )
        self._by_subject: dict[str, Authorisation] = {}

    def acting_as(self, subject: str) -> Authorisation:
        if subject not in self._by_subject:
            made = Authorisation(self._root.with_subject(subject), self.asked(subject))
            return self._by_subject.setdefault(subject, made)
        return self._by_subject[subject]

    def asked(self, subject: str) -> Asked:
        return replace(self._asked, subject=subject)


class SignedInPerson:
    """Acts as the person who signed in, whoever the subject is said to be."""

    def __init__(self, found: dict[str, Any], *, scopes: tuple[str, ...], path: Path) -> None:
        make: Any = google.oauth2.credentials.Credentials
        credentials = make(
            None,
            refresh_token=found["refresh_token"],
            token_uri=found.get("token_uri", _TOKEN_URI),
            client_id=found["client_id"],
            client_secret=found["client_secret"],
            scopes=list(scopes),
        )
        self._asked = Asked(scopes=scopes, client_id=str(found["client_id"]), credentials_file=str(path))
        self._authorisation = Authorisation(credentials, self._asked)

    def acting_as(self, subject: str) -> Authorisation:
        return self._authorisation

    def asked(self, subject: str) -> Asked:
        return replace(self._asked, subject=subject)


def read_credentials(path: Path, *, scopes: tuple[str, ...]) -> Credentials:
    """The credentials in a file. Raises ConfigurationError, which never repeats what is in it."""
    found = _read_object(path)
    kind = found.get("type")
    needed = _NEEDED.get(kind if isinstance(kind, str) else "")
    if needed is None:
        raise ConfigurationError(_OTHER_FILE, f"{path} has an unknown “type”", path=path)
    if missing := [name for name in needed if not isinstance(found.get(name), str) or not found[name]]:
        raise ConfigurationError(f"Download {path} again", f"{', '.join(missing)} is missing in it", path=path)
    try:
        make = ServiceAccount if kind == "service_account" else SignedInPerson
        return make(found, scopes=scopes, path=path)
    except (ValueError, TypeError, GoogleAuthError):
        raise ConfigurationError(f"Download {path} again", "its private key cannot be read", path=path) from None


_OTHER_FILE = "Name a service-account key or an authorised-user file as google.credentials"
_NEEDED = {
    "service_account": ("client_email", "private_key"),
    "authorized_user": ("client_id", "client_secret", "refresh_token"),
}


def _read_object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigurationError(_OTHER_FILE, f"there is no file {path}", path=path) from None
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise ConfigurationError(f"Let this account read {path}", reason, path=path) from None
    except (ValueError, RecursionError):
        raise ConfigurationError(_OTHER_FILE, f"{path} is not JSON", path=path) from None
    if not isinstance(found, dict):
        raise ConfigurationError(_OTHER_FILE, f"{path} holds no JSON object", path=path)
    return found


def _checked_token(content: bytes) -> bytes:
    """google-auth trusts a success blindly: a web page or a token with line breaks would go on from here."""
    found = json.loads(content)
    token = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
        raise ValueError
    int(found.get("expires_in", _LIFETIME_OF_A_TOKEN))
    return content


def _untrue_token() -> CalendarTrouble:
    remedy = "Check the network of this machine for a proxy or sign-in page that answers in Google's place"
    return Unbelievable(remedy, "the answer to the question for a token cannot be true")
