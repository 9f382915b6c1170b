"""Nothing is served without a session, and nobody learns of a meeting that is not theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from governance.models import Role
from governance.services import people, settings, sign_in
from governance.services.settings import RoleKind
from governance.store.meetings import meeting_by_slug
from tests.web.conftest import Pages, csrf_of
from tests.web.scenes import ADMIN, CHAIR, SCRIBE, SLUG, in_order
from web.identity import OPEN_TO_ALL


def test_without_a_session_every_address_gives_the_same_page_whether_there_is_something_or_not(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.browser()

    answers = {path: browser.get(path) for path in ("/", f"/m/{SLUG}", f"/m/{SLUG}/live", "/m/none", "/nothing/here")}

    assert {answer.status_code for answer in answers.values()} == {401}
    assert len({answer.data for answer in answers.values()}) == 1
    assert "Mail me a one-time address" in answers["/"].text


def test_every_route_but_the_listed_ones_needs_a_session(pages: Pages) -> None:
    closed = [rule for rule in pages.app.url_map.iter_rules() if rule.endpoint not in OPEN_TO_ALL]

    statuses = {_ask(pages, rule) for rule in closed}

    assert statuses == {401}
    assert len(closed) >= 7


def test_the_listed_ones_are_the_sign_in_pages_the_links_of_mails_the_static_files_and_what_machines_ask() -> None:
    assert {endpoint.split(".")[0] for endpoint in OPEN_TO_ALL} == {
        *("action_links", "assets", "google_sign_in", "health", "notifications", "preferences", "sign_in"),
        "feeds",  # for calendar programs
    }
    assert "feeds.make" not in OPEN_TO_ALL


def test_an_administrator_sees_every_meeting(pages: Pages) -> None:
    in_order(pages.scene)

    assert pages.signed_in(ADMIN).get(f"/m/{SLUG}").status_code == 200


@pytest.mark.parametrize("lead", [CHAIR, SCRIBE])
def test_chair_and_scribe_see_their_meeting_and_no_other(pages: Pages, lead: str) -> None:
    in_order(pages.scene)
    in_order(pages.scene, "other", "Another meeting")
    _let_nobody_lead(pages, "other")
    browser = pages.signed_in(lead)

    assert browser.get(f"/m/{SLUG}").status_code == 200
    assert browser.get("/", follow_redirects=False).headers["Location"] == f"/m/{SLUG}"
    assert browser.get("/m/other").status_code == 404


def test_a_foreign_meeting_and_an_absent_one_get_the_identical_answer(pages: Pages) -> None:
    in_order(pages.scene)
    in_order(pages.scene, "other", "Another meeting")
    _let_nobody_lead(pages, "other")
    browser = pages.signed_in(CHAIR)

    for method, ending in (("get", ""), ("get", "/live"), ("get", "/next"), ("post", "/approve"), ("post", "/reject")):
        csrf = {"csrf": csrf_of(browser.get(f"/m/{SLUG}").text), "checksum": "0"}
        foreign = browser.open(f"/m/other{ending}", method=method, data=csrf if method == "post" else None)
        absent = browser.open(f"/m/none{ending}", method=method, data=csrf if method == "post" else None)

        assert (foreign.status_code, foreign.data) == (404, absent.data)


def test_a_chair_sees_the_meeting_until_the_end_of_the_last_day_where_it_is_held(pages: Pages) -> None:
    in_order(pages.scene)
    with pages.scene.database.writing() as session:
        session.execute(update(Role).values(last_day=pages.scene.now.date()))
    pages.scene.now = pages.scene.now.replace(hour=20)
    browser = pages.signed_in(CHAIR)

    pages.scene.now = pages.scene.now.replace(hour=22, minute=59)
    before_midnight_in_berlin = browser.get(f"/m/{SLUG}").status_code
    pages.scene.now = pages.scene.now.replace(hour=23, minute=0)
    at_midnight = browser.get(f"/m/{SLUG}").status_code

    assert (before_midnight_in_berlin, at_midnight) == (200, 401)


def test_an_administrator_is_one_only_as_long_as_the_configuration_says_so(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in("former.admin@example.com")

    assert browser.get(f"/m/{SLUG}").status_code == 401


def _ask(pages: Pages, rule: object) -> int:
    method = "POST" if "POST" in rule.methods else "GET"  # type: ignore[attr-defined]
    path = str(rule).replace("<slug>", SLUG).replace("<uuid:session_id>", "00000000-0000-0000-0000-000000000000")
    return pages.browser().open(path, method=method).status_code


def _let_nobody_lead(pages: Pages, slug: str) -> None:
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, slug)
        assert meeting is not None
        stranger = people.person_named(session, "stranger@example.com", "A Stranger")
        for kind in (RoleKind.CHAIR, RoleKind.SCRIBE):
            settings.set_role(session, meeting, kind, [stranger], actor="test", now=pages.scene.now - timedelta(days=1))
            settings.set_role(session, meeting, kind, [stranger], actor="test", now=pages.scene.now)


def test_a_page_that_breaks_is_logged_without_its_address(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The path of a sign-in address is a secret."""

    def broken(*_: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(sign_in, "link_is_open", broken)

    answer = pages.browser().get("/sign-in/very-secret-token")

    assert (answer.status_code, "Try again" in answer.text) == (500, True)
    assert "a page could not be shown" in caplog.text
    assert "very-secret-token" not in caplog.text
