"""Builds the way out that the configuration names, and what it is stopped with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from governance.calendar.deadlines import Deadlines
from governance.config import Config
from governance.domain.errors import ConfigurationError
from governance.mail.ports import Transport
from governance.mail.transports.folder import FolderTransport

if TYPE_CHECKING:
    from governance.calendar.calling import Caller


@dataclass(frozen=True, slots=True)
class Post:
    """`stop` from anywhere, signal handlers included; `close` when nothing is sent any more."""

    transport: Transport
    _deadlines: Deadlines
    _caller: Caller | None = None

    def stop(self) -> None:
        """Begins nothing any more, and cuts what is under way after three seconds."""
        self._deadlines.stop()

    def close(self) -> None:
        self._deadlines.stop()
        self._deadlines.close()
        if self._caller is not None:
            self._caller.close()


def open_post(config: Config, *, may_send: Callable[[], bool] = lambda: True) -> Post:
    """Connects to nobody yet. `may_send` is asked at the last moment before a mail cannot be taken back.

    Raises:
        ConfigurationError: no credentials, unreadable ones, or nobody whose mailbox sends.
    """
    deadlines = Deadlines()
    match config.mail.transport:
        case "smtp":
            from governance.mail.transports.smtp import SmtpTransport

            name = urlsplit(config.site.public_url).hostname or "localhost"
            smtp = SmtpTransport(config.mail.smtp, deadlines, local_name=name, may_send=may_send)
            return Post(smtp, deadlines)
        case "gmail":
            return _gmail(config, deadlines, may_send)
        case _:
            return Post(FolderTransport(config.mail.folder, may_send=may_send), deadlines)


def _gmail(config: Config, deadlines: Deadlines, may_send: Callable[[], bool]) -> Post:
    from governance.calendar.calling import GMAIL, Caller
    from governance.calendar.credentials import GMAIL_SCOPES, read_credentials
    from governance.mail.transports.gmail import GmailTransport

    google, subject = config.google, config.mail.gmail.subject or config.google.subject
    if google.credentials is None:
        raise ConfigurationError(
            f"Enter the credentials' file as google.credentials in {config.path}",
            "without them no mail can be sent through Gmail",
            path=config.path,
        )
    if subject is None:
        raise ConfigurationError(
            f"Enter whose mailbox sends as mail.gmail.subject in {config.path}", "nobody is named", path=config.path
        )
    credentials = read_credentials(google.credentials, scopes=GMAIL_SCOPES)
    caller = Caller(GMAIL, credentials, deadlines, api_root=google.api_root)
    return Post(GmailTransport(caller, subject=subject, may_send=may_send), deadlines, caller)
