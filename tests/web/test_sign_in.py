"""A one-time address: looked at as often as one likes, used once, within 15 minutes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from governance.domain.people import MalformedAddress
from governance.services import sign_in
from tests.web.conftest import ADDRESS, Pages, csrf_of
from tests.web.scenes import ADMIN


def test_looking_at_the_address_changes_nothing_and_does_not_use_it(pages: Pages) -> None:
    path = _link(pages)
    browser = pages.browser()
    before = _rows(pages)

    answers = [browser.get(path) for _ in range(3)] + [pages.browser().get(path)]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert _rows(pages) == before


def test_pressing_the_button_signs_in_once(pages: Pages) -> None:
    path = _link(pages)
    browser, other = pages.browser(), pages.browser()
    form, other_form = csrf_of(browser.get(path).text), csrf_of(other.get(path).text)

    first = browser.post(path, data={"csrf": form})
    second = other.post(path, data={"csrf": other_form})

    assert (first.status_code, first.headers["Location"]) == (303, "/")
    assert second.status_code == 410
    assert browser.get("/").status_code == 200
    assert other.get("/").status_code == 401


@pytest.mark.parametrize("minutes", [15, 16, 1000])
def test_an_expired_address_says_how_to_get_another(pages: Pages, minutes: int) -> None:
    path = _link(pages)
    pages.scene.now += timedelta(minutes=minutes)

    answer = pages.browser().get(path)

    assert answer.status_code == 410
    assert "Ask for a new sign-in address" in answer.text
    assert "governance sign-in" in answer.text


def test_an_unknown_address_is_answered_like_a_spent_one(pages: Pages) -> None:
    path = _link(pages)
    _sign_in(pages.browser(), path)
    browser = pages.browser()

    assert browser.get("/sign-in/never-was-one").data == browser.get(path).data


def test_the_address_expires_while_its_page_is_open(pages: Pages) -> None:
    path = _link(pages)
    browser = pages.browser()
    form = csrf_of(browser.get(path).text)
    pages.scene.now += timedelta(minutes=15)

    assert browser.post(path, data={"csrf": form}).status_code == 410
    assert browser.get("/").status_code == 401


def test_a_foreign_page_cannot_sign_a_browser_in_as_somebody_else(pages: Pages) -> None:
    """The attacker has an address and its form, but not the cookie of the other browser."""
    path = _link(pages)
    form = csrf_of(pages.browser().get(path).text)
    victim = pages.browser()

    assert victim.post(path, data={"csrf": form}).status_code == 400
    assert victim.get("/").status_code == 401


def test_signing_in_again_ends_the_session_before(pages: Pages) -> None:
    browser = pages.signed_in()
    before = browser.get_cookie("governance")
    assert before is not None

    _sign_in(browser, _link(pages))

    after = browser.get_cookie("governance")
    assert after is not None
    assert after.value != before.value
    thief = pages.browser()
    thief.set_cookie("governance", before.value)
    assert thief.get("/").status_code == 401


def test_signing_out_ends_the_session_at_once_everywhere(pages: Pages) -> None:
    browser = pages.signed_in()
    cookie = browser.get_cookie("governance")
    assert cookie is not None
    copy = pages.browser()
    copy.set_cookie("governance", cookie.value)

    answer = browser.post("/sign-out", data={"csrf": csrf_of(browser.get("/").text)})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert browser.get_cookie("governance") is None
    assert copy.get("/").status_code == 401


@pytest.mark.parametrize(("hours", "status"), [(11, 200), (12, 401)])
def test_a_session_ends_12_hours_after_the_last_thing_done(pages: Pages, hours: int, status: int) -> None:
    browser = pages.signed_in()
    pages.scene.now += timedelta(hours=hours)

    assert browser.get("/").status_code == status


def test_a_session_ends_after_7_days_whatever_is_done(pages: Pages) -> None:
    scene, browser = pages.scene, pages.signed_in()
    cookie = browser.get_cookie("governance")
    assert cookie is not None
    for _ in range(14):
        scene.now += timedelta(hours=11)
        with scene.database.writing() as session:
            sign_in.keep_open(session, cookie.value, scene.now)
    assert browser.get("/").status_code == 200

    scene.now += timedelta(hours=14)
    with scene.database.writing() as session:
        sign_in.keep_open(session, cookie.value, scene.now)

    assert browser.get("/").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_foreign_forms(pages: Pages) -> None:
    path = _link(pages)
    browser = pages.browser()
    answer = browser.post(path, data={"csrf": csrf_of(browser.get(path).text)})

    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("governance="))

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


def test_on_https_the_cookie_is_bound_to_this_very_host(pages_at: Callable[[str], Pages]) -> None:
    pages = pages_at("https://meetings.example.com")
    path = _link(pages)
    browser, base = pages.browser(), "https://meetings.example.com"
    form = csrf_of(browser.get(path, base_url=base).text)

    answer = browser.post(path, data={"csrf": form}, base_url=base, headers={"Origin": base})

    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "governance=" in one)
    assert cookie.startswith("__Host-governance=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_neither_address_nor_cookie_is_stored_as_it_is(pages: Pages) -> None:
    path = _link(pages)
    browser = pages.browser()
    _sign_in(browser, path)
    cookie = browser.get_cookie("governance")
    assert cookie is not None

    stored = str(_rows(pages))

    assert path.rpartition("/")[2] not in stored
    assert cookie.value not in stored


def test_an_address_holds_256_random_bits(pages: Pages) -> None:
    tokens = {_link(pages).rpartition("/")[2] for _ in range(20)}

    assert len(tokens) == 20
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in tokens)


def test_a_malformed_address_gets_no_link(pages: Pages) -> None:
    with pytest.raises(MalformedAddress), pages.scene.database.writing() as session:
        sign_in.make_sign_in_link(session, address="nobody", now=pages.scene.now, public_url=ADDRESS)


def _link(pages: Pages, address: str = ADMIN) -> str:
    with pages.scene.database.writing() as session:
        link = sign_in.make_sign_in_link(session, address=address, now=pages.scene.now, public_url=ADDRESS)
    return link.removeprefix(ADDRESS)


def _sign_in(browser: FlaskClient, path: str) -> None:
    assert browser.post(path, data={"csrf": csrf_of(browser.get(path).text)}).status_code == 303


def _rows(pages: Pages) -> dict[str, list[tuple[object, ...]]]:
    with pages.scene.database.reading() as session:
        tables = ("sign_in_link", "web_session", "ledger_entry", "ledger_payload")
        return {one: [tuple(row) for row in session.execute(text(f"SELECT * FROM {one}"))] for one in tables}  # noqa: S608
