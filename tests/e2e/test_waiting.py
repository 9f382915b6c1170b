"""An applicant who gets the seat: from the mail that told her why she was taken off, to the invitation."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from governance.reconcile.observed import Guest
from tests.e2e.conftest import Served
from tests.e2e.test_pages import DESKTOP, PHONE, _complaints, _serious
from tests.web import linked
from tests.web.linked import SPONSOR
from tests.web.scenes import CHAIR, SLUG, Scene, in_order

NORA, OLE = "nora.nyberg@example.com", "ole.olsen@example.com"


def _brought_along(scene: Scene) -> None:
    """Marketing is vacant; somebody forwards the invitation to two of its people, who are taken off again."""
    in_order(scene)
    scene.vacant("Marketing")
    linked.sponsor(scene, "Marketing")
    for name, address in (("Ole Olsen", OLE), ("Nora Nyberg", NORA)):
        scene.deputy("Marketing", name, address)
        scene.calendar.forward(f"event-{SLUG}", Guest(address=address, name=name))
    scene.cycle()


def test_a_colleague_who_was_taken_off_asks_is_supported_is_offered_the_seat_and_is_invited(
    serve_scene: Callable[..., Served], browser: Browser
) -> None:
    served = serve_scene(_brought_along)
    assert not _invited(served)

    # Both ask by the link of the mail, without a session and without script: she after him.
    plain = browser.new_context(java_script_enabled=False).new_page()
    for address, name in ((OLE, "Ole Olsen"), (NORA, "Nora Nyberg")):
        plain.goto(served.address + linked.mailed(served.scene, "removed", "apply", address))
        plain.get_by_label(f"I am {name}").check()
        plain.get_by_role("button", name="Ask for the seat").click()
        expect(plain.get_by_role("heading", name="This is done")).to_be_visible()
    plain.context.close()

    sponsor = _at_home(served, browser, SPONSOR)
    sponsor.get_by_role("link", name="Say whether you support Nora Nyberg").click()
    sponsor.get_by_role("link", name="Support Nora Nyberg, Marketing").click()
    _is_fit(sponsor, DESKTOP)
    sponsor.get_by_role("button", name="Support them").click()
    expect(sponsor.get_by_role("list", name="Who waits for the seat of Marketing")).to_contain_text("1. Nora Nyberg")

    chair = _at_home(served, browser, CHAIR)
    complaints = _complaints(chair)
    chair.get_by_role("link", name="Offer the seat of Marketing.").click()
    chair.get_by_role("link", name="Offer Nora Nyberg the seat").click()
    chair.get_by_role("button", name="See what follows").click()
    expect(chair.get_by_text("Nora Nyberg is offered the seat of Marketing and can answer until")).to_be_visible()
    chair.get_by_role("button", name="Offer the seat").click()
    expect(chair.get_by_text("Wait for the answer, or withdraw the offer.")).to_be_visible()
    _is_fit(chair, DESKTOP)

    # Whoever has only the mail is nobody yet: a seat is taken by the one who is signed in.
    nora = browser.new_context(viewport=PHONE, color_scheme="dark").new_page()  # type: ignore[arg-type]
    accept = served.address + linked.mailed(served.scene, "offer", "accept", NORA)
    nora.goto(accept)
    expect(nora.get_by_text("Sign in first, so that a forwarded mail decides nothing.")).to_be_visible()
    served.sign_in(nora, NORA)
    nora.goto(f"{served.address}/m/{SLUG}/waiting")
    expect(nora.get_by_text("You are number 1 of 2.")).to_be_visible()
    _is_fit(nora, PHONE)
    nora.goto(accept)
    nora.get_by_role("button", name="Accept the seat").click()
    expect(nora.get_by_text("Accepted the seat: the chair is told")).to_be_visible()

    chair.goto(f"{served.address}/m/{SLUG}/roster")
    expect(chair.get_by_role("row", name="Marketing")).to_contain_text("Nora Nyberg")
    sponsor.goto(served.address + linked.mailed(served.scene, "mandate-requested", "answer", SPONSOR))
    sponsor.get_by_label("What they may decide").fill("Campaigns and their budget")
    sponsor.get_by_role("button", name="Confirm this mandate").click()
    expect(sponsor.get_by_role("heading", name="This is done")).to_be_visible()
    served.scene.cycle()
    assert _invited(served) == {NORA}
    assert complaints == []
    for page in (sponsor, chair, nora):
        page.context.close()


def _invited(served: Served) -> set[str | None]:
    guests = {guest.address for guest in served.scene.calendar.events[f"event-{SLUG}"].guests}
    return guests & {NORA, OLE}


def _at_home(served: Served, browser: Browser, who: str) -> Page:
    page = browser.new_context(viewport=DESKTOP).new_page()  # type: ignore[arg-type]
    served.sign_in(page, who)
    page.goto(served.address)
    return page


def _is_fit(page: Page, size: dict[str, int]) -> None:
    assert _serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
