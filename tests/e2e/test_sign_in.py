"""Signing in as people do: ask, look into the mail, press the button, see where one is signed in, and end it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from governance.models import SignInLink
from governance.services.sign_in import token_of
from tests.e2e.conftest import Served
from tests.web.conftest import config_for
from tests.web.scenes import CHAIR, SLUG, in_order

Serve = Callable[..., Served]


def test_the_chair_asks_for_a_link_signs_in_on_another_device_and_ends_the_first(
    serve_scene: Serve, page: Page, browser: Browser
) -> None:
    served = serve_scene(in_order)
    served.sign_in(page, CHAIR)
    there = browser.new_context()
    telephone = there.new_page()
    complaints: list[str] = []
    telephone.on("console", lambda message: complaints.append(message.text))

    telephone.goto(f"{served.address}/m/{SLUG}/next")
    telephone.get_by_label("Your e-mail address").fill(CHAIR)
    telephone.keyboard.press("Enter")
    expect(telephone.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    telephone.goto(f"{served.address}/sign-in/{_mailed(served)}")
    telephone.get_by_role("button", name="Sign in").click()

    # It leads on to the page at which the mail was asked for, which leads on to the meeting.
    expect(telephone).to_have_url(f"{served.address}/m/{SLUG}")
    telephone.get_by_role("link", name=CHAIR).click()
    expect(telephone.get_by_role("listitem")).to_have_count(2)
    expect(telephone.get_by_role("listitem").first).to_contain_text("This browser")
    expect(telephone.get_by_role("listitem").first).to_contain_text("Chrome on Linux")
    telephone.get_by_role("button", name="End", exact=True).click()
    expect(telephone.get_by_role("listitem")).to_have_count(1)

    page.evaluate("document.body.dispatchEvent(new Event('look'))")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Meeting governance")
    assert [one for one in complaints if "401" not in one] == []
    there.close()


def test_a_spent_link_has_the_form_right_there(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(in_order)

    page.goto(f"{served.address}/sign-in/spent")
    page.get_by_label("Your e-mail address").fill("nobody@example.com")
    page.get_by_role("button", name="Mail me a one-time address").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    expect(page.get_by_text("nobody@example.com")).to_be_visible()


def test_no_text_of_whatever_origin_becomes_markup_or_script(serve_scene: Serve, page: Page) -> None:
    served = serve_scene(in_order)
    served.sign_in(page, CHAIR)

    for act in (
        "document.body.innerHTML = '<b>text</b>'",
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))",
        "document.body.append(Object.assign(document.createElement('script'), {src: '/static/app.js'}))",
        "trustedTypes.createPolicy('governance', {createHTML: (text) => text})",
        "trustedTypes.createPolicy('default', {createHTML: (text) => text})",
    ):
        with pytest.raises(Error, match=r"Trusted|Policy"):
            page.evaluate(act)

    assert page.evaluate("window.ran") is None


def _mailed(served: Served) -> str:
    """What the mail carries: of the links that were made, the one that is not used up."""
    with served.scene.database.reading() as session:
        [link] = [one for one in session.query(SignInLink) if one.used_at is None]
    return token_of(link.id, config_for().site.secret_key)
