"""The pages of an installation with a clock that stands still, and browsers that are signed in to it."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance.config import Config, model
from governance.database import Database
from governance.services import sign_in
from tests.web.memory_calendar import MemoryCalendar
from tests.web.scenes import ADMIN, Scene, give_charters, lively
from web import create_app

ADDRESS = "http://localhost:8080"


def config_for(address: str = ADDRESS) -> Config:
    site = model.Site(secret_key="a secret of the tests, long enough", public_url=address, admins=(ADMIN,))
    return Config(path=Path("config.toml"), site=site)


@dataclass(slots=True)
class Pages:
    """The application and the scene behind it."""

    app: Flask
    scene: Scene

    def browser(self) -> FlaskClient:
        """Somebody who is not signed in."""
        return self.app.test_client()

    def signed_in(self, address: str = ADMIN, *, agent: str = "") -> FlaskClient:
        with self.scene.database.writing() as session:
            link = sign_in.make_sign_in_link(session, address=address, now=self.scene.now, public_url=ADDRESS)
        browser = self.browser()
        if agent:
            browser.environ_base["HTTP_USER_AGENT"] = agent
        path = link.removeprefix(ADDRESS)
        answer = browser.post(path, data={"csrf": csrf_of(browser.get(path).text)})
        assert answer.status_code == 303, answer.text
        return browser


@dataclass(frozen=True, slots=True)
class _Prepared:
    path: Path
    now: datetime
    calendar: MemoryCalendar


@pytest.fixture
def scene(sqlite_database: Database) -> Scene:
    return Scene(sqlite_database)


@pytest.fixture
def pages(scene: Scene) -> Pages:
    app = create_app(config_for(), scene.database, clock=lambda: scene.now)
    return Pages(app, scene)


@pytest.fixture(scope="session")
def _lively_once(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> _Prepared:
    path = tmp_path_factory.mktemp("lively") / "lively.db"
    shutil.copyfile(_sqlite_template, path)
    database = Database(f"sqlite:///{path.as_posix()}")
    scene = Scene(database)
    lively(scene)
    database.dispose()
    return _Prepared(path, scene.now, scene.calendar)


@pytest.fixture(scope="session")
def _chartered_once(_lively_once: _Prepared, tmp_path_factory: pytest.TempPathFactory) -> _Prepared:
    path = tmp_path_factory.mktemp("chartered") / "chartered.db"
    with _copied(_lively_once, path) as pages:
        give_charters(pages.scene)
        pages.scene.cycle()
        return _Prepared(path, pages.scene.now, pages.scene.calendar)


@contextmanager
def _copied(prepared: _Prepared, path: Path) -> Iterator[Pages]:
    shutil.copyfile(prepared.path, path)
    database = Database(f"sqlite:///{path.as_posix()}")
    scene = Scene(database, now=prepared.now, calendar=copy.deepcopy(prepared.calendar))
    yield Pages(create_app(config_for(), database, clock=lambda: scene.now), scene)
    database.dispose()


@pytest.fixture
def lively_pages(_lively_once: _Prepared, tmp_path: Path) -> Iterator[Pages]:
    """A lively meeting, prepared once and copied for each test, with its calendar."""
    with _copied(_lively_once, tmp_path / "lively.db") as pages:
        yield pages


@pytest.fixture
def chartered_pages(_chartered_once: _Prepared, tmp_path: Path) -> Iterator[Pages]:
    """The same with a charter in its second version, whose lines are on the invitation."""
    with _copied(_chartered_once, tmp_path / "chartered.db") as pages:
        yield pages


@pytest.fixture
def pages_at(scene: Scene) -> Callable[[str], Pages]:
    """The same under another public address."""

    def made(address: str) -> Pages:
        return Pages(create_app(config_for(address), scene.database, clock=lambda: scene.now), scene)

    return made


def field_of(page: str, name: str, *, form: str = "") -> str:
    """The value of a hidden field; of the form with this action where one is named."""
    from_here = page[page.index(f'action="{form}"') :] if form else page
    after = from_here[from_here.index(f'name="{name}" value="') :]
    return after.split('value="', 1)[1].split('"', 1)[0]


def csrf_of(page: str) -> str:
    return field_of(page, "csrf")
