"""All together never use more than there is, whoever comes and goes."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from governance.leasing.allowance import RESERVE, UNITS_A_MINUTE, allowance
from governance.store.workers import Heartbeat
from tests.support.cast import NOW

ANN, BOB, EVE = (UUID(int=number) for number in (1, 2, 3))


def beat(who: UUID, *, age: float, silent: float = 0.0, has_stopped: bool = False) -> Heartbeat:
    return Heartbeat(who, NOW - timedelta(seconds=age), NOW - timedelta(seconds=silent), has_stopped)


def test_whoever_is_alone_has_all_but_the_reserve() -> None:
    assert UNITS_A_MINUTE - RESERVE == allowance(ANN, [beat(ANN, age=300)], NOW)


def test_those_that_began_together_share_evenly() -> None:
    both = [beat(ANN, age=31), beat(BOB, age=30)]

    assert [270, 270] == [allowance(who, both, NOW) for who in (ANN, BOB)]


def test_in_the_first_moments_nobody_knows_who_else_has_begun() -> None:
    assert RESERVE == allowance(ANN, [beat(ANN, age=1)], NOW)


def test_a_newcomer_has_the_reserve_for_a_minute() -> None:
    early = [beat(ANN, age=300), beat(BOB, age=30)]
    later = [beat(ANN, age=333), beat(BOB, age=63)]

    assert [270, RESERVE] == [allowance(who, early, NOW) for who in (ANN, BOB)]
    assert [270, 270] == [allowance(who, later, NOW) for who in (ANN, BOB)]


def test_whoever_is_gone_counts_for_another_minute() -> None:
    dead = [beat(ANN, age=300), beat(BOB, age=300, silent=40)]
    stopped = [beat(ANN, age=300), beat(BOB, age=300, silent=40, has_stopped=True)]
    long_ago = [beat(ANN, age=300), beat(BOB, age=300, silent=70)]

    assert [270, 270, 540] == [allowance(ANN, one, NOW) for one in (dead, stopped, long_ago)]


def test_whoever_has_no_row_asks_for_next_to_nothing() -> None:
    assert 3 == allowance(EVE, [beat(ANN, age=300)], NOW)


@given(
    ages=st.lists(st.floats(0, 400), min_size=1, max_size=12),
    silences=st.lists(st.floats(0, 100), min_size=12, max_size=12),
)
def test_all_shares_together_are_never_more_than_there_is(ages: list[float], silences: list[float]) -> None:
    beats = [
        beat(UUID(int=number), age=age, silent=min(age, silent))
        for number, (age, silent) in enumerate(zip(ages, silences, strict=False))
    ]
    counted = [one for one in beats if one.at > NOW - timedelta(seconds=62)]

    together = sum(allowance(one.worker_id, beats, NOW) for one in counted)

    assert together <= UNITS_A_MINUTE + 3 * len(counted)
