"""The quarter, told once a run for each day and gone back to afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from governance.calendar.opening import open_google
from governance.config import Config
from governance.config.model import Google as GoogleSettings
from governance.config.model import Site as SiteSettings
from governance.database import Database
from governance.reconcile.judging import Site
from governance.seed import cast, quarter
from governance.seed.cast import DOMAIN
from governance.seed.stage import Scene, Stage
from tests.support.sandbox import SandboxForTests

Tell = Callable[[datetime], tuple[Scene, Scene]]

_TOLD: dict[datetime, tuple[bytes, dict[str, Any], datetime, tuple[Scene, Scene]]] = {}


@pytest.fixture
def tell(sqlite_database: Database, sandbox: SandboxForTests, tmp_path: Path) -> Iterator[Tell]:
    credentials = sandbox.credentials_file(tmp_path)
    config = Config(
        path=tmp_path / "config.toml",
        site=SiteSettings(secret_key="0123456789abcdef"),
        google=GoogleSettings(
            credentials=credentials,
            subject=cast.CHAIR.address,
            api_root=sandbox.url,
            services=("calendar", "directory"),
        ),
    )
    google = open_google(config)
    site = Site(frozenset({DOMAIN}), "http://127.0.0.1:8765")

    def told(now: datetime) -> tuple[Scene, Scene]:
        """Told the first time of a run; later it is gone back to."""
        assert sqlite_database.file is not None
        if now in _TOLD:
            rows, world, clock, scenes = _TOLD[now]
            sqlite_database.dispose()
            sqlite_database.file.write_bytes(rows)
            sandbox.control.take(world)
            sandbox.control.clock(now=clock)
            return scenes
        scenes = quarter.tell(Stage(sqlite_database, google, sandbox.control, site, now), now)
        sqlite_database.dispose()  # the file is complete by itself then
        _TOLD[now] = sqlite_database.file.read_bytes(), sandbox.control.written(), sandbox.control.clock(), scenes
        return scenes

    yield told
    google.close()
