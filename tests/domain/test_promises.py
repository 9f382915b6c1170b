"""When somebody is reminded of a promise, and what say and do come to."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from governance.domain.promises import (
    BEFORE,
    Promise,
    Reminder,
    SayDo,
    State,
    day_for_chair,
    reminders,
    say_do,
    window_start,
)

DUE = date(2026, 11, 20)
MADE = date(2026, 11, 3)
DAYS = st.integers(-40, 80).map(lambda days: DUE + timedelta(days=days))


def promise(**values: object) -> Promise:
    known = {"id": UUID(int=1), "made_on": MADE, "first_due_on": DUE, "due_on": DUE} | values
    return Promise(**known)  # type: ignore[arg-type]


def said(today: date, **values: object) -> list[Reminder]:
    return [one.reminder for one in reminders(promise(**values), today)]


def test_nobody_is_reminded_of_what_is_done_or_dropped_or_far_away() -> None:
    for state in (State.DONE, State.DROPPED):
        assert said(DUE + timedelta(days=30), state=state) == []

    assert said(DUE - timedelta(days=4)) == []


def test_three_days_before_and_on_the_day_and_each_week_when_late_and_the_sponsor_after_two() -> None:
    assert said(DUE - timedelta(days=3)) == [Reminder.SOON]
    assert said(DUE) == [Reminder.TODAY]
    assert said(DUE + timedelta(days=6)) == []
    assert said(DUE + timedelta(days=7)) == [Reminder.LATE]
    assert said(DUE + timedelta(days=14)) == [Reminder.LATE, Reminder.SPONSOR]


def test_who_promises_something_for_tomorrow_is_not_reminded_of_it_at_once() -> None:
    assert said(DUE - timedelta(days=1), made_on=DUE - timedelta(days=2)) == []


@given(DAYS)
def test_each_stage_is_said_once_however_often_one_looks(today: date) -> None:
    week = (today - DUE).days // 7
    days = [DUE + timedelta(weeks=week, days=day) for day in range(7)]

    stages = {one.stage for day in days for one in reminders(promise(), day) if one.reminder is Reminder.LATE}

    assert len(stages) == (week >= 1)


def test_a_slip_moves_the_reminders_and_not_what_was_promised_first() -> None:
    slipped = promise(due_on=DUE + timedelta(days=10), slips=("the supplier",))

    assert reminders(slipped, DUE) == ()
    assert say_do([slipped], MADE, DUE + timedelta(days=1)) == SayDo(
        DUE + timedelta(days=1), due=1, open_late=1, slips=("the supplier",)
    )


def test_nothing_due_is_unknown_and_not_nought() -> None:
    found = say_do([promise()], MADE, DUE - BEFORE)

    assert (found.due, found.share) == (0, None)


def test_kept_is_done_by_the_day_promised_first() -> None:
    on_time = promise(state=State.DONE, settled_on=DUE)
    late = promise(state=State.DONE, settled_on=DUE + timedelta(days=1), slips=("ill",))
    dropped = promise(state=State.DROPPED, settled_on=DUE)

    found = say_do([on_time, late, dropped], MADE, DUE + timedelta(days=5))

    assert (found.due, found.kept, found.done_late, found.open_late) == (2, 1, 1, 0)
    assert (found.share, found.slips) == (0.5, ("ill",))


@given(st.lists(st.tuples(DAYS, st.sampled_from(list(State)), DAYS), max_size=12), DAYS, DAYS)
def test_every_promise_that_counts_is_kept_or_done_late_or_open(
    drawn: list[tuple[date, State, date]], since: date, as_of: date
) -> None:
    promises = [
        promise(first_due_on=due, due_on=due, state=state, settled_on=None if state is State.OPEN else settled)
        for due, state, settled in drawn
    ]

    found = say_do(promises, since, as_of)

    assert found.kept + found.done_late + found.open_late == found.due <= len(promises)


@given(DAYS, DAYS)
def test_what_is_done_later_does_not_change_how_it_stood(settled: date, as_of: date) -> None:
    done = promise(state=State.DONE, settled_on=settled)

    as_it_stood = say_do([done], MADE, as_of)

    if settled > as_of:
        assert as_it_stood == say_do([promise()], MADE, as_of)


def test_the_chair_reads_what_the_department_read_a_week_ago() -> None:
    assert day_for_chair(DUE) == DUE - timedelta(days=7)


def test_the_window_begins_with_the_thirteenth_occurrence_back() -> None:
    weekly = [DUE - timedelta(weeks=week) for week in range(20)]

    assert window_start(weekly, DUE) == DUE - timedelta(weeks=12)
    assert window_start([], DUE) == DUE - timedelta(weeks=13)
