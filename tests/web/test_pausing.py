"""A meeting rests on its chair's word: what that means is said first, and nothing is written meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from governance.models import Calendar
from governance.reconcile.observed import Guest
from governance.services import settings
from governance.store.meetings import meeting_by_slug, pauses
from tests.web.acting import everything, fields_of, words_of
from tests.web.conftest import Pages
from tests.web.scenes import CHAIR, SCRIBE, SLUG

PAUSE = f"/m/{SLUG}/pause"
MALLORY = "mallory.quick@example.com"


@pytest.fixture
def pages(lively_pages: Pages) -> Pages:
    return lively_pages


@pytest.fixture
def chair(pages: Pages) -> FlaskClient:
    return pages.signed_in(CHAIR)


def send(browser: FlaskClient, step: str, **typed: str) -> int:
    form = fields_of(browser.get(PAUSE).text) | {"step": step} | typed
    return browser.post(PAUSE, data=form).status_code


def rests(pages: Pages) -> list[str]:
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return [str(one.last_day) for one in pauses(session, meeting.id)]


def invited(pages: Pages) -> set[str | None]:
    return {guest.address for guest in pages.scene.calendar.events[f"event-{SLUG}"].guests}


def test_a_day_that_is_over_pauses_nothing_and_stays_typed(pages: Pages, chair: FlaskClient) -> None:
    before = everything(pages)
    form = fields_of(chair.get(PAUSE).text) | {"step": "pause", "until": "2026-11-22"}

    answer = chair.post(PAUSE, data=form)

    assert answer.status_code == 422
    assert "Choose a day from 23 Nov 2026 on" in words_of(answer.text)
    assert fields_of(answer.text)["until"] == "2026-11-22"
    assert everything(pages) == before


def test_nothing_is_written_while_it_is_paused_and_what_waits_is_said_before_resuming(
    pages: Pages, chair: FlaskClient
) -> None:
    assert "Nothing is written to the invitation" in words_of(chair.get(PAUSE).text)
    assert send(chair, "pause") == 303

    pages.scene.calendar.forward(f"event-{SLUG}", Guest(address=MALLORY, name="Mallory Quick"))
    pages.scene.cycle()
    paused, meeting = words_of(chair.get(PAUSE).text), words_of(chair.get(f"/m/{SLUG}").text)
    kept = MALLORY in invited(pages)
    assert send(pages.signed_in(SCRIBE), "resume") == 303
    pages.scene.cycle()

    assert kept
    assert "1 thing will be put right at the next look" in paused
    assert "Mallory Quick" in paused
    assert "It is paused until somebody resumes it" in paused
    assert "The invitation is paused" in meeting
    assert "Resume …" in meeting
    assert MALLORY not in invited(pages)
    assert rests(pages) == []


def test_a_pause_until_a_day_ends_by_itself_and_another_day_replaces_it(pages: Pages, chair: FlaskClient) -> None:
    send(chair, "pause", until="2026-12-01")
    first = rests(pages)
    send(chair, "pause", until="2026-12-24")

    assert (first, rests(pages)) == (["2026-12-01"], ["2026-12-24"])
    assert "It is paused until 24 Dec 2026, that day included" in words_of(chair.get(PAUSE).text)


def test_a_pause_whose_last_day_is_over_is_none_any_more(pages: Pages, chair: FlaskClient) -> None:
    send(chair, "pause", until="2026-11-24")
    pages.scene.now += timedelta(days=2)

    shown = words_of(pages.signed_in(CHAIR).get(PAUSE).text)

    assert "It is not paused" in shown
    assert "Resume" not in shown


@pytest.mark.parametrize("days", [(None, date(2026, 11, 22)), (date(2026, 11, 24), None)], ids=["over", "to come"])
def test_of_all_meetings_only_the_pause_of_today_is_told(
    pages: Pages, chair: FlaskClient, days: tuple[date | None, date | None]
) -> None:
    def pause_all(first_day: date | None, last_day: date | None) -> str:
        with pages.scene.database.writing() as session:
            settings.pause(
                session, None, by="test", actor="test", now=pages.scene.now, first_day=first_day, last_day=last_day
            )
        return words_of(chair.get(PAUSE).text)

    assert "All meetings are paused" not in pause_all(*days)
    assert "All meetings are paused" in pause_all(date(2026, 11, 23), date(2026, 11, 23))


def test_of_a_calendar_that_may_only_be_read_nothing_is_promised(pages: Pages, chair: FlaskClient) -> None:
    pages.scene.calendar.forward(f"event-{SLUG}", Guest(address=MALLORY, name="Mallory Quick"))
    pages.scene.cycle()
    with pages.scene.database.writing() as session:
        session.execute(update(Calendar).values(access_role="reader"))

    before = words_of(chair.get(PAUSE).text)
    send(chair, "pause")
    paused = words_of(chair.get(PAUSE).text)

    assert "Nothing would be written now in any case. Share the calendar" in before
    assert "Nothing will be written, also when it is resumed. Share the calendar" in paused
    assert "will be put right" not in before + paused


def test_who_leads_nothing_finds_no_such_page(pages: Pages) -> None:
    assert pages.signed_in("amara.okafor@example.com").get(PAUSE).status_code == 404
