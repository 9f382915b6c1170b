"""Reading a roster: whole, and in the same number of statements whatever its size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from governance.database import Database
from governance.domain.people import PersonId
from governance.domain.roster import Deputy, Mandate, Roster, Tenure, Term
from governance.services import settings
from governance.services.settings import RoleKind
from governance.store.meetings import meeting_by_slug
from governance.store.rosters import load_roster
from tests.support.cast import ANN, CHAIR, DORA, SCRIBE, SLUG, TODAY, TOMORROW, Character, on_stage, roster_now


def test_a_meeting_without_seats_has_an_empty_roster_and_its_chair(database: Database) -> None:
    with on_stage(database) as stage:
        chair = PersonId(stage.person(CHAIR).id)

    roster = roster_now(database)

    assert (roster.seats, roster.cap, roster.time_zone) == ((), 12, "Europe/Berlin")
    assert roster.always_allowed == {chair}


def test_a_roster_is_read_as_it_was_entered(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        stage.deputy(DORA)
        ann, dora = PersonId(stage.person(ANN).id), PersonId(stage.person(DORA).id)

    (read,) = roster_now(database).seats

    assert (read.id, read.department) == (seat.id, "Finance")
    assert read.tenures == (Tenure(ann, Term(TODAY)),)
    assert read.mandates == (Mandate(ann, Term(TODAY), "Everything within the budget"),)
    assert read.deputies == (Deputy(dora, Term(TODAY), 1),)
    assert read.department_people == {ann, dora}


def test_people_known_from_another_meeting_belong_to_the_department_too(database: Database) -> None:
    with on_stage(database, slug="other") as stage:
        stage.appoint(DORA)
        dora = PersonId(stage.person(DORA).id)
    with on_stage(database) as stage:
        stage.seat("Finance")

    (seat,) = roster_now(database).seats

    assert seat.department_people == {dora}
    assert seat.tenures == ()


def test_a_scribe_is_allowed_only_while_being_one(database: Database) -> None:
    with on_stage(database) as stage:
        scribe = stage.person(SCRIBE)
        settings.set_role(stage.session, stage.meeting, RoleKind.SCRIBE, [scribe], actor="test", now=stage.now)

    assert PersonId(scribe.id) in roster_now(database, on=TODAY).always_allowed
    assert PersonId(scribe.id) not in roster_now(database, on=date(2026, 1, 1)).always_allowed


@pytest.mark.parametrize("seats", [1, 50])
def test_a_roster_takes_one_statement_whatever_its_size(
    database: Database, statements: Callable[[], list[str]], seats: int
) -> None:
    with on_stage(database, cap=60) as stage:
        for number in range(seats):
            department = f"Department {number}"
            stage.delegate(Character(f"Delegate {number}", f"d{number}@example.com", department))
            stage.deputy(Character(f"Deputy {number}", f"p{number}@example.com", department))

    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        statements()
        roster = load_roster(session, meeting, on=TOMORROW)
        sent = statements()

    assert isinstance(roster, Roster)
    assert roster.held_seats(TODAY) == seats
    assert len(sent) == 1
