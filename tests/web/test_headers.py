"""What every answer says to the browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from governance.services import sign_in as service
from tests.web.conftest import Pages, csrf_of
from tests.web.scenes import ADMIN, SLUG, Scene, lively
from web import throttling

EVERYWHERE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types governance"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

NO_STORE = {"Cache-Control": "no-store"}
# Said by single answers on top of what is said everywhere; the values of those that say when or what are not compared.
MAY_BE_SAID = {"Content-Type", "Content-Length", "Date", "Set-Cookie"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: who asks for what, and what it says beside what every answer says."""

    status: int
    path: str
    method: str = "GET"
    is_signed_in: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] | None = None
    also: tuple[tuple[str, str | None], ...] = (("Cache-Control", "no-store"),)


KINDS: dict[str, Kind] = {
    "a page": Kind(200, f"/m/{SLUG}", also=(*NO_STORE.items(), ("ETag", None))),
    "a page that did not change": Kind(
        304, "/system", headers=(("If-None-Match", "*"),), also=(*NO_STORE.items(), ("ETag", None))
    ),
    "a part of a page": Kind(200, f"/m/{SLUG}/live", also=(*NO_STORE.items(), ("ETag", None))),
    "nothing new": Kind(
        304, f"/m/{SLUG}/live", headers=(("If-None-Match", "*"),), also=(*NO_STORE.items(), ("ETag", None))
    ),
    "one's sessions": Kind(200, "/sessions", also=(*NO_STORE.items(), ("ETag", None))),
    "the head of a page": Kind(200, "/sessions", "HEAD", also=(*NO_STORE.items(), ("ETag", None))),
    "a redirect": Kind(303, f"/m/{SLUG}/next", also=(*NO_STORE.items(), ("Location", f"/m/{SLUG}"))),
    "the sign-in page": Kind(200, "/sign-in", is_signed_in=False),
    "a spent link": Kind(410, "/sign-in/anything", is_signed_in=False),
    "nobody signed in": Kind(401, f"/m/{SLUG}", is_signed_in=False, also=(*NO_STORE.items(), ("HX-Refresh", "true"))),
    "nothing there": Kind(404, "/m/none"),
    "an address of nothing": Kind(404, "/nothing/here"),
    "another method": Kind(405, f"/m/{SLUG}/approve", also=(*NO_STORE.items(), ("Allow", None))),
    "which methods there are": Kind(200, f"/m/{SLUG}", "OPTIONS", also=(*NO_STORE.items(), ("Allow", None))),
    "a foreign form": Kind(400, f"/m/{SLUG}/approve", "POST", form=()),
    "another host": Kind(400, "/", headers=(("Host", "evil.example"),)),
    "a large form": Kind(413, f"/m/{SLUG}/approve", "POST", form=(("seen", "0" * 300_000),)),
    "a change": Kind(
        303,
        "/sessions/end-others",
        "POST",
        form=(("csrf", "own"),),
        also=(*NO_STORE.items(), ("Location", "/sessions")),
    ),
    "nothing to send": Kind(
        303,
        "/sign-out",
        "POST",
        form=(("csrf", "own"),),
        also=(*NO_STORE.items(), ("Location", "/sign-in"), ("Clear-Site-Data", '"cache"')),
    ),
    "no mail address": Kind(422, "/sign-in", "POST", False, form=(("csrf", "own"), ("address", "x"))),
    "a mail on its way": Kind(200, "/sign-in", "POST", False, form=(("csrf", "own"), ("address", "x@example.com"))),
    "an announcement of nobody": Kind(404, "/google/notifications", "POST", False),
    "a large announcement": Kind(413, "/google/notifications", "POST", False, form=(("a", "0" * 2000),)),
    "a file": Kind(
        200,
        "/static/app.css",
        is_signed_in=False,
        also=(
            ("Cache-Control", "public, no-cache"),
            ("ETag", None),
            ("Last-Modified", None),
            ("Accept-Ranges", "bytes"),
            ("Content-Disposition", "inline; filename=app.css"),
        ),
    ),
    "no file": Kind(404, "/static/none.css", is_signed_in=False),
    "the icon": Kind(
        200,
        "/favicon.ico",
        is_signed_in=False,
        also=(
            ("Cache-Control", None),
            ("ETag", None),
            ("Last-Modified", None),
            ("Accept-Ranges", "bytes"),
            ("Content-Disposition", "inline; filename=mark.svg"),
        ),
    ),
    "alive": Kind(200, "/healthz", is_signed_in=False),
    "ready": Kind(200, "/readyz", is_signed_in=False),
    "no figures": Kind(404, "/metrics", is_signed_in=False),
    "no Google": Kind(404, "/sign-in/google", is_signed_in=False),
}


@pytest.mark.parametrize("address", ["http://localhost", "https://localhost"])
def test_every_kind_of_answer_says_exactly_this(pages_at: Callable[[str], Pages], scene: Scene, address: str) -> None:
    scene.adopt()
    scene.roster()
    pages = pages_at(address)

    for name, kind in KINDS.items():
        browser = signed_in(pages, address) if kind.is_signed_in else pages.browser()
        with ask(browser, kind, address) as answer:
            assert answer.status_code == kind.status, name
            assert_says(answer, dict(kind.also), address, name)


@pytest.mark.parametrize("address", ["http://localhost", "https://localhost"])
def test_a_page_that_breaks_and_one_asked_for_too_often_say_so_too(
    pages_at: Callable[[str], Pages], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    pages = pages_at(address)
    monkeypatch.setattr(service, "link_is_open", lambda *_: 1 / 0)
    monkeypatch.setattr(throttling, "ASKING", replace(throttling.ASKING, limit=1))

    broken = pages.browser().get("/sign-in/anything", base_url=address)
    too_often = [ask(pages.browser(), KINDS["a mail on its way"], address) for _ in range(2)][-1]

    assert (broken.status_code, too_often.status_code) == (500, 429)
    assert_says(broken, NO_STORE, address)
    assert_says(too_often, NO_STORE | {"Retry-After": "900"}, address)


def test_a_database_that_is_gone_says_so_too(pages: Pages) -> None:
    pages.scene.database.dispose()
    Path(pages.scene.database.engine.url.database or "").unlink()

    answer = pages.browser().get("/sign-in/anything")

    assert answer.status_code == 503
    assert_says(answer, NO_STORE | {"Retry-After": "60"}, "http://localhost")


def assert_says(answer: TestResponse, also: dict[str, str | None], address: str, kind: str = "") -> None:
    """The values of everything that protects, and the names of all there is: nothing is said by accident."""
    strict = {"Strict-Transport-Security": "max-age=31536000"} if address.startswith("https") else {}
    expected = EVERYWHERE | strict | {name: value for name, value in also.items() if value is not None}
    assert {name: answer.headers.get(name) for name in expected} == expected, kind
    assert {name for name, _ in answer.headers} - MAY_BE_SAID == EVERYWHERE.keys() | strict.keys() | also.keys(), kind
    assert all(len(answer.headers.getlist(name)) == 1 for name in expected), kind


def ask(browser: FlaskClient, kind: Kind, address: str) -> TestResponse:
    form = dict(kind.form) if kind.form is not None else None
    if form and form.get("csrf") == "own":
        form["csrf"] = csrf_of(browser.get("/sessions" if kind.is_signed_in else "/sign-in", base_url=address).text)
    return browser.open(kind.path, method=kind.method, data=form, headers=list(kind.headers), base_url=address)


def signed_in(pages: Pages, address: str) -> FlaskClient:
    with pages.scene.database.writing() as session:
        token = service.open_session(session, ADMIN, is_admin=True, how="link", now=pages.scene.now)
    browser = pages.browser()
    browser.set_cookie("__Host-governance" if address.startswith("https") else "governance", token, secure=False)
    return browser


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
