"""Whose turn it is."""

from __future__ import annotations

import threading
from uuid import UUID

from governance.calendar.quota import Priority
from governance.services.leases import Hold
from jobs.turns import Turns

A, B, C = (Hold(UUID(int=number), 1) for number in (1, 2, 3))


def in_order(turns: Turns, number: int) -> list[Hold]:
    taken = [turns.take() for _ in range(number)]
    return [one[0] for one in taken if one is not None]


def test_nobody_waits_twice() -> None:
    turns = Turns()
    turns.put(A, Priority.POLL)
    turns.put(A, Priority.POLL)
    turns.put(B, Priority.POLL)

    assert [A, B] == in_order(turns, 2)
    assert not turns.withdraw(A.calendar_id)


def test_push_goes_before_poll_before_bulk_and_else_whoever_came_first() -> None:
    turns = Turns()
    for hold, priority in ((A, Priority.BULK), (B, Priority.POLL), (C, Priority.PUSH)):
        turns.put(hold, priority)

    assert [C, B, A] == in_order(turns, 3)


def test_whoever_waits_gets_more_urgent_never_less() -> None:
    turns = Turns()
    turns.put(A, Priority.POLL)
    turns.put(B, Priority.POLL)
    turns.put(B, Priority.PUSH)
    turns.put(B, Priority.BULK)

    assert [B, A] == in_order(turns, 2)


def test_what_takes_long_goes_before_what_came_later_once_it_has_waited_half_a_minute() -> None:
    clock = [0.0]
    turns = Turns(lambda: clock[0])
    turns.put(A, Priority.BULK)
    clock[0] = 29.9
    turns.put(B, Priority.POLL)
    assert turns.take() == (B, Priority.POLL)
    clock[0] = 30.0
    turns.put(B, Priority.POLL)
    turns.put(C, Priority.PUSH)

    assert [turns.take() for _ in range(3)] == [(C, Priority.PUSH), (A, Priority.POLL), (B, Priority.POLL)]


def test_age_does_not_bring_what_takes_long_to_the_thread_that_takes_none() -> None:
    clock = [0.0]
    turns = Turns(lambda: clock[0])
    turns.put(A, Priority.BULK)
    clock[0] = 60.0
    turns.put(B, Priority.POLL)

    assert turns.take(most=Priority.POLL) == (B, Priority.POLL)


def test_a_new_hold_takes_the_place_of_the_old_one() -> None:
    turns = Turns()
    turns.put(A, Priority.PUSH)
    newer = Hold(A.calendar_id, 2)

    turns.put(newer, Priority.POLL)

    assert [newer] == in_order(turns, 1)


def test_a_thread_that_takes_no_bulk_leaves_it_to_the_others() -> None:
    turns = Turns()
    turns.put(A, Priority.BULK)
    turns.put(B, Priority.POLL)

    assert (B, Priority.POLL) == turns.take(most=Priority.POLL)
    assert (A, Priority.BULK) == turns.take()


def test_a_withdrawn_turn_is_not_taken() -> None:
    turns = Turns()
    turns.put(A, Priority.PUSH)
    turns.put(B, Priority.POLL)

    assert turns.withdraw(A.calendar_id)
    assert [B] == in_order(turns, 1)


def test_the_end_ends_every_wait() -> None:
    turns = Turns()
    got: list[object] = []
    waiting = threading.Thread(target=lambda: got.append(turns.take()))
    waiting.start()

    turns.close()
    waiting.join(30.0)

    assert [None] == got
    assert turns.take() is None
