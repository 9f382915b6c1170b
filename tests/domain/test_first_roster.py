"""Who sits, who waits and who is let go, from the guests and what was decided of them."""

from __future__ import annotations

import pytest

from governance.domain.first_roster import (
    VACANT,
    Candidate,
    Decided,
    FirstRoster,
    Standing,
    first_roster,
    grouped,
    slug_of,
)

ANN, BOB, EVE = (
    Candidate(address=f"{name}@example.com", name=name.title(), standing=Standing.PERSON)
    for name in ("ann", "bob", "eve")
)
WALTER = Candidate(address="walter@elsewhere.org", name="Walter", is_inside=False)
CHAIR = Candidate(address="chair@example.com", name="Chair", standing=Standing.LEAD)
GROUP = Candidate(address="all@example.com", name="All", standing=Standing.GROUP)
ROOM = Candidate(address="room@example.com", name="Room", standing=Standing.ROOM)
EVERYBODY = (ANN, BOB, EVE, WALTER, CHAIR, GROUP, ROOM)


def decided(**more: dict[str, str]) -> Decided:
    return Decided.from_json(more)


def addresses(roster: FirstRoster) -> list[str]:
    return [one.address for one in roster.let_go]


# Nothing changes


def test_where_nothing_was_decided_nobody_has_a_seat() -> None:
    roster = first_roster(EVERYBODY, decided())

    assert roster.seats == ()
    assert roster.held == 0


def test_a_roster_is_the_same_after_it_was_written_down() -> None:
    roster = first_roster(EVERYBODY, decided(departments={ANN.address: "Finance", BOB.address: "Finance"}))

    assert FirstRoster.from_json(roster.to_json()) == roster


# Who is what


def test_a_department_is_one_however_it_is_written() -> None:
    groups = grouped((ANN, BOB), {ANN.address: "  IT   Security", BOB.address: "it security"})

    assert [(one.department, one.people) for one in groups] == [("IT Security", (ANN, BOB))]


def test_of_several_one_sits_and_the_others_wait_unless_they_are_let_go() -> None:
    roster = first_roster(
        (ANN, BOB, EVE),
        decided(
            departments={one.address: "Finance" for one in (ANN, BOB, EVE)},
            delegates={"finance": ANN.address},
            fates={EVE.address: "let-go"},
        ),
    )

    (seat,) = roster.seats
    assert seat.delegate is not None
    assert (seat.delegate.address, [one.address for one in seat.waiting]) == (ANN.address, [BOB.address])
    assert addresses(roster) == [EVE.address]


def test_the_only_one_of_a_department_sits_unless_somebody_says_nobody_yet() -> None:
    departments = {ANN.address: "Finance"}

    sits = first_roster((ANN,), decided(departments=departments))
    waits = first_roster((ANN,), decided(departments=departments, delegates={"finance": VACANT}))

    assert (sits.held, waits.held) == (1, 0)
    assert [one.address for one in waits.seats[0].waiting] == [ANN.address]


def test_a_choice_of_somebody_who_is_of_another_department_by_now_is_none() -> None:
    chosen = decided(
        departments={ANN.address: "Finance", BOB.address: "Finance", EVE.address: "Legal"},
        delegates={"finance": EVE.address},
    )

    finance = grouped((ANN, BOB, EVE), chosen.departments)[0]

    assert chosen.delegate_of(finance) == ""


def test_whoever_leads_is_neither_put_on_a_waiting_list_nor_let_go() -> None:
    both = decided(departments={CHAIR.address: "Board", ANN.address: "Board"}, delegates={"board": ANN.address})

    of_a_department = first_roster((CHAIR, ANN), both)
    of_none = first_roster((CHAIR,), decided())

    assert of_a_department.seats[0].waiting == ()
    assert addresses(of_a_department) == addresses(of_none) == []


def test_groups_rooms_and_people_from_outside_are_not_made_known_here() -> None:
    entered = dict.fromkeys((GROUP.address, ROOM.address), "Finance")

    roster = first_roster((GROUP, ROOM, WALTER, ANN), decided(departments=entered))

    assert (roster.seats, addresses(roster)) == ((), [ANN.address])


@pytest.mark.parametrize(
    ("sponsor", "asks"), [(None, False), (ANN.address, False), (BOB.address, True)], ids=["none", "themselves", "other"]
)
def test_a_sponsor_is_asked_unless_they_sit_there_themselves(sponsor: str | None, asks: bool) -> None:
    sponsors = {"finance": sponsor} if sponsor else {}

    roster = first_roster((ANN,), decided(departments={ANN.address: "Finance"}, sponsors=sponsors))

    assert roster.seats[0].asks is asks


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Steering", "steering"),
        ("Führungsrunde (wöchentlich)", "fuhrungsrunde-wochentlich"),
        ("週次会議", "meeting"),
        ("A", "meeting"),
        ("x" * 80, "x" * 40),
    ],
)
def test_a_short_name_is_made_of_the_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug
