"""Occurrences keep their wall time, whatever the clocks do; only what the rules say is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from governance.domain.event_ids import base_id, is_split, occurrence_id
from governance.domain.recurrence import Recurrence

HOUR = timedelta(hours=1)
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC"]


def weekly(*lines: str, zone: str = "Europe/Berlin", start: str = "2026-01-08T10:00") -> Recurrence:
    begins = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    return Recurrence(lines, begins, begins + HOUR, zone)


def starts(series: Recurrence, after: str, count: int) -> list[str]:
    zone = ZoneInfo(series.time_zone)
    instant = datetime.fromisoformat(after).replace(tzinfo=zone)
    slots = islice(series.slots_ending_after(instant), count)
    return [f"{slot.start.astimezone(zone):%a %d %b %H:%M}" for slot in slots]


CASES = {
    "every week": (
        ["RRULE:FREQ=WEEKLY;BYDAY=TH"],
        ["Thu 22 Oct 10:00", "Thu 29 Oct 10:00", "Thu 05 Nov 10:00"],
    ),
    "an end in UTC, written as the last second of the day before": (
        ["RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20261028T225959Z"],
        ["Thu 22 Oct 10:00"],
    ),
    "an end that is a date": (
        ["RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20261029"],
        ["Thu 22 Oct 10:00", "Thu 29 Oct 10:00"],
    ),
    "a count": (["RRULE:FREQ=WEEKLY;COUNT=42"], ["Thu 22 Oct 10:00"]),
    "a date taken out, in a zone": (
        ["RRULE:FREQ=WEEKLY;BYDAY=TH", "EXDATE;TZID=Europe/Berlin:20261029T100000"],
        ["Thu 22 Oct 10:00", "Thu 05 Nov 10:00", "Thu 12 Nov 10:00"],
    ),
    "a date taken out, in UTC": (
        ["RRULE:FREQ=WEEKLY;BYDAY=TH", "EXDATE:20261029T090000Z"],
        ["Thu 22 Oct 10:00", "Thu 05 Nov 10:00", "Thu 12 Nov 10:00"],
    ),
    "a date added, in another zone": (
        ["RRULE:FREQ=WEEKLY;BYDAY=TH", "RDATE;TZID=America/New_York:20261023T060000"],
        ["Thu 22 Oct 10:00", "Fri 23 Oct 12:00", "Thu 29 Oct 10:00"],
    ),
    "dates alone": (
        ["RDATE;TZID=Europe/Berlin:20261102T090000,20261103T090000"],
        ["Mon 02 Nov 09:00", "Tue 03 Nov 09:00"],
    ),
    "every second week from Sunday on": (
        ["RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TH"],
        ["Sun 25 Oct 10:00", "Thu 29 Oct 10:00", "Sun 08 Nov 10:00"],
    ),
}


@pytest.mark.parametrize("rule", CASES, ids=str)
def test_over_the_end_of_summer_time(rule: str) -> None:
    lines, expected = CASES[rule]

    assert expected == starts(weekly(*lines), "2026-10-20T00:00", 3)


def test_a_running_occurrence_is_not_over() -> None:
    series = weekly("RRULE:FREQ=WEEKLY;BYDAY=TH")

    assert ["Thu 22 Oct 10:00"] == starts(series, "2026-10-22T10:59", 1)
    assert ["Thu 29 Oct 10:00"] == starts(series, "2026-10-22T11:00", 1)


def test_a_series_that_has_ended_has_no_occurrence() -> None:
    assert [] == starts(weekly("RRULE:FREQ=WEEKLY;UNTIL=20260301T000000Z"), "2026-10-20T00:00", 3)


@given(
    zone=st.sampled_from(ZONES),
    interval=st.integers(1, 4),
    days=st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=3, unique=True),
    wkst=st.sampled_from(["MO", "SU"]),
    weeks_later=st.integers(0, 600),
    hour=st.integers(0, 23),
)
def test_looking_from_near_gives_what_walking_from_the_start_gives(
    zone: str, interval: int, days: list[str], wkst: str, weeks_later: int, hour: int
) -> None:
    """A weekly rule is not walked from its first day; whole intervals are skipped."""
    rule = f"FREQ=WEEKLY;INTERVAL={interval};WKST={wkst};BYDAY={','.join(days)}"
    series = weekly(f"RRULE:{rule}", zone=zone, start=f"2020-01-08T{hour:02}:30")
    after = series.start + timedelta(weeks=weeks_later, hours=5)

    found = [slot.original_start for slot in islice(series.slots_ending_after(after), 5)]

    walked = rrulestr(rule, dtstart=series.start.replace(tzinfo=None))
    local_after = after.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(days=2)
    instants = (one.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in walked.xafter(local_after))
    expected = list(islice((one for one in instants if one + HOUR > after), 5))
    assert expected == found
    assert all(series.has(one) for one in found)
    assert not series.has(found[0] + timedelta(minutes=1))


def test_occurrences_are_named_after_the_series_without_the_marks_of_a_split() -> None:
    start = datetime(2026, 12, 3, 9, tzinfo=UTC)

    assert "abc_20261203T090000Z" == occurrence_id("abc", start, all_day=False, time_zone="Europe/Berlin")
    assert "abc_20261203T090000Z" == occurrence_id("abc_R20261203T100000", start, all_day=False, time_zone="UTC")
    assert "abc_20261203" == occurrence_id(
        "abc", datetime(2026, 12, 2, 23, tzinfo=UTC), all_day=True, time_zone="Europe/Berlin"
    )


@pytest.mark.parametrize(
    ("series", "base"),
    [
        ("abc", "abc"),
        ("abc_R20261203T100000", "abc"),
        ("abc_R20261203", "abc"),
        ("_imported_Rabbit", "_imported_Rabbit"),
        ("abc_20261203T090000Z", "abc_20261203T090000Z"),
    ],
)
def test_the_base_of_a_lineage(series: str, base: str) -> None:
    assert base == base_id(series)
    assert is_split(series) == (series != base)
