"""A mandate does not reach, a sponsor ratifies from the mail, a dissenter commits, and it closes with its number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_decision import running
from tests.e2e.test_pages import DESKTOP, PHONE, _complaints, _serious
from tests.e2e.test_roster import _is_fit
from tests.web.decided import AMARA, HENRIK, SPONSOR, decide, name_sponsor, the_decision
from tests.web.linked import mailed
from tests.web.scenes import CHAIR, SLUG, Scene

_SOON = 15_000
"""Milliseconds until another screen has followed."""
DISSENT = "Half of it would have done"


def _prepared(scene: Scene) -> None:
    running(scene)
    name_sponsor(scene)


def test_a_sponsor_ratifies_from_the_mail_a_dissenter_commits_and_three_fields_close_it(
    serve_scene: Callable[..., Served], browser: Browser
) -> None:
    served = serve_scene(_prepared)
    with (
        _at(browser, served, CHAIR, DESKTOP) as chair,
        _at(browser, served, HENRIK, PHONE) as henrik,
        _at(browser, served, AMARA, PHONE) as amara,
        _at(browser, served, SPONSOR, PHONE) as sponsor,
    ):
        complaints = _complaints(chair)
        for phone in (amara, henrik):
            phone.goto(f"{served.address}/m/{SLUG}/room")
            phone.get_by_role("button", name="I am here").click()
            expect(phone.get_by_role("button", name="I am here")).to_have_count(0)
        served.scene.now = datetime.now(UTC)
        decide(served.scene, 10_000_000)
        address = f"{served.address}/m/{SLUG}/decisions/{the_decision(served.scene)}"
        chair.goto(address)
        expect(chair.locator("#closing")).to_contain_text("Finance: the money is beyond the mandate")

        # The sponsor gets a mail, and reads there what it costs and what the mandate covers.
        sponsor.goto(served.address + mailed(served.scene, "ratification-asked", "answer", SPONSOR))
        expect(sponsor.locator("dl")).to_contain_text("EUR 100,000")
        _is_fit(sponsor, PHONE)
        assert _serious(sponsor) == []
        sponsor.get_by_role("button", name="Ratify the decision").click()
        expect(sponsor.get_by_text("Ratified: the chair is told")).to_be_visible()
        expect(chair.locator("#ratifications")).to_contain_text("Ratified", timeout=_SOON)

        # Who would have done something else commits all the same.
        henrik.goto(f"{address}#commitments")
        henrik.locator("#commitments").get_by_text("Say what you need, or a reservation").click()
        henrik.get_by_label("Reservation").fill(DISSENT)
        henrik.get_by_role("button", name="Carry it out").click()
        expect(henrik.locator("#commitments")).to_contain_text(DISSENT)
        _is_fit(henrik, PHONE)
        assert _serious(henrik) == []
        amara.goto(address)
        amara.get_by_role("button", name="Carry it out").click()
        expect(chair.locator("#commitments")).to_contain_text("2 of 3 seats", timeout=_SOON)

        # Operations was away and holds nothing up.
        chair.get_by_role("link", name="Go through the checklist").click()
        _is_fit(chair, DESKTOP)
        assert _serious(chair) == []
        chair.get_by_label("Owner").select_option(label="Amara Okafor, Finance")
        chair.get_by_label("Until when").fill((datetime.now(UTC) + timedelta(days=30)).date().isoformat())
        chair.get_by_label("Who tells the customer, and how").fill("Amara, by mail")
        chair.get_by_label("It was read back to the room").check()
        chair.get_by_role("button", name="Close it").click()
        expect(chair.get_by_role("alert")).to_contain_text("No commitment: Operations")
        expect(chair.get_by_label("Who tells the customer, and how")).to_have_value("Amara, by mail")
        chair.get_by_label(re.compile("Operations: has not said")).check()
        chair.get_by_role("button", name="Close it").click()

        expect(chair.locator(".head")).to_contain_text(re.compile(r"D-\d{4}-001"))
        expect(chair.locator("#closing")).to_contain_text("Amara, by mail")
        # A browser complains of the form that came back, too.
        assert [one for one in complaints if "409" not in one] == []


@contextmanager
def _at(browser: Browser, served: Served, who: str, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    served.sign_in(page, who)
    yield page
    context.close()
