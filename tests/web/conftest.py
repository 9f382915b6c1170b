"""The pages of an installation with a clock that stands still, and browsers that are signed in to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from governance.config import Config, model
from governance.database import Database
from governance.services import sign_in
from tests.web.scenes import ADMIN, Scene, chartered, lively
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


@pytest.fixture
def scene(sqlite_database: Database) -> Scene:
    return Scene(sqlite_database)


@pytest.fixture
def pages(scene: Scene) -> Pages:
    app = create_app(config_for(), scene.database, clock=lambda: scene.now)
    return Pages(app, scene)


@pytest.fixture
def lively_pages(pages: Pages) -> Pages:
    """A lively meeting with its calendar."""
    lively(pages.scene)
    return pages


@pytest.fixture
def chartered_pages(pages: Pages) -> Pages:
    """The same with a charter in its second version, whose lines are on the invitation."""
    chartered(pages.scene)
    return pages


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
