"""What an import would change, shown before it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.domain.people import Person, PersonId
from governance.domain.roster import Deputy, Mandate, Roster, Seat, StandIn, StandInCause, Tenure, Term
from governance.domain.roster_file import RosterFile, RosterFileRefused, RosterRow, read_roster_file
from governance.domain.roster_import import ImportKind, ImportPreview, preview_import, refuse_overfull
from governance.domain.seating import breaches
from tests.support.cast import ANN, BOB, CEM, DORA, FAY, NOW, TODAY, YESTERDAY, Character

LONG_AGO = date(2025, 1, 1)


def person(who: Character, number: int) -> Person:
    return Person(PersonId(UUID(int=number)), who.name, (who.address,))


ANN_, BOB_, CEM_, DORA_, FAY_ = (person(who, i + 1) for i, who in enumerate((ANN, BOB, CEM, DORA, FAY)))


def roster(*seats: Seat, cap: int = 12) -> Roster:
    everybody = (ANN_, BOB_, CEM_, DORA_, FAY_)
    return Roster(
        time_zone="Europe/Berlin",
        cap=cap,
        seats=seats,
        people={one.id: one for one in everybody},
        address_owner={address: one.id for one in everybody for address in one.addresses},
    )


def seat(department: str, number: int, holder: Person | None = None, *, scope: str | None = None) -> Seat:
    tenures = (Tenure(holder.id, Term(LONG_AGO)),) if holder else ()
    mandates = (Mandate(holder.id, Term(LONG_AGO), scope),) if holder and scope else ()
    return Seat(UUID(int=100 + number), department, tenures=tenures, mandates=mandates)


def preview(before: Roster, text: str, *, replace_all: bool = False) -> ImportPreview:
    return preview_import(before, read_roster_file(text.encode()), replace_all=replace_all, today=TODAY)


def refused(before: Roster, text: str, *, replace_all: bool = False) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(RosterFileRefused) as error:
        preview(before, text, replace_all=replace_all)
    return [(fault.row, fault.column, fault.sentence) for fault in error.value.faults]


def sentences(shown: ImportPreview) -> list[str]:
    return [str(change) for change in shown.changes]


def test_a_roster_that_is_as_the_file_says_is_not_changed() -> None:
    before = roster(seat("Finance", 1, ANN_, scope="All"))

    shown = preview(before, f"department,delegate_email,mandate_scope\nFINANCE,{ANN.address},All\n", replace_all=True)

    assert shown.is_empty
    assert shown.after == before


def test_blank_cells_and_missing_departments_leave_things_as_they_are() -> None:
    before = roster(seat("Finance", 1, ANN_), seat("Legal", 2, BOB_))

    shown = preview(before, "department,delegate_email\nFinance,\n")

    assert shown.is_empty


def test_an_empty_roster_is_filled_row_by_row() -> None:
    text = (
        "department,delegate_name,delegate_email,sponsor_email,mandate_scope,mandate_until,deputy_email\n"
        f"Finance,{ANN.name},{ANN.address},{FAY.address},All,2026-12-31,{DORA.address}\n"
    )

    shown = preview(roster(), text)

    assert sentences(shown) == [
        "Finance: the seat is opened",
        "Finance: Fay Farah becomes the sponsor",
        "Finance: Ann Adler is appointed",
        "Finance: the mandate of Ann Adler is recorded from 2 Mar 2026 until 31 Dec 2026",
        "Finance: Dora Dahl becomes the deputy",
    ]
    (after,) = shown.after.seats
    assert after.tenures == (Tenure(ANN_.id, Term(TODAY)),)
    assert after.mandates == (Mandate(ANN_.id, Term(TODAY, date(2026, 12, 31)), "All", sponsor=FAY_.id),)
    assert after.deputies == (Deputy(DORA_.id, Term(TODAY)),)
    assert after.department_people == {ANN_.id, DORA_.id, FAY_.id}


def test_another_delegate_takes_over_today() -> None:
    before = roster(seat("Finance", 1, ANN_))

    shown = preview(before, f"department,delegate_email\nFinance,{DORA.address}\n")

    assert sentences(shown) == ["Finance: Ann Adler hands over to Dora Dahl"]
    assert shown.after.seats[0].tenures == (
        Tenure(ANN_.id, Term(LONG_AGO, YESTERDAY)),
        Tenure(DORA_.id, Term(TODAY)),
    )


def test_a_mandate_that_says_something_else_is_renewed_from_today() -> None:
    before = roster(seat("Finance", 1, ANN_, scope="Little"))

    shown = preview(before, "department,mandate_scope\nFinance,Much\n")

    assert [change.kind for change in shown.changes] == [ImportKind.MANDATE_RENEWED]
    assert shown.after.seats[0].mandates == (
        Mandate(ANN_.id, Term(LONG_AGO, YESTERDAY), "Little"),
        Mandate(ANN_.id, Term(TODAY), "Much"),
    )


def test_another_deputy_takes_the_first_ones_place_and_those_behind_stay() -> None:
    before_seat = replace(
        seat("Finance", 1, ANN_),
        deputies=(Deputy(DORA_.id, Term(LONG_AGO), 1), Deputy(BOB_.id, Term(LONG_AGO), 2)),
    )

    shown = preview(roster(before_seat), f"department,deputy_email\nFinance,{CEM.address}\n")

    assert sentences(shown) == ["Finance: Cem Can becomes the deputy instead of Dora Dahl"]
    assert [one.person for one in shown.after.seats[0].deputies_on(TODAY)] == [CEM_.id, BOB_.id]


def test_a_deputy_who_becomes_the_delegate_is_no_deputy_any_more() -> None:
    before_seat = replace(seat("Finance", 1, ANN_), deputies=(Deputy(DORA_.id, Term(LONG_AGO)),))

    shown = preview(roster(before_seat), f"department,delegate_email\nFinance,{DORA.address}\n")

    assert shown.after.seats[0].deputies_on(TODAY) == ()


def test_only_replacing_vacates_what_the_file_does_not_name() -> None:
    before = roster(seat("Finance", 1, ANN_), seat("Legal", 2, BOB_))
    text = f"department,delegate_email\nFinance,{ANN.address}\n"

    assert preview(before, text).is_empty
    assert sentences(preview(before, text, replace_all=True)) == ["Legal: the seat is vacated, Bob Brandt held it"]


def test_a_file_without_the_delegate_column_vacates_no_seat_that_it_names() -> None:
    before = roster(seat("Finance", 1, ANN_))

    assert preview(before, "department\nFinance\n", replace_all=True).is_empty
    assert not preview(before, "department,delegate_email\nFinance,\n", replace_all=True).is_empty


def test_two_people_can_change_seats_in_one_file() -> None:
    before = roster(seat("Finance", 1, ANN_), seat("Legal", 2, BOB_))

    shown = preview(before, f"department,delegate_email\nFinance,{BOB.address}\nLegal,{ANN.address}\n")

    assert sentences(shown) == [
        "Finance: Ann Adler hands over to Bob Brandt",
        "Legal: Bob Brandt hands over to Ann Adler",
    ]


def test_somebody_elses_holder_is_refused_with_row_and_column() -> None:
    before = roster(seat("Finance", 1, ANN_))

    assert refused(before, f"department,delegate_email\nLegal,{ANN.address}\n") == [
        (
            2,
            "delegate_email",
            "Choose somebody else, or vacate the seat of Finance first: "
            "Ann Adler holds it, and nobody holds two seats of a meeting",
        )
    ]


def test_one_person_under_two_addresses_is_one_person() -> None:
    both = replace(ANN_, addresses=(ANN.address, "adler@example.com"))
    before = roster()
    before = replace(
        before,
        people={**before.people, ANN_.id: both},
        address_owner={**before.address_owner, "adler@example.com": ANN_.id},
    )

    found = refused(before, f"department,delegate_email\nFinance,{ANN.address}\nLegal,adler@example.com\n")

    assert [(row, column) for row, column, _ in found] == [(3, "delegate_email")]


def test_the_row_above_the_cap_is_named_once() -> None:
    before = roster(seat("Sales", 1, CEM_), cap=2)
    text = f"department,delegate_email\nFinance,{ANN.address}\nLegal,{BOB.address}\nIT,{DORA.address}\n"

    assert refused(before, text) == [
        (
            3,
            "delegate_email",
            "Vacate a seat first, or raise the cap: 4 seats would have a holder on 2026-03-02, and the cap is 2",
        )
    ]


def test_a_cap_that_was_lowered_forbids_no_handing_over() -> None:
    before = roster(seat("Finance", 1, ANN_), seat("Legal", 2, BOB_), cap=1)

    shown = preview(before, f"department,delegate_email\nFinance,{DORA.address}\nLegal,{BOB.address}\n")

    assert sentences(shown) == ["Finance: Ann Adler hands over to Dora Dahl"]


def test_more_delegates_than_seats_are_refused_before_anybody_is_looked_up() -> None:
    rows = tuple(RosterRow(row=n, department=f"D{n}", delegate_email=f"d{n}@x.org") for n in range(2, 6))

    with pytest.raises(RosterFileRefused) as error:
        refuse_overfull(roster(cap=3), RosterFile(rows), TODAY)

    assert [fault.row for fault in error.value.faults] == [5]


def test_whoever_stands_in_elsewhere_on_a_later_day_is_refused() -> None:
    before = replace(
        roster(seat("Finance", 1, ANN_), seat("Legal", 2)),
        stand_ins={NOW: (StandIn(UUID(int=101), DORA_.id, StandInCause.NAMED),)},
    )

    ((row, _, sentence),) = refused(before, f"department,delegate_email\nLegal,{DORA.address}\n")

    assert row == 2
    assert "stands in for Finance that day" in sentence


def test_a_mandate_without_a_delegate_is_named() -> None:
    assert refused(roster(seat("Finance", 1)), "department,mandate_scope\nFinance,All\n") == [
        (2, "delegate_email", "Name the delegate whose mandate this is")
    ]


def test_a_mandate_that_would_have_ended_before_today_is_named() -> None:
    found = refused(
        roster(seat("Finance", 1, ANN_)), "department,mandate_scope,mandate_until\nFinance,All,2026-03-01\n"
    )

    assert found == [(2, "mandate_until", "Choose a day from 2026-03-02 on")]


def test_delegates_without_a_mandate_are_counted_with_the_two_remedies() -> None:
    shown = preview(roster(seat("Legal", 2, BOB_)), f"department,delegate_email\nFinance,{ANN.address}\n")

    assert shown.warning("weekly") == (
        "Fill mandate_scope in the file and import it again, or record each mandate with "
        "`governance roster mandate weekly DEPT EMAIL --scope TEXT`: 2 delegates have no mandate in force and will "
        "therefore not be added to the invitation: Bob Brandt (Legal), Ann Adler (Finance)."
    )


def test_where_everybody_may_decide_nobody_is_warned() -> None:
    shown = preview(roster(), f"department,delegate_email,mandate_scope\nFinance,{ANN.address},All\n")

    assert shown.warning("weekly") is None


DEPARTMENTS = ("Finance", "Legal", "Sales", "IT")
PEOPLE = (ANN, BOB, CEM, DORA, FAY)


@st.composite
def files(draw: st.DrawFn) -> RosterFile:
    departments = draw(st.lists(st.sampled_from(DEPARTMENTS), min_size=1, unique=True))
    delegates = draw(st.permutations([one.address for one in PEOPLE]))
    rows = []
    for number, department in enumerate(departments):
        others = [one.address for one in PEOPLE if one.address != delegates[number]]
        scope = draw(st.sampled_from([None, "All", "Some"]))
        rows.append(
            RosterRow(
                row=number + 2,
                department=department,
                delegate_email=draw(st.sampled_from([None, delegates[number]])),
                sponsor_email=draw(st.sampled_from([None, FAY.address])),
                mandate_scope=scope,
                mandate_from=draw(st.sampled_from([None, TODAY, TODAY - timedelta(days=9)])) if scope else None,
                mandate_until=draw(st.sampled_from([None, TODAY + timedelta(days=90)])) if scope else None,
                deputy_email=draw(st.sampled_from([None, *others])),
            )
        )
    return RosterFile(tuple(rows))


@given(st.lists(st.tuples(files(), st.booleans()), min_size=1, max_size=4), st.integers(1, 4))
def test_any_files_keep_the_laws_and_the_same_file_again_changes_nothing(
    imports: list[tuple[RosterFile, bool]], cap: int
) -> None:
    present = roster(cap=cap)
    sponsors: dict[str, PersonId] = {}
    for file, replace_all in imports:
        try:
            shown = preview_import(present, file, replace_all=replace_all, today=TODAY, sponsors=sponsors)
        except RosterFileRefused:
            continue
        sponsors |= {row.folded_department: FAY_.id for row in file.rows if row.sponsor_email}
        again = preview_import(shown.after, file, replace_all=replace_all, today=TODAY, sponsors=sponsors)

        assert again.changes == ()
        assert list(breaches(present, shown.after, TODAY)) == []
        assert shown.after.held_seats(TODAY) <= cap
        present = shown.after
