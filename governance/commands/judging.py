"""The reconciler as commands use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from governance.commands.site import Site, google_of, now
from governance.config import Config
from governance.reconcile.judging import Site as JudgedSite
from governance.reconcile.reconciler import Reconciler


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
