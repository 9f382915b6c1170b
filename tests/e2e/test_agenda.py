"""An agenda in the browser, over four weeks: two seats, an order, a cut-off, what comes back, and the minutes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from waitress.server import create_server

from governance.database import Database
from governance.services import sign_in
from tests.e2e.test_pages import DESKTOP, PHONE, _complaints, _serious
from tests.e2e.test_roster import _is_fit
from tests.web.attended import attend, start_of
from tests.web.conftest import config_for
from tests.web.scenes import CHAIR, SCRIBE, SLUG, Scene
from web import create_app

AMARA, ANNA = "amara.okafor@example.com", "anna.meier@example.com"


class Served:
    """The pages over HTTP in this process, so that weeks can pass."""

    def __init__(self, scene: Scene, address: str) -> None:
        self.scene, self.address = scene, address

    def at(self, moment: datetime) -> None:
        self.scene.now = moment

    def opened(self, page: Page, who: str, path: str = "agenda") -> Page:
        """Signed in anew: no session outlasts a night without a click."""
        with self.scene.database.writing() as session:
            link = sign_in.make_sign_in_link(session, address=who, now=self.scene.now, public_url=self.address)
        page.context.clear_cookies()
        page.goto(link)
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{self.address}/m/{SLUG}/{path}")
        return page


@pytest.fixture
def served(sqlite_database: Database) -> Iterator[Served]:
    scene = Scene(sqlite_database)
    scene.adopt()
    scene.roster()
    scene.cycle()
    app = create_app(config_for(), sqlite_database, clock=lambda: scene.now)
    server = create_server(app, host="127.0.0.1", port=0)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    yield Served(scene, f"http://127.0.0.1:{server.effective_port}")
    server.close()
    running.join(10)


def test_an_item_comes_back_until_somebody_has_to_choose_and_the_minutes_are_approved(
    served: Served, browser: Browser
) -> None:
    phone = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()  # type: ignore[arg-type]
    desk = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    complaints = _complaints(desk)

    served.at(start_of(0) - timedelta(hours=20))
    _add(served.opened(phone, AMARA), "Refund within a day", "decide", "20")
    _add(served.opened(desk, ANNA), "Night shift", "discuss", "15")
    served.opened(desk, SCRIBE)
    assert _titles(desk) == ["Refund within a day", "Night shift"]
    desk.get_by_role("button", name=re.compile("^Up")).focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#items li").first).to_contain_text("Night shift")
    _fits_both(desk)

    served.at(start_of(0) - timedelta(hours=9))
    served.opened(phone, AMARA)
    expect(phone.get_by_text("The agenda is closed")).to_be_visible()
    expect(phone.get_by_role("link", name="Add an item")).to_have_count(0)

    attend(served.scene, 0, {"Finance": -3, "Operations": 4})
    served.at(start_of(0) + timedelta(minutes=20))
    served.opened(desk, SCRIBE).get_by_role("button", name=re.compile("^Treated.*Night shift")).click()
    desk.get_by_role("button", name=re.compile("^Carry over")).click()
    expect(desk.locator("#items li").nth(1)).to_contain_text("Carried over")

    for week in (1, 2):
        served.at(start_of(week) + timedelta(minutes=20))
        served.opened(desk, SCRIBE).get_by_role("button", name=re.compile("^Carry over")).click()
    served.at(start_of(3) + timedelta(minutes=20))
    served.opened(desk, SCRIBE)
    expect(desk.locator("#items")).to_contain_text("Came back 3 times")
    expect(desk.get_by_role("button", name=re.compile("^(Carry over|Treated)"))).to_have_count(0)
    desk.get_by_role("link", name=re.compile("^Something else")).click()
    assert _serious(desk) == []
    desk.get_by_label("What becomes of it").select_option("assigned")
    desk.get_by_role("button", name="Say so").click()
    expect(desk.get_by_role("alert")).to_contain_text("Choose a day")
    desk.get_by_label("Who does it").select_option(label="Anna Meier")
    desk.get_by_label("Until when").fill("2027-01-14")
    desk.get_by_role("button", name="Say so").click()
    expect(desk.locator("#items li").first).to_contain_text("Anna Meier, until 14 Jan 2027")

    served.at(start_of(3) + timedelta(hours=2))
    minutes = "minutes/2026-11-26"
    served.opened(phone, AMARA, minutes)
    expect(phone.get_by_role("button", name="Approve")).to_have_count(0)
    served.opened(desk, CHAIR, minutes)
    _fits_both(desk)
    draft = _text_of_pdf(desk)
    desk.get_by_role("button", name="Approve").click()
    expect(desk.get_by_text("Approved by Helena Marsh")).to_be_visible()
    approved = _text_of_pdf(desk)

    assert "DRAFT" in draft
    assert "DRAFT" not in approved
    for part in (
        "Operations Anna Meier Late by 4 min",
        "Night shift",
        "Treated",
        "Refund within a day",
        "Carried over",
    ):
        assert part in approved
    assert [one for one in complaints if "422" not in one] == [], "besides the form that was refused on purpose"
    desk.close()
    phone.context.close()


def _add(page: Page, title: str, purpose: str, minutes: str) -> None:
    page.get_by_role("link", name="Add an item").click()
    page.get_by_label("What it is about").fill(title)
    page.get_by_label("What for").select_option(purpose)
    page.get_by_label("How many minutes").fill(minutes)
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#items")).to_contain_text(title)


def _fits_both(page: Page) -> None:
    _is_fit(page, DESKTOP)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    _is_fit(page, PHONE)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def _titles(page: Page) -> list[str]:
    return page.locator("#items .item strong").all_inner_texts()


def _text_of_pdf(page: Page) -> str:
    address = page.get_by_role("link", name="As PDF").get_attribute("href")
    body = page.request.get(page.url.split("/m/")[0] + str(address)).body()
    return " ".join(" ".join(one.extract_text() for one in PdfReader(BytesIO(body)).pages).split())
