"""Seats: who holds them, and what is refused; everything refused changes nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.database import Database
from governance.domain.errors import GovernanceError
from governance.domain.people import MalformedAddress
from governance.domain.roster import Roster, Tenure
from governance.domain.seating import breaches
from governance.services import deputies, mandates, occurrences, people, seats
from governance.services.ledger import head, latest
from governance.store.meetings import meeting_by_slug
from tests.support.cast import (
    ANN,
    BOB,
    CEM,
    DORA,
    EMIL,
    FAY,
    NEXT_TUESDAY,
    NOW,
    SLUG,
    TODAY,
    TOMORROW,
    TUESDAY,
    YESTERDAY,
    Stage,
    on_stage,
    roster_now,
    who_holds,
)

ACT = {"actor": "test", "now": NOW}


def acts(database: Database) -> list[str]:
    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return [line.act for line in reversed(latest(session, meeting.id, 100))]


def ledger_position(database: Database) -> int:
    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return head(session, meeting.id).seq


def clean(database: Database) -> None:
    with on_stage(database) as stage:
        stage.meeting.dirty = False


def is_dirty(database: Database) -> bool:
    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return meeting.dirty


def test_nothing_changes_when_it_is_so_already(database: Database) -> None:
    with on_stage(database) as stage:
        stage.appoint(ANN)
        stage.seat("Legal")
    clean(database)
    before = ledger_position(database)

    with on_stage(database) as stage:
        stage.appoint(ANN)
        seats.hand_over(stage.session, stage.meeting, stage.seat("finance"), stage.person(ANN), **ACT)
        seats.vacate(stage.session, stage.meeting, stage.seat("Legal"), **ACT)
        seats.set_cap(stage.session, stage.meeting, 12, **ACT)

    assert ledger_position(database) == before
    assert not is_dirty(database)


def test_an_appointment_makes_the_invitation_due_and_is_recorded(database: Database) -> None:
    with on_stage(database) as stage:
        stage.seat("Finance")
    clean(database)

    with on_stage(database) as stage:
        stage.appoint(ANN)

    assert is_dirty(database)
    assert acts(database)[-1] == "appointed"
    assert who_holds(roster_now(database)) == {"Finance": ANN.address}


def test_names_and_addresses_stay_out_of_what_cannot_be_erased(database: Database) -> None:
    with on_stage(database) as stage:
        stage.delegate(ANN)

    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        lines = latest(session, meeting.id, 100)

    words = " ".join(f"{line.actor} {line.source} {line.act} {line.subject}" for line in lines)
    assert "Ann" not in words
    assert "@" not in words


def test_a_seat_that_is_held_is_handed_over_or_vacated_first(database: Database) -> None:
    with on_stage(database) as stage:
        stage.appoint(ANN)

    with pytest.raises(seats.SeatRefused) as refused, on_stage(database) as stage:
        stage.appoint(DORA)

    assert str(refused.value) == (
        "Vacate the seat of Finance first, or hand it over: Ann Adler holds it on 2026-03-02."
    )
    assert who_holds(roster_now(database)) == {"Finance": ANN.address}


def test_nobody_holds_two_seats_of_a_meeting(database: Database) -> None:
    with on_stage(database) as stage:
        stage.appoint(ANN)

    with pytest.raises(seats.SeatRefused) as refused, on_stage(database) as stage:
        stage.appoint(ANN, "Legal")

    assert str(refused.value).startswith("Choose somebody else, or vacate the seat of Finance first")


def test_the_same_person_may_hold_a_seat_in_another_meeting(database: Database) -> None:
    with on_stage(database) as stage:
        stage.appoint(ANN)
    with on_stage(database, slug="other") as stage:
        stage.appoint(ANN)

    assert who_holds(roster_now(database, "other")) == {"Finance": ANN.address}


def test_no_seat_is_filled_above_the_cap(database: Database) -> None:
    with on_stage(database, cap=1) as stage:
        stage.appoint(ANN)
        stage.seat("Legal")

    with pytest.raises(seats.SeatRefused) as refused, on_stage(database) as stage:
        stage.appoint(BOB)

    assert str(refused.value) == (
        "Vacate a seat first, or raise the cap: 2 seats would have a holder on 2026-03-02, and the cap is 1."
    )


def test_the_cap_holds_on_a_later_day_as_well(database: Database) -> None:
    with on_stage(database, cap=1) as stage:
        stage.appoint(ANN, last_day=TOMORROW)
        stage.appoint(BOB, first_day=NEXT_TUESDAY)

    with pytest.raises(seats.SeatRefused), on_stage(database) as stage:
        stage.appoint(CEM, first_day=TOMORROW + timedelta(days=1))


def test_a_lowered_cap_takes_nobodys_seat_and_lets_seats_be_handed_over(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.appoint(ANN)
        stage.appoint(BOB)
        seats.set_cap(stage.session, stage.meeting, 1, **ACT)
        seats.hand_over(stage.session, stage.meeting, seat, stage.person(DORA), **ACT)

    assert who_holds(roster_now(database)) == {"Finance": DORA.address, "Legal": BOB.address}


@pytest.mark.parametrize("cap", [0, -1, 201])
def test_a_cap_that_is_no_number_of_seats_is_refused(database: Database, cap: int) -> None:
    with pytest.raises(seats.WrongCap), on_stage(database) as stage:
        seats.set_cap(stage.session, stage.meeting, cap, **ACT)


def test_handing_over_ends_the_day_before(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.appoint(ANN, first_day=date(2026, 1, 1))
        seats.hand_over(stage.session, stage.meeting, seat, stage.person(DORA), on=TUESDAY, **ACT)

    roster = roster_now(database)
    assert who_holds(roster, TODAY) == {"Finance": ANN.address}
    assert who_holds(roster, TUESDAY) == {"Finance": DORA.address}


def test_a_tenure_that_began_today_and_is_vacated_today_never_was(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.appoint(ANN)
        seats.vacate(stage.session, stage.meeting, seat, **ACT)

    (seat_now,) = roster_now(database).seats
    assert seat_now.tenures == ()
    assert acts(database)[-2:] == ["appointed", "vacated"]


def test_a_deputy_who_takes_the_seat_is_deputy_and_stand_in_no_more(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        stage.deputy(DORA)
        occurrence = occurrences.occurrence_on(stage.session, stage.meeting, TUESDAY, now=NOW)
        deputies.stand_in(stage.session, stage.meeting, seat, occurrence, stage.person(DORA), **ACT)
        seats.hand_over(stage.session, stage.meeting, seat, stage.person(DORA), **ACT)

    roster = roster_now(database)
    assert roster.seats[0].deputies_on(TODAY) == ()
    assert roster.stand_ins == {}


def test_whoever_stands_in_elsewhere_cannot_take_another_seat(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        occurrence = occurrences.occurrence_on(stage.session, stage.meeting, NEXT_TUESDAY, now=NOW)
        deputies.stand_in(stage.session, stage.meeting, seat, occurrence, stage.person(EMIL), **ACT)

    with pytest.raises(seats.SeatRefused) as refused, on_stage(database) as stage:
        stage.appoint(EMIL)

    assert str(refused.value).startswith("Choose somebody else, or withdraw the stand-in of 2026-03-10 first")


def test_a_closed_seat_is_gone_from_the_roster_and_can_be_opened_anew(database: Database) -> None:
    with on_stage(database) as stage:
        seats.close_seat(stage.session, stage.meeting, stage.appoint(ANN), **ACT)
    assert roster_now(database).seats == ()

    with on_stage(database) as stage:
        stage.appoint(ANN)

    assert who_holds(roster_now(database)) == {"Finance": ANN.address}


def test_an_unknown_department_is_answered_with_those_there_are(database: Database) -> None:
    with on_stage(database) as stage:
        stage.seat("Finance")
        stage.seat("Legal")

    with pytest.raises(seats.UnknownDepartment) as unknown, on_stage(database) as stage:
        seats.seat_of(stage.session, stage.meeting, "Finanz")

    assert str(unknown.value) == "Choose one of Finance, Legal: there is no seat of “Finanz”."


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\x07b"])
def test_a_department_needs_a_name(database: Database, name: str) -> None:
    with pytest.raises(seats.WrongName), on_stage(database) as stage:
        stage.seat(name)


def test_a_malformed_address_makes_nobody(database: Database) -> None:
    with pytest.raises(MalformedAddress), on_stage(database) as stage:
        people.person_named(stage.session, "nobody", "No Body")


def test_whoever_looked_at_a_seat_before_sees_by_its_version_that_it_changed(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.seat("Finance")
        first = seat.version

    with on_stage(database) as stage:
        changed = stage.appoint(ANN)

    assert changed.version > first


# --- Whatever is done in whatever order, the laws hold

PEOPLE = (ANN, BOB, CEM, DORA, FAY)
DEPARTMENTS = ("Finance", "Legal", "Sales")
DAYS = (YESTERDAY, TODAY, TOMORROW, NEXT_TUESDAY)

STEPS = st.tuples(
    st.sampled_from(["appoint", "vacate", "hand over", "deputy", "stand in", "mandate", "cap"]),
    st.sampled_from(DEPARTMENTS),
    st.sampled_from(PEOPLE),
    st.sampled_from(DAYS),
    st.sampled_from([None, NEXT_TUESDAY]),
    st.integers(1, 3),
)


def act(stage: Stage, step: tuple[object, ...]) -> None:
    kind, department, who, day, last_day, cap = step
    seat, person = stage.seat(str(department)), stage.person(who)  # type: ignore[arg-type]
    on = (stage.session, stage.meeting, seat)
    if kind == "appoint":
        seats.appoint(*on, person, first_day=day, last_day=last_day, **ACT)  # type: ignore[arg-type]
    elif kind == "vacate":
        seats.vacate(*on, on=day, **ACT)  # type: ignore[arg-type]
    elif kind == "hand over":
        seats.hand_over(*on, person, on=day, **ACT)  # type: ignore[arg-type]
    elif kind == "deputy":
        deputies.name_deputy(*on, person, **ACT)  # type: ignore[arg-type]
    elif kind == "stand in":
        occurrence = occurrences.occurrence_on(stage.session, stage.meeting, TUESDAY, now=NOW)
        deputies.stand_in(*on, occurrence, person, **ACT)  # type: ignore[arg-type]
    elif kind == "mandate":
        mandates.record_mandate(*on, person, scope="All", first_day=day, last_day=last_day, **ACT)  # type: ignore[arg-type]
    else:
        seats.set_cap(stage.session, stage.meeting, max(int(str(cap)), stage.roster().held_seats(TODAY)), **ACT)


def broken_laws(roster: Roster) -> list[str]:
    """Judged by hand, day by day, not by the functions that the services ask."""
    found = []
    for day in (YESTERDAY + timedelta(days=offset) for offset in range(12)):
        sitting: list[object] = []
        for seat in roster.seats:
            holders = [tenure.person for tenure in seat.tenures if tenure.term.holds_on(day)]
            if len(holders) > 1:
                found.append(f"{seat.department} has two holders on {day}")
            sitting += holders
            for who in {mandate.person for mandate in seat.mandates}:
                if sum(1 for one in seat.mandates if one.person == who and one.is_in_force(day)) > 1:
                    found.append(f"two mandates in {seat.department} on {day}")
        for start, stand_ins in roster.stand_ins.items():
            sitting += [one.person for one in stand_ins if roster.day_of(start) == day]
        if len(sitting) != len(set(sitting)):
            found.append(f"somebody sits twice on {day}")
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=1, max_size=10))
def test_any_sequence_of_acts_keeps_the_laws(sqlite_database: Database, steps: list[tuple[object, ...]]) -> None:
    with sqlite_database.writing() as session:
        for number in range(1_000_000):
            if meeting_by_slug(session, f"run-{number}") is None:
                break
    with on_stage(sqlite_database, slug=f"run-{number}", cap=2) as stage:
        for step in steps:
            before = stage.roster()
            try:
                with stage.session.begin_nested():
                    act(stage, step)
            except GovernanceError:
                assert who_holds(stage.roster()).items() >= who_holds(before).items()
            after = stage.roster()

            assert broken_laws(after) == []
            assert after.held_seats(TODAY) <= max(after.cap, before.held_seats(TODAY))
            assert not list(breaches(before, after, TODAY))


def test_tenures_are_kept_as_history(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.appoint(ANN, first_day=date(2025, 1, 1))
        seats.hand_over(stage.session, stage.meeting, seat, stage.person(DORA), **ACT)

    (read,) = roster_now(database).seats
    assert [(type(one), one.term.first_day, one.term.last_day) for one in read.tenures] == [
        (Tenure, date(2025, 1, 1), YESTERDAY),
        (Tenure, TODAY, None),
    ]
