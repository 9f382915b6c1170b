"""The roster's page: what it says, to whom, and that it costs the same for one seat and for two thousand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from governance.database import Database
from governance.models import Address, Department, Deputy, Mandate, Person, Seat, Tenure
from governance.models.identifiers import new_id
from governance.services import people, sponsors
from governance.services.seats import department_named
from governance.store.meetings import meeting_by_slug
from governance.store.roster_page import roster_rows
from governance.store.rosters import load_roster
from tests.web.acting import PAGE, AtTheForms, everything, words_of
from tests.web.conftest import Pages, config_for
from tests.web.scenes import CHAIR, SLUG, Scene, in_order
from web import create_app

FAY = "fay.farah@example.com"


def test_looking_at_the_roster_and_its_forms_changes_no_row(lively_pages: Pages) -> None:
    chair = AtTheForms(lively_pages.signed_in(CHAIR))
    seat = chair.seat("Finance")
    before = everything(lively_pages)

    for path in (PAGE, f"{PAGE}/cap", f"{PAGE}/hand-over?seat={seat}"):
        assert chair.browser.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200

    assert everything(lively_pages) == before


def test_it_says_who_sits_for_whom_on_whose_word_until_when_and_who_comes(lively_pages: Pages) -> None:
    words = words_of(AtTheForms(lively_pages.signed_in(CHAIR)).page())

    assert "7 of at most 12 seats are held, 1 is vacant" in words
    assert "Finance AO Amara Okafor Confirmed Until 11 Jun 2027, up to EUR 250,000, 200 days left" in words
    assert "Jonas Weber Coming" in words
    assert "Operations AM Anna Meier Ends in 9 days Recorded, until 2 Dec 2026" in words
    assert "Tomás Vidal no mandate Maybe" in words
    assert "Marketing Vacant" in words
    assert "Greta Lindqvist visits on 26 Nov 2026 presents the audit of the third quarter" in words


def test_it_is_reached_from_the_meeting_s_page(lively_pages: Pages) -> None:
    page = lively_pages.signed_in(CHAIR).get(f"/m/{SLUG}").text

    assert f'href="{PAGE}"' in page


def test_a_sponsor_sees_their_own_seat_whole_and_of_the_others_who_sits(lively_pages: Pages) -> None:
    scene = lively_pages.scene
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        fay = people.person_named(session, FAY, "Fay Farah")
        finance = department_named(session, "Finance")
        sponsors.name_sponsor(session, meeting, finance, fay, actor="test", now=scene.now)

    page = AtTheForms(lively_pages.signed_in(FAY)).page()

    assert "Sponsor: Fay Farah" in page
    assert "up to EUR 250,000" in words_of(page)
    assert "Ivo Kovač" in page
    assert "Tomás Vidal" not in page
    assert "Greta Lindqvist" not in page
    assert "<summary" not in page


def test_a_foreign_roster_and_an_absent_one_get_the_identical_answer(pages: Pages) -> None:
    in_order(pages.scene)
    stranger = pages.signed_in("amara.okafor@example.com")
    pages.scene.adopt("other", "Another meeting")

    for ending in ("roster", "roster/cap"):
        foreign, absent = stranger.get(f"/m/other/{ending}"), stranger.get(f"/m/none/{ending}")

        assert (foreign.status_code, foreign.data) == (404, absent.data)


def test_the_page_reads_the_same_roster_as_the_reconciler(database: Database) -> None:
    """Two ways to read one roster must not tell two stories."""
    scene = Scene(database)
    in_order(scene)
    scene.deputy("Finance", "Jonas Weber", "jonas.weber@example.com")
    scene.visitor("Greta Lindqvist", "greta.lindqvist@example.com", "audit")
    scene.vacant("Marketing")

    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        shown, judged = roster_rows(session, meeting).roster, load_roster(session, meeting)

    without_membership = tuple(replace(seat, department_people=frozenset()) for seat in judged.seats)
    assert shown == replace(judged, seats=without_membership, always_allowed=frozenset())


@pytest.fixture
def measured(database: Database, statements: Callable[[], list[str]]) -> Callable[[int], list[str]]:
    """The statements that the chair's look at a roster of so many seats takes."""
    scene = Scene(database)
    pages = Pages(create_app(config_for(), database, clock=lambda: scene.now), scene)

    def measure(seats: int) -> list[str]:
        slug = f"meeting-{seats}"
        scene.adopt(slug, slug, cap=200)
        _fill(scene, slug, seats)
        browser = pages.signed_in(CHAIR)
        statements()

        answer = browser.get(f"/m/{slug}/roster")

        assert answer.status_code == 200
        assert answer.text.count('<tr role="row" id="seat-') == seats
        return [one for one in statements() if one.lstrip().upper().startswith(("SELECT", "WITH"))]

    return measure


@pytest.mark.one_engine
def test_one_seat_fifty_and_two_thousand_take_the_same_few_statements(
    measured: Callable[[int], list[str]],
) -> None:
    taken = [measured(1), measured(50), measured(2000)]

    assert [len(one) for one in taken] == [len(taken[0])] * 3
    # Two say who may what, six are the page's.
    assert len(taken[0]) <= 2 + 6, taken[0]


def _fill(scene: Scene, slug: str, seats: int) -> None:
    """Seats with delegate, mandate and deputy, as rows: through the services it would take minutes."""
    today = scene.now.date()
    rows: dict[type, list[dict[str, object]]] = {
        model: [] for model in (Person, Address, Department, Seat, Tenure, Deputy, Mandate)
    }
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, slug)
        assert meeting is not None
        for number in range(seats):
            name = f"{slug} {number}"
            department, seat = new_id(), new_id()
            rows[Department].append({"id": department, "name": name, "folded": name, "version": 1})
            rows[Seat].append(
                {"id": seat, "meeting_id": meeting.id, "department_id": department, "opened_on": today, "version": 1}
            )
            for model, kind in ((Tenure, "holder"), (Deputy, "deputy")):
                person = new_id()
                address = f"{kind}.{number}.{slug}@example.com"
                rows[Person].append({"id": person, "name": f"{kind} {name}", "version": 1})
                rows[Address].append(
                    {"id": new_id(), "folded": address, "person_id": person, "as_given": address, "is_primary": True}
                )
                term = {"id": new_id(), "seat_id": seat, "person_id": person, "first_day": today}
                rows[model].append(term | ({"rank": 1} if model is Deputy else {}))
                rows[Mandate].append(
                    term
                    | {"id": new_id(), "scope": "all", "state": "recorded", "recorded_by": "test", "at": scene.now}
                    | {"last_day": today + timedelta(days=100)}
                )
        for model, some in rows.items():
            session.execute(insert(model), some)
