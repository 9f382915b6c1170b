"""The log of decisions as people use it: by keyboard, without script, on a phone, and on paper."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.picture_scenes import with_decisions
from tests.web.scenes import CHAIR, SLUG


def test_the_log_is_searched_by_keyboard_without_script_fits_a_phone_and_prints_without_what_acts(
    serve_scene: Callable[..., Served], browser: Browser
) -> None:
    served = serve_scene(with_decisions)
    phone = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    served.sign_in(phone, CHAIR)
    for path in ("decisions", "decisions/D-2025-041"):
        phone.goto(f"{served.address}/m/{SLUG}/{path}")
        assert _faults(phone) == [], path
    phone.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    served.sign_in(page, CHAIR)
    page.goto(f"{served.address}/m/{SLUG}/decisions")

    page.get_by_label("Words").fill("NIGHT depot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Spare parts lie in one depot").click()
    expect(page.get_by_role("link", name="D-2025-041")).to_be_visible()
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Spare parts lie in one depot")).to_be_visible()
    expect(page.get_by_text(f"/m/{SLUG}/decisions/D-2026-002")).to_be_visible()
    expect(page.get_by_role("link", name="Copy as Markdown")).to_be_hidden()
    context.close()


def _faults(page: Page) -> list[str]:
    """What keeps somebody from using it, and whether it is wider than the window."""
    grave = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    is_too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in grave] + (["too wide"] if is_too_wide else [])
