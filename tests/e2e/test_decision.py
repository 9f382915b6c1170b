"""Three seats decide in the room: blind positions on five screens, opened at once, an objection held and answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_pages import DESKTOP, PHONE, _complaints, _serious
from tests.e2e.test_roster import _is_fit
from tests.web.scenes import CHAIR, SLUG, ZONE, Scene

AMARA, ANNA, HENRIK = "amara.okafor@example.com", "anna.meier@example.com", "henrik.sorensen@example.com"
THREE = (("Finance", "Amara Okafor", AMARA), ("Operations", "Anna Meier", ANNA), ("Legal", "Henrik Sørensen", HENRIK))
_SOON = 15_000
"""Milliseconds until another screen has followed."""


def running(scene: Scene) -> None:
    """The series began a week ago, at the same time of the day, ten minutes ago."""
    scene.adopt()
    scene.roster(THREE)
    began = (scene.now - timedelta(minutes=10)).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None, second=0, microsecond=0)
    start = (began - timedelta(weeks=1)).replace(tzinfo=ZoneInfo(ZONE))
    end = (began - timedelta(weeks=1) + timedelta(hours=1)).replace(tzinfo=ZoneInfo(ZONE))
    scene.calendar.change(f"event-{SLUG}", start=start, end=end, recurrence=("RRULE:FREQ=WEEKLY",))
    scene.cycle()


def test_two_options_three_blind_positions_an_objection_with_a_hold_its_answer_and_the_decision(
    serve_scene: Callable[..., Served], browser: Browser
) -> None:
    served = serve_scene(running)
    with (
        _at(browser, served, CHAIR, DESKTOP) as chair,
        _at(browser, served, AMARA, PHONE) as amara,
        _at(browser, served, ANNA, PHONE) as anna,
        _at(browser, served, HENRIK, DESKTOP) as henrik,
    ):
        complaints = _complaints(chair)
        for phone in (amara, anna, henrik):
            phone.goto(f"{served.address}/m/{SLUG}/room")
            phone.get_by_role("button", name="I am here").click()
        address = _drafted(amara, served)
        for other in (chair, anna, henrik):
            other.goto(address)
        chair.get_by_role("button", name="Open it for positions").click()

        # Nobody else has touched anything since: their pages follow, and offer the four buttons.
        for phone in (amara, anna, henrik):
            expect(phone.get_by_role("button", name="I object")).to_be_visible(timeout=_SOON)
        _is_fit(anna, PHONE)
        assert _serious(anna) == []
        amara.get_by_role("button", name="In favour").click()
        anna.get_by_text("Say what matters to you, or why").click()
        anna.get_by_label("What matters to me").fill("A promise that we keep")
        anna.get_by_label("Why", exact=True).fill("It costs an hour")
        expect(chair.locator("#positions")).to_contain_text("1 of 3 seats in", timeout=_SOON)
        expect(chair.get_by_text("In favour")).to_have_count(0)
        expect(anna.locator("#positions")).to_contain_text("1 of 3 seats in", timeout=_SOON)
        expect(anna.get_by_label("What matters to me")).to_have_value("A promise that we keep")
        expect(anna.get_by_label("Why", exact=True)).to_have_value("It costs an hour")
        anna.get_by_role("button", name="Can live with it").click()

        _hold(henrik)
        expect(chair.locator("#positions .counts")).to_contain_text("Is writing an objection", timeout=_SOON)
        expect(amara.locator("#positions")).to_contain_text("Can live with it", timeout=_SOON)
        henrik.get_by_label("What matters to me").fill("No penalty")
        henrik.get_by_label("Why", exact=True).fill("The contract of Nordwind says ten days.")
        henrik.get_by_role("button", name="I object").click()

        expect(chair.get_by_text("The contract of Nordwind says ten days.")).to_be_visible(timeout=_SOON)
        _is_fit(chair, DESKTOP)
        assert _serious(chair) == []
        _answer(chair)
        chair.get_by_role("button", name="It is decided").click()
        expect(chair.locator(".head")).to_contain_text("Decided")
        expect(henrik.locator(".head")).to_contain_text("Decided", timeout=_SOON)
        expect(henrik.locator("#positions")).to_contain_text("Legal changes the clause first")
        assert complaints == []


@contextmanager
def _at(browser: Browser, served: Served, who: str, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    served.sign_in(page, who)
    yield page
    context.close()


def _drafted(page: Page, served: Served) -> str:
    """A draft with two options and what doing nothing costs; its address."""
    page.goto(f"{served.address}/m/{SLUG}/decisions/new")
    page.get_by_label("What it is about").fill("Answer complaints within two days")
    page.get_by_role("button", name="Begin the draft").click()
    for text in ("Every department answers its own within two days", "Customer Support answers all within a week"):
        page.get_by_role("link", name="Add an option").click()
        page.get_by_label("What is done").fill(text)
        page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name=re.compile("Change ?: Do nothing")).click()
    page.get_by_label("What doing nothing costs").fill("Complaints stay unanswered")
    page.get_by_role("button", name="Save it").click()
    return page.url.split("#")[0]


def _hold(page: Page) -> None:
    page.get_by_text("Say what matters to you, or why").click()
    until = page.evaluate("() => new Date(Date.now() + 36e5 * 30).toISOString().slice(0, 16)")
    page.get_by_label("Or object, and write it until").fill(until)
    page.get_by_role("button", name="Take the time").click()
    expect(page.locator("#positions")).to_contain_text("Is writing an objection")


def _answer(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Answer it ?: Legal")).click()
    page.get_by_label("What becomes of it").select_option("measure-added")
    page.get_by_label("Which measure, or why").fill("Legal changes the clause first")
    page.get_by_role("button", name="Answer it").click()
