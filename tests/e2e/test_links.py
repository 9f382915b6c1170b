"""Links of mails in a real browser: scanners with script change nothing, people need one press."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served
from tests.support.posted import all_rows
from tests.web import linked
from tests.web.scenes import Scene

Serve = Callable[..., Served]


def _mailed(scene: Scene) -> None:
    linked.held(scene)
    linked.sponsor(scene)
    linked.recorded(scene)


def test_a_browser_that_opens_every_link_many_times_changes_nothing_and_the_person_can_still_press(
    serve_scene: Serve, page: Page
) -> None:
    served = serve_scene(_mailed)
    database = served.scene.database
    path = linked.mailed(served.scene, "mandate-requested", "answer", linked.SPONSOR)
    others = [one for one in linked.every_link(served.scene) if one != path]
    before = all_rows(database)

    _open_and_let_scripts_run(page, [served.address + one for one in [*others, *[path] * 3]])
    after = all_rows(database)

    assert after == before
    page.goto(served.address + path)
    assert Axe().run(page).response["violations"] == []
    served.sign_in(page, linked.SPONSOR)
    page.goto(served.address + path)
    page.get_by_label("Up to, in EUR").fill("2500")
    page.get_by_role("button", name="Confirm this mandate").click()
    expect(page.get_by_role("heading", name="This is done")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Confirmed the mandate.")).to_be_visible()


def _open_and_let_scripts_run(page: Page, addresses: list[str]) -> None:
    """Until none of them has anything to ask for any more; in windows beside each other, because that takes a while."""
    windows = [page.context.new_page() for _ in addresses]
    for window, address in zip(windows, addresses, strict=True):
        window.goto(address)
    for window in windows:
        window.wait_for_load_state("networkidle")
        window.close()


def test_the_pages_of_links_and_preferences_are_accessible_without_a_session(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(_mailed)
    served.sign_in(page, linked.SPONSOR)

    found = []
    for path in ("/preferences", linked.mailed(served.scene, "mandate-requested", "answer", linked.SPONSOR), "/l/none"):
        page.goto(served.address + path)
        found += Axe().run(page).response["violations"]

    assert found == []
