"""`governance check`: each part is tried by itself, and each failure says what to do."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from governance.commands.site import Site, address_of, google_of, now, open_site, read_config
from governance.config import Config
from governance.domain.errors import GovernanceError

if TYPE_CHECKING:
    from governance.calendar.opening import Google
    from governance.reconcile.ports import DirectoryPort

CLOCK_TOLERANCE = timedelta(seconds=60)
"""Google refuses tokens of a clock that is some minutes off; a minute leaves room to notice it before."""

_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one try; without a remedy all is well."""

    name: str
    remedy: str | None = None

    @property
    def ok(self) -> bool:
        return self.remedy is None

    def to_json(self) -> dict[str, object]:
        return {"name": self.name, "ok": self.ok, "remedy": self.remedy}


def run_checks(given: Namespace) -> list[Check]:
    """Configuration, database, calendars, Directory where it is used, mail and clock; without configuration no more."""
    try:
        config = read_config(given)
    except GovernanceError as error:
        return [Check("configuration", str(error))]
    checks = [Check("configuration")]
    try:
        site = open_site(given)
    except GovernanceError as error:
        checks.append(Check("database", str(error)))
    else:
        checks += [Check("database", _database_trouble(site)), *_google(site), *_push(site), *_queue(site)]
    return [*checks, Check("mail", _mail_trouble(config)), Check("clock", _clock_trouble(config))]


def _database_trouble(site: Site) -> str | None:
    """Reading proves little: a full disk or a standby server shows in a transaction that may write."""
    try:
        with site.database.writing():
            return None
    except GovernanceError as error:
        return str(error)


def _google(site: Site) -> Iterator[Check]:
    try:
        with google_of(site) as google:
            for calendar, subject in _calendars(site):
                yield Check(f"calendar {calendar}", _calendar_trouble(site, google, calendar, subject))
            if google.directory is not None and site.config.google.subject is not None:
                yield Check("directory", _directory_trouble(google.directory, site.config.google.subject))
    except GovernanceError as error:
        yield Check("calendar", str(error))


def _calendars(site: Site) -> list[tuple[str, str | None]]:
    """Those that carry meetings; before there are any, the subject's own."""
    from governance.store.meetings import all_calendars

    with site.database.reading() as session:
        kept: list[tuple[str, str | None]] = [(one.google_id, one.subject) for one in all_calendars(session)]
    return kept or [(site.config.google.subject or "primary", None)]


def _calendar_trouble(site: Site, google: Google, calendar: str, subject: str | None) -> str | None:
    try:
        facts = google.calendar.calendar_of(address_of(site, calendar, subject))
    except GovernanceError as error:
        return str(error)
    return str(facts.trouble) if facts.trouble else None


def _directory_trouble(directory: DirectoryPort, subject: str) -> str | None:
    try:
        directory.look_up([subject])
    except GovernanceError as error:
        return str(error)
    return None


def _push(site: Site) -> Iterator[Check]:
    """What is known of the channels; nothing is announced on their account. Before the worker ran there are none."""
    from governance.push.problems import push_problems

    if not site.config.google.push:
        return
    try:
        with site.database.reading() as session:
            problems = push_problems(session, now(), public_url=site.config.site.public_url)
    except GovernanceError as error:
        yield Check("push", str(error))
        return
    by_calendar = {problem.calendar: f"{problem.remedy}: {problem.text}." for problem in reversed(problems)}
    yield from (Check(f"push {calendar}", remedy) for calendar, remedy in sorted(by_calendar.items()))
    if not by_calendar:
        yield Check("push")


def _queue(site: Site) -> Iterator[Check]:
    """Mails that wait for a person, or that nobody sends; told only where there are such."""
    from governance.services.standing import read_problems

    config = site.config
    try:
        with site.database.reading() as session:
            found = read_problems(session, now(), config.google.poll_seconds, config.mail.daily_limit)
    except GovernanceError:
        return  # the database has said so itself
    for one in found:
        if one.code.startswith("mail-"):
            where = f" ({one.meeting})" if one.meeting else ""
            yield Check(f"{one.code}{where}", f"{one.remedy}: {one.text}.")


def _mail_trouble(config: Config) -> str | None:
    """Connects and signs in; no mail is sent. Gmail is asked for a mail that it cannot have."""
    from governance.mail.ports import Unreachable
    from governance.mail.transports.opening import open_post

    if config.mail.transport == "folder":
        folder = config.mail.folder if config.mail.folder.exists() else config.mail.folder.parent
        may_write = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
        return None if may_write else f"Let this account write to {config.mail.folder}, where mails are laid down."
    try:
        post = open_post(config)
    except GovernanceError as error:
        return str(error)
    try:
        with post.transport.connect() as connection:
            if post.transport.can_be_asked:
                connection.find("<check@localhost>")
    except Unreachable as away:
        return away.later.text
    finally:
        post.close()
    return None


def _clock_trouble(config: Config) -> str | None:
    """Compared with the clock of the server that we are to talk to; where it cannot be reached nothing is known."""
    theirs = _date_of(config.google.api_root or "https://www.googleapis.com/")
    if theirs is None or abs(theirs - now()) <= CLOCK_TOLERANCE:
        return None
    ahead = "ahead" if now() > theirs else "behind"
    seconds = int(abs(theirs - now()).total_seconds())
    return f"Set this machine's clock, best by NTP: it is {seconds} seconds {ahead} of Google's."


def _date_of(address: str) -> datetime | None:
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("HEAD", "/")
        stated = parsedate_to_datetime(connection.getresponse().headers["date"])
    except (OSError, HTTPException, ValueError, TypeError):
        return None
    finally:
        connection.close()
    return stated if stated.tzinfo else stated.replace(tzinfo=UTC)
