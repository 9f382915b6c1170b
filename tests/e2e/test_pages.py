"""The pages as people use them: by keyboard, on a phone, without script, with a screen reader, while things happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from governance.reconcile.observed import Guest
from tests.conftest import IS_SOAK
from tests.e2e.conftest import Served
from tests.web.scenes import (
    CHAIR,
    SLUG,
    Scene,
    give_charters,
    in_order,
    lively,
    newly_adopted,
    with_mails_and_troubles,
)

Serve = Callable[..., Served]

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


def _in_trouble(scene: Scene) -> None:
    lively(scene)
    scene.change_meeting(
        problem_code="google-forbidden",
        problem_remedy="Share the calendar with bot@example.com",
        problem_text="Google refuses",
        retry_at=scene.now + timedelta(minutes=5),
    )


def _with_everything(scene: Scene) -> None:
    with_mails_and_troubles(scene)
    give_charters(scene)


def _several(scene: Scene) -> None:
    in_order(scene)
    newly_adopted(scene, "product-council", "Product Council")


ENDINGS = ("/rules", "/rules/I05?mode=off", "/ledger", "/waiting", "/charter", "/room", "/attendance", "/questions")
FORMS = (
    *("/pause", "/relink", "/release", "/charter/versions/1", "/charter/edit?from=1"),
    "/charter/value?measure=decision+within",
)
"""Made of the same parts as the others: once is enough, where there is least room."""
LOOKS = ((DESKTOP, "light"), (PHONE, "dark"))
STATES = pytest.mark.parametrize(
    ("prepare", "path"),
    [
        (lively, f"/m/{SLUG}"),
        (newly_adopted, f"/m/{SLUG}"),
        (_in_trouble, f"/m/{SLUG}"),
        (Scene.adopt, f"/m/{SLUG}"),
        (_several, "/"),
        (lambda scene: None, "/"),
        (in_order, "/m/none"),
    ],
    ids=["a lively meeting", "a first plan", "in trouble", "no roster", "the first page", "beginning", "not found"],
)


@STATES
def test_every_page_is_accessible_fits_its_window_and_breaks_no_policy(
    serve_scene: Serve, browser: Browser, prepare: Callable[[Scene], object], path: str
) -> None:
    served = serve_scene(prepare)
    page = browser.new_page()
    complaints = _complaints(page)
    served.sign_in(page)

    for size, scheme in LOOKS:
        _look_like(page, size, scheme)
        page.goto(served.address + path)
        _open_all(page)

        assert _serious(page) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], scheme
    assert [one for one in complaints if "404" not in one] == []
    page.close()


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=["desktop, light", "phone, dark"])
def test_the_pages_around_a_meeting_are_accessible_fit_their_window_and_break_no_policy(
    serve_scene: Serve, browser: Browser, size: dict[str, int], scheme: str
) -> None:
    served = serve_scene(_with_everything)
    page = browser.new_page(viewport=size, color_scheme=scheme, timezone_id="America/New_York")  # type: ignore[arg-type]
    complaints = _complaints(page)
    served.sign_in(page)

    page.goto(f"{served.address}/m/{SLUG}")
    expect(page.locator(".head .when")).to_contain_text("10:00–11:00 (Berlin)")
    expect(page.locator(".head .own-time")).to_have_text(" · Thursday 04:00 your time")

    of_a_meeting = (f"/m/{SLUG}{ending}" for ending in (*ENDINGS, *(FORMS if size is PHONE else ())))
    of_the_site = (
        "/",
        "/me",
        "/sessions",
        "/preferences",
        "/system",
        "/system/mail",
        "/system/calendars",
        "/system/ledger",
    )
    every = (*of_the_site, *of_a_meeting)
    # With little room all of them; with much, unless there is time, one in two: they are made of the same parts.
    for path in every if size is PHONE or IS_SOAK else every[::2]:
        page.goto(served.address + path)
        _open_all(page)

        assert _serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    assert complaints == []
    page.close()


def test_trouble_is_tried_again_by_keyboard_and_without_script(serve_scene: Serve, browser: Browser) -> None:
    served = serve_scene(_in_trouble)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    served.sign_in(page)
    page.goto(f"{served.address}/m/{SLUG}")

    page.get_by_role("button", name="Try again now").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Try again now")).to_have_count(0)
    expect(page.get_by_text("had trouble tried again at once")).to_be_visible()
    context.close()


def test_the_sign_in_pages_are_accessible_and_fit(serve_scene: Serve, browser: Browser) -> None:
    served = serve_scene(in_order)
    page = browser.new_page()
    for size, scheme in LOOKS:
        _look_like(page, size, scheme)

        for address in (f"{served.address}/sign-in", served.link(), f"{served.address}/sign-in/spent"):
            page.goto(address)

            assert _serious(page) == [], scheme
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], scheme
    page.close()


def test_the_chair_signs_in_and_approves_by_keyboard_alone(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(newly_adopted)
    page.goto(served.link(CHAIR))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 thing needs you")
    _tab_to_text(page, "Decide on 10 changes to the invitation.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Group Steering Meeting")

    _tab_to(page, "approve")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Helena Marsh approved these changes")).to_be_visible()
    assert outline == "solid", "whoever uses the keyboard sees where they are"


def test_everything_works_without_script(serve_scene: Serve, browser: Browser) -> None:
    served = serve_scene(newly_adopted)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    served.sign_in(page, CHAIR)
    page.get_by_role("link", name="Decide on 10 changes").click()

    page.get_by_text("more people").click()
    expect(page.get_by_text("Mallory Quick is not entitled to this meeting").first).to_be_visible()
    page.get_by_role("button", name="Approve all 10 changes").click()
    expect(page.get_by_text("Helena Marsh approved these changes")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Meeting governance")
    context.close()


def test_news_arrive_by_themselves_and_leave_focus_and_open_lists_alone(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(newly_adopted)
    served.sign_in(page, CHAIR)
    page.get_by_role("link", name="Decide on 10 changes").click()
    page.get_by_text("more people").click()
    page.locator("#reject").focus()

    served.scene.calendar.forward(f"event-{SLUG}", Guest(address="late.joiner@example.com", name="Zoe Late"))
    served.scene.cycle()
    page.evaluate("document.body.dispatchEvent(new Event('look'))")

    expect(page.get_by_role("button", name="Approve all 11 changes")).to_be_visible()
    assert page.locator("#waits-more").evaluate("one => one.open")
    assert page.evaluate("document.activeElement.id") == "reject"
    page.locator("#approve").click()
    expect(page.get_by_text("Helena Marsh approved these changes")).to_be_visible()


def test_the_demo_shows_the_repair_while_one_looks(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(in_order, demo=True)
    page.goto(served.address)

    page.get_by_role("button", name="Forward the invitation").click()
    assert served.next_act() == f"forward {SLUG}"
    served.scene.calendar.forward(f"event-{SLUG}", Guest(address="mallory.quick@example.com", name="Mallory Quick"))
    served.scene.cycle()

    happened = page.get_by_role("region", name="What happened last")
    expect(happened.get_by_text("Mallory Quick is not entitled to this meeting")).to_be_visible()
    expect(happened.get_by_text("I01").first).to_be_visible()


def test_the_demo_acts_without_script_too(serve_scene: Serve, browser: Browser) -> None:
    served = serve_scene(in_order, demo=True)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/m/{SLUG}")

    page.get_by_role("button", name="Put everything back").click()

    assert served.next_act() == f"back {SLUG}"
    expect(page.get_by_role("heading", level=1)).to_have_text("Group Steering Meeting")
    context.close()


def test_a_page_that_is_not_kept_up_to_date_any_more_says_so(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(in_order)
    served.sign_in(page)
    expect(page.locator("#lost")).to_be_hidden()

    served.process.kill()
    served.process.wait()
    page.evaluate("document.body.dispatchEvent(new Event('look'))")

    expect(page.locator("#lost")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Group Steering Meeting")


def test_a_session_that_ends_shows_how_to_sign_in_again(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(in_order)
    served.sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Group Steering Meeting")

    page.context.clear_cookies()
    page.evaluate("document.body.dispatchEvent(new Event('look'))")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Meeting governance")


def test_the_page_prints_without_buttons(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(newly_adopted)
    served.sign_in(page, CHAIR)
    page.get_by_role("link", name="Decide on 10 changes").click()

    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="Approve all 10 changes")).to_be_hidden()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.get_by_text("Łucja Wiśniewska").first).to_be_visible()


def test_names_of_all_of_europe_are_set_in_the_same_font(serve_scene: Serve, page: Page) -> None:
    """A letter that the font lacks is taken from another one, in the middle of a name."""
    served = serve_scene(lively)
    served.sign_in(page)

    lacking = page.evaluate(
        """async (letters) => {
            const without = [];
            for (const letter of letters) {
                const faces = await document.fonts.load("15px Inter", letter);
                if (faces.length === 0 || faces.some((face) => face.status !== "loaded")) without.push(letter);
            }
            return without;
        }""",
        list("ŁucjaWiśnewskKovčAydınşğÆØßőŻžțĢ"),
    )

    assert lacking == []


def test_a_chair_looks_at_what_a_rule_would_do_and_sets_it_by_keyboard_and_without_script(
    serve_scene: Serve, browser: Browser
) -> None:
    served = serve_scene(in_order)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    served.sign_in(page, CHAIR)

    page.get_by_role("navigation", name="Group Steering Meeting").get_by_role("link", name="Rules").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Observe for I05: see what it would do").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set I05 to Observe?")
    page.get_by_label("Why (for the record; may stay empty)").fill("A <b>trial</b> for a month")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Rules")
    expect(page.locator("#I05")).to_contain_text("Set by Helena Marsh just now: “A <b>trial</b> for a month”")
    page.get_by_role("link", name="Ledger").click()
    expect(page.get_by_text("A rule is now set to observe instead of enforce")).to_be_visible()
    context.close()


def test_the_ledger_is_searched_and_a_difference_unfolded_on_a_phone(serve_scene: Serve, browser: Browser) -> None:
    served = serve_scene(lively)
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
    served.sign_in(page, CHAIR)
    page.goto(f"{served.address}/m/{SLUG}/ledger")

    page.get_by_label("Words").fill("łucja")
    page.get_by_label("What was done").select_option("Appointed")
    page.get_by_role("button", name="Search").click()
    page.locator("details summary").first.click()

    expect(page.get_by_text("Łucja Wiśniewska sits for Customer Support")).to_be_visible()
    expect(page.get_by_role("cell", name="Łucja Wiśniewska (lucja.wisniewska@example.com)")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()


def _look_like(page: Page, size: dict[str, int], scheme: str) -> None:
    """For what is opened from now on."""
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]


def _complaints(page: Page) -> list[str]:
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def _serious(page: Page) -> list[str]:
    results = Axe().run(page).response["violations"]
    grave = [one for one in results if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {node['html'][:200]}" for one in grave for node in one["nodes"]]


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def _tab_to_text(page: Page, text: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"“{text}” is not reached by the keyboard")


def _tab_to(page: Page, identifier: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == identifier:
            return
    raise AssertionError(f"#{identifier} is not reached by the keyboard")
