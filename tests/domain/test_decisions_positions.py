"""Who sees what when, what stands, and which interests are shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.decisions.life import remarks, was_objected
from governance.domain.decisions.outcome import quorum
from governance.domain.decisions.positions import (
    correctable_until,
    interests,
    is_blind,
    open_objections,
    standing,
    unheard,
)
from governance.domain.decisions.values import Answer, Decision, ObjectionAnswer, Source, Stance
from governance.domain.decisions.veil import veiled
from governance.domain.rules import Modes
from tests.domain.deciding import NOW, decision, decisions, position, seat

FEW = settings(max_examples=60, deadline=None)


@FEW
@given(decisions())
def test_it_is_blind_exactly_while_somebody_is_missing_and_nobody_opened_it(one: Decision) -> None:
    missing = {elector.seat for elector in one.electors} - {said.seat for said in one.positions}

    assert is_blind(one) == (bool(missing) and one.revealed_at is None and not one.is_show_of_hands)


@FEW
@given(decisions(), st.data())
def test_as_long_as_it_is_blind_no_figure_tells_what_anybody_said(one: Decision, data: st.DataObject) -> None:
    """Whatever a seat says instead, quorum and remarks are the same."""
    if not is_blind(one):
        return
    others = tuple(
        replace(said, stance=stance, hold_until=NOW + timedelta(days=1) if stance is Stance.HOLD else None)
        for said in one.positions
        for stance in [data.draw(st.sampled_from(list(Stance)))]
    )
    other = replace(one, positions=others)
    present = [elector.seat for elector in one.electors]

    assert quorum(other, present, None, NOW) == quorum(one, present, None, NOW)
    assert remarks(other, NOW, Modes({})) == remarks(one, NOW, Modes({}))
    assert unheard(other, NOW) == unheard(one, NOW)


def test_the_latest_of_a_round_stands_and_earlier_rounds_do_not() -> None:
    first, second = position(0, Stance.OBJECT, interest="Time"), position(0, Stance.LIVE, order=5)
    of_another_round = position(1, Stance.FAVOUR, round_=1)

    now = decision(2, second, first, replace(of_another_round, round=0))

    assert {key: one.stance for key, one in standing(now, NOW).items()} == {seat(0): Stance.LIVE}
    assert unheard(now, NOW) == (seat(1),)


def test_a_hold_that_runs_out_unwritten_is_not_heard() -> None:
    held = decision(1, position(0, Stance.HOLD, hold_until=NOW + timedelta(hours=1)))

    assert unheard(held, NOW) == ()
    assert [one.seat for one in open_objections(held, NOW)] == [seat(0)]
    assert unheard(held, NOW + timedelta(hours=1)) == (seat(0),)
    assert open_objections(held, NOW + timedelta(hours=1)) == ()


def test_as_long_as_it_is_blind_a_hold_that_runs_out_stays_in() -> None:
    held = decision(2, position(0, Stance.HOLD, hold_until=NOW))

    assert unheard(held, NOW) == (seat(1),)
    assert unheard(replace(held, revealed_at=NOW), NOW) == (seat(0), seat(1))


def test_what_was_said_in_a_round_that_was_never_opened_brings_no_review_forward() -> None:
    objected = replace(decision(1, position(0, Stance.OBJECT, interest="Time")), revealed_at=NOW)

    assert was_objected(objected)
    assert not was_objected(replace(objected, shut_rounds=frozenset({objected.round})))


@FEW
@given(decisions())
def test_who_may_not_read_positions_derives_the_same_from_each(one: Decision) -> None:
    all_yes = replace(
        one, positions=tuple(replace(said, stance=Stance.FAVOUR, hold_until=None) for said in one.positions)
    )
    seen, expected = (veiled(each, reads_positions=False) for each in (one, all_yes))

    assert remarks(seen, NOW, Modes({})) == remarks(expected, NOW, Modes({}))
    assert (unheard(seen, NOW), was_objected(seen)) == (unheard(expected, NOW), False)


def test_an_objection_is_open_until_it_has_its_answer() -> None:
    objection = position(0, Stance.OBJECT, interest="Time")
    answer = ObjectionAnswer(objection.id, Answer.DECLINED, "We take it", NOW)

    assert open_objections(decision(1, objection), NOW) == (objection,)
    assert open_objections(decision(1, objection, answers={objection.id: answer}), NOW) == ()


def test_only_what_somebody_else_entered_can_be_corrected_and_only_for_a_day() -> None:
    own, entered = position(0, Stance.FAVOUR), position(1, Stance.LIVE, source=Source.ROOM)
    corrected = position(2, Stance.LIVE, source=Source.CORRECTION)

    found = decision(3, own, entered, corrected)

    assert correctable_until(found, seat(0)) is None
    assert correctable_until(found, seat(1)) == entered.at + timedelta(hours=24)
    assert correctable_until(found, seat(2)) is None


@FEW
@given(st.lists(st.sampled_from(["Time", " time ", "TIME", "Money", "Money ", ""]), min_size=1, max_size=8))
def test_every_interest_is_there_once_with_all_its_seats_the_shared_ones_first(said: list[str]) -> None:
    found = interests(
        decision(len(said), *(position(one, Stance.FAVOUR, interest=words) for one, words in enumerate(said))), NOW
    )

    expected = {
        folded: {seat(one) for one, words in enumerate(said) if words.strip().casefold() == folded}
        for folded in {words.strip().casefold() for words in said if words.strip()}
    }
    assert {one.text.casefold(): set(one.seats) for one in found} == expected
    assert [len(one.seats) for one in found] == sorted((len(one.seats) for one in found), reverse=True)
