"""Offices: governed meetings in order on sandbox calendars of their own, ready for a worker."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from governance.calendar.opening import open_google
from governance.calendar.sandbox.client import SandboxControl
from governance.config import Config, load_config
from governance.database import Database
from governance.models.base import Base
from governance.reconcile.judging import Site
from governance.seed import cast
from governance.seed.cast import DOMAIN, Character, Department
from governance.seed.stage import Scene, Stage, next_weekday
from jobs.worker import run_worker
from tests.support.sandbox import SandboxForTests

PATIENCE = 30.0
"""Seconds after which a test gives up; nothing is expected to take them."""

FINANCE = Department("Finance", cast.BEATRICE, cast.AMARA, None, "Money")
LEGAL = Department("Legal", cast.ARJUN, cast.HENRIK, None, "Contracts")
STRANGER = cast.WALTER.address


@dataclass
class Office:
    """One database, and a meeting for each calendar's owner."""

    database: Database
    sandbox: SandboxForTests
    config: Config
    now: datetime
    scenes: dict[str, Scene] = field(default_factory=dict)

    @property
    def control(self) -> SandboxControl:
        return self.sandbox.control

    def open_meeting(self, slug: str, owner: Character) -> Scene:
        """A meeting in order: adopted, with two delegates, its first plan approved or not needed."""
        first = next_weekday(self.now, days_ahead=3, at=datetime(2026, 1, 1, 9, tzinfo=UTC).time())
        scene = Scene(slug, owner.address, slug.replace("-", ""), first, timedelta(hours=1))
        google = open_google(self.config)
        try:
            site = Site(frozenset({DOMAIN}), self.config.site.public_url)
            stage = Stage(self.database, google, self.control, site, self.now)
            stage.series(scene, slug.title(), [cast.AMARA.address, cast.HENRIK.address], guestsCanInviteOthers=False)
            stage.adopt(scene, cap=4)
            stage.roster(slug, [FINANCE, LEGAL], until=None)
            stage.cycle(slug)
            stage.cycle(slug)
        finally:
            google.close()
        self.scenes[slug] = scene
        self.control.clear_log()
        return scene

    def forward(self, slug: str) -> None:
        scene = self.scenes[slug]
        self.control.forward(scene.calendar, scene.event_id, cast.AMARA.address, STRANGER)

    def is_put_right(self, slug: str) -> bool:
        scene = self.scenes[slug]
        guests = self.control.event(scene.calendar, scene.event_id)["attendees"]
        return STRANGER not in {guest["email"] for guest in guests}

    def requests(self, route: str, slug: str) -> int:
        calendar = self.scenes[slug].calendar
        return sum(1 for one in self.control.log(route) if calendar in one["path"].replace("%40", "@"))

    def tables(self) -> dict[str, list[str]]:
        """Every row of every table but the workers', as text; whose a calendar is is not said either."""
        names = [table.name for table in Base.metadata.sorted_tables if table.name not in ("worker", "lease")]
        with self.database.reading() as session:
            return {name: sorted(map(str, session.execute(text(f'SELECT * FROM "{name}"')))) for name in names}  # noqa: S608

    def leases(self) -> list[str]:
        with self.database.reading() as session:
            return sorted(map(str, session.execute(text("SELECT * FROM lease"))))

    def work_off(self) -> None:
        """Do all that is due, once."""
        assert run_worker(self.config, once=True, stop=threading.Event()) == 0

    @contextmanager
    def working(self) -> Iterator[threading.Event]:
        """A worker in a thread, until the block ends or the event is set."""
        stop, codes = threading.Event(), []
        worker = threading.Thread(target=lambda: codes.append(run_worker(self.config, stop=stop)))
        worker.start()
        try:
            yield stop
        finally:
            stop.set()
            worker.join(PATIENCE)
        assert codes == [0]


def wait_until(condition: Callable[[], bool], why: str = "it did not happen") -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, why
        time.sleep(0.02)


@pytest.fixture
def office(migrated_sqlite_url: str, sandbox: SandboxForTests, tmp_path: Path) -> Iterator[Office]:
    with opened_office(migrated_sqlite_url, sandbox, tmp_path) as opened:
        yield opened


@pytest.fixture
def office_on_both(migrated_url: str, sandbox: SandboxForTests, tmp_path: Path) -> Iterator[Office]:
    with opened_office(migrated_url, sandbox, tmp_path) as opened:
        yield opened


@contextmanager
def opened_office(url: str, sandbox: SandboxForTests, folder: Path, **tables: dict[str, Any]) -> Iterator[Office]:
    """An office without a meeting yet, on a database that is migrated; its configuration lies in the folder.

    Args:
        tables: more of the configuration, by name.
    """
    sandbox.control.seed(users=cast.users())
    config = load_config(_written(folder, url, sandbox, tables), {})
    database = Database(url)
    try:
        yield Office(database, sandbox, config, datetime.now(UTC))
    finally:
        database.dispose()


def _written(folder: Path, url: str, sandbox: SandboxForTests, more: dict[str, dict[str, Any]]) -> Path:
    tables: dict[str, dict[str, Any]] = {
        "site": {"secret_key": "0123456789abcdef0123456789abcdef", "domains": [DOMAIN]},
        "database": {"url": url},
        "google": {
            "credentials": str(sandbox.credentials_file(folder)),
            "api_root": sandbox.url,
            "poll_seconds": 1,
        },
        **more,
    }
    lines = [
        line
        for name, table in tables.items()
        for line in (f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items()))
    ]
    file = folder / "config.toml"
    file.write_text("\n".join(lines))
    return file
