"""The quorum, and what positions come to by each way of deciding, against an oracle of a few lines."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.charter import Way
from governance.domain.decisions.outcome import needed, outcome, quorum
from governance.domain.decisions.positions import is_blind
from governance.domain.decisions.presence import Stay, lost_at, present_at
from governance.domain.decisions.values import Decision, Stance
from tests.domain.deciding import NOW, decision, decisions, elector, position, seat

FEW = settings(max_examples=80, deadline=None)
YES = (Stance.FAVOUR, Stance.LIVE)


@FEW
@given(st.integers(0, 40), st.none() | st.fractions(min_value=0, max_value=1))
def test_a_quorum_is_the_least_number_that_reaches_the_share_of_the_held_seats(
    held: int, share: Fraction | None
) -> None:
    found = needed(held, share)

    if share is None:
        assert found > held / 2 >= found - 1
    else:
        assert found >= max(1, share * held) > found - 1 or found == 1


@FEW
@given(decisions(), st.sets(st.integers(0, 9)))
def test_whoever_is_there_and_may_decide_counts_and_nobody_else(one: Decision, there: set[int]) -> None:
    found = quorum(one, {seat(number) for number in there}, None, NOW)

    may = {elector.seat for elector in one.electors if elector.is_empowered}
    assert found.held == len(one.electors)
    recused = set() if is_blind(one) else {said.seat for said in one.positions if said.stance is Stance.RECUSE}
    assert found.present == len((may & {seat(number) for number in there}) - recused)


def test_a_recused_seat_is_taken_off_once_positions_are_open() -> None:
    said = (position(0, Stance.RECUSE), position(1, Stance.FAVOUR))

    assert quorum(decision(3, *said), {seat(0), seat(1)}, None, NOW).present == 2
    assert quorum(decision(3, *said, revealed_at=NOW), {seat(0), seat(1)}, None, NOW).present == 1


@FEW
@given(decisions(ways=(Way.MAJORITY, Way.TWO_THIRDS)))
def test_only_those_who_may_decide_are_counted_and_a_tie_decides_nothing(one: Decision) -> None:
    may = {elector.seat for elector in one.electors if elector.is_empowered}
    yes = sum(said.stance in YES for said in one.positions if said.seat in may)
    no = sum(said.stance is Stance.OBJECT for said in one.positions if said.seat in may)

    found = outcome(one, NOW)

    enough = yes > no if one.way is Way.MAJORITY else yes > 0 and yes >= 2 * no
    assert (found.is_adopted, found.yes, found.no) == (enough, yes, no)


@FEW
@given(decisions(ways=(Way.CONSENT,)))
def test_consent_needs_a_yes_and_no_objection_without_an_answer(one: Decision) -> None:
    may = {elector.seat for elector in one.electors if elector.is_empowered}
    objects = any(said.stance in (Stance.OBJECT, Stance.HOLD) for said in one.positions)
    has_yes = any(said.stance in YES and said.seat in may for said in one.positions)

    assert outcome(one, NOW).is_adopted == (has_yes and not objects)


@FEW
@given(decisions(ways=(Way.CHAIR,)))
def test_the_chair_decides_once_every_seat_was_heard(one: Decision) -> None:
    assert outcome(one, NOW).is_adopted == (len(one.positions) == len(one.electors))


@pytest.mark.parametrize(("yes", "no", "is_adopted"), [(4, 2, True), (3, 2, False), (2, 1, True), (0, 0, False)])
def test_two_thirds_are_two_of_three(yes: int, no: int, is_adopted: bool) -> None:
    said = [position(one, Stance.LIVE if one < yes else Stance.OBJECT, interest="x") for one in range(yes + no)]

    assert outcome(decision(7, *said, way=Way.TWO_THIRDS), NOW).is_adopted is is_adopted


def test_it_is_said_since_when_the_quorum_is_lost_and_forgotten_when_it_is_back() -> None:
    at = NOW - timedelta(minutes=40)
    stays = [
        Stay(seat(0), at),
        Stay(seat(1), at, at + timedelta(minutes=12)),
        Stay(seat(2), at + timedelta(minutes=20)),
    ]
    three = decision(3)

    assert lost_at(three, stays, None, at + timedelta(minutes=11)) is None
    assert lost_at(three, stays, None, at + timedelta(minutes=19)) == at + timedelta(minutes=12)
    assert lost_at(three, stays, None, at + timedelta(minutes=20)) is None


def test_before_there_ever_was_one_no_quorum_is_lost() -> None:
    assert lost_at(decision(3), [Stay(seat(0), NOW - timedelta(minutes=5))], None, NOW) is None


@FEW
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30), st.none() | st.integers(0, 30)), max_size=10))
def test_since_it_was_lost_there_was_no_quorum_at_any_minute(told: list[tuple[int, int, int | None]]) -> None:
    begun = NOW - timedelta(minutes=60)
    stays = [
        Stay(seat(who), begun + timedelta(minutes=came), begun + timedelta(minutes=came + left) if left else None)
        for who, came, left in told
    ]
    six = decision(6, electors=tuple(elector(one) for one in range(6)))

    since = lost_at(six, stays, None, NOW)

    def is_met(minute: int) -> bool:
        return quorum(six, present_at(stays, begun + timedelta(minutes=minute)), None, NOW).is_met

    met = [minute for minute in range(61) if is_met(minute)]
    expected = begun + timedelta(minutes=max(met) + 1) if met and max(met) < 60 else None
    assert since == expected
