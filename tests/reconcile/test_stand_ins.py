"""Declines and coming after all, as values: who is swapped in, when, and who is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest

from governance.domain.roster import Deputy, StandInCause, Tenure, Term
from governance.reconcile.observed import Guest
from governance.reconcile.stand_ins import SwapBack, SwapIn, kept_no_more, swaps
from tests.reconcile.situations import (
    AMARA,
    FINANCE,
    HENRIK,
    JONAS,
    LEGAL,
    LENGTH,
    MEI,
    NEXT_THURSDAY,
    SEATED,
    SECURITY,
    SINCE,
    THURSDAY,
    TOMAS,
    VERA,
    exception,
    guest,
    in_order,
    mandate,
    seat,
    situation,
    stand_in,
)

DECLINED = (guest(AMARA, "declined"), *SEATED[1:])


def told(**differences: object) -> list[tuple[str, str, str]]:
    """What is asked for: in or back, the deputy's name, the original start's day."""
    told_situation = situation(**differences)
    people = told_situation.roster.people
    return [
        ("in" if isinstance(one, SwapIn) else "back", str(people[one.deputy]), f"{one.occurrence.original_start:%d %b}")
        for one in swaps(told_situation)
    ]


def test_nothing_is_swapped_when_everybody_comes() -> None:
    assert [] == swaps(in_order())


@pytest.mark.parametrize("answer", ["accepted", "tentative", "needsAction"])
def test_only_a_decline_swaps(answer: str) -> None:
    assert [] == told(exceptions=(exception(THURSDAY, guest(AMARA, answer), *SEATED[1:]),))


def test_a_decline_of_one_occurrence_swaps_in_the_first_deputy_that_day() -> None:
    assert [("in", "Jonas", "03 Dec")] == told(exceptions=(exception(NEXT_THURSDAY, *DECLINED),))


def test_a_decline_of_the_series_swaps_for_the_next_occurrence_alone() -> None:
    assert [("in", "Jonas", "26 Nov")] == told(guests=DECLINED)


def test_the_next_occurrence_is_an_exception_on_which_the_delegate_accepted() -> None:
    assert [] == told(guests=DECLINED, exceptions=(exception(THURSDAY, guest(AMARA, "accepted"), *SEATED[1:]),))


def test_the_second_deputy_is_taken_when_the_first_has_no_mandate_that_day() -> None:
    first, second = Deputy(JONAS.id, SINCE, 1), Deputy(VERA.id, SINCE, 2)
    until_yesterday = mandate(JONAS, last=date(2026, 11, 25))
    finance = replace(
        seat(FINANCE, "Finance", AMARA),
        deputies=(second, first),
        mandates=(mandate(AMARA), until_yesterday, mandate(VERA)),
    )

    assert [("in", "Vera", "26 Nov")] == told(
        guests=DECLINED, roster={"seats": (finance, seat(LEGAL, "Legal", HENRIK), seat(SECURITY, "IT Security", MEI))}
    )


def test_a_deputy_without_any_mandate_is_not_swapped_in() -> None:
    finance = replace(seat(FINANCE, "Finance", AMARA, JONAS), mandates=(mandate(AMARA),))

    assert [] == told(guests=DECLINED, roster={"seats": (finance,)})


def test_a_deputy_who_holds_a_seat_or_stands_in_already_is_passed_over() -> None:
    """A person holds at most one tenure or stand-in per meeting and day."""
    shared = Deputy(JONAS.id, SINCE, 1)
    finance = replace(seat(FINANCE, "Finance", AMARA, JONAS), deputies=(shared,))
    legal = replace(seat(LEGAL, "Legal", HENRIK, JONAS), deputies=(shared,))
    both = (guest(AMARA, "declined"), guest(HENRIK, "declined"), guest(MEI))
    holder = replace(seat(SECURITY, "IT Security", None), tenures=(Tenure(JONAS.id, Term(date(2026, 1, 1))),))

    assert [("in", "Jonas", "26 Nov")] == told(guests=both, roster={"seats": (finance, legal)})
    assert [] == told(guests=both, roster={"seats": (finance, legal, holder)})


def test_a_seat_with_a_stand_in_is_not_swapped_again() -> None:
    assert [] == told(guests=DECLINED, roster=stand_in(FINANCE, JONAS, StandInCause.NAMED))


@pytest.mark.parametrize("answer", ["accepted", "tentative"])
def test_coming_after_all_ends_the_stand_in_that_a_decline_caused(answer: str) -> None:
    coming = (guest(AMARA, answer), *SEATED[1:], guest(JONAS))

    assert [("back", "Jonas", "26 Nov")] == told(
        exceptions=(exception(THURSDAY, *coming),), roster=stand_in(FINANCE, JONAS, StandInCause.DECLINE)
    )


@pytest.mark.parametrize("cause", [StandInCause.NAMED, StandInCause.HANDED_OVER])
def test_a_stand_in_by_somebodys_act_is_not_ended_by_an_answer(cause: StandInCause) -> None:
    coming = (guest(AMARA, "accepted"), *SEATED[1:], guest(JONAS))

    assert [] == told(exceptions=(exception(THURSDAY, *coming),), roster=stand_in(FINANCE, JONAS, cause))


def test_an_answer_that_a_move_has_reset_is_no_coming_after_all() -> None:
    moved = exception(THURSDAY, *SEATED, guest(JONAS), start=THURSDAY + LENGTH, end=THURSDAY + 2 * LENGTH)

    assert [] == told(exceptions=(moved,), roster=stand_in(FINANCE, JONAS, StandInCause.DECLINE))


def test_a_running_occurrence_is_left_as_it_is() -> None:
    assert [] == told(exceptions=(exception(THURSDAY, *DECLINED),), guests=SEATED, now=THURSDAY + LENGTH / 2)


def test_where_google_left_guests_out_nobody_is_swapped() -> None:
    unknown = exception(THURSDAY, *DECLINED, Guest(None, name="Somebody"))

    assert [] == told(exceptions=(unknown,))


def test_a_vacant_seat_has_nobody_to_stand_in_for() -> None:
    assert [] == told(guests=DECLINED, roster={"seats": (seat(FINANCE, "Finance", None, JONAS),)})


def test_swaps_name_the_delegate_they_are_for() -> None:
    (swap,) = swaps(situation(exceptions=(exception(THURSDAY, SEATED[0], guest(HENRIK, "declined"), SEATED[2]),)))

    assert not isinstance(swap, SwapBack)
    assert (LEGAL, HENRIK.id, TOMAS.id) == (swap.seat.id, swap.delegate, swap.deputy)


def kept(seat_id: UUID, on: datetime = THURSDAY) -> dict[str, object]:
    return {"kept": frozenset({(on, seat_id)})}


def test_a_seat_stays_kept_while_its_decline_stands_and_while_the_delegate_is_not_invited() -> None:
    assert [] == told(guests=DECLINED, roster=kept(FINANCE))
    assert [] == kept_no_more(situation(guests=DECLINED, roster=kept(FINANCE)))
    assert [] == kept_no_more(situation(guests=SEATED[1:], roster=kept(FINANCE)))


@pytest.mark.parametrize("answer", ["accepted", "tentative", "needsAction"])
def test_a_seat_is_kept_no_more_once_no_decline_stands(answer: str) -> None:
    """Whoever hands over without declining, and is given the seat back, may decline later: that counts."""
    answered = exception(THURSDAY, guest(AMARA, answer), *SEATED[1:])

    [ended] = kept_no_more(situation(exceptions=(answered,), roster=kept(FINANCE)))

    assert (FINANCE, THURSDAY) == (ended.seat.id, ended.occurrence.original_start)
