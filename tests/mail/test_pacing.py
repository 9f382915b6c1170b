"""The day's limit: never more in any 24 hours, not all at once, and always something left for the urgent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from governance.mail.pacing import DAY, Lately, Room, room

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_where_nothing_was_sent_half_may_leave_at_once() -> None:
    assert room(Lately(0), limit=100, now=NOW) == Room(ordinary=45, urgent=100)


def test_what_another_worker_is_about_to_send_is_taken() -> None:
    assert room(Lately(40, claimed=5), limit=100, now=NOW) == Room(ordinary=0, urgent=55)


def test_beyond_the_burst_they_leave_one_by_one() -> None:
    spacing = DAY / 45

    assert room(Lately(45, last_at=NOW), limit=100, now=NOW).ordinary == 0
    assert room(Lately(45, last_at=NOW - spacing), limit=100, now=NOW).ordinary == 1


def test_the_reserve_is_for_the_urgent_alone() -> None:
    assert room(Lately(90, last_at=NOW - DAY), limit=100, now=NOW) == Room(ordinary=0, urgent=10)
    assert room(Lately(100, last_at=NOW - DAY), limit=100, now=NOW) == Room(ordinary=0, urgent=0)


@pytest.mark.parametrize("limit", [1, 2, 3, 9, 10])
def test_a_small_limit_still_lets_something_leave(limit: int) -> None:
    assert room(Lately(0), limit=limit, now=NOW).ordinary >= 1


@pytest.mark.parametrize("limit", [1, 7, 100])
@pytest.mark.parametrize("urgent_every", [0, 3])
def test_in_no_24_hours_is_the_limit_exceeded_however_many_wait(limit: int, urgent_every: int) -> None:
    sent: list[datetime] = []
    for minute in range(4 * 24 * 60):
        now = NOW + timedelta(minutes=minute)
        recent = [at for at in sent if at > now - DAY]
        found = room(Lately(len(recent), 0, max(recent, default=None)), limit=limit, now=now)
        wants_urgent = urgent_every and minute % urgent_every == 0
        sent += [now] * (found.ordinary or (1 if wants_urgent and found.urgent else 0))

    worst = max(sum(1 for at in sent if first <= at < first + DAY) for first in sent)
    assert worst <= limit
    assert len(sent) >= 2 * max(limit - limit // 10, 1)
