"""Aliases: two addresses of one person, and two people who turn out to be one."""

from __future__ import annotations

import pytest

from governance.database import Database
from governance.models.directory_answer import DirectoryAnswer
from governance.services import deputies, people
from tests.support.cast import ANN, BOB, CEM, DORA, EMIL, FAY, NOW, on_stage, roster_now, who_holds

ACT = {"actor": "test", "now": NOW}
NEW = "ann.adler@example.com"


def join(database: Database, address: str, alias: str) -> None:
    with on_stage(database) as stage:
        people.add_alias(stage.session, address, alias, **ACT)


def test_an_alias_once_more_changes_nothing(database: Database) -> None:
    with on_stage(database) as stage:
        stage.delegate(ANN)
    join(database, ANN.address, NEW)
    before = roster_now(database)

    join(database, ANN.address, NEW)
    join(database, NEW, ANN.address)

    assert roster_now(database) == before


def test_an_alias_belongs_to_the_person_and_the_first_address_stays_the_one_written_to(database: Database) -> None:
    with on_stage(database) as stage:
        stage.delegate(ANN)

    join(database, ANN.address, f"  {NEW.upper()} ")

    roster = roster_now(database)
    ann = roster.people[roster.address_owner[NEW]]
    assert ann.addresses == (ANN.address, NEW)


def test_nobody_is_made_by_an_alias_of_nobody(database: Database) -> None:
    with pytest.raises(people.UnknownPerson) as unknown:
        join(database, "x@example.com", "y@example.com")

    assert str(unknown.value) == (
        "Give the address of somebody who is known, as `governance roster show` prints it: x@example.com."
    )


def test_two_people_become_one_with_all_they_were(database: Database) -> None:
    with on_stage(database) as stage:
        stage.delegate(ANN)
        stage.deputy(DORA, "Legal")
        stage.mandate(DORA, "Legal")
        stage.deputy(ANN, "Legal")

    join(database, ANN.address, DORA.address)

    roster = roster_now(database)
    assert who_holds(roster) == {"Finance": ANN.address, "Legal": None}
    ann = roster.address_owner[DORA.address]
    assert roster.people[ann].addresses == (ANN.address, DORA.address)
    legal = roster.seats[1]
    assert [one.person for one in legal.deputies] == [ann]
    assert [one.person for one in legal.mandates] == [ann]


def test_two_holders_of_one_meeting_stay_apart_until_a_seat_is_given_up(database: Database) -> None:
    with on_stage(database) as stage:
        stage.delegate(ANN)
        stage.delegate(BOB)
    before = roster_now(database)

    with pytest.raises(people.PeopleStayApart) as refused:
        join(database, ANN.address, BOB.address)

    assert str(refused.value).startswith("Vacate the seat of Legal in weekly, or of Finance, first")
    assert roster_now(database) == before


def test_a_group_becomes_nobody(database: Database) -> None:
    with on_stage(database) as stage:
        stage.session.add(DirectoryAnswer(address="all@example.com", kind="group", read_at=NOW))

    with pytest.raises(people.NotAPerson), on_stage(database) as stage:
        people.person_named(stage.session, "all@example.com")


def test_deputies_are_asked_in_the_order_they_were_named(database: Database) -> None:
    with on_stage(database) as stage:
        for who in (DORA, FAY, CEM):
            stage.deputy(who, "Finance")
        deputies.withdraw_deputy(stage.session, stage.meeting, stage.seat("Finance"), stage.person(FAY), **ACT)

    roster = roster_now(database)
    named = [roster.people[one.person].address for one in roster.seats[0].deputies]
    assert named == [DORA.address, CEM.address]


def test_the_delegate_cannot_be_the_deputy(database: Database) -> None:
    with on_stage(database) as stage:
        stage.delegate(ANN)

    with pytest.raises(deputies.DeputyRefused) as refused, on_stage(database) as stage:
        stage.deputy(ANN)

    assert str(refused.value) == "Name somebody else: this person is the delegate of Finance."


def test_a_deputy_named_again_keeps_the_place(database: Database) -> None:
    with on_stage(database) as stage:
        stage.deputy(DORA)
        stage.deputy(EMIL, "Finance")
    before = roster_now(database)

    with on_stage(database) as stage:
        stage.deputy(DORA)

    assert roster_now(database) == before
