"""What marks come to, at the minute and across the change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.attendance import Attendance, Mark, MarkKind, Source, State, Timing, attendance, minutes_late
from governance.domain.people import PersonId

BERLIN = ZoneInfo("Europe/Berlin")
AMARA, JONAS = PersonId(UUID(int=1)), PersonId(UUID(int=2))
START = datetime(2026, 11, 26, 10, tzinfo=BERLIN).astimezone(UTC)
TIMING = Timing(START, START + timedelta(hours=1), timedelta(minutes=2))
AFTER = START + timedelta(hours=2)


def at(minutes: float, kind: MarkKind = MarkKind.ARRIVED, source: Source = Source.CHECK_IN, **more: object) -> Mark:
    """Said when it happened, unless `said` (in minutes) tells otherwise."""
    moment = START + timedelta(minutes=minutes)
    said = START + timedelta(minutes=float(more.get("said", minutes)))  # type: ignore[arg-type]
    return Mark(kind, source, moment, said, more.get("person", AMARA))  # type: ignore[arg-type]


def judged(*marks: Mark, now: datetime = AFTER, timing: Timing = TIMING, **more: object) -> Attendance:
    return attendance(timing, marks, now, **({"delegate": AMARA} | more))  # type: ignore[arg-type]


def test_before_an_arrival_a_seat_reads_not_here_yet_and_never_late() -> None:
    last_moment = TIMING.end - timedelta(microseconds=1)

    assert judged(now=TIMING.opens_at).state is State.NOT_HERE_YET
    assert judged(now=last_moment).state is State.NOT_HERE_YET
    assert judged(now=last_moment).late_minutes == 0


def test_what_nobody_said_anything_about_is_unknown_and_not_absent() -> None:
    unknown, absent = judged(now=TIMING.end), judged(at(30, MarkKind.ABSENT, Source.SCRIBE))

    assert (unknown.state, unknown.counts_as_absent) == (State.UNKNOWN, False)
    assert (absent.state, absent.counts_as_absent) == (State.ABSENT, True)


@pytest.mark.parametrize(
    ("minutes", "state", "late"),
    [
        (-15, State.EARLY, 0),
        (-1 / 60, State.EARLY, 0),
        (0, State.ON_TIME, 0),
        (2, State.ON_TIME, 0),
        (2 + 1 / 60, State.LATE, 1),
        (3, State.LATE, 1),
        (3 + 1 / 60, State.LATE, 2),
        (12, State.LATE, 10),
    ],
)
def test_an_arrival_is_judged_at_the_second_and_a_begun_minute_counts(minutes: float, state: State, late: int) -> None:
    found = judged(at(minutes))

    assert (found.state, found.late_minutes) == (state, late)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 2)])
@pytest.mark.parametrize("hour", [1, 2, 3, 10])
def test_minutes_are_those_that_passed_also_on_the_nights_when_the_clocks_change(day: date, hour: int) -> None:
    start = datetime.combine(day, time(hour, 30), BERLIN)
    timing = Timing(start.astimezone(UTC), start.astimezone(UTC) + timedelta(hours=2), timedelta(minutes=5))

    counted = [minutes_late(timing, timing.start + timedelta(minutes=passed)) for passed in range(0, 100)]

    assert counted == [max(0, passed - 5) for passed in range(0, 100)]


def test_an_instant_is_the_same_in_whatever_zone_it_is_told() -> None:
    elsewhere = at(7)
    elsewhere = Mark(elsewhere.kind, elsewhere.source, elsewhere.at.astimezone(ZoneInfo("Asia/Tokyo")), elsewhere.at)

    assert judged(elsewhere).late_minutes == 5


def test_of_two_sources_both_are_kept_and_the_earlier_arrival_counts() -> None:
    found = judged(at(6), at(1, source=Source.SCRIBE, said=8))

    assert (found.state, found.late_minutes) == (State.ON_TIME, 0)
    assert found.sources == ("check-in", "scribe")


def test_a_persons_correction_outweighs_everything_before_it_and_a_later_one_that_one() -> None:
    tapped, corrected = at(-5), at(9, source=Source.CORRECTION, said=20)

    first = judged(tapped, corrected)
    second = judged(tapped, corrected, at(0, source=Source.CORRECTION, said=25))

    assert (first.state, first.late_minutes, first.is_corrected) == (State.LATE, 7, True)
    assert (second.state, second.is_corrected) == (State.ON_TIME, True)


def test_a_correction_can_say_that_nobody_knows() -> None:
    taken_back = at(5, MarkKind.OPEN, Source.CORRECTION)

    assert judged(at(-3), taken_back, now=TIMING.start + timedelta(minutes=10)).state is State.NOT_HERE_YET
    assert judged(at(-3), taken_back).state is State.UNKNOWN


def test_who_comes_after_a_correction_that_they_did_not_has_come_and_what_it_took_back_stays_so() -> None:
    seen = at(1, source=Source.SCRIBE)
    for kind in (MarkKind.OPEN, MarkKind.APOLOGY, MarkKind.ABSENT):
        corrected = at(5, kind, Source.CORRECTION)

        found = judged(seen, corrected, at(20), at(21, source=Source.SCRIBE))

        assert (found.state, found.late_minutes, found.is_corrected) == (State.LATE, 18, False)
        assert found.sources == ("check-in", "scribe")
        assert judged(seen, at(2), corrected).sources == ()


def test_a_word_of_absence_fills_what_a_correction_left_open_and_outweighs_no_other() -> None:
    absent = at(20, MarkKind.ABSENT, Source.SCRIBE)

    assert judged(at(1), at(5, MarkKind.OPEN, Source.CORRECTION), absent).state is State.ABSENT
    assert judged(at(1), at(5, MarkKind.APOLOGY, Source.CORRECTION), absent).state is State.APOLOGY
    assert judged(at(5, source=Source.CORRECTION), absent).state is State.LATE


def test_who_was_said_to_be_absent_or_to_have_apologised_and_comes_all_the_same_has_come() -> None:
    assert judged(at(-60, MarkKind.APOLOGY), at(0)).state is State.ON_TIME
    assert judged(at(5, MarkKind.ABSENT, Source.SCRIBE), at(20)).state is State.LATE


def test_an_apology_counts_against_nobody() -> None:
    found = judged(at(-600, MarkKind.APOLOGY))

    assert (found.state, found.counts_as_absent, found.counts_as_late) == (State.APOLOGY, False, False)


def test_who_leaves_before_the_end_left_early_and_who_leaves_at_the_end_did_not() -> None:
    gone, stayed = at(40, MarkKind.LEFT, Source.SCRIBE), at(60, MarkKind.LEFT, Source.SCRIBE)

    assert judged(at(0), gone).state is State.LEFT_EARLY
    assert judged(at(0), stayed).state is State.ON_TIME
    late = judged(at(10), gone)
    assert (late.state, late.left_at) == (State.LATE, gone.at)


def test_a_correction_of_the_arrival_takes_an_earlier_word_of_leaving_back() -> None:
    assert judged(at(0), at(40, MarkKind.LEFT), at(1, source=Source.CORRECTION, said=50)).left_at is None


def test_a_stand_in_sits_for_the_seat_and_counts_against_nobody() -> None:
    came = judged(at(20, person=JONAS), stand_in=JONAS)
    nobody = judged(at(20, MarkKind.ABSENT, Source.SCRIBE), stand_in=JONAS)

    assert (came.state, came.late_minutes, came.counts_as_late) == (State.STAND_IN, 18, False)
    assert (nobody.state, nobody.counts_as_absent) == (State.ABSENT, False)


def test_a_delegate_who_comes_although_somebody_stands_in_is_judged_as_usual() -> None:
    found = judged(at(20), stand_in=JONAS)

    assert (found.state, found.counts_as_late) == (State.LATE, True)


def test_a_cancelled_occurrence_counts_for_nobody() -> None:
    cancelled = Timing(TIMING.start, TIMING.end, TIMING.grace, is_cancelled=True)

    for marks in ([at(30)], [at(30, MarkKind.ABSENT, Source.SCRIBE)], []):
        found = judged(*marks, timing=cancelled)
        assert (found.state, found.counts_as_late, found.counts_as_absent) == (State.CANCELLED, False, False)
    assert not cancelled.is_open(TIMING.start)


def test_a_vacant_seat_is_nobodys_absence() -> None:
    assert judged(at(30, MarkKind.ABSENT, Source.SCRIBE), delegate=None).state is State.VACANT


def test_the_doors_are_open_from_a_quarter_before_until_the_end() -> None:
    moment = timedelta(microseconds=1)

    assert not TIMING.is_open(TIMING.start - timedelta(minutes=15) - moment)
    assert TIMING.is_open(TIMING.start - timedelta(minutes=15))
    assert TIMING.is_open(TIMING.end - moment)
    assert not TIMING.is_open(TIMING.end)


MARKS = st.lists(
    st.builds(
        at,
        st.integers(-30, 90),
        st.sampled_from(MarkKind),
        st.sampled_from(Source),
        person=st.sampled_from([AMARA, JONAS]),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(MARKS, st.booleans(), st.integers(-20, 90))
def test_whatever_was_marked_the_order_of_the_rows_does_not_matter_and_doubt_counts_against_nobody(
    marks: list[Mark], has_stand_in: bool, minute: int
) -> None:
    marks = [
        Mark(m.kind, m.source, m.at, m.recorded_at + timedelta(microseconds=i), m.person) for i, m in enumerate(marks)
    ]
    now, stand_in = START + timedelta(minutes=minute), JONAS if has_stand_in else None

    found = judged(*marks, now=now, stand_in=stand_in)

    assert found == judged(*reversed(marks), now=now, stand_in=stand_in)
    assert found.late_minutes == 0 or found.arrived_at is not None
    if not any(mark.kind is MarkKind.ABSENT for mark in marks):
        assert not found.counts_as_absent
    if has_stand_in:
        assert not found.counts_as_absent
