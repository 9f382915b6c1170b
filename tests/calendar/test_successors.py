"""In which series of a calendar a meeting may go on whose own event is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from governance.calendar.series_ahead import MOST_SUCCESSORS, RecurringEvent, successors

LOST = "7kq2v0c1d8"
ANEW = RecurringEvent(
    id="4f9s0d2k1m",
    summary="Steering committee",
    organizer="chair@example.com",
    organizer_is_calendar=True,
    next_start=datetime(2026, 11, 26, 9, tzinfo=UTC),
    guests=3,
)


def offered(
    *ahead: RecurringEvent, summaries: tuple[str, ...] = (ANEW.summary,), not_free: tuple[str, ...] = (LOST,)
) -> tuple[RecurringEvent, ...]:
    return successors(ahead, summaries=summaries, event_ids=(LOST,), not_free=not_free)


NOT_OFFERED = {
    "it is called otherwise": replace(ANEW, summary="Steering committee of the canteen"),
    "it is somebody else's event": replace(ANEW, organizer_is_calendar=False),
    "it is linked to a meeting": replace(ANEW, id=LOST),
}


@pytest.mark.parametrize("why", NOT_OFFERED)
def test_nothing_is_offered_where(why: str) -> None:
    assert offered(NOT_OFFERED[why]) == ()


def test_nothing_is_offered_by_a_title_that_nobody_knows_any_more() -> None:
    """An event without a title is not called as one whose title is forgotten."""
    assert offered(ANEW, replace(ANEW, summary=" "), summaries=("",)) == ()


@pytest.mark.parametrize("title", ["Steering committee", "  STEERING\tcommittee "])
def test_an_event_that_is_called_alike_is_offered(title: str) -> None:
    anew = replace(ANEW, summary=title)

    assert offered(anew) == (anew,)


def test_a_split_of_the_lost_event_is_offered_whatever_it_is_called() -> None:
    split = replace(ANEW, id=f"{LOST}_R20261126T090000", summary="Renamed")

    assert offered(split) == (split,)
    assert offered(split, not_free=(LOST, split.id)) == ()


def test_no_more_than_a_few_are_offered_those_first_that_come_first() -> None:
    ahead = [
        replace(ANEW, id=f"event{number}", next_start=datetime(2026, 11, 26, tzinfo=UTC) + timedelta(days=number))
        for number in range(MOST_SUCCESSORS + 2)
    ]

    assert list(offered(*ahead)) == ahead[:MOST_SUCCESSORS]
