"""How the pages feel: they follow what happens and leave the reader alone, and keys do what their list says."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_pages import PHONE, _complaints, _serious
from tests.web.scenes import CHAIR, SLUG, Scene, lively, newly_adopted, with_mails_and_troubles

Serve = Callable[..., Served]
PAGES = (
    "/",
    *(f"/m/{SLUG}{ending}" for ending in ("", "/roster", "/roster/cap", "/rules", "/ledger")),
    "/me",
    "/sessions",
)
OF_THE_SYSTEM = ("/system", "/system/mail", "/system/calendars", "/system/ledger")


def test_roster_and_first_page_follow_what_happens_and_leave_the_reader_alone(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(_two_meetings)
    served.sign_in(page, CHAIR)
    page.goto(f"{served.address}/m/{SLUG}/roster")
    page.get_by_label("Change the seat of Finance").click()
    page.get_by_role("link", name="Hand over to somebody else").focus()

    served.scene.deputy("Operations", "Olga Petrova", "olga.petrova@example.com")
    _look(page)

    expect(page.get_by_role("row", name="Operations")).to_contain_text("Olga Petrova")
    assert page.evaluate("document.activeElement.textContent") == "Hand over to somebody else"
    expect(page.get_by_role("link", name="Hand over to somebody else")).to_be_visible()

    page.goto(served.address)
    before = page.get_by_role("heading", level=1).inner_text()
    served.scene.change_meeting(problem_code="x", problem_remedy="Share the calendar with bot@example.com")
    _look(page)

    expect(page.get_by_text("Share the calendar with bot@example.com")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)


def test_keys_do_what_their_list_says_and_nothing_while_one_types(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(with_mails_and_troubles)
    complaints = _complaints(page)
    served.sign_in(page, CHAIR)
    page.goto(f"{served.address}/m/{SLUG}/ledger")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert _serious(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("what/now?n")
    expect(page.get_by_label("Words")).to_have_value("what/now?n")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.goto(f"{served.address}/m/{SLUG}/roster")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open a seat for a department")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert complaints == []


def test_every_page_is_walked_by_keyboard_with_the_focus_in_sight(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(with_mails_and_troubles)
    served.sign_in(page)

    for path in (*PAGES, *OF_THE_SYSTEM):
        page.goto(served.address + path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", path
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0, path
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(_IS_IN_THE_CONTENT), path
        assert page.evaluate(_UNSEEN) == [], path


def test_the_zone_of_the_meeting_is_named_and_who_is_elsewhere_reads_their_own_time_too(
    serve_scene: Serve, browser: Browser
) -> None:
    served = serve_scene(lively)

    for zone, many in (("America/New_York", 1), ("Europe/Paris", 0)):
        context = browser.new_context(timezone_id=zone)
        page = context.new_page()
        served.sign_in(page, CHAIR)
        page.goto(f"{served.address}/m/{SLUG}/roster")
        expect(page.locator(".when")).to_contain_text("10:00–11:00 (Berlin)")
        expect(page.get_by_text("your time")).to_have_count(many)
        if many:
            served.scene.deputy("Operations", "Olga Petrova", "olga.petrova@example.com")
            _look(page)
            expect(page.get_by_text("Olga Petrova")).to_be_visible()
            expect(page.locator(".when")).to_contain_text("· Thursday 0")
        context.close()


_IS_IN_THE_CONTENT = """() => { const main = document.querySelector('main');
    return main.contains(document.activeElement) || !main.querySelector('a[href], button, input, summary'); }"""
_UNSEEN = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter((one) => one.type !== 'hidden')
    .filter((one) => one.checkVisibility() && !one.closest('dialog'))
    .filter((one) => { one.focus(); const style = getComputedStyle(one);
        const isSeen = style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2;
        return document.activeElement !== one || !isSeen; })
    .map((one) => one.outerHTML.slice(0, 120))"""


def _look(page: Page) -> None:
    page.evaluate("document.body.dispatchEvent(new Event('look'))")


def _two_meetings(scene: Scene) -> None:
    lively(scene)
    newly_adopted(scene, "product-council", "Product Council")
