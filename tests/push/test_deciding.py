"""What is to be done with the channels of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from governance.push.deciding import (
    ANNOUNCED_WITHIN,
    KEPT_FOR,
    LONGEST_LIFE,
    Forget,
    KnownChannel,
    Open,
    Step,
    Stop,
    next_step,
    next_try,
    renewal,
    superseded,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def claimed(number: int, ago: timedelta) -> KnownChannel:
    """Asked for, and nobody has recorded the answer."""
    return KnownChannel(id=UUID(int=number), asked_at=NOW - ago)


def announced(number: int, ago: timedelta) -> KnownChannel:
    """The same, and it has announced itself."""
    return replace(claimed(number, ago), resource_id=f"resource {number}", confirmed_at=NOW - ago)


def opened(number: int, ago: timedelta) -> KnownChannel:
    """Granted for seven days; nothing has arrived on it yet."""
    asked = claimed(number, ago)
    return replace(
        asked,
        resource_id=f"resource {number}",
        opened_at=asked.asked_at,
        expires_at=asked.asked_at + LONGEST_LIFE,
        renew_at=asked.asked_at + 0.8 * LONGEST_LIFE,
    )


def confirmed(number: int, ago: timedelta) -> KnownChannel:
    return replace(opened(number, ago), confirmed_at=NOW - ago)


def replaced(number: int, ago: timedelta) -> KnownChannel:
    return replace(confirmed(number, ago), replaced_at=NOW)


def stopped(number: int, ago: timedelta) -> KnownChannel:
    return replace(replaced(number, DAY), stopped_at=NOW - ago)


def step(*channels: KnownChannel, is_wanted: bool = True, retry_at: datetime | None = None) -> Step | None:
    return next_step(channels, is_wanted=is_wanted, now=NOW, retry_at=retry_at)


def stop(number: int) -> Stop:
    return Stop(UUID(int=number), f"resource {number}")


@pytest.mark.parametrize(
    "channels",
    [
        (confirmed(1, DAY),),
        (opened(1, MINUTE),),
        (opened(1, HOUR),),
        (confirmed(1, 6 * DAY), opened(2, MINUTE)),
        (confirmed(1, DAY), stopped(2, HOUR)),
        (confirmed(1, DAY), claimed(2, HOUR)),
    ],
    ids=["one works", "just opened", "opened and silent", "its successor is silent", "one was stopped", "one was lost"],
)
def test_nothing_is_done_while_one_is_fresh(channels: tuple[KnownChannel, ...]) -> None:
    assert step(*channels) is None


def test_nothing_is_done_without_meetings_or_push_where_nothing_is_left() -> None:
    assert step(is_wanted=False) is None
    assert step(stopped(1, HOUR), is_wanted=False) is None


@pytest.mark.parametrize(
    "channels",
    [(), (confirmed(1, 6 * DAY),), (opened(1, 6 * DAY),), (confirmed(1, 7 * DAY),), (stopped(1, HOUR),)],
    ids=["none", "to be renewed", "silent, to be renewed", "expired", "stopped"],
)
def test_one_is_opened_where_none_is_fresh(channels: tuple[KnownChannel, ...]) -> None:
    assert step(*channels) == Open()


def test_the_old_one_is_stopped_when_it_is_replaced_and_not_before() -> None:
    assert step(confirmed(1, 6 * DAY), opened(2, MINUTE)) is None
    assert step(replaced(1, 6 * DAY), confirmed(2, MINUTE)) == stop(1)


def test_a_replaced_one_that_never_announced_itself_cannot_be_stopped() -> None:
    lost = replace(claimed(1, HOUR), replaced_at=NOW)

    assert step(lost, confirmed(2, MINUTE)) is None


@pytest.mark.parametrize("ago", [timedelta(0), MINUTE, HOUR])
def test_one_whose_answer_was_lost_is_no_reason_to_wait_for_it(ago: timedelta) -> None:
    assert step(claimed(1, ago)) == Open()
    assert step(announced(1, ago)) == Open()


def test_a_third_waits_while_two_may_live() -> None:
    assert step(confirmed(1, 6 * DAY), claimed(2, MINUTE)) is None
    assert step(claimed(1, MINUTE), claimed(2, MINUTE)) is None


def test_one_that_does_not_announce_itself_in_time_is_not_waited_for() -> None:
    assert step(confirmed(1, 6 * DAY), claimed(2, ANNOUNCED_WITHIN - MINUTE)) is None
    assert step(confirmed(1, 6 * DAY), claimed(2, ANNOUNCED_WITHIN)) == Open()


def test_room_is_made_by_stopping_the_one_of_unknown_life() -> None:
    assert step(confirmed(1, 6 * DAY), announced(2, MINUTE)) == stop(2)
    assert step(announced(1, HOUR), announced(2, MINUTE)) == stop(1)


def test_all_are_stopped_when_they_are_not_wanted_any_more() -> None:
    assert step(confirmed(1, 6 * DAY), opened(2, MINUTE), is_wanted=False) == stop(1)
    assert step(opened(2, MINUTE), is_wanted=False) == stop(2)
    assert step(claimed(3, MINUTE), is_wanted=False) is None


@pytest.mark.parametrize("channels", [(), (replaced(1, 6 * DAY), confirmed(2, MINUTE))])
def test_google_is_left_alone_until_it_is_time_to_ask_again(channels: tuple[KnownChannel, ...]) -> None:
    assert step(*channels, retry_at=NOW + MINUTE) is None
    assert step(*channels, retry_at=NOW) is not None


@pytest.mark.parametrize(
    "over",
    [stopped(1, KEPT_FOR), opened(1, LONGEST_LIFE + KEPT_FOR), claimed(1, LONGEST_LIFE + KEPT_FOR)],
    ids=["stopped", "expired", "never heard of"],
)
def test_what_is_over_for_a_day_is_forgotten_even_where_google_is_left_alone(over: KnownChannel) -> None:
    assert step(over, confirmed(2, DAY), retry_at=NOW + MINUTE) == Forget((UUID(int=1),))
    assert step(over, is_wanted=False) == Forget((UUID(int=1),))


def test_only_a_later_one_that_works_supersedes() -> None:
    assert superseded([confirmed(1, DAY)], NOW) == []
    assert superseded([confirmed(1, DAY), opened(2, MINUTE)], NOW) == []
    assert superseded([confirmed(1, DAY), announced(2, MINUTE)], NOW) == []
    assert superseded([confirmed(1, DAY), confirmed(2, MINUTE)], NOW) == [UUID(int=1)]
    assert superseded([announced(1, DAY), confirmed(2, MINUTE)], NOW) == [UUID(int=1)]
    assert superseded([replaced(1, DAY), stopped(2, HOUR), confirmed(3, MINUTE)], NOW) == []


def test_of_two_asked_for_at_the_same_instant_one_supersedes_the_other() -> None:
    assert superseded([confirmed(1, MINUTE), confirmed(2, MINUTE)], NOW) == [UUID(int=1)]


def test_a_clock_that_was_set_back_does_not_make_the_successor_the_older_one() -> None:
    worn = replace(confirmed(1, -MINUTE), renew_at=NOW)

    assert superseded([worn, confirmed(2, MINUTE)], NOW) == [UUID(int=1)]


@pytest.mark.parametrize(("chance", "hours"), [(0.0, 75), (0.5, 80), (1.0, 85)])
def test_renewal_is_at_about_four_fifths_of_what_was_granted(chance: float, hours: int) -> None:
    assert renewal(NOW, NOW + 100 * HOUR, chance=chance) == NOW + hours * HOUR


def test_waits_double_from_a_minute_to_six_hours() -> None:
    waits = [next_try(failures, NOW, chance=0.0) - NOW for failures in range(1, 12)]

    assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert waits[-1] == 6 * HOUR
    assert max(next_try(failures, NOW, chance=1.0) for failures in range(1, 500)) == NOW + 6 * HOUR


def test_google_is_never_asked_earlier_than_it_said() -> None:
    assert next_try(1, NOW, chance=0.0, retry_after=7200.0) == NOW + 2 * HOUR
