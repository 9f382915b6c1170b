"""Every key of config.toml: its kind, its default and the words that explain it in the example.

This is the only list there is. The reader, `config.example.toml` and the file that `governance init` writes all follow
it, so that a key cannot exist in one and be missing in another.

Plain dataclasses, because the configuration is read at the start of every command: a validating library would cost
more start-up time than everything else `governance status` does before it opens the database.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Any

from governance.config import kinds
from governance.config.kinds import Kind

REQUIRED: Any = MISSING


def key(kind: Kind, about: str, *, default: Any = REQUIRED, example: str = "", is_secret: bool = False) -> Any:
    """A key of a table. `example` is TOML for a key that has no default; a secret may also come from `KEY_file`."""
    facts = {"kind": kind, "about": about, "example": example, "is_secret": is_secret}
    return dataclasses.field(default=default, repr=not is_secret, metadata=facts)


def table(of: type, about: str, *, is_optional: bool = False) -> Any:
    """A table within the configuration; an optional one is None until one of its keys is set."""
    facts = {"table": of, "about": about, "is_optional": is_optional}
    if is_optional:
        return dataclasses.field(default=None, metadata=facts)
    return dataclasses.field(default_factory=of, metadata=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    name: str = key(kinds.text(), "What the pages and mails call this installation.", default="Meeting governance")
    public_url: str = key(
        kinds.web_address('an address such as "https://meetings.example.com"'),
        "Where people reach it; the links in mails begin with this.",
        default="http://localhost:8080",
    )
    secret_key: str = key(
        kinds.secret("at least 16 characters, best the key `governance init` writes", at_least=16),
        "Signs links and sessions. Whoever knows it can sign in as anybody; a new one ends all sessions and links.",
        is_secret=True,
    )
    time_zone: str = key(kinds.time_zone(), "For what belongs to no meeting, such as the nightly work.", default="UTC")
    currency: str = key(kinds.currency(), "Of the limits in mandates.", default="EUR")
    domains: tuple[str, ...] = key(
        kinds.many(kinds.domain(), 'a list of domains such as ["example.com"]'),
        'The organisation\'s own mail domains, such as ["example.com"]; everybody else is an outsider.',
        default=(),
    )
    admins: tuple[str, ...] = key(
        kinds.many(kinds.address(), 'a list of addresses such as ["ops@example.com"]'),
        'Who may administer this installation, such as ["ops@example.com"].',
        default=(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    host: str = key(kinds.text("a host name or address"), "Where the web server listens.", default="127.0.0.1")
    port: int = key(kinds.whole(at_least=0, at_most=65535), "0 lets the system choose one.", default=8080)
    threads: int = key(kinds.whole(at_least=1, at_most=256), "Requests worked on at once.", default=8)
    live_connections: int = key(
        kinds.whole(at_least=0), "Pages that may stay connected to follow changes as they happen.", default=50
    )
    trusted_proxies: int = key(
        kinds.whole(at_least=0, at_most=16),
        "Reverse proxies in front whose X-Forwarded headers are believed.",
        default=0,
    )
    metrics_token: str | None = key(
        kinds.secret("at least 16 characters", at_least=16),
        "What /metrics asks for as a bearer token; without one there is no /metrics.",
        default=None,
        example='"a-long-random-text"',
        is_secret=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    url: str = key(
        kinds.database(),
        "An SQLite file, or PostgreSQL when there is more than one machine.",
        default="sqlite:///governance.db",
        is_secret=True,
    )
    migration_url: str | None = key(
        kinds.database(),
        "Another account for `governance migrate`, when the everyday one may not change tables.",
        default=None,
        example='"postgresql://owner@db.example.com/governance"',
        is_secret=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Google:
    credentials: Path | None = key(
        kinds.path("the name of a file"),
        "A service-account key with domain-wide delegation, or an authorised-user file.",
        default=None,
        example='"service-account.json"',
    )
    subject: str | None = key(
        kinds.address(), "Whom to act as where a calendar names nobody.", default=None, example='"chair@example.com"'
    )
    services: tuple[str, ...] = key(
        kinds.many(
            kinds.one_of("calendar", "directory", "meet", "gmail"),
            'a list of "calendar", "directory", "meet" and "gmail"',
        ),
        '"directory", "meet" and "gmail" may be added; each asks for its own token and scopes.',
        default=("calendar",),
    )
    api_root: str | None = key(
        kinds.web_address('an address with a slash at the end, such as "http://127.0.0.1:9000/"', is_folder=True),
        "Another server instead of Google's.",
        default=None,
        example='"http://127.0.0.1:9000/"',
    )
    read_only: bool = key(kinds.switch(), "Look and plan, never write to a calendar.", default=False)
    push: bool = key(kinds.switch(), "Let Google announce changes; public_url must be https.", default=False)
    poll_seconds: int = key(kinds.whole(at_least=1), "How often a calendar is read.", default=60)
    backstop_seconds: int = key(
        kinds.whole(at_least=1), "How often it is read where Google announces changes.", default=900
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    host: str | None = key(
        kinds.text("a host name or address"), "The mail server.", default=None, example='"smtp.example.com"'
    )
    port: int = key(kinds.whole(at_least=1, at_most=65535), "587 for starttls, 465 for tls.", default=587)
    security: str = key(kinds.one_of("starttls", "tls", "none"), '"starttls", "tls" or "none".', default="starttls")
    username: str | None = key(kinds.text(), "Without one there is no login.", default=None, example='"meeting"')
    password: str | None = key(kinds.secret(), "Of that account.", default=None, example='"…"', is_secret=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class GmailMail:
    subject: str | None = key(
        kinds.address(),
        "Whose mailbox sends; without one, google.subject.",
        default=None,
        example='"meeting@example.com"',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    transport: str = key(
        kinds.one_of("smtp", "gmail", "folder"),
        '"smtp", "gmail", or "folder", which sends nothing and lays every mail down as a file.',
        default="folder",
    )
    sender: str | None = key(
        kinds.sender(), "Who the mails are from.", default=None, example='"Decision meeting <meeting@example.com>"'
    )
    reply_to: str | None = key(
        kinds.sender(), "Where answers go, when not to the sender.", default=None, example='"scribe@example.com"'
    )
    folder: Path = key(kinds.path("the name of a folder"), 'For the transport "folder".', default=Path("mail"))
    daily_limit: int = key(kinds.whole(at_least=1), "Mails a day, below what the provider allows.", default=1500)
    unclear: str = key(
        kinds.one_of("resend", "ask"),
        'When nobody can say whether a mail went out: "resend" it, or "ask" an administrator.',
        default="resend",
    )
    smtp: Smtp = table(Smtp, 'For the transport "smtp".')
    gmail: GmailMail = table(GmailMail, 'For the transport "gmail".')


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    level: str = key(
        kinds.one_of("debug", "info", "warning", "error"), '"debug", "info", "warning" or "error".', default="info"
    )
    format: str = key(kinds.one_of("text", "json"), '"text" for people, "json" for machines.', default="text")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleSignIn:
    client_id: str = key(kinds.text(), "Of the OAuth client.", example='"123-abc.apps.googleusercontent.com"')
    client_secret: str = key(kinds.secret(), "Of the OAuth client.", example='"…"', is_secret=True)
    issuer: str = key(
        kinds.web_address('an https address such as "https://accounts.google.com"', is_secure=True),
        "Who vouches for people.",
        default="https://accounts.google.com",
    )
    hosted_domain: str | None = key(
        kinds.domain(), "Only accounts of this Google Workspace domain.", default=None, example='"example.com"'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    link: bool = key(kinds.switch(), "Let people ask for a one-time address by mail.", default=True)
    google: GoogleSignIn | None = table(
        GoogleSignIn, "Sign in with Google; there once client_id is set.", is_optional=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings, checked, with absolute paths; secrets are left out of its repr."""

    path: Path
    site: Site = table(Site, "The installation.")
    web: Web = table(Web, "The web server.")
    database: Database = table(Database, "Where everything is kept.")
    google: Google = table(Google, "Google Calendar.")
    mail: Mail = table(Mail, "Mails of our own.")
    log: Log = table(Log, "What is logged, on standard error.")
    sign_in: SignIn = table(SignIn, "How people sign in.")
