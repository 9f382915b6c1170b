"""A database that is away is tried ever more rarely, and spoken of twice: when it goes and when it is back."""

from __future__ import annotations

import logging

import pytest

from governance.database import DatabaseUnavailable
from jobs.patience import Patience

AWAY = DatabaseUnavailable("Start PostgreSQL", "it does not answer")


def test_with_a_database_there_is_no_rest_and_not_a_word(caplog: pytest.LogCaptureFixture) -> None:
    patience = Patience(lambda: 0.0)

    with caplog.at_level(logging.INFO, "jobs"):
        patience.note_back()

    assert (patience.is_resting(), caplog.messages) == (False, [])


def test_the_rests_grow_to_fifteen_seconds_and_begin_anew_afterwards() -> None:
    clock = [0.0]
    patience = Patience(lambda: clock[0])

    rests = [_rest(patience, clock) for _ in range(6)]
    patience.note_back()
    after = _rest(patience, clock)

    assert (rests, after) == ([1, 2, 4, 8, 15, 15], 1)


def test_four_threads_that_meet_the_same_trouble_wait_once_and_say_it_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = [0.0]
    patience = Patience(lambda: clock[0])

    with caplog.at_level(logging.INFO, "jobs"):
        for _ in range(4):
            patience.note_away(AWAY)
        clock[0] = 1.0
        patience.note_back()

    assert caplog.messages == [
        "the database is away, and is tried again until it is back",
        "the database is back",
    ]


def test_a_step_that_had_begun_before_does_not_end_the_rest() -> None:
    patience = Patience(lambda: 0.0)
    patience.note_away(AWAY)

    patience.note_back()

    assert patience.is_resting()


def _rest(patience: Patience, clock: list[float]) -> int:
    """Note that it is away, and count the seconds until it is tried again."""
    patience.note_away(AWAY)
    began = clock[0]
    while patience.is_resting():
        clock[0] += 1.0
    return int(clock[0] - began)
