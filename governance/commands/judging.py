"""The reconciler as commands use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from governance.calendar.opening import Google
from governance.commands.site import Site, google_of, now
from governance.config import Config
from governance.leasing.commanding import CommandHolds
from governance.leasing.fencing import FencedCalendars, FencedSessions
from governance.reconcile.judging import Site as JudgedSite
from governance.reconcile.reconciler import CycleReport, Reconciler


def site_of(config: Config) -> JudgedSite:
    return JudgedSite(domains=frozenset(config.site.domains), public_url=config.site.public_url)


@contextmanager
def reconciler_of(site: Site) -> Iterator[Reconciler]:
    with google_of(site) as google:
        yield Reconciler(
            database=site.database,
            calendars=google.calendar,
            directory=google.directory,
            site=site_of(site.config),
            clock=now,
        )


def held_cycle(
    site: Site, google: Google, holds: CommandHolds, calendar_id: UUID, *, also: Iterable[UUID]
) -> CycleReport:
    """One cycle of a calendar that is this command's meanwhile."""
    hold = holds.hold(calendar_id)
    reconciler = Reconciler(
        database=FencedSessions(site.database, hold),
        calendars=FencedCalendars(google.calendar, holds.is_beating),
        directory=google.directory,
        site=site_of(site.config),
        clock=now,
    )
    try:
        return reconciler.cycle(calendar_id, also=also)
    finally:
        holds.give(hold)
