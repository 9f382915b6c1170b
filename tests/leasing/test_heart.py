"""The heart: whose leases are still its own, by a clock that the test moves."""

from __future__ import annotations

from governance.database import Database
from governance.leasing.heart import Heart
from governance.services import workers


def test_what_is_held_stays_held_while_no_beat_is_missed(sqlite_database: Database) -> None:
    clock = [0.0]
    heart = Heart(sqlite_database, "worker-1", monotonic=lambda: clock[0])
    heart.beat()
    holds = heart.still_beats()

    for _ in range(5):
        clock[0] += workers.BEAT_SECONDS
        heart.beat()

    assert holds()


def test_a_heart_that_beats_again_after_a_lapse_does_not_bring_back_what_it_held(sqlite_database: Database) -> None:
    """A stopped process may wake with its heart first, when another one has taken its leases already."""
    clock = [0.0]
    heart = Heart(sqlite_database, "worker-1", monotonic=lambda: clock[0])
    heart.beat()
    holds = heart.still_beats()
    clock[0] += workers.LEASE_SECONDS

    heart.beat()

    assert heart.is_beating()
    assert not holds()
    assert heart.still_beats()()
