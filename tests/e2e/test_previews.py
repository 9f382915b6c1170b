"""In a real browser nothing that somebody wrote into a mail runs, neither on its own nor in the preview."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from waitress.server import create_server

from governance.config import model
from governance.database import Database
from governance.mail.building import build
from governance.mail.laid_down import read_mail
from governance.seed.letters import examples
from tests.conftest import IS_SOAK
from tests.e2e.pictures import _Demo
from tests.letters.hostile import mail_with, scripts
from tests.web.conftest import config_for
from tests.web.scenes import Scene
from web import create_app

RAW = (
    b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: text/html; charset="utf-8"\r\n\r\n'
    b"<p id=there>There</p><script>document.getElementById('there').textContent = 'ran'</script>"
    b"<img src=x onerror=\"document.getElementById('there').textContent = 'ran'\">"
    b"<form action=/sign-in method=post><button>Go</button></form>\r\n"
)


@pytest.fixture
def demo(sqlite_database: Database, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a served demo, and its folder of mails."""
    folder = tmp_path / "mail"
    folder.mkdir()
    scene = Scene(sqlite_database)
    config = replace(config_for(), mail=replace(model.Mail(), folder=folder))
    app = create_app(config, sqlite_database, clock=lambda: scene.now, demo=_Demo())
    server = create_server(app, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}", folder
    server.close()


def test_nothing_runs_or_is_fetched_in_a_mail_that_a_browser_shows_without_any_guard(page: Page) -> None:
    """Every script in every field of some kind of mail; even without sandbox and policy it is only text."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    for number, script in enumerate(scripts()):
        mail = mail_with(script, number)
        html = read_mail(build(mail).content, name="x", at=mail.date).html
        page.set_content(html)
        page.evaluate("document.querySelectorAll('*').forEach(one => one.dispatchEvent(new MouseEvent('mouseover')))")

        assert page.evaluate("window.hit") is None, script
    assert asked == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_mail_can_be_read_by_everybody(browser: Browser, scheme: Any) -> None:
    """Contrast, headings and tables, judged by axe; what makes a page of it is the mail program's."""
    page = browser.new_page(color_scheme=scheme)
    grave: dict[str, list[str]] = {}

    for example in examples():
        if example.name in ("removals", "held", "seat", "declined", "note", "attention"):
            page.set_content(read_mail(build(example.mail).content, name="x", at=example.mail.date).html)
            found = Axe().run(page).response["violations"]
            grave[example.name] = [one["id"] for one in found if one["impact"] in ("serious", "critical")]

    assert grave == {name: [] for name in grave}
    assert len(grave) == 6
    page.close()


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_no_mail_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})

    # Every mail where there is least room, and of the other widths one mail in three: all are made of the same parts.
    for example in examples() if width == 320 or IS_SOAK else examples()[::3]:
        page.set_content(read_mail(build(example.mail).content, name="x", at=example.mail.date).html)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, example.name


def test_a_preview_shows_the_mail_and_lets_nothing_in_it_run(page: Page, demo: tuple[str, Path]) -> None:
    address, folder = demo
    (folder / "raw.eml").write_bytes(RAW)
    page.goto(f"{address}/demo/mails/sent/raw")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Go").click()

    assert frame.locator("#there").inner_text() == "There"
    assert page.url == f"{address}/demo/mails/sent/raw"


def test_a_preview_is_seen_in_full_and_leads_nowhere(page: Page, demo: tuple[str, Path]) -> None:
    address, _ = demo
    name = examples()[1].name
    page.goto(f"{address}/demo/mails")
    page.click(f'a[href="/demo/mails/kinds/{name}"]')
    button = page.frame_locator("iframe").get_by_role("link", name="Leave Amara Okafor a note")
    button.wait_for()

    button.click()

    assert page.url == f"{address}/demo/mails/kinds/{name}"
    assert len(page.context.pages) == 1
