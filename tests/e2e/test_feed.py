"""Somebody makes the address of their calendar feed, copies it by the button, and revokes it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Served
from tests.web.scenes import CAST, Scene


def test_an_address_is_made_copied_and_revoked(serve_scene: Callable[..., Served], browser: Browser) -> None:
    served = serve_scene(_met)
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    served.sign_in(page, CAST[0][2])
    page.goto(f"{served.address}/me")

    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_label("The address").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    path = address.removeprefix("http://localhost:8080")

    assert page.evaluate("navigator.clipboard.readText()") == address
    assert context.request.get(f"{served.address}{path}").text().startswith("BEGIN:VCALENDAR")

    page.get_by_role("button", name="Revoke the address").click()
    expect(page.get_by_role("button", name="Make an address")).to_be_visible()
    assert context.request.get(f"{served.address}{path}").status == 404
    context.close()


def _met(scene: Scene) -> None:
    scene.adopt()
    scene.roster(CAST[:1])
