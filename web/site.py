"""What every view needs of the installation, and of the demo where there is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast

from flask import current_app, g

from governance.config import Config
from governance.database import Database
from governance.reconcile.judging import Site as JudgedSite
from governance.services.roster_page import SharedPages
from web.access import Viewer

EXTENSION = "governance"


class DemoAct(Protocol):
    """Something that people do to an invitation, for the visitor of the demo to try."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def explanation(self) -> str: ...


class Demo(Protocol):
    def acts(self) -> Sequence[DemoAct]: ...

    def perform(self, act_id: str, slug: str) -> object:
        """Do it on the sandbox calendar, as a person would; called without an open transaction."""


@dataclass(frozen=True, slots=True)
class Site:
    config: Config
    database: Database
    clock: Callable[[], datetime]
    demo: Demo | None = None
    rosters: SharedPages = field(default_factory=SharedPages)


def site() -> Site:
    return cast(Site, current_app.extensions[EXTENSION])


def judged_site() -> JudgedSite:
    """What the reconciler has to know of this installation to judge."""
    settings = site().config.site
    return JudgedSite(frozenset(settings.domains), settings.public_url)


def viewer() -> Viewer:
    """Whoever sends the request; there is none on the pages that are open to everybody."""
    return cast(Viewer, g.viewer)
