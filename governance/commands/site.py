"""What every command begins with: the configuration, the database, and the time."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from governance.config import Config, load_config
from governance.domain.errors import GovernanceError

if TYPE_CHECKING:
    from governance.calendar.opening import Google
    from governance.database import Database
    from governance.reconcile.ports import CalendarAddress

OPERATOR = "operator"
"""Who acts at the command line: whoever may run it may do everything."""


@dataclass(frozen=True, slots=True)
class Site:
    config: Config
    database: Database


class NotMigrated(GovernanceError):
    """The database has an older schema, and is not one that is brought up by itself."""

    def __init__(self) -> None:
        super().__init__("Run `governance migrate`", "the database has an older schema")


def read_config(given: Namespace) -> Config:
    return load_config(Path(given.config) if given.config else None)


def open_site(given: Namespace) -> Site:
    """The database is at its current schema: an SQLite file is brought there, a server only by `governance migrate`."""
    from governance.database import Database

    config = read_config(given)
    database = Database(config.database.url, migration_url=config.database.migration_url)
    if not database.is_current():
        if not config.database.url.startswith("sqlite"):
            raise NotMigrated
        database.migrate()
    return Site(config, database)


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def google_of(site: Site) -> Iterator[Google]:
    """The gateway, closed at the end; one calendar's events are never believed to be another's."""
    from governance.calendar.opening import open_google

    google = open_google(site.config, other_calendars=_known_calendars(site))
    try:
        yield google
    finally:
        google.close()


def _known_calendars(site: Site) -> Callable[[], frozenset[str]]:
    from governance.store.meetings import all_calendars

    def known() -> frozenset[str]:
        with site.database.reading() as session:
            return frozenset(calendar.google_id for calendar in all_calendars(session))

    return known


def address_of(site: Site, calendar: str, subject: str | None) -> CalendarAddress:
    """The calendar and whom to act as: as asked, as it is kept, as configured, else as the calendar's owner."""
    from governance.services import calendar_addresses

    config = site.config
    with site.database.reading() as session:
        return calendar_addresses.address_of(
            session, calendar, subject, configured=config.google.subject, where=str(config.path)
        )
