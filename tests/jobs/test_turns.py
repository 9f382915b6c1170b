"""Whose turn it is."""

from __future__ import annotations

import threading
from uuid import UUID

from governance.services.leases import Hold
from jobs.turns import Turns, Urgency

A, B, C = (Hold(UUID(int=number), 1) for number in (1, 2, 3))


def in_order(turns: Turns, number: int) -> list[Hold]:
    taken = [turns.take() for _ in range(number)]
    return [one[0] for one in taken if one is not None]


def test_nobody_waits_twice() -> None:
    turns = Turns()
    turns.put(A, Urgency.POLL)
    turns.put(A, Urgency.POLL)
    turns.put(B, Urgency.POLL)

    assert [A, B] == in_order(turns, 2)
    assert not turns.withdraw(A.calendar_id)


def test_push_goes_before_poll_before_bulk_and_else_whoever_came_first() -> None:
    turns = Turns()
    for hold, urgency in ((A, Urgency.BULK), (B, Urgency.POLL), (C, Urgency.PUSH)):
        turns.put(hold, urgency)

    assert [C, B, A] == in_order(turns, 3)


def test_whoever_waits_gets_more_urgent_never_less() -> None:
    turns = Turns()
    turns.put(A, Urgency.POLL)
    turns.put(B, Urgency.POLL)
    turns.put(B, Urgency.PUSH)
    turns.put(B, Urgency.BULK)

    assert [B, A] == in_order(turns, 2)


def test_a_new_hold_takes_the_place_of_the_old_one() -> None:
    turns = Turns()
    turns.put(A, Urgency.PUSH)
    newer = Hold(A.calendar_id, 2)

    turns.put(newer, Urgency.POLL)

    assert [newer] == in_order(turns, 1)


def test_a_thread_that_takes_no_bulk_leaves_it_to_the_others() -> None:
    turns = Turns()
    turns.put(A, Urgency.BULK)
    turns.put(B, Urgency.POLL)

    assert (B, Urgency.POLL) == turns.take(most=Urgency.POLL)
    assert (A, Urgency.BULK) == turns.take()


def test_a_withdrawn_turn_is_not_taken() -> None:
    turns = Turns()
    turns.put(A, Urgency.PUSH)
    turns.put(B, Urgency.POLL)

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
