"""Importing a roster: exactly what was shown, whole or not at all."""

from __future__ import annotations

import pytest

from governance.database import Database
from governance.domain.roster import Deputy, Mandate, Term
from governance.domain.roster_file import RosterFileRefused, read_roster_file
from governance.domain.roster_import import ImportPreview
from governance.models.directory_answer import DirectoryAnswer
from governance.services import people, roster_import, seats
from governance.services.ledger import latest
from governance.store.meetings import meeting_by_slug
from tests.support.cast import ANN, BOB, CEM, DORA, FAY, NOW, SLUG, TODAY, on_stage, roster_now, who_holds

ACT = {"actor": "test", "now": NOW}
FILE = (
    "department,delegate_name,delegate_email,sponsor_email,mandate_scope,mandate_limit,deputy_name,deputy_email\n"
    f"Finance,{ANN.name},{ANN.address},{FAY.address},All,50000,{DORA.name},{DORA.address}\n"
    f"Legal,{BOB.name},{BOB.address},,Contracts,,,\n"
)


def do_import(database: Database, text: str, *, replace_all: bool = False) -> ImportPreview:
    file = read_roster_file(text.encode())
    with on_stage(database) as stage:
        shown = roster_import.preview(stage.session, stage.meeting, file, replace_all=replace_all, today=TODAY)
        roster_import.apply_import(stage.session, stage.meeting, shown, **ACT)
    return shown


def acts(database: Database) -> list[str]:
    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return [line.act for line in reversed(latest(session, meeting.id, 1000))]


def test_the_same_file_again_changes_nothing_and_leaves_nothing_in_the_ledger(database: Database) -> None:
    do_import(database, FILE)
    with on_stage(database) as stage:
        stage.meeting.dirty = False
    before, recorded = roster_now(database), acts(database)

    shown = do_import(database, FILE, replace_all=True)

    assert shown.is_empty
    assert roster_now(database) == before
    assert acts(database) == recorded
    with on_stage(database) as stage:
        assert not stage.meeting.dirty


def test_what_was_shown_is_what_is_there_afterwards(database: Database) -> None:
    shown = do_import(database, FILE)

    roster = roster_now(database)
    ann, dora, fay = (roster.address_owner[who.address] for who in (ANN, DORA, FAY))
    finance, legal = roster.seats
    assert who_holds(roster) == who_holds(shown.after) == {"Finance": ANN.address, "Legal": BOB.address}
    assert finance.mandates == (Mandate(ann, Term(TODAY), "All", sponsor=fay, limit_minor=5_000_000),)
    assert finance.deputies == (Deputy(dora, Term(TODAY)),)
    assert roster.people[ann].name == ANN.name
    assert legal.mandates[0].sponsor is None


def test_an_import_is_recorded_change_by_change_and_as_a_whole(database: Database) -> None:
    do_import(database, FILE)

    recorded = acts(database)
    assert recorded.count("appointed") == 2
    assert recorded.count("mandate-recorded") == 2
    assert recorded[-1] == "roster-imported"


def test_two_people_change_seats_in_one_import(database: Database) -> None:
    do_import(database, FILE)

    do_import(database, f"department,delegate_email\nFinance,{BOB.address}\nLegal,{ANN.address}\n")

    assert who_holds(roster_now(database)) == {"Finance": BOB.address, "Legal": ANN.address}


def test_replacing_vacates_what_the_file_does_not_name(database: Database) -> None:
    do_import(database, FILE)

    do_import(database, f"department,delegate_email\nFinance,{ANN.address}\n", replace_all=True)

    assert who_holds(roster_now(database)) == {"Finance": ANN.address, "Legal": None}


def test_a_refused_file_changes_nothing(database: Database) -> None:
    do_import(database, FILE)
    before, recorded = roster_now(database), acts(database)

    with pytest.raises(RosterFileRefused) as refused:
        do_import(database, f"department,delegate_email\nSales,{CEM.address}\nIT,{ANN.address}\n")

    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, "delegate_email")]
    assert roster_now(database) == before
    assert acts(database) == recorded


def test_a_roster_that_changed_since_it_was_shown_is_shown_again_first(database: Database) -> None:
    file = read_roster_file(FILE.encode())
    with on_stage(database) as stage:
        shown = roster_import.preview(stage.session, stage.meeting, file, replace_all=False, today=TODAY)
    with on_stage(database) as stage:
        stage.appoint(CEM, "Finance")
    before = roster_now(database)

    with pytest.raises(roster_import.RosterChangedMeanwhile), on_stage(database) as stage:
        roster_import.apply_import(stage.session, stage.meeting, shown, **ACT)

    assert roster_now(database) == before


def test_somebody_known_by_another_address_is_the_same_person(database: Database) -> None:
    do_import(database, FILE)
    with on_stage(database) as stage:
        people.add_alias(stage.session, ANN.address, "ann.adler@example.com", **ACT)

    shown = do_import(database, "department,delegate_email\nFinance,ann.adler@example.com\n")

    assert shown.is_empty


def test_two_addresses_of_somebody_from_another_meeting_are_one_person(database: Database) -> None:
    with on_stage(database, slug="other") as stage:
        stage.person(CEM)
        people.add_alias(stage.session, CEM.address, "can@example.com", **ACT)

    with pytest.raises(RosterFileRefused) as refused:
        do_import(database, f"department,delegate_email\nSales,{CEM.address}\nIT,can@example.com\n")

    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, "delegate_email")]


def test_what_the_directory_knows_as_a_group_gets_no_seat(database: Database) -> None:
    with on_stage(database) as stage:
        stage.session.add(DirectoryAnswer(address="all@example.com", kind="group", read_at=NOW))

    with pytest.raises(RosterFileRefused) as refused:
        do_import(database, "department,delegate_email\nFinance,all@example.com\n")

    assert [str(fault) for fault in refused.value.faults] == [
        "row 2, delegate_email: Name a person instead of all@example.com, which the Directory says is a group"
    ]


def test_the_cap_holds_for_imports(database: Database) -> None:
    with on_stage(database) as stage:
        seats.set_cap(stage.session, stage.meeting, 1, **ACT)

    with pytest.raises(RosterFileRefused) as refused:
        do_import(database, FILE)

    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, "delegate_email")]
    assert roster_now(database).seats == ()
