"""When summaries go, beside a list that walks along the clock on the wall and knows nothing of ours."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from governance.domain.summaries.timing import (
    After,
    Happened,
    Occasion,
    Weekly,
    due_at,
    held_before,
    hour_of,
    latest,
    newest_due,
    next_due,
    occasions,
)
from tests.conftest import IS_SOAK

ZONES = (
    "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe",
    "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran", "America/St_Johns", "Africa/Cairo", "Europe/London",
    "Asia/Tokyo", "Pacific/Auckland", "America/Los_Angeles", "Asia/Gaza", "America/Santiago",
    "Antarctica/Troll", "Europe/Dublin", "Pacific/Chatham", "UTC",
)  # fmt: skip
"""With summer time of an hour, of half an hour and of two, in both halves of the year, twice a year, in winter, with
offsets of quarters, changed by governments at short notice, and one that left out a whole day.
"""

FIRST, YEARS = (date(2011, 1, 1), 10) if IS_SOAK else (date(2011, 9, 1), 2)
HOURS = (
    ("1h", "36h", "Fri 16:00", "Sun 02:30", "Sat 00:00", "Sun 00:30", "Mon 23:30") if IS_SOAK else ("1h", "Sun 02:30")
)
BERLIN = "Europe/Berlin"
STEP = timedelta(minutes=30)


def test_an_hour_that_is_neither_is_refused() -> None:
    assert hour_of("1h") == After(timedelta(hours=1))
    assert hour_of("Fri 16:00") == Weekly(4, time(16))
    for wrong in ("", "0h", "1000h", "1 h", "Friday 16:00", "Fri 24:00", "Fri 6:00"):
        with pytest.raises(ValueError, match="no hour"):
            hour_of(wrong)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", HOURS)
def test_every_week_of_every_zone_is_told_once_and_none_is_missed(zone: str, hour: str) -> None:
    happened = list(_weekly(zone, FIRST, FIRST + timedelta(days=365 * YEARS)))
    first, last = happened[0].end, happened[-1].end
    found = occasions(happened, zone, first, last)

    told = {one.key: due_at(one.over_at, hour_of(hour), zone) for one in found}

    assert [one.key for one in found] == [f"{one.original_start:%Y-%m-%dT%H:%M:%SZ}" for one in happened]
    assert list(told.values()) == [_by_the_wall(one.end, hour, zone) for one in happened]
    assert _looks(found, hour, zone) == list(dict.fromkeys(told.values()))


def _looks(found: list[Occasion], hour: str, zone: str) -> list[datetime]:
    """When a worker that wakes only when it was told to, and sees some weeks around it, finds something new."""
    now, told, seen = found[0].over_at - timedelta(days=1), [], set[str]()
    while (at := next_due(_around(found, now), [hour_of(hour)], zone, now)) is not None:
        newest = newest_due(_around(found, at), hour_of(hour), zone, at)
        assert newest is not None
        assert newest.key not in seen
        seen.add(newest.key)
        told.append(at)
        now = at
    return told


def _around(found: list[Occasion], now: datetime) -> list[Occasion]:
    first, last = (
        bisect_left(found, edge, key=lambda one: one.over_at)
        for edge in (now - timedelta(days=28), now + timedelta(days=14))
    )
    return found[first:last]


def _weekly(zone: str, first: date, last: date) -> Iterator[Happened]:
    """Thursdays from ten to half past eleven by the clock on the wall."""
    day = first + timedelta(days=(3 - first.weekday()) % 7)
    while day <= last:
        start = datetime.combine(day, time(10), ZoneInfo(zone)).astimezone(UTC)
        yield Happened(start, start, start + timedelta(minutes=90))
        day += timedelta(days=7)


def _by_the_wall(end: datetime, hour: str, zone: str) -> datetime:
    """Half hours are counted from the end until the wall shows the day and time, or has jumped over it; then it is as
    long after the jump as the time lies in the gap. No zone of these changes its clock by less.
    """
    if hour.endswith("h"):
        return end + timedelta(seconds=3600 * int(hour[:-1]))
    wanted, local = _day_and_time(hour), ZoneInfo(zone)
    moment, before = end, end.astimezone(local).replace(tzinfo=None)
    while True:
        wall = moment.astimezone(local).replace(tzinfo=None)
        if (wall.weekday(), wall.time()) == wanted:
            return moment
        jumped = _in_gap(before, wall, wanted)
        if jumped is not None:
            return moment + jumped
        before, moment = wall, moment + STEP


def _day_and_time(hour: str) -> tuple[int, time]:
    day, clock = hour.split()
    return ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day), time.fromisoformat(clock)


def _in_gap(before: datetime, after: datetime, wanted: tuple[int, time]) -> timedelta | None:
    missing = before + STEP
    if after <= missing:
        return None
    walked = missing
    while walked < after:
        if (walked.weekday(), walked.time()) == wanted:
            return walked - missing
        walked += STEP
    return None


@pytest.mark.parametrize(
    ("hour", "due"),
    [("Sun 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)), ("Sun 03:00", datetime(2026, 3, 29, 1, tzinfo=UTC))],
)
def test_an_hour_that_the_clock_jumps_over_is_so_much_later(hour: str, due: datetime) -> None:
    assert due_at(datetime(2026, 3, 26, 10, tzinfo=UTC), hour_of(hour), BERLIN) == due


def test_of_an_hour_that_comes_twice_it_is_the_first_even_for_what_ends_between_them() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert due_at(first, hour_of("Sun 02:30"), BERLIN) == first
    assert due_at(first + timedelta(minutes=1), hour_of("Sun 02:30"), BERLIN) == datetime(
        2026, 11, 1, 1, 30, tzinfo=UTC
    )
    assert latest(Weekly(6, time(2, 30)), BERLIN, second) == first


def test_hours_after_the_end_pass_whatever_the_clock_shows() -> None:
    end = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert due_at(end, hour_of("1h"), BERLIN) == end + timedelta(hours=1)


# Weeks without an occurrence


THURSDAYS = [datetime(2026, 11, day, 9, tzinfo=UTC) for day in (5, 12, 26)]
WITHIN = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 30, 0, tzinfo=UTC))


def thursdays(*starts: datetime) -> list[Happened]:
    return [Happened(one, one, one + timedelta(hours=1)) for one in starts or THURSDAYS]


def test_a_week_without_an_occurrence_is_over_when_it_usually_is() -> None:
    found = occasions(thursdays(), BERLIN, *WITHIN)

    assert [one.key for one in found] == [
        "2026-11-05T09:00:00Z", "2026-11-12T09:00:00Z", "2026-W47", "2026-11-26T09:00:00Z",
    ]  # fmt: skip
    assert found[2] == Occasion("2026-W47", None, None, datetime(2026, 11, 19, 10, tzinfo=UTC))


def test_a_cancelled_occurrence_is_no_week_without_one() -> None:
    gone = datetime(2026, 11, 19, 9, tzinfo=UTC)
    cancelled = Happened(gone, gone, gone + timedelta(hours=1), is_cancelled=True)

    found = occasions([*thursdays(), cancelled], BERLIN, *WITHIN)

    assert [one.key for one in found if one.is_cancelled] == ["2026-11-19T09:00:00Z"]
    assert not any("W" in one.key for one in found)


def test_an_occurrence_moved_into_the_next_week_leaves_one_without() -> None:
    start = datetime(2026, 11, 23, 15, tzinfo=UTC)
    moved = Happened(datetime(2026, 11, 19, 9, tzinfo=UTC), start, start + timedelta(hours=1))

    found = occasions([*thursdays(), moved], BERLIN, *WITHIN)

    assert [one.key for one in found][2:] == ["2026-W47", "2026-11-19T09:00:00Z", "2026-11-26T09:00:00Z"]


def test_the_usual_time_is_by_the_clock_on_the_wall() -> None:
    """From summer time to winter time the week without is over an hour later."""
    october = [datetime(2026, 10, 22, 8, tzinfo=UTC), datetime(2026, 11, 5, 9, tzinfo=UTC)]

    found = occasions(
        thursdays(*october), BERLIN, datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC)
    )

    assert found[1] == Occasion("2026-W44", None, None, datetime(2026, 10, 29, 10, tzinfo=UTC))


def test_of_several_that_were_missed_only_the_newest_is_due() -> None:
    found = occasions(thursdays(), BERLIN, *WITHIN)

    newest = newest_due(found, hour_of("1h"), BERLIN, datetime(2026, 11, 26, 12, tzinfo=UTC))
    earlier = newest_due(found, hour_of("1h"), BERLIN, datetime(2026, 11, 26, 10, 59, tzinfo=UTC))

    assert newest is not None
    assert earlier is not None
    assert (newest.key, earlier.key) == ("2026-11-26T09:00:00Z", "2026-W47")


def test_where_the_newest_tells_nothing_of_what_happened_the_last_that_was_held_goes_first() -> None:
    gone = datetime(2026, 11, 26, 9, tzinfo=UTC)
    happened = [*thursdays(*THURSDAYS[:2]), Happened(gone, gone, gone + timedelta(hours=1), is_cancelled=True)]
    found, now = occasions(happened, BERLIN, *WITHIN), datetime(2026, 11, 26, 12, tzinfo=UTC)

    first = [held_before(found, one, hour_of("1h"), BERLIN, now) for one in found]
    before_it_is_due = held_before(found, found[-1], hour_of("400h"), BERLIN, now)

    assert [one.key for one in found[2:]] == ["2026-W47", "2026-11-26T09:00:00Z"]
    assert [one.key if one else None for one in first] == [None, None, *["2026-11-12T09:00:00Z"] * 2]
    assert before_it_is_due is not None
    assert before_it_is_due.key == "2026-11-05T09:00:00Z"
