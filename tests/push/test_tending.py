"""Channels from the first to the thirtieth day, on both databases, against a Google of our own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.database import Database
from governance.models.meeting import Meeting
from governance.push.problems import PushProblem, push_problems
from governance.push.states import ChannelState
from governance.reconcile.ports import (
    CalendarAddress,
    CalendarTrouble,
    NotFound,
    OutcomeUnclear,
    Refused,
    Stopping,
    Unreachable,
)
from governance.services.channels import token_hash
from governance.store.meetings import meeting_by_slug
from tests.push.announcing import ADDRESS, PUBLIC_URL, Installation
from tests.support.cast import CALENDAR, NOW, SLUG

WELL, LIVE_AND_DUE = ChannelState(is_live=True, is_due=False), ChannelState(is_live=True, is_due=True)
NEITHER, DUE = ChannelState(is_live=False, is_due=False), ChannelState(is_live=False, is_due=True)


@pytest.fixture
def here(database: Database) -> Installation:
    return Installation(database)


def problems(here: Installation) -> list[PushProblem]:
    with here.database.reading() as session:
        return push_problems(session, here.now, public_url=PUBLIC_URL)


def release(here: Installation) -> None:
    with here.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert isinstance(meeting, Meeting)
        meeting.released_at = here.now


def test_nothing_changes_while_a_channel_is_fresh(here: Installation) -> None:
    here.tend()
    calls, before = list(here.google.calls), [one.id for one in here.channels()]

    here.later(days=4)

    assert (here.tend_if_due(), here.google.calls, [one.id for one in here.channels()]) == (False, calls, before)
    assert here.state() == WELL


def test_a_calendar_without_a_channel_gets_one_with_a_token_that_is_kept_as_a_hash_alone(here: Installation) -> None:
    assert here.state() == DUE

    here.tend()

    [known], [opened] = here.channels(), here.google.channels
    assert (str(known.id), known.resource_id, known.expires_at) == (opened.id, opened.resource_id, opened.expires_at)
    assert (known.token_hash, len(opened.token) >= 43) == (token_hash(opened.token), True)
    assert (opened.address, opened.calendar) == (ADDRESS, CalendarAddress(CALENDAR, CALENDAR))
    assert known.renew_at == NOW + 0.8 * timedelta(days=7)
    assert here.state() == WELL


def test_what_is_granted_counts_not_what_was_asked_for(here: Installation) -> None:
    here.google.granted = timedelta(hours=1)

    here.tend()

    [known] = here.channels()
    assert (known.expires_at, known.renew_at) == (NOW + timedelta(hours=1), NOW + timedelta(minutes=48))


def test_a_channel_that_nothing_has_arrived_on_is_not_relied_on(here: Installation) -> None:
    here.google.announces_at_once = False

    here.tend()
    before = here.state()
    here.google.catch_up()

    assert (before, here.state()) == (NEITHER, WELL)


def test_any_announcement_confirms_when_the_first_was_lost(here: Installation) -> None:
    here.reaches_us = False
    here.tend()
    here.reaches_us = True

    here.google.change()

    assert here.state() == WELL
    assert here.calendar().dirty


def test_the_old_one_is_stopped_only_after_the_new_one_is_confirmed(here: Installation) -> None:
    here.tend()
    here.google.announces_at_once = False
    here.later(days=6)

    here.tend()
    before = (list(here.google.calls), len(here.google.live()), here.state())
    here.google.catch_up()
    after = here.state()
    here.tend()

    assert before == (["watch", "watch"], 2, WELL)
    assert after == LIVE_AND_DUE
    assert here.google.calls == ["watch", "watch", "stop"]
    assert [one.id for one in here.google.live()] == [str(here.channels()[-1].id)]
    assert here.state() == WELL


def test_announcements_that_overtake_each_other_leave_the_newer_channel(here: Installation) -> None:
    here.google.announces_at_once = False
    here.tend()
    here.later(days=6)
    here.tend()

    older, newer = here.google.waiting
    here.arrive(newer, "sync")
    here.arrive(older, "sync")
    here.arrive(older, "sync")
    here.tend()

    assert here.google.live() == [newer]
    assert [one.replaced_at is not None for one in here.channels()] == [True, False]


def test_a_successor_that_stays_silent_leaves_the_old_one_to_expire(here: Installation) -> None:
    here.tend()
    here.reaches_us = False
    here.later(days=6)

    here.tend()
    until_the_end = here.state()
    here.later(days=1)

    assert (until_the_end, here.state()) == (WELL, NEITHER)
    assert "stop" not in here.google.calls


@pytest.mark.one_engine
def test_over_thirty_days_there_is_no_minute_without_a_live_channel_and_none_with_three(here: Installation) -> None:
    """Google grants one day, later seven, later one again; nobody looks more often than every two hours."""
    here.google.granted = timedelta(days=1)
    here.tend()
    without, most_known = 0, 0

    for hour in range(0, 30 * 24, 2):
        here.later(hours=2)
        here.google.granted = timedelta(days=7 if 120 <= hour < 480 else 1)
        # Before anything is done: what lives now was opened two hours ago at the latest, and lived all the time.
        without += not (here.google.live() and here.state().is_live)
        while here.tend_if_due():
            pass
        most_known = max(most_known, len(here.channels()))

    assert (without, here.google.most_live) == (0, 2)
    assert here.google.calls.count("stop") == here.google.calls.count("watch") - len(here.google.live())
    assert most_known <= 4  # those that are over are forgotten after a day


def test_a_day_of_refusals_at_the_renewal_leaves_no_gap(here: Installation) -> None:
    here.tend()
    here.later(days=5, hours=15)
    here.google.trouble = Unreachable("Wait", "Google is down")
    without = 0

    for minute in range(0, 2 * 24 * 60, 15):
        here.later(minutes=15)
        if minute == 24 * 60:
            here.google.trouble = None
        here.tend_if_due()
        without += not here.google.live()

    assert without == 0
    assert here.state() == WELL
    assert here.google.most_live <= 2
    assert here.google.calls.count("watch") <= 2 + 13


def test_a_refusal_is_noted_waits_twice_as_long_each_time_and_leaves_no_row(here: Installation) -> None:
    here.google.trouble = Refused("Set site.public_url to an https address", "Google refuses it", code="google-push")
    waits = []

    for _ in range(3):
        assert here.state() == DUE
        here.tend()
        retry_at = here.calendar().push_retry_at
        assert retry_at is not None
        assert here.state() == NEITHER
        waits.append(retry_at - here.now)
        here.now = retry_at

    assert [wait / waits[0] for wait in waits] == [1, 2, 4]
    assert here.channels() == []
    assert problems(here) == [
        PushProblem(
            code="push-refused",
            meeting=SLUG,
            calendar=CALENDAR,
            text="Google refuses it",
            remedy="Set site.public_url to an https address",
        )
    ]


def test_the_trouble_is_over_with_the_first_channel(here: Installation) -> None:
    here.google.trouble = Refused("Set site.public_url", "refused")
    here.tend()
    here.google.trouble = None
    here.later(hours=1)

    here.tend()

    row = here.calendar()
    assert (row.push_failures, row.push_retry_at, row.push_problem, row.push_remedy) == (None, None, None, None)
    assert problems(here) == []


def test_silence_is_a_problem_after_ten_minutes(here: Installation) -> None:
    here.reaches_us = False
    here.tend()

    here.later(minutes=9)
    before = problems(here)
    here.later(minutes=1)

    assert before == []
    assert problems(here) == [
        PushProblem(
            code="push-not-confirmed",
            meeting=SLUG,
            calendar=CALENDAR,
            text="no announcement has arrived",
            remedy="Check that https://meetings.example.com is reached from the internet",
        )
    ]


@pytest.mark.parametrize("lost", [OutcomeUnclear("Wait", "no answer"), Unreachable("Wait", "no answer")])
def test_a_channel_whose_answer_was_lost_is_found_by_what_it_announces_and_stopped(
    here: Installation, lost: CalendarTrouble
) -> None:
    here.google.answer_lost = lost
    here.tend()
    here.google.answer_lost = None
    here.later(minutes=2)

    here.tend()

    assert here.google.calls == ["watch", "watch", "stop"]
    assert (len(here.google.live()), here.google.most_live, here.state()) == (1, 2, WELL)


def test_a_channel_whose_answer_and_announcement_were_lost_is_stopped_when_it_shows_itself(here: Installation) -> None:
    here.google.answer_lost, here.reaches_us = OutcomeUnclear("Wait", "no answer"), False
    here.tend()
    here.google.answer_lost, here.reaches_us = None, True
    here.later(minutes=2)
    here.tend()
    two = len(here.google.live())

    here.google.change()
    here.tend()

    assert (two, len(here.google.live()), here.state()) == (2, 1, WELL)


def test_a_channel_that_never_shows_itself_is_forgotten_after_its_longest_life(here: Installation) -> None:
    here.google.answer_lost, here.reaches_us = OutcomeUnclear("Wait", "no answer"), False
    here.tend()
    [lost] = here.channels()
    here.google.answer_lost, here.reaches_us = None, True
    for _ in range(9):
        here.later(days=1)
        while here.tend_if_due():
            pass

    assert lost.id not in {one.id for one in here.channels()}
    assert here.state() == WELL


def test_one_that_google_does_not_know_any_more_counts_as_stopped(here: Installation) -> None:
    here.tend()
    here.push = False
    here.google.stop_trouble = NotFound("Share the calendar", "there is no such channel")

    here.tend()

    assert here.state() == NEITHER
    assert here.calendar().push_problem is None


def test_a_stop_that_is_refused_leaves_it_to_expire_unheard(here: Installation) -> None:
    here.tend()
    here.later(days=6)
    here.google.stop_trouble = Refused("Act as its owner", "it belongs to somebody else")
    here.tend()
    [left, _] = here.google.live()

    here.arrive(left, "exists")

    assert (here.calendar().dirty, here.state()) == (False, WELL)


def test_a_stop_that_does_not_get_through_is_tried_again_later(here: Installation) -> None:
    here.tend()
    here.later(days=6)
    here.google.stop_trouble = Unreachable("Wait", "no answer")
    here.tend()
    waiting = here.state()
    here.google.stop_trouble = None
    here.later(minutes=2)

    here.tend()

    assert (waiting, here.state(), len(here.google.live())) == (WELL, WELL, 1)
    assert here.calendar().push_problem is None


def test_when_its_last_meeting_is_released_the_channel_is_stopped(here: Installation) -> None:
    here.tend()
    release(here)

    due = here.tend_if_due()

    assert (due, here.google.live(), here.state()) == (True, [], NEITHER)


def test_when_push_is_switched_off_channels_are_stopped_and_after_a_day_nothing_is_left(here: Installation) -> None:
    here.tend()
    here.push = False

    while here.tend_if_due():
        pass
    states = here.states()
    here.later(days=1)
    while here.tend_if_due():
        pass

    assert (here.google.live(), states) == ([], {here.calendar_id: NEITHER})
    assert (here.channels(), here.states()) == ([], {})


def test_the_stop_of_the_process_is_no_trouble_of_google_s(here: Installation) -> None:
    here.google.trouble = Stopping("Start again", "the process stops")

    with pytest.raises(Stopping):
        here.tend()

    assert here.calendar().push_problem is None
    assert len(here.channels()) == 1


def test_a_channel_that_is_over_when_it_is_granted_is_trouble_and_no_loop(here: Installation) -> None:
    here.google.granted = timedelta(seconds=-5)

    here.tend()

    assert here.google.calls == ["watch"]
    assert here.calendar().push_remedy == "Set this machine's clock"


def test_google_is_asked_while_no_transaction_is_open(here: Installation) -> None:
    """On SQLite a second writer would wait for ever: what arrives during `watch` and `stop` is written at once."""
    here.tend()
    here.later(days=6)
    here.tend()

    assert [one.confirmed_at is not None for one in here.channels()] == [True, True]
