"""The closing: what is filled in, what is in the way, whose word is wanted, and that no other word is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.decisions.closing import findings, number_of, owners_seat, still_to_fill_in, with_defaults
from governance.domain.decisions.committing import pledged, to_ask
from governance.domain.decisions.life import blockers, state_of
from governance.domain.decisions.ratifying import ask_again, asking
from governance.domain.decisions.values import (
    Cause,
    Checklist,
    Commitment,
    Decision,
    Elector,
    Option,
    Pledge,
    Position,
    Quorum,
    Ratification,
    RatificationState,
    Stance,
    State,
)
from governance.domain.rules import Mode, Modes

AT = datetime(2026, 11, 26, 10, tzinfo=UTC)
TODAY = AT.date()
SEATS = tuple(UUID(int=number) for number in (1, 2, 3))
PEOPLE = tuple(UUID(int=10 + number) for number in (1, 2, 3))
FINANCE, LEGAL, SALES = SEATS
ALL_ON, ENFORCED = Modes({}), Modes({f"D0{number}": Mode.ENFORCE for number in range(1, 8)})
ASKED, RATIFIED, DECLINED = RatificationState


def test_an_objection_in_a_round_that_was_never_opened_brings_no_review_forward() -> None:
    objected = Position(UUID(int=9), FINANCE, Stance.OBJECT, 1, AT, interest="Trust")
    shut = decided(round=2, positions=(objected,), shut_rounds=frozenset({1}))
    opened = replace(shut, shut_rounds=frozenset())

    reviews = [with_defaults(one, TODAY).review_on for one in (shut, opened)]

    assert reviews == [TODAY + timedelta(weeks=13), TODAY + timedelta(weeks=6)]


def decided(**more: object) -> Decision:
    """By three seats in favour, each of which may decide on 100."""
    names = ("Finance", "Legal", "Sales")
    values: dict[str, object] = {
        "id": UUID(int=99),
        "title": "Credit the freight",
        "options": (
            Option(UUID(int=20), "Do nothing", cost="Two customers", is_nothing=True),
            Option(UUID(int=21), "Credit the freight", "Nobody has to ask", is_proposed=True, rank=1),
            Option(UUID(int=22), "Credit half", rank=2),
        ),
        "electors": tuple(
            Elector(seat, name, person, limit_minor=100)
            for seat, name, person in zip(SEATS, names, PEOPLE, strict=True)
        ),
        "positions": tuple(
            Position(UUID(int=30 + number), seat, Stance.FAVOUR, 1, AT) for number, seat in enumerate(SEATS)
        ),
        "opened_at": AT, "revealed_at": AT, "decided_at": AT, "quorum": Quorum(3, 2, 3),
    }  # fmt: skip
    return Decision(**(values | more))  # type: ignore[arg-type]


def committed(*seats: UUID, pledge: Pledge = Pledge.WILL, at: datetime = AT) -> tuple[Commitment, ...]:
    return tuple(Commitment(seat, pledge, at) for seat in seats)


FILLED = Checklist(
    "Credit the freight", PEOPLE[0], TODAY + timedelta(days=20), "Nobody has to ask", "Ann", TODAY, "All", AT
)


# --- What is filled in


def test_an_ordinary_decision_asks_for_three_fields() -> None:
    assert still_to_fill_in(decided(), TODAY) == ("owner", "due_on", "teller")


@given(st.builds(Checklist, text=st.sampled_from(["", "A wording"]), teller=st.sampled_from(["", "Ann"]),
                 informed=st.sampled_from(["", "Sales"]), due_on=st.sampled_from([None, TODAY])))  # fmt: skip
@settings(max_examples=20)
def test_what_somebody_has_filled_in_is_never_overwritten_and_filling_in_twice_changes_nothing(
    asked: Checklist,
) -> None:
    once = with_defaults(decided(checklist=asked), TODAY)

    assert with_defaults(decided(checklist=once), TODAY) == once
    for name in Checklist.__dataclass_fields__:
        assert not getattr(asked, name) or getattr(once, name) == getattr(asked, name)


def test_after_an_objection_it_is_looked_at_sooner() -> None:
    objected = Position(UUID(int=40), SALES, Stance.OBJECT, 1, AT - timedelta(hours=1), interest="Margin")

    assert with_defaults(decided(), TODAY).review_on == TODAY + timedelta(weeks=13)
    assert with_defaults(decided(positions=(objected, *decided().positions)), TODAY).review_on == date(2027, 1, 7)


def test_the_owner_s_seat_is_the_one_they_sat_on() -> None:
    assert owners_seat(decided(checklist=FILLED)) == FINANCE
    assert owners_seat(decided(checklist=replace(FILLED, owner=UUID(int=77)))) is None
    assert owners_seat(decided()) is None


@given(st.integers(2000, 9999), st.integers(1, 99_999), st.integers(1, 99_999))
@settings(max_examples=30)
def test_numbers_of_a_year_are_told_apart_and_read_the_same_way(year: int, one: int, other: int) -> None:
    assert (number_of(year, one) == number_of(year, other)) is (one == other)
    assert number_of(year, one).startswith(f"D-{year}-")
    assert int(number_of(year, one).rsplit("-", 1)[1]) == one


# --- What is in the way


def test_nothing_is_in_the_way_of_a_whole_one() -> None:
    whole = decided(checklist=FILLED, commitments=committed(*SEATS))

    assert findings(whole, AT, ENFORCED) == ()
    assert state_of(whole) is State.COMMITTED


def test_what_blocks_comes_first_and_what_can_be_named_after_it() -> None:
    one = decided(commitments=committed(FINANCE), money_minor=101, payer=FINANCE)

    found = findings(one, AT, ENFORCED)

    assert [(each.remark.rule, each.is_blocking, each.by_name) for each in found] == [
        ("D04", True, False), ("D05", True, False), ("D06", True, True),
    ]  # fmt: skip
    named = findings(one, AT, ENFORCED, named=[LEGAL, SALES])
    assert [(each.remark.rule, each.is_blocking) for each in named][-1] == ("D06", False)


@given(st.sets(st.sampled_from(SEATS)), st.sets(st.sampled_from(SEATS)))
@settings(max_examples=30)
def test_it_closes_without_a_commitment_exactly_where_every_such_seat_is_named(
    said: set[UUID], named: set[UUID]
) -> None:
    one = decided(checklist=FILLED, commitments=committed(*said))

    assert (not blockers(one, AT, ENFORCED, named)) is (set(SEATS) - said <= named)


@pytest.mark.parametrize(("money", "payer", "is_open"), [(None, None, False), (0, None, False), (1, None, True),
                                                         (1, UUID(int=77), True), (100, FINANCE, False)])  # fmt: skip
def test_money_is_always_borne_by_a_seat_that_takes_part(money: int | None, payer: UUID | None, is_open: bool) -> None:
    found = findings(decided(money_minor=money, payer=payer), AT, ENFORCED)

    assert ("D04" in {one.remark.rule for one in found}) is is_open


# --- Whose word is wanted


def test_within_the_mandate_nobody_is_asked_and_beyond_it_the_seat_that_pays() -> None:
    assert asking(decided(money_minor=100, payer=FINANCE)).ask == ()
    assert asking(decided(money_minor=101, payer=FINANCE)).ask == (FINANCE,)
    without = tuple(replace(one, is_empowered=False) for one in decided().electors)
    assert asking(decided(money_minor=1, payer=LEGAL, electors=without)).ask == (LEGAL,)


def test_who_is_asked_for_money_that_fits_by_now_is_asked_no_more_unless_for_the_subject() -> None:
    money = Ratification(FINANCE, Cause.MONEY, ASKED)

    assert asking(decided(ratifications=(money,), money_minor=100, payer=FINANCE)).drop == (FINANCE,)
    both = replace(money, words="Not mine")
    assert asking(decided(ratifications=(both,), money_minor=100, payer=FINANCE)).cause == ((FINANCE, Cause.SUBJECT),)
    assert asking(decided(ratifications=(money,), money_minor=101, payer=LEGAL)).drop == (FINANCE,)


def test_a_word_counts_for_what_was_asked() -> None:
    yes = Ratification(FINANCE, Cause.MONEY, RATIFIED)
    before = decided(ratifications=(yes,), money_minor=200, payer=FINANCE)

    assert ask_again(before, before) == ()
    assert ask_again(before, replace(before, money_minor=150)) == ()
    assert ask_again(before, replace(before, money_minor=201)) == (FINANCE,)
    assert ask_again(before, replace(before, checklist=Checklist(text="  Credit the\nfreight "))) == ()
    assert ask_again(before, replace(before, checklist=Checklist(text="Credit all of it"))) == (FINANCE,)


def test_a_no_is_asked_about_again_once_it_costs_less() -> None:
    no = Ratification(FINANCE, Cause.MONEY, DECLINED)
    before = decided(ratifications=(no,), money_minor=200, payer=FINANCE)

    assert ask_again(before, replace(before, money_minor=199)) == (FINANCE,)
    assert ask_again(before, replace(before, money_minor=200)) == ()


MONEY = st.one_of(st.none(), st.integers(0, 300))
PAYER = st.one_of(st.none(), st.sampled_from(SEATS))
WORD = st.tuples(st.sampled_from(["", "Not mine"]), st.sampled_from(RatificationState))
SAID = st.dictionaries(st.sampled_from(SEATS), WORD)


@given(MONEY, PAYER, SAID)
@settings(max_examples=60)
def test_once_everybody_asked_has_said_yes_and_nobody_else_is_wanted_d04_is_silent(
    money: int | None, payer: UUID | None, said: dict[UUID, tuple[str, RatificationState]]
) -> None:
    """Against the rule itself: what asking leads to is exactly what the rule lets pass."""
    rows = tuple(Ratification(seat, Cause.SUBJECT, state, words) for seat, (words, state) in said.items())
    one = decided(money_minor=money, payer=payer, ratifications=rows)
    wanted = asking(one)
    left = [replace(row, state=RATIFIED) for row in rows if row.seat not in wanted.drop]
    asked = [Ratification(seat, Cause.MONEY, RATIFIED) for seat in wanted.ask]

    after = replace(one, ratifications=(*left, *asked))

    remarked = [each.remark.reason for each in findings(after, AT, ENFORCED) if each.remark.rule == "D04"]
    assert remarked == (["it costs money, and no seat bears it"] if money and payer is None else [])
    assert asking(after).ask == ()
    assert asking(after).drop == ()


# --- Commitments


def test_the_last_word_of_a_seat_since_it_was_decided_counts() -> None:
    old = committed(SALES, at=AT - timedelta(days=1))
    later = (*committed(FINANCE), *committed(FINANCE, pledge=Pledge.NEEDS, at=AT + timedelta(hours=1)))

    found = pledged(decided(commitments=(*old, *later)))

    assert {seat: one.pledge for seat, one in found.items()} == {FINANCE: Pledge.NEEDS}


def test_who_was_there_or_has_said_something_is_not_asked_by_mail() -> None:
    one = decided(commitments=(*committed(LEGAL), *committed(SALES, pledge=Pledge.NO_ANSWER)))

    assert to_ask(one, present=[FINANCE]) == (SALES,)
    assert to_ask(one, present=[]) == (FINANCE, SALES)
