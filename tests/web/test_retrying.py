"""Trouble on the page of a meeting: its reason, since when, when it is tried again, and one button to do so now."""

from __future__ import annotations

import html
from datetime import datetime, timedelta
from typing import Any

import pytest

from governance.models.calendar import Calendar
from governance.models.trouble import Breaker, Quarantine
from governance.services import ledger
from governance.store.meeting_page import calendars
from governance.store.meetings import meeting_by_slug
from tests.web.conftest import Pages, csrf_of, field_of
from tests.web.scenes import CHAIR, SLUG, Scene, in_order, newly_adopted

EVENT = f"event-{SLUG}"


@pytest.fixture(autouse=True)
def _meeting_in_order(scene: Scene) -> None:
    in_order(scene)


def test_without_trouble_there_is_no_button(pages: Pages) -> None:
    assert "Try again now" not in pages.signed_in(CHAIR).get(f"/m/{SLUG}").text


def test_an_event_that_is_set_aside_is_told_with_its_reason_its_beginning_and_its_next_try(pages: Pages) -> None:
    set_aside(pages.scene)

    page = shown(pages)

    assert "Check whom the service acts as. The occurrence" not in page
    assert (
        "Check whom the service acts as. One event of the invitation is set aside; the rest goes on. "
        "Google refuses it. It began 20 minutes ago. The service tries again in 40 minutes." in page
    )
    assert "One event is set aside" in page


@pytest.mark.parametrize("trouble", ["event", "meeting", "calendar"])
def test_one_click_has_it_tried_at_the_next_look(pages: Pages, trouble: str) -> None:
    {"event": set_aside, "meeting": meeting_waits, "calendar": calendar_waits}[trouble](pages.scene)
    browser = pages.signed_in(CHAIR)
    page = browser.get(f"/m/{SLUG}").text
    form = {"csrf": csrf_of(page), "what": field_of(page, "what", form=f"/m/{SLUG}/retry")}

    answer = browser.post(f"/m/{SLUG}/retry", data=form)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/m/{SLUG}")
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        [calendar] = calendars(session, meeting.id)
        waits = [*session.query(Quarantine.retry_at), (meeting.retry_at,), (calendar.retry_at,)]
        [asked] = [one for one in ledger.latest(session, meeting.id, 5) if one.act == "retry-asked"]
        assert (meeting.dirty, calendar.dirty) == (True, True)
    assert all(at is None or at <= pages.scene.now for (at,) in waits)
    assert (asked.actor, asked.source, asked.after["by"], asked.after["what"]) == ("person", "web", CHAIR, trouble)
    assert CHAIR not in asked.subject
    assert "Helena Marsh had trouble tried again at once" in shown(pages)


def test_a_click_makes_the_calendar_the_one_that_tries_for_its_account(pages: Pages) -> None:
    account_rests(pages.scene, code="google-unreachable")
    browser = pages.signed_in(CHAIR)
    page = browser.get(f"/m/{SLUG}").text
    assert "The account is left alone" in page
    what = field_of(page, "what", form=f"/m/{SLUG}/retry")

    # A calendar that has no trouble of its own waits for its account's.
    browser.post(f"/m/{SLUG}/retry", data={"csrf": csrf_of(page), "what": what})

    with pages.scene.database.reading() as session:
        breaker = session.query(Breaker).one()
    assert (breaker.open_until, str(breaker.probe_id)) == (pages.scene.now, what.removeprefix("calendar:"))


def test_where_google_has_named_the_wait_there_is_no_button_and_no_way_around_it(pages: Pages) -> None:
    account_rests(pages.scene, code="google-throttled")
    browser = pages.signed_in(CHAIR)
    page = browser.get(f"/m/{SLUG}").text

    browser.post(f"/m/{SLUG}/retry", data={"csrf": csrf_of(page), "what": f"calendar:{calendar_id(pages.scene)}"})

    assert "Try again now" not in page
    with pages.scene.database.reading() as session:
        assert session.query(Breaker.open_until).scalar() > pages.scene.now


@pytest.mark.parametrize("what", ["", "event:1", "seat:1", "event:00000000-0000-0000-0000-000000000000", "meeting"])
def test_what_is_in_no_trouble_leaves_everything_as_it_is(pages: Pages, what: str) -> None:
    browser = pages.signed_in(CHAIR)
    csrf = csrf_of(browser.get(f"/m/{SLUG}").text)

    answer = browser.post(f"/m/{SLUG}/retry", data={"csrf": csrf, "what": what})

    assert answer.status_code == 303
    assert retries(pages.scene) == 0


def test_trouble_of_another_meeting_cannot_be_touched(pages: Pages) -> None:
    newly_adopted(pages.scene, "product-council", "Product Council")
    set_aside(pages.scene)
    browser = pages.signed_in(CHAIR)
    page = browser.get(f"/m/{SLUG}").text
    form = {"csrf": csrf_of(page), "what": field_of(page, "what", form=f"/m/{SLUG}/retry")}

    browser.post("/m/product-council/retry", data=form)

    with pages.scene.database.reading() as session:
        assert session.query(Quarantine.retry_at).scalar() > pages.scene.now


def test_a_foreign_form_tries_nothing(pages: Pages) -> None:
    set_aside(pages.scene)
    browser = pages.signed_in(CHAIR)
    what = field_of(browser.get(f"/m/{SLUG}").text, "what", form=f"/m/{SLUG}/retry")

    assert browser.post(f"/m/{SLUG}/retry", data={"what": what}).status_code == 400
    assert retries(pages.scene) == 0


def test_the_page_that_follows_changes_follows_trouble(pages: Pages) -> None:
    browser = pages.signed_in(CHAIR)
    etag = browser.get(f"/m/{SLUG}/live").headers["ETag"]
    assert browser.get(f"/m/{SLUG}/live", headers={"If-None-Match": etag}).status_code == 304

    set_aside(pages.scene)

    answer = browser.get(f"/m/{SLUG}/live", headers={"If-None-Match": etag})
    assert (answer.status_code, "Try again now" in answer.text) == (200, True)


def set_aside(scene: Scene) -> None:
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        session.add(
            Quarantine(
                calendar_id=calendars(session, meeting.id)[0].id,
                event_id=EVENT,
                meeting_id=meeting.id,
                failures=5,
                since=scene.now - timedelta(minutes=20),
                last_at=scene.now,
                retry_at=scene.now + timedelta(minutes=40),
                **problem("write-ignored"),
            )
        )


def meeting_waits(scene: Scene) -> None:
    values = problem("meeting-trouble")
    scene.change_meeting(failures=3, retry_at=scene.now + timedelta(minutes=5), **values)


def calendar_waits(scene: Scene) -> None:
    with scene.database.writing() as session:
        row = session.query(Calendar).one()
        row.retry_at = scene.now + timedelta(minutes=5)
        for name, value in problem("google-not-found").items():
            setattr(row, name, value)


def account_rests(scene: Scene, *, code: str) -> None:
    until: datetime = scene.now + timedelta(seconds=50)
    with scene.database.writing() as session:
        session.add(Breaker(subject=CHAIR, failures=4, since=scene.now, open_until=until, **problem(code)))


def problem(code: str) -> dict[str, Any]:
    return {
        "problem_code": code,
        "problem_text": "Google refuses it",
        "problem_remedy": "Check whom the service acts as",
    }


def calendar_id(scene: Scene) -> str:
    with scene.database.reading() as session:
        return str(session.query(Calendar.id).scalar())


def retries(scene: Scene) -> int:
    with scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return sum(1 for one in ledger.latest(session, meeting.id, 50) if one.act == "retry-asked")


def shown(pages: Pages) -> str:
    """The page as it is read, without its marks."""
    import re

    text = pages.signed_in(CHAIR).get(f"/m/{SLUG}").text
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", text)).split())
