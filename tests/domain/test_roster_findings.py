"""M01 to M06: what the roster lacks by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from governance.domain.findings_of_roster import RosterFinding, roster_findings
from governance.domain.people import Person, PersonId
from governance.domain.roster import Deputy, Mandate, MandateState, Roster, Seat, Tenure, Term

ON = date(2026, 3, 2)
LONG_AGO = date(2025, 1, 1)
ANN = Person(PersonId(UUID(int=1)), "Ann", ("ann@example.com",))
BOB = Person(PersonId(UUID(int=2)), "Bob", ("bob@example.com",))


def with_seats(*seats: Seat) -> Roster:
    return Roster("Europe/Berlin", 12, seats, people={ANN.id: ANN, BOB.id: BOB})


def finance(*mandates: Mandate) -> Seat:
    return Seat(UUID(int=9), "Finance", tenures=(Tenure(ANN.id, Term(LONG_AGO)),), mandates=mandates)


def mandate(first_day: date = LONG_AGO, last_day: date | None = None, **more: MandateState) -> Mandate:
    return Mandate(ANN.id, Term(first_day, last_day), "All", **more)


def found(*seats: Seat, on: date = ON) -> list[tuple[str, str]]:
    return [(one.rule, one.reason) for one in roster_findings(with_seats(*seats), on)]


def test_a_delegate_with_a_mandate_without_an_end_is_no_finding() -> None:
    assert found(finance(mandate())) == []


def test_a_holder_who_never_had_a_mandate() -> None:
    assert roster_findings(with_seats(finance()), ON) == (
        RosterFinding(
            rule="M01",
            department="Finance",
            reason="Ann has no mandate for Finance.",
            person=ANN.id,
            email="ann@example.com",
        ),
    )


@pytest.mark.parametrize("state", [MandateState.DECLINED, MandateState.WITHDRAWN])
def test_a_mandate_that_was_declined_or_withdrawn_is_none(state: MandateState) -> None:
    assert found(finance(mandate(state=state))) == [("M01", "Ann has no mandate for Finance.")]


def test_a_mandate_that_has_not_begun_is_missing_until_then() -> None:
    seat = finance(mandate(ON + timedelta(days=1)))

    assert found(seat) == [("M01", "Ann has no mandate for Finance; the next one begins on 3 Mar 2026.")]
    assert found(seat, on=ON + timedelta(days=1)) == []


@pytest.mark.parametrize(("days", "stage"), [(43, None), (42, 42), (15, 42), (14, 14), (4, 14), (3, 3), (1, 3), (0, 3)])
def test_a_mandate_that_ends_soon_is_found_in_three_stages(days: int, stage: int | None) -> None:
    roster = with_seats(finance(mandate(last_day=ON + timedelta(days=days))))

    stages = [(one.rule, one.days_left, one.stage) for one in roster_findings(roster, ON)]

    assert stages == ([("M02", days, stage)] if stage else [])


def test_a_renewal_that_follows_at_once_prolongs_the_mandate() -> None:
    last_day = ON + timedelta(days=5)

    assert found(finance(mandate(last_day=last_day), mandate(last_day + timedelta(days=1)))) == []
    assert found(finance(mandate(last_day=last_day), mandate(last_day + timedelta(days=2)))) == [
        ("M02", "The mandate of Ann for Finance ends in 5 days, on 7 Mar 2026.")
    ]


def test_a_mandate_that_has_ended() -> None:
    assert found(finance(mandate(last_day=ON - timedelta(days=1)))) == [
        ("M03", "The mandate of Ann for Finance ended on 1 Mar 2026.")
    ]


def test_a_deputy_without_a_mandate() -> None:
    seat = replace(finance(mandate()), deputies=(Deputy(BOB.id, Term(LONG_AGO)),))
    with_mandate = replace(seat, mandates=(*seat.mandates, Mandate(BOB.id, Term(LONG_AGO), "All")))

    assert found(seat) == [("M04", "Bob, deputy of Finance, has no mandate in force.")]
    assert found(with_mandate) == []


def test_two_holders_who_are_one_user_of_the_directory() -> None:
    legal = Seat(
        UUID(int=8),
        "Legal",
        tenures=(Tenure(BOB.id, Term(LONG_AGO)),),
        mandates=(Mandate(BOB.id, Term(LONG_AGO), "All"),),
    )
    roster = with_seats(finance(mandate()), legal)

    assert roster_findings(roster, ON, one_person=[frozenset({"ann@example.com"})]) == ()
    found = roster_findings(roster, ON, one_person=[frozenset({"ann@example.com", "bob@example.com"})])
    assert [(one.rule, one.department, one.person) for one in found] == [
        ("M05", "Finance", ANN.id),
        ("M05", "Legal", BOB.id),
    ]


def test_a_vacant_seat() -> None:
    assert found(Seat(UUID(int=7), "Sales")) == [("M06", "The seat of Sales is vacant.")]
