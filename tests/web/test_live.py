"""The part of the page that follows what happens: sent anew only when there is news."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from governance.reconcile.observed import Guest
from governance.services.settings import pause
from governance.store.meetings import meeting_by_slug
from tests.web.conftest import Pages
from tests.web.scenes import SLUG, Scene, in_order


def test_without_news_nothing_is_sent(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in()
    etag = browser.get(f"/m/{SLUG}/live").headers["ETag"]
    pages.scene.now = pages.scene.now.replace(second=40)
    pages.scene.heartbeat()

    answer = browser.get(f"/m/{SLUG}/live", headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")


def test_the_page_carries_the_etag_with_which_it_asks(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in()

    page = browser.get(f"/m/{SLUG}").text
    etag = browser.get(f"/m/{SLUG}/live").headers["ETag"]

    assert f"""hx-headers='{{"If-None-Match": "\\"{etag.strip('"')}\\""}}'""" in page
    assert 'hx-trigger="every 15s, look from:body"' in page


def test_the_part_is_the_part_of_the_page(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in()

    assert browser.get(f"/m/{SLUG}/live").text.strip() in browser.get(f"/m/{SLUG}").text


def _a_guest_answers(scene: Scene) -> None:
    scene.now = scene.now.replace(second=10)
    scene.answers(amara="declined")
    scene.cycle()


def _somebody_is_uninvited(scene: Scene) -> None:
    scene.calendar.forward(f"event-{SLUG}", Guest(address="mallory.quick@example.com"))
    scene.cycle()


def _the_meeting_is_paused(scene: Scene) -> None:
    with scene.database.writing() as session:
        pause(session, meeting_by_slug(session, SLUG), by="x", actor="test", now=scene.now)


def _all_meetings_are_paused(scene: Scene) -> None:
    with scene.database.writing() as session:
        pause(session, None, by="x", actor="test", now=scene.now)


def _a_deputy_is_named(scene: Scene) -> None:
    scene.deputy("Finance", "Jonas Weber", "jonas.weber@example.com")


def _there_is_trouble(scene: Scene) -> None:
    scene.change_meeting(problem_code="x", problem_remedy="Share the calendar")


def _a_minute_passes(scene: Scene) -> None:
    scene.pass_time(minutes=1)


@pytest.mark.parametrize(
    "happens",
    [
        _a_guest_answers,
        _somebody_is_uninvited,
        _the_meeting_is_paused,
        _all_meetings_are_paused,
        _a_deputy_is_named,
        _there_is_trouble,
        _a_minute_passes,
    ],
)
def test_with_news_the_part_is_sent_anew(pages: Pages, happens: Callable[[Scene], None]) -> None:
    in_order(pages.scene)
    browser = pages.signed_in()
    before = browser.get(f"/m/{SLUG}/live")

    happens(pages.scene)
    after = browser.get(f"/m/{SLUG}/live", headers={"If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_page_of_another_session_is_never_taken_for_one_s_own(pages: Pages) -> None:
    """The forms differ by their tokens, so an etag of one session must not satisfy another."""
    in_order(pages.scene)
    etag = pages.signed_in().get(f"/m/{SLUG}/live").headers["ETag"]

    assert pages.signed_in().get(f"/m/{SLUG}/live", headers={"If-None-Match": etag}).status_code == 200


def test_a_session_that_ended_makes_the_page_load_itself_anew(pages: Pages) -> None:
    in_order(pages.scene)

    answer = pages.browser().get(f"/m/{SLUG}/live", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")
