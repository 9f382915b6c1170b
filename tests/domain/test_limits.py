"""What counts in the window, what never does, and when a seat is at risk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from governance.domain.attendance import Attendance, State
from governance.domain.charter import Charter
from governance.domain.limits import (
    SeatHistory,
    Standing,
    findings,
    last_day_to_make_up,
    may_make_up,
    tally,
    window_of,
)
from governance.domain.rules import Mode, Modes

CHARTER = Charter(window=5, late_limit=2, absent_limit=1)
DEFAULTS = Modes({})
FIRST = datetime(2026, 10, 1, 8, tzinfo=UTC)
ON_TIME, ABSENT, LATE = Attendance(State.ON_TIME), Attendance(State.ABSENT), Attendance(State.LATE, late_minutes=3)
NEVER = (
    Attendance(State.APOLOGY),
    Attendance(State.CANCELLED),
    Attendance(State.UNKNOWN),
    Attendance(State.NOT_HERE_YET),
    Attendance(State.VACANT),
    Attendance(State.LEFT_EARLY),
    Attendance(State.STAND_IN, late_minutes=20, is_stood_in=True),
    Attendance(State.ABSENT, is_stood_in=True),
    Attendance(State.ABSENT, is_made_up=True),
)


def seat(*attendance: Attendance) -> SeatHistory:
    return SeatHistory(
        "Finance", "Amara Okafor", [(FIRST + timedelta(weeks=i), one) for i, one in enumerate(attendance)]
    )


def test_nothing_counts_against_who_came_in_time() -> None:
    found = tally([ON_TIME] * 5, CHARTER, DEFAULTS)

    assert (found.late, found.absent, found.standing, found.punctuality) == (0, 0, Standing.WELL, 1.0)
    assert findings([seat(*[ON_TIME] * 5)], CHARTER, DEFAULTS) == []


@pytest.mark.parametrize("one", NEVER, ids=lambda one: f"{one.state}{'-for' if one.is_stood_in else ''}")
def test_apologies_cancelled_occurrences_stand_ins_and_doubt_never_count(one: Attendance) -> None:
    found = tally([one] * 50, replace(CHARTER, late_limit=0, absent_limit=0), DEFAULTS)

    assert (found.late, found.absent, found.standing) == (0, 0, Standing.WELL)


@pytest.mark.parametrize(
    ("history", "standing"),
    [
        ([LATE], Standing.WELL),
        ([LATE, LATE], Standing.WARNED),
        ([LATE, LATE, LATE], Standing.AT_RISK),
        ([ABSENT], Standing.WARNED),
        ([ABSENT, ABSENT], Standing.AT_RISK),
        ([LATE, ABSENT], Standing.WARNED),
    ],
)
def test_at_the_limit_there_is_a_warning_and_beyond_it_the_seat_is_at_risk(
    history: list[Attendance], standing: Standing
) -> None:
    assert tally(history, CHARTER, DEFAULTS).standing is standing


def test_with_a_limit_of_none_the_first_time_is_beyond_it() -> None:
    strict = replace(CHARTER, late_limit=0, absent_limit=0)

    assert tally([], strict, DEFAULTS).standing is Standing.WELL
    assert tally([LATE], strict, DEFAULTS).standing is Standing.AT_RISK


def test_what_lies_before_the_window_is_forgotten() -> None:
    history = [LATE, LATE, LATE, *[ON_TIME] * 5]

    assert tally(window_of(history, CHARTER), CHARTER, DEFAULTS).late == 0
    assert window_of(history[:2], CHARTER) == history[:2]


def test_a_rule_that_is_off_counts_and_remarks_nothing() -> None:
    off = Modes({"A01": Mode.OFF, "A02": Mode.OFF})

    assert tally([LATE] * 5 + [ABSENT] * 5, CHARTER, off).standing is Standing.WELL
    assert findings([seat(LATE, LATE, LATE), seat(ABSENT)], CHARTER, off) == []


def test_the_findings_name_the_newest_lateness_and_absence_and_who_is_beyond_the_limit() -> None:
    found = findings([seat(LATE, LATE, LATE), seat(ON_TIME, ABSENT), seat(LATE, ON_TIME)], CHARTER, DEFAULTS)

    assert [(one.rule, one.reason) for one in found] == [
        ("A01", "Amara Okafor of Finance came 3 minutes after the grace"),
        ("A02", "Finance was absent without apology"),
        ("A03", "Amara Okafor of Finance was late 3 times and the limit is 2, in 5 occurrences"),
    ]


def test_who_never_came_has_no_punctuality_rather_than_none_at_all() -> None:
    assert tally([ABSENT, Attendance(State.UNKNOWN)], CHARTER, DEFAULTS).punctuality is None
    assert tally([LATE, ON_TIME, Attendance(State.STAND_IN, is_stood_in=True)], CHARTER, DEFAULTS).punctuality == 0.5


@pytest.mark.parametrize(
    ("now", "is_possible"),
    [
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), False),
    ],
)
def test_a_missed_occurrence_is_made_up_for_until_the_end_of_a_day_in_the_meetings_own_zone(
    now: datetime, is_possible: bool
) -> None:
    """The last day, 25 October 2026, is the one on which the clocks go back in Berlin."""
    start = datetime(2026, 10, 18, 8, tzinfo=UTC)

    assert last_day_to_make_up(start, "Europe/Berlin", CHARTER).isoformat() == "2026-10-25"
    assert may_make_up(ABSENT, start, "Europe/Berlin", CHARTER, now) is is_possible


@pytest.mark.parametrize("one", [LATE, ON_TIME, Attendance(State.APOLOGY), Attendance(State.ABSENT, is_made_up=True)])
def test_there_is_nothing_to_make_up_for_what_does_not_count(one: Attendance) -> None:
    assert not may_make_up(one, FIRST, "Europe/Berlin", CHARTER, FIRST + timedelta(hours=3))
