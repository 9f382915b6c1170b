"""Builds everything that talks to Google from the configuration, once per process."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from governance.calendar.calling import CALENDAR, DIRECTORY, Caller
from governance.calendar.client import GoogleCalendar
from governance.calendar.credentials import CALENDAR_SCOPES, DIRECTORY_SCOPES, read_credentials
from governance.calendar.deadlines import Deadlines
from governance.calendar.directory import GoogleDirectory
from governance.calendar.quota import Quota
from governance.calendar.retrying import RetryPolicy
from governance.config import Config
from governance.domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Google:
    """The ports, and the two ways to end: `stop` from anywhere, `close` when all threads have returned."""

    calendar: GoogleCalendar
    directory: GoogleDirectory | None
    _callers: tuple[Caller, ...]
    _deadlines: Deadlines

    def stop(self) -> None:
        """Begins no call any more and cuts those in flight after three seconds; safe in a signal handler."""
        self._deadlines.stop()

    def close(self) -> None:
        self._deadlines.stop()
        self._deadlines.close()
        for caller in self._callers:
            caller.close()


def open_google(
    config: Config,
    *,
    other_calendars: Callable[[], Collection[str]] | None = None,
    retries: RetryPolicy | None = None,
    quota: Quota | None = None,
) -> Google:
    """Reads the credentials; calls nobody yet. `quota` is Calendar's: the Directory has one of its own.

    Raises:
        ConfigurationError: no credentials, unreadable ones, or a Directory without somebody to act as.
    """
    google, deadlines = config.google, Deadlines()
    if google.credentials is None:
        raise ConfigurationError(
            f"Enter the credentials' file as google.credentials in {config.path}",
            "without them no calendar can be read",
            path=config.path,
        )
    to_calendar = Caller(
        CALENDAR,
        read_credentials(google.credentials, scopes=CALENDAR_SCOPES),
        deadlines,
        api_root=google.api_root,
        retries=retries,
        quota=quota,
    )
    calendar = GoogleCalendar(to_calendar, read_only=google.read_only, other_calendars=other_calendars)
    if "directory" not in google.services:
        return Google(calendar, None, (to_calendar,), deadlines)
    if google.subject is None:
        raise ConfigurationError(
            f"Enter an administrator's address as google.subject in {config.path}",
            "the Directory answers only somebody who may read it",
            path=config.path,
        )
    to_directory = Caller(
        DIRECTORY,
        read_credentials(google.credentials, scopes=DIRECTORY_SCOPES),
        deadlines,
        api_root=google.api_root,
        retries=retries,
    )
    directory = GoogleDirectory(to_directory, subject=google.subject)
    return Google(calendar, directory, (to_calendar, to_directory), deadlines)
