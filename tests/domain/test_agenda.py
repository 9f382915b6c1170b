"""What is on an agenda, what comes back to it, and what may become of an item."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.agenda import (
    Coming,
    Outcome,
    Place,
    Planned,
    Purpose,
    allowed,
    carried_to,
    closes_at,
    in_order,
    is_withdrawn,
    moved,
    planned,
    returns,
)

THURSDAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
COMING = [Coming(THURSDAY + n * WEEK, THURSDAY + n * WEEK, THURSDAY + n * WEEK + HOUR) for n in range(4)]


def place(week: int, outcome: Outcome | None = None, *, is_gone: bool = False, at: datetime | None = None) -> Place:
    start = THURSDAY + week * WEEK
    return Place(UUID(int=week + 100), start, start + HOUR, 1, outcome, at, is_gone)


@pytest.mark.parametrize(
    ("places", "now", "expected"),
    [
        pytest.param([place(0)], THURSDAY - HOUR, None, id="it has its place on an agenda to come"),
        pytest.param([place(0)], THURSDAY + HOUR / 2, None, id="nor while that occurrence runs"),
        pytest.param([place(0)], THURSDAY + HOUR, 1, id="left unsettled it is carried when the occurrence is over"),
        pytest.param([place(0, Outcome.CARRIED)], THURSDAY, 1, id="or as soon as somebody says so"),
        pytest.param([place(0, Outcome.TREATED)], THURSDAY + HOUR, None, id="what is treated does not come back"),
        pytest.param([place(0, Outcome.ASSIGNED)], THURSDAY + HOUR, None, id="nor what somebody has taken on"),
        pytest.param([place(0, is_gone=True)], THURSDAY - HOUR, 1, id="nor does it hang on one that was called off"),
        pytest.param([place(-1, Outcome.CARRIED), place(0)], THURSDAY, None, id="its newest place counts"),
        pytest.param([place(3, Outcome.CARRIED)], THURSDAY, None, id="where none is coming it waits"),
    ],
)
def test_what_is_not_settled_goes_on_to_the_next_occurrence(
    places: list[Place], now: datetime, expected: int | None
) -> None:
    found = carried_to(places, COMING, now)

    assert (COMING[expected] if expected is not None else None) == found


def test_coming_back_is_counted_but_not_from_an_occurrence_that_never_took_place() -> None:
    places = [place(-3, Outcome.CARRIED), place(-2, is_gone=True), place(-1), place(0)]

    assert 0 == returns(places, places[0].start, THURSDAY)
    assert 2 == returns(places, THURSDAY, THURSDAY)
    assert 3 == returns(places, THURSDAY + WEEK, THURSDAY + HOUR)


def test_the_third_return_leaves_four_ways_out() -> None:
    everything = set(Outcome)
    others = {Outcome.DELEGATED, Outcome.DROPPED, Outcome.ASSIGNED}

    assert everything == set(allowed(2, Purpose.DECIDE, has_decision=False))
    assert others == set(allowed(3, Purpose.DECIDE, has_decision=False))
    assert others == set(allowed(4, Purpose.DISCUSS, has_decision=False))
    assert {*others, Outcome.TREATED} == set(allowed(3, Purpose.DECIDE, has_decision=True))
    assert {*others, Outcome.TREATED} == set(allowed(3, Purpose.INFORM, has_decision=False))


def test_an_item_that_was_taken_off_before_the_start_is_not_shown_as_dropped() -> None:
    assert not is_withdrawn(place(0))
    assert is_withdrawn(place(0, Outcome.DROPPED, at=THURSDAY - HOUR))
    assert not is_withdrawn(place(0, Outcome.DROPPED, at=THURSDAY + HOUR))


@pytest.mark.parametrize(
    ("start", "closes"),
    [
        pytest.param(datetime(2026, 11, 26, 9, tzinfo=UTC), datetime(2026, 11, 25, 23, tzinfo=UTC), id="in winter"),
        pytest.param(datetime(2026, 7, 2, 8, tzinfo=UTC), datetime(2026, 7, 1, 22, tzinfo=UTC), id="in summer"),
        pytest.param(datetime(2026, 10, 25, 9, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC), id="between"),
    ],
)
def test_seats_add_until_the_end_of_the_day_before_by_the_clock_of_the_meeting(
    start: datetime, closes: datetime
) -> None:
    assert closes == closes_at(start, "Europe/Berlin")


def test_the_sum_says_what_has_no_timebox() -> None:
    assert Planned(0, 60, 0) == planned([], THURSDAY, THURSDAY + HOUR)
    assert Planned(70, 60, 1) == planned([30, None, 40], THURSDAY, THURSDAY + HOUR)
    assert planned([30, None, 40], THURSDAY, THURSDAY + HOUR).is_over


def test_what_comes_back_goes_first_in_its_old_order() -> None:
    old, older, new = uuid4(), uuid4(), uuid4()

    assert [older, old, new] == in_order([(new, 1, False), (old, 5, True), (older, 2, True)])


@given(st.lists(st.uuids(), min_size=1, max_size=6, unique=True), st.data())
@settings(max_examples=30, deadline=None)
def test_moving_keeps_every_item_and_is_undone_by_moving_back(order: list[UUID], data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(order))
    up = data.draw(st.booleans())

    found = moved(order, item, up=up)

    assert sorted(order) == sorted(found)
    assert found == order or moved(found, item, up=not up) == order
    assert sum(a != b for a, b in zip(order, found, strict=True)) in (0, 2)


_OUTCOMES = st.sampled_from([None, Outcome.CARRIED, Outcome.TREATED, Outcome.DROPPED])


@given(st.lists(st.tuples(_OUTCOMES, st.booleans()), min_size=1, max_size=6), st.integers(-8, 8))
@settings(max_examples=60, deadline=None)
def test_an_item_is_settled_has_a_place_or_goes_on_and_never_two_of_these(
    told: list[tuple[Outcome | None, bool]], half_weeks: int
) -> None:
    """Only its newest place can be open or final, as the acts leave it."""
    places = [place(n - len(told), Outcome.CARRIED, is_gone=gone) for n, (_, gone) in enumerate(told[:-1])]
    places.append(place(-1, told[-1][0], is_gone=told[-1][1]))
    now = THURSDAY + half_weeks * WEEK / 2
    coming = [one for one in COMING if one.end > now]
    last = places[-1]

    on = carried_to(places, coming, now)

    is_settled = last.outcome not in (None, Outcome.CARRIED)
    has_place = last.outcome is None and not last.is_gone and last.end > now
    is_waiting = not is_settled and not has_place and on is None
    assert 1 == sum([is_settled, has_place, on is not None, is_waiting])
    assert not is_waiting or not coming
    assert on is None or on.start > last.start
    assert returns(places, last.start, now) <= returns(places, last.start + HOUR, now) <= len(places)
