"""What somebody is comes from the rows in one statement, on either database, and is over when the row is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from governance.database import Database
from governance.domain.access import Act, Kind, Thing, Who, actor_of, may
from governance.models import Application, Deputy, Occurrence, Role, Seat, Sponsor, StandIn, Tenure
from governance.services.people import add_alias
from governance.store.home import Whose as WishesOf
from governance.store.home import wishes
from governance.store.meetings import meeting_by_slug
from governance.store.standing_of_people import standing_of_address, standing_of_person
from tests.access.asking import asker
from tests.access.canaries import word
from tests.access.expectations import ANY_ROLE
from tests.access.situation import ADDRESSES, FOREIGN, OWN, Situation, Whose, build

IN_A_MEETING = sorted(ANY_ROLE - {Who.ADMINISTRATOR})


@pytest.fixture
def built(database: Database) -> Situation:
    """On each database, and to be changed."""
    return build(database)


def test_each_is_what_the_rows_say_and_in_no_other_meeting(built: Situation) -> None:
    with built.database.reading() as session:
        own, foreign = (meeting_by_slug(session, slug) for slug in (OWN, FOREIGN))
        assert own is not None
        assert foreign is not None
        found = {who: standing_of_address(session, ADDRESSES[who]) for who in Who}
        again = {who: standing_of_person(session, one.id) for who, one in found.items() if one.id}
        applicant = found[Who.APPLICANT].id
        whose = WishesOf(led=(), sponsored=(), held=(), stood_in=(), person=applicant, applicant=applicant)
        applied = wishes(session, whose, built.scene.now, soon=timedelta(days=3)).asked
    held = {who: actor_of(one.id, one.standings, built.scene.now).held for who, one in found.items()}

    assert {who: {one.who for one in roles} for who, roles in held.items()} == {
        **{who: {who} for who in IN_A_MEETING},
        Who.ADMINISTRATOR: set(),
        Who.NOBODY: set(),
    }
    assert {one.meeting for roles in held.values() for one in roles} == {own.id}
    assert {who: set(one.standings) for who, one in again.items()} == {
        who: set(one.standings) for who, one in found.items() if one.id
    }
    assert [(one.meeting_id, one.department) for one in applied] == [(own.id, word("department"))]


def test_it_takes_one_statement(changing: Situation) -> None:
    with changing.database.reading() as session, changing.statements() as sent:
        standing_of_address(session, ADDRESSES[Who.DELEGATE])

    assert len(sent) == 1


def test_a_page_asks_twice_who_may_what_the_session_and_the_roles(changing: Situation) -> None:
    """The third is the meeting itself, looked for among those the table allows, the fourth when it takes place."""
    delegate = asker(changing, Who.DELEGATE)

    with changing.statements() as sent:
        assert delegate.browser.get(f"/m/{OWN}/next").status_code == 303

    assert len(sent) == 4


def test_an_alias_is_the_same_person(changing: Situation) -> None:
    with changing.database.writing() as session:
        add_alias(session, ADDRESSES[Who.SPONSOR], "second@example.com", actor="test", now=changing.scene.now)
    with changing.database.reading() as session:
        first, second = (standing_of_address(session, one) for one in (ADDRESSES[Who.SPONSOR], "second@example.com"))

    assert first == second
    assert first.standings


def test_an_address_of_nobody_has_no_owner_and_no_role(changing: Situation) -> None:
    with changing.database.reading() as session:
        found = standing_of_address(session, "unheard.of@example.com")

    assert (found.id, found.standings) == (None, ())


Ending = Callable[[Any], Any]


def _last_day(table: Any) -> Ending:
    return lambda today: update(table).values(first_day=today - timedelta(days=9), last_day=today - timedelta(days=1))


ENDINGS: dict[Who, Ending] = {
    Who.CHAIR: _last_day(Role),
    Who.ACTING_CHAIR: _last_day(Role),
    Who.SCRIBE: _last_day(Role),
    Who.LEADERSHIP: _last_day(Role),
    Who.DELEGATE: _last_day(Tenure),
    Who.DEPUTY: _last_day(Deputy),
    Who.SPONSOR: _last_day(Sponsor),
    Who.STAND_IN: lambda _today: delete(StandIn),
    Who.APPLICANT: lambda _today: update(Application).values(closed_at=Application.at, outcome="declined"),
}


@pytest.mark.parametrize("who", IN_A_MEETING)
def test_a_session_is_over_at_the_first_request_after_the_end_of_the_role(changing: Situation, who: Who) -> None:
    somebody, stranger = asker(changing, who), asker(changing, None)
    before = somebody.browser.get("/").status_code

    with changing.database.writing() as session:
        session.execute(ENDINGS[who](changing.scene.now.date()))

    after = somebody.browser.get("/")
    assert before in (200, 303)
    assert (after.status_code, without_token(after.text)) == (401, without_token(stranger.browser.get("/").text))
    assert somebody.browser.get(f"/m/{changing.slug(Whose.OWN)}").status_code == 401


@pytest.mark.parametrize("who", [Who.STAND_IN, Who.DELEGATE, Who.DEPUTY, Who.SPONSOR, Who.APPLICANT])
def test_a_seat_that_is_closed_leaves_nobody_anything(changing: Situation, who: Who) -> None:
    somebody = asker(changing, who)

    with changing.database.writing() as session:
        session.execute(update(Seat).values(closed_on=changing.scene.now.date()))

    assert somebody.browser.get("/").status_code == 401


def test_nobody_stands_in_at_an_occurrence_that_is_cancelled(changing: Situation) -> None:
    somebody = asker(changing, Who.STAND_IN)

    with changing.database.writing() as session:
        session.execute(update(Occurrence).values(cancelled=True))

    assert somebody.browser.get("/").status_code == 401


def test_what_is_left_of_two_roles_is_what_the_other_gives(changing: Situation) -> None:
    """The delegate is made a deputy elsewhere: when the seat goes, the page shows less, and the session goes on."""
    delegate = asker(changing, Who.DELEGATE)
    with changing.database.writing() as session:
        meeting = meeting_by_slug(session, OWN)
        assert meeting is not None
        person = standing_of_address(session, ADDRESSES[Who.DELEGATE]).id
        session.add(
            Role(meeting_id=meeting.id, person_id=person, kind="leadership", first_day=changing.scene.now.date())
        )
    before = delegate.browser.get(f"/m/{OWN}").text

    with changing.database.writing() as session:
        session.execute(ENDINGS[Who.DELEGATE](changing.scene.now.date()))
    after = delegate.browser.get(f"/m/{OWN}")

    assert word("deputy") in before
    assert (after.status_code, word("deputy") in after.text) == (200, False)


def test_an_administrator_needs_no_row_at_all(changing: Situation) -> None:
    administrator = asker(changing, Who.ADMINISTRATOR)

    assert administrator.browser.get(f"/m/{FOREIGN}").status_code == 200


def test_a_session_of_an_administrator_who_is_one_no_more_keeps_what_the_person_is(changing: Situation) -> None:
    """Opened as an administrator's, but the configuration names somebody else now."""
    with changing.database.writing() as session:
        session.add(changing.session_of(ADDRESSES[Who.LEADERSHIP], "former", "csrf", is_admin=True))
    browser = changing.app.test_client()
    browser.set_cookie("governance", "former")

    page = browser.get(f"/m/{OWN}")

    assert page.status_code == 200
    assert word("mandate scope") not in page.text
    assert browser.get(f"/m/{FOREIGN}").status_code == 404


def test_the_right_to_decide_is_that_of_the_meeting_it_is_asked_for(changing: Situation) -> None:
    with changing.database.reading() as session:
        own, foreign = (meeting_by_slug(session, slug) for slug in (OWN, FOREIGN))
        assert own is not None
        assert foreign is not None
        found = standing_of_address(session, ADDRESSES[Who.SCRIBE])
        scribe = actor_of(found.id, found.standings, changing.scene.now)

    decides = [may(scribe, Act.DECIDE, Thing(Kind.INVITATION, one.id)) for one in (own, foreign)]

    assert decides == [True, False]


def without_token(page: str) -> str:
    """The form for signing in carries the browser's own token."""
    return re.sub(r'name="csrf" value="[^"]+"', "", page)
