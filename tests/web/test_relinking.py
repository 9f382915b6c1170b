"""Going on in another event and letting go: pages send errands, and link exactly what was looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.domain.errand import ErrandKind, Found, FoundEvent, LookedAt
from governance.models.errand import Errand
from governance.reconcile.observed import Guest, ObservedEvent
from governance.services import errands
from governance.store.meetings import meeting_by_slug
from tests.web.acting import fields_of, words_of
from tests.web.conftest import Pages, csrf_of
from tests.web.scenes import CHAIR, SCRIBE, SLUG

RELINK, RELEASE = f"/m/{SLUG}/relink", f"/m/{SLUG}/release"
NEW, MALLORY = "event-anew", "mallory.quick@example.com"


@pytest.fixture
def pages(lively_pages: Pages) -> Pages:
    return lively_pages


@pytest.fixture
def chair(pages: Pages) -> FlaskClient:
    return pages.signed_in(CHAIR)


def sent(pages: Pages) -> list[tuple[str, dict[str, Any]]]:
    with pages.scene.database.reading() as session:
        rows = session.scalars(select(Errand).where(Errand.state == "waiting").order_by(Errand.id))
        return [(one.kind, one.asked_json) for one in rows]


def answered(pages: Pages, kind: ErrandKind, answer: dict[str, Any], slug: str = SLUG) -> UUID:
    """An errand that a worker has brought back."""
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, slug)
        how: dict[str, Any] = {"by": CHAIR, "actor": "test", "now": pages.scene.now, "meeting": meeting}
        errand = errands.send(session, kind, {}, **how)
        errands.done(errand, answer, pages.scene.now)
        return errand.id


def looked_at(pages: Pages, **more: Any) -> UUID:
    """The meeting's event made anew, with a stranger on it and without its newest delegates."""
    old = pages.scene.calendar.events[f"event-{SLUG}"]
    stranger = Guest(address=MALLORY, name="Mallory Quick")
    event: ObservedEvent = replace(old, id=NEW, guests=(*old.guests[:3], stranger), private_properties={}, **more)
    answer = LookedAt(
        google_id=CHAIR, subject=CHAIR, time_zone="Europe/Berlin", access_role="owner", event=event.to_json(), known={}
    )
    return answered(pages, ErrandKind.LOOK, answer.to_json())


def test_what_can_be_found_is_asked_of_a_worker_and_of_the_meetings_own_calendar(
    pages: Pages, chair: FlaskClient
) -> None:
    token = {"csrf": csrf_of(chair.get(RELINK).text), "calendar": "ceo@example.com", "subject": "ceo@example.com"}

    answer = chair.post(RELINK, data={**token, "step": "find"})
    chair.post(RELINK, data={**token, "step": "look", "event": "https://calendar.google.com/event?eid=x"})

    assert answer.headers["Location"].startswith("/errands/")
    assert chair.get(answer.headers["Location"]).status_code == 200
    assert sent(pages) == [
        ("find", {}),
        ("look", {"event": "https://calendar.google.com/event?eid=x"}),
    ]


def test_events_that_were_found_are_offered_with_organiser_date_and_number_of_guests(
    pages: Pages, chair: FlaskClient
) -> None:
    event = FoundEvent(
        event=NEW, summary="Group Steering Meeting", organizer=CHAIR, is_own=True,
        next_start=pages.scene.now + timedelta(days=3), guests=9,
    )  # fmt: skip
    found = Found(google_id=CHAIR, subject=CHAIR, time_zone="Europe/Berlin", events=(event,))
    errand = answered(pages, ErrandKind.FIND, found.to_json())

    led = chair.get(f"/errands/{errand}")
    page = chair.get(led.headers["Location"])

    assert led.headers["Location"] == f"{RELINK}?find={errand}"
    assert "Next on Thursday 26 November, 11:15 (Berlin), 9 guests, organised by helena.marsh" in words_of(page.text)


def test_looking_shows_what_would_follow_and_changes_nothing_but_linking_links_just_that(
    pages: Pages, chair: FlaskClient
) -> None:
    errand = looked_at(pages)

    page = chair.get(f"{RELINK}?look={errand}")
    form = fields_of_last(page.text)
    done = chair.post(RELINK, data={**form, "step": "do", "event": "something-else"})

    words = words_of(page.text)
    assert "Next on Thursday 26 November 2026, 10:00–11:00 (Berlin) Guests 4" in words
    assert "Mallory Quick" in words
    assert "Ivo Kovač" in words.split("Waits for your word")[1]
    assert done.status_code == 303
    assert sent(pages) == [("relink", {"event": NEW})]


def test_where_something_else_would_follow_by_now_nothing_is_linked(pages: Pages, chair: FlaskClient) -> None:
    form = fields_of_last(chair.get(f"{RELINK}?look={looked_at(pages)}").text)
    pages.scene.mandate("Marketing", "new.one@example.com")
    with pages.scene.database.writing() as session:
        from governance.services import people, seats

        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seats.seat_of(session, meeting, "Marketing")
        person = people.person_named(session, "new.one@example.com", "New One")
        seats.appoint(session, meeting, seat, person, actor="test", now=pages.scene.now)

    answer = chair.post(RELINK, data={**form, "step": "do"})

    assert answer.status_code == 409
    assert "something else would follow by now" in answer.text
    assert sent(pages) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"organizer_is_calendar": False, "organizer": "ceo@example.com"}, "Choose an event that this calendar"),
        ({"recurrence": ()}, "Make the event recurring"),
    ],
)
def test_an_event_that_cannot_carry_the_meeting_is_refused_in_words(
    pages: Pages, chair: FlaskClient, more: dict[str, Any], told: str
) -> None:
    page = chair.get(f"{RELINK}?look={looked_at(pages, **more)}")

    assert told in words_of(page.text)
    assert "Go on in this event</button>" not in page.text


def test_an_errand_of_another_meeting_or_on_its_way_is_absent(pages: Pages, chair: FlaskClient) -> None:
    pages.scene.adopt("other", "Another")
    foreign = answered(pages, ErrandKind.LOOK, {}, "other")

    assert chair.get(f"{RELINK}?look={foreign}").status_code == 404
    assert chair.get(f"{RELINK}?look=nonsense").status_code == 404


def test_a_release_wants_the_name_of_the_meeting_and_says_what_goes_and_stays(pages: Pages, chair: FlaskClient) -> None:
    page = chair.get(RELEASE)
    form = fields_of(page.text)

    refused = chair.post(RELEASE, data=form | {"typed": "Steering"})
    nothing = sent(pages)
    done = chair.post(RELEASE, data=form | {"typed": "group steering meeting"})

    assert "What stays Every guest, with the answer they gave" in words_of(page.text)
    assert (refused.status_code, nothing) == (422, [])
    assert done.status_code == 303
    assert sent(pages) == [("release", {})]


def test_the_scribe_neither_relinks_nor_releases(pages: Pages) -> None:
    scribe = pages.signed_in(SCRIBE)

    assert [scribe.get(one).status_code for one in (RELINK, RELEASE)] == [404, 404]
    assert "Release" not in words_of(scribe.get(f"/m/{SLUG}").text)


def fields_of_last(page: str) -> dict[str, str]:
    """The hidden fields of the page's form with the one button."""
    return fields_of(page.replace('<form class="decide"', '<form class="card asks"'))
