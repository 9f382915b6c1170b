"""What every answer says to the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.conftest import Pages
from tests.web.scenes import SLUG, lively

EVERYWHERE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PATHS = ("/", f"/m/{SLUG}", f"/m/{SLUG}/live", "/m/none", "/healthz", "/readyz", "/sign-in", "/static/app.css")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_same_protection(pages: Pages, path: str) -> None:
    lively(pages.scene)

    for browser in (pages.browser(), pages.signed_in()):
        with browser.get(path) as answer:
            assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
            assert "Strict-Transport-Security" not in answer.headers


def test_on_https_browsers_are_told_to_stay_there(pages_at: Callable[[str], Pages]) -> None:
    pages = pages_at("https://meetings.example.com")

    answer = pages.browser().get("/", base_url="https://meetings.example.com")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", f"/m/{SLUG}", f"/m/{SLUG}/live", "/m/none", "/sign-in"])
def test_no_page_with_names_is_kept_by_browsers_or_proxies(pages: Pages, path: str) -> None:
    lively(pages.scene)

    assert pages.signed_in().get(path).headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_ever_under_the_address_of_their_content(pages: Pages) -> None:
    lively(pages.scene)
    browser = pages.signed_in()
    page = browser.get(f"/m/{SLUG}").text
    address = page.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]

    with browser.get(address) as known, browser.get("/static/app.css?v=old") as old:
        assert known.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert old.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "none.css", "fonts/", ""])
def test_only_static_files_are_static_files(pages: Pages, name: str) -> None:
    assert pages.browser().get(f"/static/{name}").status_code in (401, 404)


def test_the_page_asks_for_nothing_that_the_policy_forbids(pages: Pages) -> None:
    lively(pages.scene)
    page = pages.signed_in().get(f"/m/{SLUG}").text

    for forbidden in (" style=", "<style", "javascript:", " onclick", " onload", "data:", "http://", "https://"):
        assert forbidden not in page
    assert page.count("<script") == page.count("<script src=") == 2
