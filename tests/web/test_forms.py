"""A change needs a form from a page of the same session, and reaches nobody else's meeting."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import ADDRESS, Pages, csrf_of, field_of
from tests.web.scenes import SLUG, newly_adopted
from web import security

CHANGING = (f"/m/{SLUG}/approve", f"/m/{SLUG}/reject", "/sign-out")


@pytest.mark.parametrize("path", CHANGING)
@pytest.mark.parametrize("given", [None, "", "wrong", "ä", "0" * 5000])
def test_a_form_without_its_token_is_refused_and_does_nothing(pages: Pages, path: str, given: str | None) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in()
    page = browser.get(f"/m/{SLUG}").text
    form = {"checksum": field_of(page, "checksum")} | ({} if given is None else {"csrf": given})

    answer = browser.post(path, data=form)

    assert answer.status_code == 400
    assert "Go back, load the page again and repeat" in answer.text
    assert _waits(browser.get(f"/m/{SLUG}").text)


def test_the_token_of_another_session_is_refused(pages: Pages) -> None:
    newly_adopted(pages.scene)
    other = csrf_of(pages.signed_in().get(f"/m/{SLUG}").text)
    browser = pages.signed_in()
    checksum = field_of(browser.get(f"/m/{SLUG}").text, "checksum")

    assert browser.post(f"/m/{SLUG}/approve", data={"csrf": other, "checksum": checksum}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_sent_by_a_foreign_page_is_refused_even_with_its_token(pages: Pages, headers: dict[str, str]) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in()
    page = browser.get(f"/m/{SLUG}").text
    form = {"csrf": csrf_of(page), "checksum": field_of(page, "checksum")}

    assert browser.post(f"/m/{SLUG}/approve", data=form, headers=headers).status_code == 400
    assert _waits(browser.get(f"/m/{SLUG}").text)


def test_every_route_that_changes_something_refuses_foreign_pages_but_those_for_machines(pages: Pages) -> None:
    changing = [rule for rule in pages.app.url_map.iter_rules() if security.CHANGING & set(rule.methods or ())]
    browser = pages.signed_in()

    refused = {
        rule.endpoint
        for rule in changing
        if "Go back, load the page again" in browser.post(_path(str(rule)), headers={"Origin": "https://evil"}).text
    }

    assert {rule.endpoint for rule in changing} - refused == for_machines(pages.app)


@pytest.mark.parametrize("given", [None, "", "wrong", "0" * 43])
def test_no_route_that_changes_something_can_forget_the_token(pages: Pages, given: str | None) -> None:
    """Also one that was added a moment ago, by somebody who thought of nothing of the kind."""
    pages.app.add_url_rule("/forgetful", "forgetful", lambda: "done", methods=["POST", "PUT", "PATCH", "DELETE"])
    changing = [
        (rule, method)
        for rule in pages.app.url_map.iter_rules()
        for method in security.CHANGING & set(rule.methods or ())
        if rule.endpoint not in for_machines(pages.app)
    ]
    browser = pages.signed_in()
    form = {} if given is None else {"csrf": given}

    accepted = {
        (rule.endpoint, method)
        for rule, method in changing
        if "load the page again" not in browser.open(_path(str(rule)), method=method, data=form).text
    }

    assert accepted == set()
    assert len(changing) >= 12


def test_only_machines_need_no_form() -> None:
    assert security.NEEDS_NO_FORM == {"notifications.receive", "preferences.unsubscribe"}


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/anything"])
def test_a_form_of_an_open_page_needs_the_token_of_its_browser(pages: Pages, path: str) -> None:
    browser, other = pages.browser(), pages.browser()
    own, foreign = csrf_of(browser.get("/sign-in").text), csrf_of(other.get("/sign-in").text)

    refused = browser.post(path, data={"csrf": foreign, "address": "nobody@example.com"})
    accepted = browser.post(path, data={"csrf": own, "address": "nobody@example.com"})

    assert refused.status_code == 400
    assert accepted.status_code in (200, 410)


@pytest.mark.parametrize("cookie", ["", "short", "0" * 44, "ä" * 43, "a b" + "0" * 40])
def test_a_cookie_that_is_none_of_ours_is_no_token(pages: Pages, cookie: str) -> None:
    browser = pages.browser()
    browser.set_cookie("browser", cookie)

    answer = browser.post("/sign-in", data={"csrf": cookie, "address": "nobody@example.com"})

    assert answer.status_code == 400


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_the_page_s_own_form_is_accepted(pages: Pages, headers: dict[str, str]) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in()
    page = browser.get(f"/m/{SLUG}").text
    form = {"csrf": csrf_of(page), "checksum": field_of(page, "checksum")}

    assert browser.post(f"/m/{SLUG}/approve", data=form, headers=headers).status_code == 303


@pytest.mark.parametrize("path", CHANGING)
def test_a_change_cannot_be_made_by_looking(pages: Pages, path: str) -> None:
    newly_adopted(pages.scene)

    assert pages.signed_in().get(path).status_code == 405


def test_a_form_that_is_too_large_is_refused(pages: Pages) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in()

    answer = browser.post(f"/m/{SLUG}/approve", data={"seen": "0" * 300_000})

    assert answer.status_code == 413
    assert "Send less at once" in answer.text


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[", "localhost:99999999", "a b"])
def test_another_host_is_sent_to_the_installation_s_own_address(pages: Pages, host: str) -> None:
    answer = pages.signed_in().get("/", headers={"Host": host})

    assert answer.status_code == 400
    assert f"Open {ADDRESS} instead" in answer.text or host in ("", "[", "a b", "localhost:99999999")


def test_no_route_answers_under_a_foreign_host_but_those_that_are_asked_by_address(pages: Pages) -> None:
    rules = list(pages.app.url_map.iter_rules())
    browser = pages.browser()

    answered = {
        rule.endpoint
        for rule in rules
        for method in set(rule.methods or ()) & {"GET", "POST"}
        if browser.open(_path(str(rule)), method=method, base_url="http://evil.example").status_code != 400
    }

    assert answered == {"health.alive", "health.metrics", "health.ready"}


def test_every_route_that_takes_a_form_refuses_one_that_is_too_large(pages: Pages) -> None:
    browser = pages.signed_in()
    changing = [rule for rule in pages.app.url_map.iter_rules() if "POST" in (rule.methods or ())]

    statuses = {
        rule.endpoint: browser.post(_path(str(rule)), data={"x": "0" * 300_000}).status_code for rule in changing
    }

    assert set(statuses.values()) == {413}, statuses


def test_a_public_installation_does_not_answer_as_localhost(pages_at: Callable[[str], Pages]) -> None:
    pages = pages_at("https://meetings.example.com")

    assert pages.browser().get("/", base_url="http://localhost").status_code == 400
    assert pages.browser().get("/", base_url="https://meetings.example.com").status_code == 401
    assert pages.browser().get("/healthz", base_url="http://10.0.0.7:8080").status_code == 200


def for_machines(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()} & security.NEEDS_NO_FORM


def _path(rule: str) -> str:
    return re.sub(r"<[^>]+>", "anything", re.sub(r"<uuid:[^>]+>", "0" * 8 + "-0000-0000-0000-" + "0" * 12, rule))


def _waits(page: str) -> bool:
    return 'id="approve"' in page
