"""A served installation whose scene the test can change while the browser looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from governance.database import Database
from governance.services import sign_in
from tests.e2e import serving
from tests.support import copies
from tests.web.scenes import ADMIN, Scene


@dataclass(slots=True)
class Served:
    """The process, and the same database through the services."""

    scene: Scene
    process: copies.Copy
    address: str

    def link(self, address: str = ADMIN) -> str:
        with self.scene.database.writing() as session:
            return sign_in.make_sign_in_link(session, address=address, now=datetime.now(UTC), public_url=self.address)

    def sign_in(self, page: Page, address: str = ADMIN) -> None:
        page.goto(self.link(address))
        page.get_by_role("button", name="Sign in").click()

    def next_act(self) -> str:
        """What the visitor of the demo did; waits until something was done."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture
def serve_scene(migrated_sqlite_url: str, sqlite_database: Database) -> Iterator[Callable[..., Served]]:
    """Prepare a scene as of now, and serve it; with `demo` the visitor is the chair."""
    with ExitStack() as stack:

        def start(prepare: Callable[[Scene], object], *, demo: bool = False) -> Served:
            scene = Scene(sqlite_database, now=datetime.now(UTC))
            prepare(scene)
            process = stack.enter_context(copies.start(serving.main, migrated_sqlite_url, demo, stdout=copies.PIPE))
            stack.callback(process.kill)
            assert process.stdout is not None
            return Served(scene, process, f"http://127.0.0.1:{int(process.stdout.readline())}")

        yield start
