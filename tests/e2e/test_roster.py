"""Whole stories on the roster: a morning of the chair, and two people who edit the same seat at once."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_pages import DESKTOP, PHONE, _complaints, _serious
from tests.support.posted import posted
from tests.web import linked
from tests.web.scenes import CHAIR, SCRIBE, SLUG, Scene, lively

BROKEN = b"department,delegate_name,delegate_email,mandate_scope\nMarketing,Nora Nyberg,nora,All of it\n"


def test_a_chairs_morning_somebody_is_ill_the_room_is_too_full_and_the_file_is_broken(
    serve_scene: Callable[..., Served], browser: Browser
) -> None:
    served = serve_scene(lively)
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    complaints = _complaints(page)
    served.sign_in(page, CHAIR)
    page.goto(f"{served.address}/m/{SLUG}")
    page.get_by_role("link", name="Open the roster").click()
    _is_fit(page, DESKTOP)

    # Amara of Finance is ill, her deputy has a mandate.
    page.get_by_label("Change the seat of Finance").click()
    page.get_by_role("link", name="Somebody stands in for a day").click()
    page.get_by_label("Who stands in").fill("jonas.weber@example.com")
    page.get_by_role("button", name="See what follows").click()
    expect(page.get_by_text("Jonas Weber stands in for Finance on")).to_be_visible()
    expect(page.locator("#follows")).to_contain_text("Add to the invitation, only on")
    _is_fit(page, DESKTOP)
    page.get_by_role("button", name="Let them stand in").click()
    expect(page.get_by_role("status")).to_contain_text("Jonas Weber stands in for Finance")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()

    # The room is made smaller than the number of those who sit there.
    page.get_by_role("link", name="Change the cap").click()
    page.get_by_label("At most this many seats").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator("#follows")).to_contain_text("7 seats are held and the cap is 5")
    page.get_by_role("button", name="Change the cap").click()
    expect(page.get_by_text("Choose who leaves, or raise the cap.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Choose who leaves, or raise the cap.")).to_have_count(0)

    # The file that a colleague sent has a fault, which is corrected in place.
    page.get_by_role("link", name="Import a CSV").click()
    page.locator("#file").set_input_files({"name": "roster.csv", "mimeType": "text/csv", "buffer": BROKEN})
    page.get_by_role("button", name="See what follows").click()
    expect(page.get_by_role("row", name="2 delegate_email")).to_contain_text("Enter an e-mail address")
    _is_fit(page, DESKTOP)
    text = page.get_by_label("Or its text")
    text.fill(text.input_value().replace(",nora,", ",nora@example.com,"))
    page.get_by_role("button", name="See what follows").click()
    expect(page.get_by_text("Marketing: Nora Nyberg is appointed")).to_be_visible()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("row", name="Marketing")).to_contain_text("Nora Nyberg")

    served.scene.cycle()
    guests = {guest.address for guest in served.scene.calendar.events[f"event-{SLUG}"].guests}
    assert "nora@example.com" in guests
    # Chromium itself notes that an answer was a refusal; anything else would be a fault of ours.
    assert [one for one in complaints if "422" not in one] == []
    page.close()


def test_two_who_edit_one_seat_at_once_the_second_sees_both_texts_on_a_phone_and_one_of_them_has_no_script(
    serve_scene: Callable[..., Served], browser: Browser
) -> None:
    served = serve_scene(lively)
    chair = _at_the_mandate(served, browser, CHAIR)
    scribe = _at_the_mandate(served, browser, SCRIBE, script=False)
    chair.get_by_label("What they may decide").fill("The budget alone")
    scribe.get_by_label("What they may decide").fill("Budget and people")
    for button in ("See what follows", "Record the mandate"):
        scribe.get_by_role("button", name=button).click()
    expect(scribe.get_by_role("status")).to_contain_text("Mandate of Amara Okafor for Finance")

    chair.get_by_role("button", name="See what follows").click()

    expect(chair.get_by_role("alert")).to_contain_text("Somebody changed this since you opened it")
    expect(chair.get_by_role("alert")).to_contain_text("Mandate of Amara Okafor for Finance")
    expect(chair.get_by_label("What they may decide")).to_have_value("The budget alone")
    _is_fit(chair, PHONE)
    for button in ("See what follows", "Record the mandate"):
        chair.get_by_role("button", name=button).click()
    expect(chair.get_by_role("row", name="Finance")).to_contain_text("The budget alone")
    for page in (chair, scribe):
        page.context.close()


def _at_the_mandate(served: Served, browser: Browser, who: str, *, script: bool = True) -> Page:
    context = browser.new_context(viewport=PHONE, color_scheme="dark", java_script_enabled=script)  # type: ignore[arg-type]
    page = context.new_page()
    served.sign_in(page, who)
    page.goto(f"{served.address}/m/{SLUG}/roster")
    page.get_by_label("Change the seat of Finance").click()
    page.get_by_role("link", name="Renew the mandate").click()
    page.get_by_label("From").fill(served.scene.now.date().isoformat())
    return page


def _is_fit(page: Page, size: dict[str, int]) -> None:
    assert _serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_leaver_s_seat_is_vacated_given_on_and_the_sponsor_asked_and_two_departments_become_one(
    serve_scene: Callable[..., Served], browser: Browser
) -> None:
    served = serve_scene(_with_a_sponsor)
    page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    served.sign_in(page, CHAIR)

    # Amara leaves the organisation: her seat falls vacant at once, and she comes no more.
    _choose(page, served, "Finance", "Vacate the seat")
    page.get_by_role("button", name="See what follows").click()
    expect(page.locator("#follows")).to_contain_text("amara.okafor@example.com")
    page.get_by_label("Type the department’s name").fill("Finance")
    page.get_by_role("button", name="Vacate the seat").click()
    expect(page.get_by_role("row", name="Finance")).to_contain_text("Vacant")

    # Nora takes it; what she may decide is for the sponsor to say, who is asked.
    _choose(page, served, "Finance", "Appoint somebody")
    page.get_by_label("Who takes the seat").fill("nora.nyberg@example.com")
    page.locator("#name").fill("Nora Nyberg")
    page.get_by_role("button", name="See what follows").click()
    page.get_by_role("button", name="Appoint").click()
    expect(page.get_by_role("row", name="Finance")).to_contain_text("No mandate")
    served.scene.cycle()
    asked = [one.address for one in posted(served.scene.database, "mandate-requested")]
    assert linked.SPONSOR in asked
    guests = {guest.address for guest in served.scene.calendar.events[f"event-{SLUG}"].guests}
    assert guests.isdisjoint({"amara.okafor@example.com", "nora.nyberg@example.com"})

    # Research joins Operations: Anna stays, and Elif comes once more as a visitor.
    _choose(page, served, "Operations", "Another department joins it")
    page.get_by_label("Which department joins Operations").select_option(label="Research (Dr. Elif Aydın)")
    page.get_by_label("The other delegate comes once more").select_option(index=1)
    page.get_by_role("button", name="See what follows").click()
    expect(page.get_by_text("Research is part of Operations, and its own seat is closed")).to_be_visible()
    page.get_by_label("Type the name of the department that stays").fill("Operations")
    page.get_by_role("button", name="Merge the two").click()
    expect(page.get_by_role("row", name="Research")).to_have_count(0)
    expect(page.get_by_role("region", name="Without a seat")).to_contain_text("Dr. Elif Aydın visits on")
    page.close()


def _with_a_sponsor(scene: Scene) -> None:
    lively(scene)
    linked.sponsor(scene)


def _choose(page: Page, served: Served, department: str, act: str) -> None:
    page.goto(f"{served.address}/m/{SLUG}/roster")
    page.get_by_label(f"Change the seat of {department}").click()
    page.get_by_role("link", name=act).click()
