"""Sponsors hear at most once a week, and only of what concerns their departments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.models import Decision, MailPreference, Ratification, Sponsor
from governance.services import people, seats, sponsors
from governance.services.mailing.posting import post_all
from governance.services.summaries.sponsors import sponsor_posts, week_of
from governance.store.seats import department_of
from tests.support.decided import closed, draft
from tests.web.briefed import A_WEEK, the_meeting
from tests.web.scenes import SLUG, ZONE, Scene, in_order

MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)
"""Eight in Berlin."""

LAST_WEEK = date(2026, 11, 26)
SPONSOR, OTHER = "vera.head@example.com", "boris.head@example.com"


@pytest.fixture
def scene(sqlite_database: Database) -> Scene:
    return sponsored(sqlite_database)


def sponsored(database: Database) -> Scene:
    """Two departments have a sponsor; all sit in one meeting."""
    scene = Scene(database)
    in_order(scene)
    for department, address in (("Finance", SPONSOR), ("Legal", OTHER)):
        sponsor_of(scene, department, address)
    return scene


def sponsor_of(scene: Scene, department: str, address: str) -> None:
    with scene.database.writing() as session:
        meeting, person = the_meeting(session), people.person_named(session, address, "A Head")
        of = department_of(session, seats.seat_of(session, meeting, department))
        sponsors.name_sponsor(session, meeting, of, person, actor="test", now=scene.now)


def seat(session: Session, department: str) -> UUID:
    return seats.seat_of(session, the_meeting(session), department).id


def close(scene: Scene, seq: int, title: str, *, brought: str | None = "Finance", **more: Any) -> UUID:
    with scene.database.writing() as session:
        by = seat(session, brought) if brought else None
        return closed(session, the_meeting(session), seq, title, seat_id=by, **{"on": LAST_WEEK} | more).id


def told(scene: Scene, now: datetime = MONDAY) -> dict[str, list[str]]:
    """Titles by the address of who hears of them; nothing is written."""
    with scene.database.reading() as session:
        known = {people.person_named(session, one).id: one for one in (SPONSOR, OTHER)}
        found = sponsor_posts(session, now, ZONE)
        return {
            known[one.to]: [line["title"] for line in one.facts.closed]  # type: ignore[index, union-attr]
            for one in found
        }


def post(scene: Scene, now: datetime = MONDAY) -> int:
    with scene.database.writing() as session:
        return post_all(session, None, sponsor_posts(session, now, ZONE), now=now)


def test_nothing_is_said_where_nothing_concerns_them(scene: Scene) -> None:
    close(scene, 1, "Of another department", brought="Research")
    close(scene, 2, "Of nobody", brought=None)

    assert told(scene) == {}


def test_what_a_department_brought_is_told_with_number_owner_and_date(scene: Scene) -> None:
    with scene.database.writing() as session:
        owner = people.person_named(session, "anna.meier@example.com").id
    close(scene, 7, "Refunds on the same day", owner_person_id=owner, customer="Fjordfisk")

    with scene.database.reading() as session:
        (found,) = sponsor_posts(session, MONDAY, ZONE)

    assert found.about == "2026-W49"
    assert found.facts.closed == [  # type: ignore[union-attr]
        {
            "meeting": "Group Steering Meeting", "slug": SLUG, "number": "D-2026-007", "owner": "Anna Meier",
            "title": "Refunds on the same day", "due_on": "2026-12-10", "customer": "Fjordfisk",
        }
    ]  # fmt: skip


def test_what_a_department_pays_owns_or_was_asked_about_is_told_as_well(database: Database) -> None:
    scene = sponsored(database)
    with scene.database.writing() as session:
        payer, delegate = seat(session, "Finance"), people.person_named(session, "amara.okafor@example.com").id
    close(scene, 1, "Paid", brought="Research", payer_seat_id=payer)
    close(scene, 2, "Owned", brought="Research", owner_person_id=delegate)
    with scene.database.writing() as session:
        beyond = draft(session, the_meeting(session), "Beyond", seat_id=seat(session, "Research"))
        asked = {"cause": "money", "state": "ratified", "by": "test", "at": MONDAY}
        session.add(Ratification(decision_id=beyond.id, seat_id=payer, **asked))
        session.flush()
        beyond.state, beyond.closed_at = "closed", MONDAY
        beyond.number, beyond.number_year, beyond.number_seq = "D-2026-003", 2026, 3

    assert told(scene) == {SPONSOR: ["Paid", "Owned", "Beyond"]}


def test_what_concerns_them_twice_is_told_once(scene: Scene) -> None:
    with scene.database.writing() as session:
        payer, delegate = seat(session, "Finance"), people.person_named(session, "amara.okafor@example.com").id
    close(scene, 1, "All of it", payer_seat_id=payer, owner_person_id=delegate)

    assert told(scene) == {SPONSOR: ["All of it"]}


def test_who_became_the_delegate_afterwards_does_not_make_it_theirs(scene: Scene) -> None:
    with scene.database.writing() as session:
        owner = people.person_named(session, "somebody.new@example.com", "Somebody New")
        of = seats.seat_of(session, the_meeting(session), "Finance")
        seats.vacate(session, the_meeting(session), of, actor="test", now=MONDAY - timedelta(days=1))
        seats.appoint(session, the_meeting(session), of, owner, actor="test", now=MONDAY)
        owner_id = owner.id
    close(scene, 1, "Owned before", brought="Research", owner_person_id=owner_id)

    assert told(scene) == {}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MONDAY - timedelta(minutes=1), []),
        (MONDAY, ["2026-W49"]),
        (MONDAY + timedelta(days=4), ["2026-W49"]),
        (datetime(2026, 12, 1, tzinfo=UTC), ["2026-W49"]),
    ],
    ids=["before eight", "at eight", "a worker that was down", "on Tuesday at midnight"],
)
def test_it_is_sent_from_monday_at_eight_on(scene: Scene, now: datetime, expected: list[str]) -> None:
    close(scene, 1, "Refunds on the same day", on=date(2026, 11, 29))

    with scene.database.reading() as session:
        assert week_of(now, ZONE) == (expected or [None])[0]
        assert [one.about for one in sponsor_posts(session, now, ZONE)] == expected


def test_at_most_one_mail_a_week_and_the_next_goes_on_where_it_ended(scene: Scene) -> None:
    close(scene, 1, "Told on Monday")
    assert post(scene) == 1
    close(scene, 2, "Closed on Thursday", on=date(2026, 12, 3))

    assert told(scene, MONDAY + timedelta(days=5)) == {}
    assert told(scene, MONDAY + A_WEEK) == {SPONSOR: ["Closed on Thursday"]}


def test_who_has_nothing_to_hear_on_monday_hears_nothing_until_the_next_one(scene: Scene) -> None:
    assert post(scene) == 0
    close(scene, 1, "Closed on Thursday", on=date(2026, 12, 3))

    assert told(scene, MONDAY + timedelta(days=4)) == {}
    assert told(scene, MONDAY + A_WEEK) == {SPONSOR: ["Closed on Thursday"]}


def test_a_worker_that_was_down_on_monday_loses_nothing(scene: Scene) -> None:
    """What was closed on Tuesday is told a week later, although the mail of the week went out after it."""
    close(scene, 1, "Closed last week")
    close(scene, 2, "Closed on Tuesday", on=date(2026, 12, 1))
    wednesday = MONDAY + timedelta(days=2)

    assert told(scene, wednesday) == {SPONSOR: ["Closed last week"]}
    post(scene, wednesday)
    assert told(scene, MONDAY + A_WEEK) == {SPONSOR: ["Closed on Tuesday"]}


def test_after_an_outage_one_mail_tells_all_of_it(scene: Scene) -> None:
    close(scene, 1, "Told")
    post(scene)
    close(scene, 2, "Two weeks ago", on=date(2026, 12, 10))
    close(scene, 3, "Last week", on=date(2026, 12, 17))

    assert told(scene, MONDAY + 3 * A_WEEK) == {SPONSOR: ["Two weeks ago", "Last week"]}


def test_whoever_is_new_hears_of_one_week(scene: Scene) -> None:
    close(scene, 1, "Long ago", on=LAST_WEEK - 2 * A_WEEK)
    close(scene, 2, "Last week")

    assert told(scene) == {SPONSOR: ["Last week"]}


def test_two_departments_and_two_meetings_are_one_mail(scene: Scene) -> None:
    sponsor_of(scene, "Research", SPONSOR)
    scene.adopt("cellar", "Another Meeting")
    scene.roster((("Finance", "Bo Falk", "bo.falk@example.com"),), "cellar")
    scene.change_meeting("cellar", first_plan_approved=True, begun_at=scene.now)
    close(scene, 2, "In the first")
    close(scene, 1, "Of the other department", brought="Research")
    with scene.database.writing() as session:
        of = seats.seat_of(session, the_meeting(session, "cellar"), "Finance").id
        closed(session, the_meeting(session, "cellar"), 1, "In the second", seat_id=of, on=LAST_WEEK)

    assert told(scene) == {SPONSOR: ["In the second", "Of the other department", "In the first"]}


@pytest.mark.parametrize(
    "rests",
    [{"released_at": MONDAY}, {"restored_hold": True}, {"first_plan_approved": False}],
    ids=lambda one: next(iter(one)),
)
def test_of_a_meeting_that_is_not_ours_nothing_is_told(scene: Scene, rests: dict[str, Any]) -> None:
    close(scene, 1, "Refunds on the same day")

    scene.change_meeting(**rests)

    assert told(scene) == {}


def test_of_what_was_closed_before_a_person_went_on_with_a_restored_copy_they_have_heard(scene: Scene) -> None:
    close(scene, 1, "Refunds on the same day")
    with scene.database.reading() as session:
        closed_at = session.scalars(select(Decision.closed_at)).one()

    scene.change_meeting(begun_at=closed_at + timedelta(seconds=1))
    close(scene, 2, "New terms", on=LAST_WEEK + timedelta(days=1))

    assert told(scene) == {SPONSOR: ["New terms"]}


def test_nothing_is_told_of_a_muted_meeting_nor_to_who_sponsors_no_more(scene: Scene) -> None:
    close(scene, 1, "Refunds on the same day")
    close(scene, 2, "New terms", brought="Legal")
    with scene.database.writing() as session:
        muted, over = people.person_named(session, SPONSOR), people.person_named(session, OTHER)
        session.add(MailPreference(
            person_id=muted.id, meeting_id=the_meeting(session).id, topic="summaries", muted_at=MONDAY
        ))  # fmt: skip
        session.scalars(select(Sponsor).where(Sponsor.person_id == over.id)).one().last_day = date(2026, 11, 29)

    assert told(scene) == {}


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_the_number_of_statements_does_not_depend_on_what_was_closed(database: Database, statements: Any) -> None:
    scene = sponsored(database)

    def cost() -> int:
        statements()
        with scene.database.reading() as session:
            sponsor_posts(session, MONDAY, ZONE)
        return len([one for one in statements() if one.startswith("SELECT")])

    none = cost()
    for number in range(1, 15):
        close(scene, number, "One more", brought=("Finance", "Legal")[number % 2])

    assert cost() == none == 3
