"""Screenshots of every page: `python -m tests.e2e.pictures` writes them to `pictures/`, to be looked at.

Desktop in light and phone in dark colours, and all of them on one sheet each. Not a test: what is beautiful is judged
by people. That no page is forgotten is one: `SHOWS` and `NOT_PICTURED` in `picture_list` name every address.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, sync_playwright
from waitress.server import create_server

from governance.database import Database
from tests.e2e.mail_pictures import sheet, take_mails
from tests.e2e.picture_list import PICTURES, READERS
from tests.e2e.picture_scenes import confirm
from tests.support.browser import _FLAGS as CHROMIUM_FLAGS
from tests.support.browser import system_chromium
from tests.web.conftest import config_for
from tests.web.scenes import (
    ADMIN,
    Scene,
)
from web import create_app

FOLDER = Path(__file__).parents[2] / "pictures"
LOOKS: tuple[tuple[str, tuple[int, int], Literal["light", "dark"]], ...] = (
    ("desktop", (1280, 900), "light"),
    ("phone", (390, 844), "dark"),
)
COLUMNS = {"desktop": 4, "phone": 8}
MAILS = "mails"
"""The name under which the contact sheets of all mails are asked for."""


@dataclass(frozen=True, slots=True)
class _Act:
    id: str
    label: str
    explanation: str


class _Demo:
    """The labels of the side panel; nothing is done here."""

    def acts(self) -> tuple[_Act, ...]:
        return (
            _Act("forward", "Forward the invitation", "A delegate sends it on to a colleague without a seat."),
            _Act("second", "Add a second person of Finance", "Finance already has a delegate."),
            _Act("let-invite", "Let guests invite others", "Somebody changes the event’s settings."),
            _Act("decline", "Decline as Legal", "The delegate cannot come; the deputy has a mandate."),
            _Act("back", "Put everything back", "The calendar as it was when the demo began."),
        )

    def perform(self, act_id: str, slug: str) -> None:
        raise AssertionError("the pictures only look")


def take(names: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        program = system_chromium()
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        scenes = _Scenes(Path(folder))
        for name in names or (*PICTURES, MAILS):
            if name == MAILS:
                take_mails(browser, FOLDER)
            else:
                _take(browser, scenes, name)
        for size, (width, _), scheme in LOOKS:
            _sheet(browser, f"{size}-{scheme}", width, COLUMNS[size])
        browser.close()


def _take(browser: Browser, scenes: _Scenes, name: str) -> None:
    prepare, reach, is_signed_in, has_demo = PICTURES[name]
    for size, (width, height), scheme in LOOKS:
        with scenes.served(prepare, has_demo) as (scene, address):
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, is_mobile=size == "phone"
            )
            page = context.new_page()
            if is_signed_in:
                confirm(page, scene, address, READERS.get(name, ADMIN))
                page.click("button.first")
            reach(page, scene, address)
            page.screenshot(path=FOLDER / f"{name}-{size}-{scheme}.png", full_page=True)
            context.close()


def _sheet(browser: Browser, look: str, width: int, columns: int) -> None:
    """All pictures of one look beside each other, as they were taken last."""
    pictures = [FOLDER / f"{name}-{look}.png" for name in PICTURES if (FOLDER / f"{name}-{look}.png").exists()]
    page = browser.new_page(viewport={"width": columns * (width // 2 + 12) + 12, "height": 900})
    page.set_content("".join(sheet(((one.stem, one.read_bytes()) for one in pictures), columns)))
    page.screenshot(path=FOLDER / f"sheet-{look}.png", full_page=True)
    page.close()


class _Scenes:
    """Each scene is played once, and copied for every picture."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._played: dict[Callable[[Scene], Any], tuple[Path, Scene]] = {}

    @contextmanager
    def served(self, prepare: Callable[[Scene], Any], has_demo: bool) -> Iterator[tuple[Scene, str]]:
        file, played = self._played.get(prepare) or self._play(prepare)
        copied = file.with_name("copy.db")
        shutil.copyfile(file, copied)
        database = Database(f"sqlite:///{copied}")
        scene = Scene(database, now=played.now, calendar=copy.deepcopy(played.calendar))
        app = create_app(config_for(), database, clock=lambda: scene.now, demo=_Demo() if has_demo else None)
        server = create_server(app, host="127.0.0.1", port=0)
        running = threading.Thread(target=server.run, daemon=True)
        running.start()
        yield scene, f"http://127.0.0.1:{server.effective_port}"
        server.close()
        database.dispose()
        for left in self._folder.glob("copy.db*"):
            left.unlink()

    def _play(self, prepare: Callable[[Scene], Any]) -> tuple[Path, Scene]:
        file = self._folder / f"{len(self._played)}.db"
        database = Database(f"sqlite:///{file}")
        database.migrate()
        scene = Scene(database)
        prepare(scene)
        database.dispose()
        self._played[prepare] = file, scene
        return file, scene


if __name__ == "__main__":
    import sys

    take(sys.argv[1:])
