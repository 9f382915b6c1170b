"""The first page: what needs whom, across all meetings; how to begin where there is none."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

from sqlalchemy import update

from governance.domain.roster import MandateState
from governance.models import Department, Role
from governance.services import people, seats, settings
from governance.services.settings import RoleKind
from governance.services.sponsors import name_sponsor
from governance.store.meetings import meeting_by_slug
from tests.web.conftest import Pages, csrf_of, field_of
from tests.web.scenes import ADMIN, CHAIR, SLUG, in_order, lively, newly_adopted

SPONSOR = "vera.head@example.com"


def test_an_empty_installation_leads_the_administrator_step_by_step(pages: Pages) -> None:
    page = _text(pages.signed_in(ADMIN).get("/").text)

    page = page.lower()
    steps = [
        "governance check",
        "governance run",
        "adopt the weekly event",
        "meeting find",
        "meeting adopt",
        "roster import",
        "read the first plan",
    ]
    assert [page.find(step) for step in steps] == sorted(page.find(step) for step in steps)
    assert "adopt the first meeting" in page


def test_who_has_one_meeting_and_nothing_to_do_is_led_straight_to_it(pages: Pages) -> None:
    in_order(pages.scene)

    assert pages.signed_in(CHAIR).get("/").headers["Location"] == f"/m/{SLUG}"
    assert pages.signed_in("amara.okafor@example.com").get("/").headers["Location"] == f"/m/{SLUG}"


def test_a_plan_that_waits_comes_first_until_somebody_has_decided(pages: Pages) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in(CHAIR)

    before = _text(browser.get("/").text)
    page = browser.get(f"/m/{SLUG}").text
    form = {"csrf": csrf_of(page), "checksum": field_of(page, "checksum")}
    browser.post(f"/m/{SLUG}/reject", data=form)

    assert "1 thing needs you Decide on 10 changes to the invitation. Its first plan waits" in before
    assert browser.get("/").status_code == 303


def test_the_chair_is_told_of_questions_mandates_and_vacant_seats(pages: Pages) -> None:
    lively(pages.scene)

    page = _text(pages.signed_in(CHAIR).get("/").text)

    declined = "Priya Raman declined Thursday 26 Nov 2026, 10:00 (Berlin), and nobody sits for People & Culture."
    assert f"Answer 1 question about the invitation. {declined}" in page
    assert "See to 2 mandates. The mandate of Anna Meier for Operations ends in 9 days" in page
    assert "Fill 1 seat. The seat of Marketing is vacant." in page


def test_an_administrator_is_told_of_trouble_and_of_what_waits_but_fills_no_seats(pages: Pages) -> None:
    lively(pages.scene)
    pages.scene.change_meeting(
        problem_code="google-forbidden", problem_remedy="Share the calendar", problem_text="Google refuses"
    )

    page = _text(pages.signed_in(ADMIN).get("/").text)

    assert "1 thing needs you Share the calendar. Google refuses." in page
    assert "Marketing" not in page


def test_a_delegate_is_told_what_is_missing_of_theirs_and_nothing_of_others(pages: Pages) -> None:
    lively(pages.scene)

    legal = _text(pages.signed_in("henrik.sorensen@example.com").get("/").text)
    culture = _text(pages.signed_in("priya.raman@example.com").get("/").text)

    assert "1 thing needs you Ask your sponsor to say what you may decide. The mandate of Henrik Sørensen" in legal
    assert "Anna Meier" not in legal
    assert "Ask your deputy to sit for you, or come after all. Priya Raman declined" in culture


def test_a_sponsor_is_asked_for_the_mandates_of_their_own_department_alone(pages: Pages) -> None:
    scene = pages.scene
    scene.adopt()
    scene.roster(without_mandate=("Finance", "Legal", "Research"))
    soon = scene.now.date() + timedelta(days=9)
    scene.mandate("Legal", "henrik.sorensen@example.com", last_day=soon)
    scene.mandate("Research", "elif.aydin@example.com", state=MandateState.DECLINED)
    for department in ("Finance", "Legal", "Research", "IT Security"):
        _sponsor(pages, department)

    page = _text(pages.signed_in(SPONSOR).get("/").text)

    assert "2 things need you" in page
    assert "Say what Amara Okafor may decide for Finance." in page
    assert "Renew what Henrik Sørensen may decide for Legal. The mandate ends in 9 days, on 2 Dec 2026." in page
    for other in ("Elif", "Ivo", "Anna"):
        assert other not in page


def test_a_renewal_that_is_there_already_needs_nobody(pages: Pages) -> None:
    scene = pages.scene
    scene.adopt()
    scene.roster(without_mandate=("Legal",))
    soon = scene.now.date() + timedelta(days=9)
    scene.mandate("Legal", "henrik.sorensen@example.com", last_day=soon)
    scene.mandate("Legal", "henrik.sorensen@example.com", first_day=soon + timedelta(days=1))
    _sponsor(pages, "Legal")

    assert pages.signed_in(SPONSOR).get("/").status_code == 303


def test_several_meetings_are_listed_below_the_gravest_first_and_foreign_ones_not_at_all(pages: Pages) -> None:
    in_order(pages.scene)
    newly_adopted(pages.scene, "product-council", "Product Council")
    in_order(pages.scene, "foreign", "A Foreign Meeting")
    with pages.scene.database.writing() as session:
        foreign = meeting_by_slug(session, "foreign")
        assert foreign is not None
        stranger = people.person_named(session, "stranger@example.com", "A Stranger")
        past = {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 2)}
        session.execute(update(Role).where(Role.meeting_id == foreign.id).values(**past))
        settings.set_role(session, foreign, RoleKind.CHAIR, [stranger], actor="test", now=pages.scene.now)

    page = _text(pages.signed_in(CHAIR).get("/").text)

    assert "1 thing needs you Decide on 10 changes to the invitation." in page
    assert page.index("Decide on") < page.index("Group Steering Meeting")
    assert "Foreign" not in page


def test_a_meeting_without_seats_says_how_to_fill_them(pages: Pages) -> None:
    pages.scene.adopt()

    assert "Fill the first seats. Nobody has one yet." in _text(pages.signed_in(ADMIN).get("/").text)


def _sponsor(pages: Pages, department: str) -> None:
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seats.seat_of(session, meeting, department)
        sponsor = people.person_named(session, SPONSOR, "Vera Head")
        found = session.get(Department, seat.department_id)
        assert found is not None
        name_sponsor(session, meeting, found, sponsor, actor="test", now=pages.scene.now)


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())
