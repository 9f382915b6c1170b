"""Stand-ins, visitors and standing guests: bound to a day of the meeting, limited, and never in two places."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from governance.database import Database
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.services import charters, deputies, guests, mandates, occurrences
from tests.support.cast import (
    ANN,
    BOB,
    CEM,
    DORA,
    EMIL,
    FAY,
    NEXT_TUESDAY,
    NOW,
    OUTSIDER,
    TODAY,
    TUESDAY,
    YESTERDAY,
    Character,
    Stage,
    on_stage,
    roster_now,
)

ACT = {"actor": "test", "now": NOW}


def occurrence(stage: Stage, day: date = TUESDAY) -> Occurrence:
    return occurrences.occurrence_on(stage.session, stage.meeting, day, now=NOW)


def stand_in(stage: Stage, who: Character, department: str, day: date = TUESDAY) -> None:
    seat, person = stage.seat(department), stage.person(who)
    deputies.stand_in(stage.session, stage.meeting, seat, occurrence(stage, day), person, **ACT)


def visit(stage: Stage, who: Character, day: date = TUESDAY, reason: str = "audit") -> None:
    person = stage.person(who)
    guests.admit_visitor(stage.session, stage.meeting, occurrence(stage, day), person, reason=reason, **ACT)


def admit(stage: Stage, who: Character, last_day: date = NEXT_TUESDAY, **more: bool) -> None:
    person = stage.person(who)
    guests.admit_standing_guest(
        stage.session, stage.meeting, person, last_day=last_day, reason="onboarding", **ACT, **more
    )


def stand_ins(database: Database) -> list[tuple[date, str]]:
    roster = roster_now(database)
    return [
        (roster.day_of(start), roster.people[one.person].address)
        for start, some in roster.stand_ins.items()
        for one in some
    ]


def test_the_same_again_changes_nothing(database: Database) -> None:
    with on_stage(database) as stage:
        stand_in(stage, DORA, "Finance")
        visit(stage, OUTSIDER)
        admit(stage, CEM)
    before = roster_now(database)

    with on_stage(database) as stage:
        stage.meeting.dirty = False
        stage.session.flush()
        stand_in(stage, DORA, "Finance")
        visit(stage, OUTSIDER)
        admit(stage, CEM)
        assert not stage.meeting.dirty

    assert roster_now(database) == before


def test_a_day_without_the_meeting_is_answered_with_the_next_ones(database: Database) -> None:
    with pytest.raises(occurrences.NoOccurrence) as refused, on_stage(database) as stage:
        occurrence(stage, TODAY)

    assert str(refused.value) == (
        "Choose a day of the meeting such as 2026-03-03, 2026-03-10, 2026-03-17: "
        "there is no occurrence to come on 2026-03-02."
    )


def test_a_day_gone_by_is_no_occurrence_to_come(database: Database) -> None:
    with pytest.raises(occurrences.NoOccurrence), on_stage(database) as stage:
        occurrence(stage, TUESDAY - timedelta(days=7))


def test_the_deputy_sits_for_one_occurrence_and_the_delegate_can_come_after_all(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        stand_in(stage, DORA, "Finance")
    assert stand_ins(database) == [(TUESDAY, DORA.address)]

    with on_stage(database) as stage:
        deputies.withdraw_stand_in(stage.session, stage.meeting, seat, occurrence(stage), **ACT)

    assert stand_ins(database) == []


def test_another_stand_in_takes_the_place_of_the_first(database: Database) -> None:
    with on_stage(database) as stage:
        stand_in(stage, DORA, "Finance")
        stand_in(stage, FAY, "Finance")

    assert stand_ins(database) == [(TUESDAY, FAY.address)]


@pytest.mark.parametrize(
    ("who", "department", "reason"),
    [
        (ANN, "Finance", "this person is the delegate of Finance that day"),
        (BOB, "Finance", "Bob Brandt stands in for Finance that day and cannot hold two seats"),
        (EMIL, "Finance", "this person stands in for another seat that day"),
    ],
    ids=["their own seat", "holds another", "stands in elsewhere"],
)
def test_nobody_sits_twice_on_a_day(database: Database, who: Character, department: str, reason: str) -> None:
    with on_stage(database) as stage:
        stage.delegate(ANN)
        stage.delegate(BOB)
        stand_in(stage, EMIL, "Legal")

    with pytest.raises(deputies.DeputyRefused) as refused, on_stage(database) as stage:
        stand_in(stage, who, department)

    assert str(refused.value) == f"Name somebody else: {reason}."


def test_an_occurrence_has_as_many_visitors_as_the_charter_says(database: Database) -> None:
    with on_stage(database) as stage:
        visit(stage, OUTSIDER)
        visit(stage, CEM)
        visit(stage, DORA, NEXT_TUESDAY)

    with pytest.raises(guests.GuestRefused) as refused, on_stage(database) as stage:
        visit(stage, DORA)

    assert str(refused.value) == "Choose another day, or raise visitors in the charter: 2 people may visit a day."


def test_the_charter_sets_both_limits(database: Database) -> None:
    with on_stage(database) as stage:
        charters.set_charter(stage.session, stage.meeting, "visitors = 0\nguests = 1\n", **ACT)
        admit(stage, CEM)

    with pytest.raises(guests.GuestRefused) as no_visitor, on_stage(database) as stage:
        visit(stage, OUTSIDER)
    with pytest.raises(guests.GuestRefused) as no_guest, on_stage(database) as stage:
        admit(stage, DORA)

    assert str(no_visitor.value).endswith(": nobody may visit a day.")
    assert str(no_guest.value) == (
        "Wait until another guest's time is over, or raise guests in the charter: "
        "one person may be standing guests at a time."
    )


def test_an_undone_removal_stands_outside_of_the_limit(database: Database) -> None:
    with on_stage(database) as stage:
        admit(stage, CEM)
        admit(stage, DORA)

        admit(stage, OUTSIDER, counts_in_limit=False)

    assert len(roster_now(database).standing_guests) == 3


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_whoever_is_admitted_is_admitted_for_a_reason(database: Database, reason: str) -> None:
    with pytest.raises(guests.GuestRefused) as refused, on_stage(database) as stage:
        visit(stage, OUTSIDER, reason=reason)

    assert str(refused.value).startswith("Give a reason of at most 500 characters")


def test_delegates_need_no_admission(database: Database) -> None:
    with on_stage(database) as stage:
        stage.delegate(ANN)

    with pytest.raises(guests.GuestRefused), on_stage(database) as stage:
        visit(stage, ANN)
    with pytest.raises(guests.GuestRefused), on_stage(database) as stage:
        admit(stage, ANN)


def test_a_guest_until_yesterday_is_refused(database: Database) -> None:
    with pytest.raises(guests.GuestRefused) as refused, on_stage(database) as stage:
        admit(stage, CEM, YESTERDAY)

    assert str(refused.value) == "Choose a last day from 2026-03-02 on: 2026-03-01 is over."


# --- Mandates


def in_force(database: Database, day: date) -> str | None:
    roster = roster_now(database)
    (seat,) = roster.seats
    mandate = seat.mandate_in_force(roster.address_owner[ANN.address], day)
    return mandate.scope if mandate else None


def test_a_renewal_takes_over_on_its_first_day(database: Database) -> None:
    with on_stage(database) as stage:
        stage.appoint(ANN)
        stage.mandate(ANN, scope="Little")
        stage.mandate(ANN, scope="Much", first_day=TUESDAY)

    assert (in_force(database, TODAY), in_force(database, TUESDAY)) == ("Little", "Much")


def test_a_withdrawn_mandate_is_over_today(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        person: Person = stage.person(ANN)
        mandates.withdraw_mandate(stage.session, stage.meeting, seat, person, **ACT)

    assert in_force(database, TODAY) is None


def test_nobody_loses_a_mandate_they_do_not_have(database: Database) -> None:
    with on_stage(database) as stage:
        seat, person = stage.appoint(ANN), stage.person(ANN)

    with pytest.raises(mandates.NoMandate) as refused, on_stage(database) as stage:
        mandates.withdraw_mandate(stage.session, stage.meeting, seat, person, **ACT)

    assert str(refused.value) == "Choose somebody with a mandate: this person has none in force for Finance."


@pytest.mark.parametrize(
    "wrong", [{"scope": "  "}, {"scope": "x" * 2001}, {"last_day": YESTERDAY}, {"limit_minor": -1}]
)
def test_a_mandate_that_says_nothing_is_refused(database: Database, wrong: dict[str, object]) -> None:
    with pytest.raises(mandates.MandateRefused), on_stage(database) as stage:
        stage.mandate(ANN, **wrong)
