"""Shares as values: who takes what, who gives what, and that it comes to rest."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from governance.leasing.sharing import MOST_AT_ONCE, Shares, share_out
from governance.store.workers import WatchedCalendar

ANN, BOB, EVE = (UUID(int=number) for number in (1, 2, 3))


def calendar(number: int, holder: UUID | None = None, *, is_urgent: bool = False) -> WatchedCalendar:
    return WatchedCalendar(
        id=UUID(int=100 + number), google_id=f"{number}@example.com", holder_id=holder, fence=1, is_urgent=is_urgent
    )


def test_who_has_their_share_neither_takes_nor_gives() -> None:
    watched = [calendar(1, ANN), calendar(2, BOB), calendar(3, ANN)]

    assert Shares() == share_out(watched, worker_id=ANN, alive={ANN, BOB}, busy=())
    assert Shares() == share_out(watched, worker_id=BOB, alive={ANN, BOB}, busy=())


def test_without_calendars_there_is_nothing_to_share() -> None:
    assert Shares() == share_out([], worker_id=ANN, alive={ANN}, busy=())


def test_whoever_is_alone_takes_everything() -> None:
    watched = [calendar(1), calendar(2)]

    assert tuple(watched) == share_out(watched, worker_id=ANN, alive={ANN}, busy=()).take


def test_what_a_dead_worker_had_is_free() -> None:
    watched = [calendar(1, EVE), calendar(2, ANN)]

    assert [watched[0]] == list(share_out(watched, worker_id=ANN, alive={ANN}, busy=()).take)


def test_nothing_is_taken_from_a_living_worker() -> None:
    watched = [calendar(1, BOB), calendar(2, BOB)]

    assert () == share_out(watched, worker_id=ANN, alive={ANN, BOB}, busy=()).take


def test_who_has_too_much_gives_what_rests_and_nobody_waits_for() -> None:
    watched = [calendar(1, ANN), calendar(2, ANN, is_urgent=True), calendar(3, ANN), calendar(4, ANN)]

    given_away = share_out(watched, worker_id=ANN, alive={ANN, BOB}, busy={watched[0].id}).give

    assert (watched[2], watched[3]) == given_away


def test_what_somebody_waits_for_is_taken_first() -> None:
    watched = [calendar(1), calendar(2), calendar(3, is_urgent=True)]

    assert watched[2] == share_out(watched, worker_id=ANN, alive={ANN}, busy=()).take[0]


def test_two_that_begin_together_reach_for_different_calendars_first() -> None:
    watched = [calendar(number) for number in range(4)]
    first = {who: share_out(watched, worker_id=who, alive={ANN, BOB}, busy=()).take[0] for who in (ANN, BOB)}

    assert first[ANN] != first[BOB]


def test_so_many_are_taken_at_once_and_no_more() -> None:
    watched = [calendar(number) for number in range(MOST_AT_ONCE + 50)]

    assert MOST_AT_ONCE == len(share_out(watched, worker_id=ANN, alive={ANN}, busy=()).take)


@given(
    holders=st.lists(st.sampled_from([None, ANN, BOB, EVE, UUID(int=9)]), max_size=40),
    alive=st.sets(st.sampled_from([ANN, BOB, EVE]), min_size=1),
)
def test_whatever_it_was_a_few_looks_later_everything_is_held_and_fairly(
    holders: list[UUID | None], alive: set[UUID]
) -> None:
    watched = [calendar(number, holder) for number, holder in enumerate(holders)]

    for _ in range(4):
        for who in sorted(alive):
            watched = _after(watched, who, share_out(watched, worker_id=who, alive=alive, busy=()))

    held = [sum(1 for one in watched if one.holder_id == who) for who in alive]
    assert sum(held) == len(watched)
    assert max(held) <= -(-len(watched) // len(alive))
    assert all(Shares() == share_out(watched, worker_id=who, alive=alive, busy=()) for who in alive)


def _after(watched: list[WatchedCalendar], who: UUID, shares: Shares) -> list[WatchedCalendar]:
    taken, given_away = {one.id for one in shares.take}, {one.id for one in shares.give}
    return [
        replace(one, holder_id=who if one.id in taken else None if one.id in given_away else one.holder_id)
        for one in watched
    ]
