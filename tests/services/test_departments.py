"""Departments opened, renamed, merged, split and closed: the laws of seats hold, and what was stays as it was."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.errors import GovernanceError
from governance.domain.roster import MandateStanding, Roster
from governance.domain.seating import breaches
from governance.models import Department, Seat, Tenure
from governance.services import departments, occurrences, seats
from governance.services.departments import By, DepartmentRefused
from governance.services.guests import GuestRefused
from governance.store.seats import department_of
from tests.services.test_seats import broken_laws
from tests.support.cast import (
    ANN,
    BOB,
    CEM,
    DORA,
    EMIL,
    NOW,
    TODAY,
    TUESDAY,
    Character,
    Stage,
    on_stage,
    roster_now,
    who_holds,
)

BY = By("test", NOW)
LONG_AGO = TODAY - timedelta(days=60)


def address(roster: Roster, person: Any) -> str:
    return roster.people[person].address


def merge(stage: Stage, stays: str, goes: str, *, joining: bool = False, overlap: date | None = None) -> None:
    occurrence = (
        occurrences.occurrence_on(stage.session, stage.meeting, overlap, now=NOW) if overlap is not None else None
    )
    departments.merge_departments(
        stage.session, stage.meeting, stage.seat(stays), stage.seat(goes), joining_delegate_stays=joining,
        overlap=occurrence, by=BY,
    )  # fmt: skip


def two_departments(stage: Stage) -> None:
    for who in (ANN, BOB):
        stage.appoint(who, first_day=LONG_AGO)
        stage.mandate(who, first_day=LONG_AGO)
    stage.deputy(EMIL)
    stage.mandate(EMIL, limit_minor=500)


def test_renaming_to_the_present_name_changes_nothing(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.appoint(ANN)
        version = seat.version

        departments.rename_department(stage.session, stage.meeting, seat, "Finance", BY)

        assert seat.version == version


def test_a_renamed_department_keeps_its_seat_people_and_mandates(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        departments.rename_department(stage.session, stage.meeting, seat, "Money  matters", BY)

    (read,) = roster_now(database).seats
    assert (read.id, read.department) == (seat.id, "Money matters")
    assert who_holds(roster_now(database)) == {"Money matters": ANN.address}
    assert read.mandate_in_force(read.tenures[0].person, TODAY) is not None


def test_a_department_takes_no_name_that_another_one_has(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        stage.delegate(BOB)

        with pytest.raises(DepartmentRefused, match="merge the two"):
            departments.rename_department(stage.session, stage.meeting, seat, "LEGAL", BY)


def test_a_department_that_sits_in_two_meetings_is_not_renamed_by_one_of_them(database: Database) -> None:
    with on_stage(database, slug="other") as other:
        other.delegate(ANN)

    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        with pytest.raises(DepartmentRefused, match="Ask an administrator"):
            departments.rename_department(stage.session, stage.meeting, seat, "Money", BY)


def test_merged_departments_have_one_seat_with_the_delegate_who_stays(database: Database) -> None:
    with on_stage(database) as stage:
        two_departments(stage)
        merge(stage, "Finance", "Legal")

    roster = roster_now(database)
    assert who_holds(roster) == {"Finance": ANN.address}
    assert [address(roster, one.person) for one in roster.seats[0].deputies_on(TODAY)] == [EMIL.address]


def test_the_delegate_who_comes_along_and_deputies_keep_the_mandates_they_had(database: Database) -> None:
    with on_stage(database) as stage:
        two_departments(stage)
        merge(stage, "Finance", "Legal", joining=True)

    roster = roster_now(database)
    (seat,) = roster.seats
    assert who_holds(roster) == {"Finance": BOB.address}
    bob, emil = (roster.address_owner[one.address] for one in (BOB, EMIL))
    given = {person: seat.mandate_in_force(person, TODAY) for person in (bob, emil)}
    assert [one and one.standing(TODAY) for one in given.values()] == [MandateStanding.RECORDED] * 2
    assert given[emil] is not None
    assert given[emil].limit_minor == 500


def test_the_other_delegate_comes_once_more_as_a_visitor(database: Database) -> None:
    with on_stage(database) as stage:
        two_departments(stage)
        merge(stage, "Finance", "Legal", overlap=TUESDAY)

    roster = roster_now(database)
    visitors = [address(roster, one.person) for some in roster.visitors.values() for one in some]
    assert visitors == [BOB.address]


def test_merging_with_itself_or_with_the_vacant_one_as_holder_is_refused_and_changes_nothing(
    database: Database,
) -> None:
    with on_stage(database) as stage:
        stage.delegate(ANN)
        stage.seat("Legal")
        before = stage.roster()

        for stays, goes, joining in (("Finance", "Finance", False), ("Finance", "Legal", True)):
            with pytest.raises(DepartmentRefused), stage.session.begin_nested():
                merge(stage, stays, goes, joining=joining)

        assert stage.roster() == before


def test_a_split_off_department_has_a_seat_of_its_own_and_its_delegate_deputises_no_longer(
    database: Database,
) -> None:
    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        stage.deputy(DORA)
        departments.split_department(stage.session, stage.meeting, seat, "Controlling", stage.person(DORA), BY)

    roster = roster_now(database)
    assert who_holds(roster) == {"Controlling": DORA.address, "Finance": ANN.address}
    assert [seat.deputies_on(TODAY) for seat in roster.seats] == [(), ()]


def test_a_split_above_the_cap_is_refused_and_changes_nothing(database: Database) -> None:
    with on_stage(database, cap=1) as stage:
        seat = stage.delegate(ANN)
        before = stage.roster()

        with pytest.raises(seats.SeatRefused), stage.session.begin_nested():
            departments.split_department(stage.session, stage.meeting, seat, "Controlling", stage.person(DORA), BY)

        assert stage.roster() == before


def test_a_department_is_closed_with_its_last_seat_and_can_have_one_again(database: Database) -> None:
    with on_stage(database) as stage:
        seat = stage.delegate(ANN)
        departments.close_department(stage.session, stage.meeting, seat, BY)
        closed_on = department_of(stage.session, seat).closed_on
        again = departments.open_department(stage.session, stage.meeting, "finance", BY)

    assert closed_on == TODAY
    assert again.id != seat.id
    assert department_of(stage.session, again).closed_on is None
    assert who_holds(roster_now(database)) == {"Finance": None}


# --- Whatever is done in whatever order

NAMES = ("Finance", "Legal", "Sales", "Controlling")
STEPS = st.tuples(
    st.sampled_from(["open", "rename", "merge", "split", "close", "appoint"]),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from((ANN, BOB, CEM, DORA, EMIL)),
    st.booleans(),
    st.sampled_from([None, TUESDAY]),
)


def act(stage: Stage, step: tuple[Any, ...]) -> None:
    kind, name, other, who, joining, overlap = step
    session, meeting = stage.session, stage.meeting
    if kind == "open":
        departments.open_department(session, meeting, name, BY)
        return
    seat = seats.seat_of(session, meeting, name)
    if kind == "rename":
        departments.rename_department(session, meeting, seat, other, BY)
    elif kind == "merge":
        departments.merge_departments(
            session, meeting, seat, seats.seat_of(session, meeting, other), joining_delegate_stays=joining,
            overlap=occurrences.occurrence_on(session, meeting, overlap, now=NOW) if overlap else None, by=BY,
        )  # fmt: skip
    elif kind == "split":
        departments.split_department(session, meeting, seat, other, stage.person(who), BY)
    elif kind == "close":
        departments.close_department(session, meeting, seat, BY)
    else:
        seats.appoint(session, meeting, seat, stage.person(who), actor="test", now=NOW)


def history(session: Session) -> set[tuple[UUID, UUID, date]]:
    """Who held which seat on each of the days gone by, closed seats included."""
    days = [TODAY - timedelta(days=number) for number in (1, 10, 59, 60, 61)]
    rows = session.scalars(select(Tenure)).all()
    return {
        (row.seat_id, row.person_id, day)
        for row in rows
        for day in days
        if row.first_day <= day and (row.last_day is None or day <= row.last_day)
    }


def open_names(session: Session) -> list[str]:
    rows = session.scalars(
        select(Department.name).join(Seat, Seat.department_id == Department.id).where(Seat.closed_on.is_(None))
    )
    return sorted(rows)


class _Enough(Exception):
    """The way out of the transaction, so that the next history begins with nothing."""


def departments_after(before: Iterable[str], step: tuple[Any, ...]) -> list[str]:
    """By hand: which departments have a seat once the step was done."""
    kind, name, other, *_ = step
    left = list(before)
    if kind in ("open", "split"):
        left.append(name if kind == "open" else other)
    elif kind == "rename":
        left = [other if one == name else one for one in left]
    elif kind in ("merge", "close"):
        left.remove(other if kind == "merge" else name)
    return sorted(left)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=1, max_size=10))
def test_any_sequence_keeps_the_laws_of_seats_and_the_history(
    sqlite_database: Database, steps: list[tuple[Any, ...]]
) -> None:
    with suppress(_Enough), on_stage(sqlite_database, cap=3) as stage:
        two_departments(stage)
        past = history(stage.session)
        for step in steps:
            before, names = stage.roster(), open_names(stage.session)
            try:
                with stage.session.begin_nested():
                    act(stage, step)
            except GovernanceError:
                assert (stage.roster(), open_names(stage.session)) == (before, names)
                continue
            after = stage.roster()

            assert broken_laws(after) == []
            assert not list(breaches(before, after, TODAY))
            assert after.held_seats(TODAY) <= max(after.cap, before.held_seats(TODAY))
            assert open_names(stage.session) == departments_after(names, step)
            assert history(stage.session) >= past
            assert nobody_is_lost(before, after, step)
        raise _Enough


def nobody_is_lost(before: Roster, after: Roster, step: tuple[Any, ...]) -> bool:
    """Only who gives way in a merge or a closing leaves a seat: one person at most."""
    sat, sits = ({one.delegate(TODAY) for one in roster.seats} - {None} for roster in (before, after))
    return len(sat - sits) <= (1 if step[0] in ("merge", "close") else 0)


def test_a_visitor_too_many_refuses_the_merge_as_a_whole(database: Database) -> None:
    with on_stage(database) as stage:
        two_departments(stage)
        occurrence = occurrences.occurrence_on(stage.session, stage.meeting, TUESDAY, now=NOW)
        for number in range(2):
            guest = Character(f"Guest {number}", f"guest{number}@example.com")
            departments.admit_visitor(
                stage.session, stage.meeting, occurrence, stage.person(guest), reason="audit", actor="test", now=NOW
            )
        before = stage.roster()

        with pytest.raises(GuestRefused), stage.session.begin_nested():
            merge(stage, "Finance", "Legal", overlap=TUESDAY)

        assert stage.roster() == before
