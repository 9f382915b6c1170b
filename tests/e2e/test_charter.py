"""A chair edits the charter on a phone and without script, enters a number, and lets the meeting rest."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Served
from tests.e2e.test_pages import PHONE
from tests.web.scenes import CHAIR, SLUG, chartered


def test_a_charter_is_edited_a_value_entered_and_the_meeting_paused_on_a_phone_without_script(
    serve_scene: Callable[..., Served], browser: Browser
) -> None:
    served = serve_scene(chartered)
    context = browser.new_context(viewport=PHONE, color_scheme="dark", java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    served.sign_in(page, CHAIR)
    page.goto(f"{served.address}/m/{SLUG}/charter")

    page.get_by_role("link", name="Edit the charter").click()
    page.get_by_label("In the invitation").fill("We decide, here and now.")
    page.get_by_label("Who must be there").fill("3/2")
    page.get_by_role("button", name="See what follows").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a fraction above 0 and up to 1")
    page.get_by_label("Who must be there").fill("1/2")
    page.get_by_role("button", name="See what follows").click()
    expect(page.get_by_role("region", name="Our lines in the invitation")).to_contain_text("We decide, here and now.")
    page.get_by_role("button", name="Put it in force").click()
    expect(page.get_by_role("status")).to_contain_text("Version 3 of the charter is in force")

    page.get_by_role("link", name="Enter a value").click()
    page.get_by_label("Which measure").select_option("Decision within, in working days")
    page.get_by_label("Value").fill("4.5")
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_role("status")).to_contain_text("Decision within: 4.5 working days on")
    expect(page.get_by_role("region", name="Success measures")).to_contain_text("0.5 below the target")

    page.goto(f"{served.address}/m/{SLUG}")
    page.get_by_role("link", name="Pause or resume").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("The invitation is paused")).to_be_visible()
    context.close()
