"""One event that cannot be read or written is set aside with its reason, and delays nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from governance.calendar import client
from governance.calendar.believing import Contradiction
from governance.models import Calendar
from governance.models.trouble import Quarantine
from governance.reconcile.waiting import LONGEST_WAIT, SET_ASIDE_WAIT, wait_after, wait_of_event
from governance.services import ledger
from governance.services.troubles import EVENT, retry_now, what_of
from governance.store import standing, troubles
from tests.support.governed import (
    CHAIR,
    DELEGATES,
    NEXT_THURSDAY,
    SERIES,
    STRANGER,
    THURSDAY,
    Governed,
    occurrence_id,
)

AMARA, HENRIK, MEI = DELEGATES.values()
THIS, NEXT = occurrence_id(THURSDAY), occurrence_id(NEXT_THURSDAY)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def in_order(governed: Governed) -> Governed:
    governed.bring_in_order()
    return governed


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Ids of events that Google answers in a way nobody can read, in listings and by themselves."""
    ids: set[str] = set()

    def refusing(read: Callable[..., Any]) -> Callable[..., Any]:
        def refused(raw: dict[str, Any], *more: Any, **named: Any) -> Any:
            if raw["id"] in ids:
                raise Contradiction("a time cannot be read")
            return read(raw, *more, **named)

        return refused

    for name in ("observed_event", "received_event"):
        monkeypatch.setattr(client, name, refusing(getattr(client, name)))
    return ids


class TestTheWait:
    def test_doubles_from_fifteen_seconds_and_becomes_an_hour_after_five_failures_in_a_row(self) -> None:
        waits = [wait_of_event(failures, chance=0.5).total_seconds() for failures in range(1, 7)]

        assert waits == [15, 30, 60, 120, 3600, 3600]

    def test_of_a_calendar_or_meeting_doubles_up_to_a_quarter_of_an_hour(self) -> None:
        waits = [wait_after(failures, chance=0.5).total_seconds() for failures in (1, 2, 6, 7, 100)]

        assert waits == [15, 30, 480, 900, 900]

    @pytest.mark.parametrize(("chance", "share"), [(0.0, 0.75), (1.0, 1.25)])
    def test_is_spread_by_a_quarter(self, chance: float, share: float) -> None:
        assert wait_after(1, chance=chance) == timedelta(seconds=15) * share

    def test_is_longest_at_once_where_only_a_person_can_help(self) -> None:
        assert wait_after(1, chance=0.5, is_permanent=True) == LONGEST_WAIT

    @pytest.mark.parametrize("wait", [wait_after, wait_of_event])
    @pytest.mark.parametrize("failures", [1, 5, 9])
    def test_is_never_shorter_than_google_asks(self, wait: Callable[..., timedelta], failures: int) -> None:
        assert wait(failures, chance=0.0, asked_seconds=7200) == timedelta(hours=2)


class TestWriting:
    def test_a_calendar_in_order_sets_nothing_aside(self, in_order: Governed) -> None:
        in_order.cycle()

        assert rows(in_order) == []

    def test_an_event_that_refuses_waits_alone_and_the_others_are_written(self, in_order: Governed) -> None:
        in_order.control.forward(CHAIR, THIS, AMARA, STRANGER)
        in_order.control.forward(CHAIR, NEXT, AMARA, STRANGER)
        in_order.control.fault("forbidden", route="events.patch", event=THIS, count=None)

        report = in_order.cycle()

        assert report is not None
        assert (report.applied, report.failed) == (1, 1)
        assert (STRANGER in in_order.guests(THIS), STRANGER in in_order.guests(NEXT)) == (True, False)
        [row] = rows(in_order)
        assert (row.event_id, row.failures, row.problem_code) == (THIS, 1, "google-shared-read-only")
        assert row.problem_remedy.startswith("Share calendar")
        assert in_order.stored().problem_code is None
        assert in_order.stored().retry_at is None

    def test_news_does_not_shorten_its_wait_and_is_mended_meanwhile(self, in_order: Governed) -> None:
        refuse(in_order, THIS)
        in_order.cycle()
        in_order.control.clear_log()

        for seconds in (1, 3, 5):
            in_order.advance(timedelta(seconds=seconds))
            in_order.control.answers(CHAIR, THIS, MEI, "accepted" if seconds != 3 else "tentative")
            in_order.control.forward(CHAIR, NEXT, AMARA, f"other{seconds}@elsewhere.org")
            report = in_order.cycle()
            assert report is not None
            assert report.failed == 1

        written = [one["path"].rpartition("/")[2].partition("?")[0] for one in in_order.writes()]
        assert written == [NEXT] * 3

    def test_it_is_tried_at_its_times_and_after_five_failures_once_an_hour(self, in_order: Governed) -> None:
        refuse(in_order, THIS)

        waits = []
        for _ in range(7):
            in_order.cycle()
            [row] = rows(in_order)
            assert row.retry_at is not None
            waits.append((row.retry_at - in_order.now).total_seconds())
            in_order.advance(row.retry_at - in_order.now)

        assert len(in_order.writes()) == 7
        assert [11 <= waits[0] <= 19, 22 <= waits[1] <= 38, 90 <= waits[3] <= 150] == [True] * 3
        assert waits[4:] == [SET_ASIDE_WAIT.total_seconds()] * 3
        assert rows(in_order)[0].failures == 7

    def test_the_meeting_is_due_when_the_event_is_to_be_tried_again(self, in_order: Governed) -> None:
        refuse(in_order, THIS)
        in_order.cycle()

        assert in_order.stored().due_at == rows(in_order)[0].retry_at

    def test_one_success_ends_it(self, in_order: Governed, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, logger="governance")
        refuse(in_order, THIS)
        in_order.cycle()
        in_order.advance(MINUTE)
        in_order.cycle()
        in_order.control.clear_faults()
        in_order.advance(MINUTE)

        in_order.cycle()

        assert rows(in_order) == []
        assert STRANGER not in in_order.guests(THIS)
        assert acts(in_order) == ["event-set-aside", "event-resumed"]
        told = [line.getMessage() for line in caplog.records if "event" in vars(line)]
        assert [one for one in told if one != "wrote an event"] == ["an event was set aside", "an event recovered"]
        assert STRANGER not in caplog.text

    def test_an_event_that_somebody_puts_right_is_set_aside_no_more(self, in_order: Governed) -> None:
        refuse(in_order, THIS)
        in_order.cycle()

        in_order.control.drop_guest(CHAIR, THIS, STRANGER)
        in_order.cycle()

        assert rows(in_order) == []
        assert acts(in_order) == ["event-set-aside", "event-resumed"]

    def test_a_person_has_it_tried_at_once(self, in_order: Governed) -> None:
        refuse(in_order, THIS)
        in_order.cycle()
        in_order.control.clear_faults()

        ask(in_order)
        in_order.cycle()

        assert STRANGER not in in_order.guests(THIS)
        assert rows(in_order) == []

    def test_many_events_that_refuse_are_the_meetings_trouble_and_none_is_set_aside(self, in_order: Governed) -> None:
        for week in range(4):
            in_order.control.forward(CHAIR, occurrence_id(THURSDAY + timedelta(weeks=week)), AMARA, STRANGER)
        in_order.control.fault("forbidden", route="events.patch", count=None)

        in_order.cycle()

        assert rows(in_order) == []
        assert in_order.stored().problem_code == "google-shared-read-only"

    def test_releasing_the_meeting_forgets_it(self, in_order: Governed) -> None:
        from governance.services import adoption

        refuse(in_order, THIS)
        in_order.cycle()

        with in_order.database.writing() as session:
            adoption.release(session, in_order.meeting(session), actor="test", now=in_order.now)

        assert rows(in_order) == []


def test_on_either_database_an_event_is_set_aside_and_taken_back(governed_on_both: Governed) -> None:
    governed = governed_on_both
    governed.bring_in_order()
    refuse(governed, THIS)
    governed.cycle()
    assert [row.failures for row in rows(governed)] == [1]
    ask(governed)
    governed.cycle()
    assert [row.failures for row in rows(governed)] == [2]
    governed.control.clear_faults()
    governed.advance(MINUTE)

    governed.cycle()

    assert rows(governed) == []
    assert acts(governed) == ["event-set-aside", "event-resumed"]


class TestReading:
    def test_three_times_the_whole_answer_is_not_believed_then_the_event_alone(
        self, in_order: Governed, unreadable: set[str]
    ) -> None:
        in_order.control.forward(CHAIR, THIS, AMARA, STRANGER)
        in_order.control.forward(CHAIR, NEXT, AMARA, STRANGER)
        unreadable.add(THIS)
        token = calendar_token(in_order)

        for failures in (1, 2, 3):
            report = in_order.cycle_report()
            assert report.trouble is not None
            assert calendar_token(in_order) == token
            assert [(row.failures, row.retry_at) for row in rows(in_order)] == [(failures, None)]
            in_order.advance(10 * MINUTE)
        assert in_order.writes() == []
        in_order.cycle()

        assert (STRANGER in in_order.guests(THIS), STRANGER in in_order.guests(NEXT)) == (True, False)
        assert calendar_token(in_order) != token
        [row] = rows(in_order)
        assert (row.event_id, row.problem_code, row.meeting_id) == (THIS, "event-unreadable", in_order.meeting_id)
        assert row.problem_remedy.startswith("Open the event in Google Calendar")
        assert acts(in_order) == ["event-set-aside"]

    def test_nothing_is_written_on_it_although_it_looks_like_an_unmodified_occurrence(
        self, in_order: Governed, unreadable: set[str]
    ) -> None:
        in_order.control.answers(CHAIR, THIS, MEI, "tentative")
        set_unreadable_aside(in_order, unreadable, THIS)

        in_order.visitor("auditor@example.com", THURSDAY.date())
        in_order.visitor("auditor@example.com", NEXT_THURSDAY.date())
        in_order.cycle()

        assert "auditor@example.com" not in in_order.guests(THIS)
        assert "auditor@example.com" in in_order.guests(NEXT)
        assert [one["rule"] for one in in_order.stored().findings_json if one["event"] == THIS] == ["I14"]

    def test_where_the_series_cannot_be_read_nothing_of_the_meeting_is_written_and_its_neighbour_goes_on(
        self, in_order: Governed, unreadable: set[str]
    ) -> None:
        first = in_order.meeting_id
        in_order.control.create_series(
            CHAIR, "Second", "2026-01-07T10:00:00+01:00", "2026-01-07T11:00:00+01:00", "Europe/Berlin",
            ["RRULE:FREQ=WEEKLY;BYDAY=WE"], [AMARA], event_id="secondmeeting",
        )  # fmt: skip
        in_order.adopt("secondmeeting", "second")
        in_order.control.flip_flags(CHAIR, SERIES, guestsCanModify=True)
        set_unreadable_aside(in_order, unreadable, SERIES)
        in_order.meeting_id = first
        in_order.control.forward(CHAIR, NEXT, AMARA, STRANGER)

        report = in_order.cycle_report()

        assert report.trouble is None
        assert in_order.event(SERIES)["guestsCanModify"] is True
        assert STRANGER in in_order.guests(NEXT)
        assert {one.meeting for one in in_order.cycle_report(also=(in_order.meeting_id,)).meetings} >= {"steering"}
        assert {one["rule"] for one in in_order.stored().findings_json} == {"I14"}
        assert in_order.stored().frozen_code is None

    def test_a_full_listing_does_not_take_it_for_gone(self, in_order: Governed, unreadable: set[str]) -> None:
        in_order.control.flip_flags(CHAIR, SERIES, guestsCanModify=True)
        set_unreadable_aside(in_order, unreadable, SERIES)

        in_order.control.expire_tokens(CHAIR)
        report = in_order.cycle_report()

        assert report.trouble is None
        assert in_order.stored().frozen_code is None
        assert len(rows(in_order)) == 1

    def test_it_is_read_by_itself_once_an_hour_and_mended_when_it_can_be(
        self, in_order: Governed, unreadable: set[str]
    ) -> None:
        in_order.control.forward(CHAIR, THIS, AMARA, STRANGER)
        set_unreadable_aside(in_order, unreadable, THIS)
        in_order.control.clear_log()

        in_order.advance(59 * MINUTE)
        in_order.cycle()
        assert gets(in_order) == 0
        in_order.advance(2 * MINUTE)
        in_order.cycle()
        assert (gets(in_order), rows(in_order)[0].failures) == (1, 5)
        unreadable.clear()
        in_order.advance(61 * MINUTE)
        in_order.cycle()

        assert rows(in_order) == []
        assert STRANGER not in in_order.guests(THIS)
        assert acts(in_order) == ["event-set-aside", "event-resumed"]

    def test_a_fault_of_google_while_it_is_read_by_itself_stays_its_own(
        self, in_order: Governed, unreadable: set[str]
    ) -> None:
        in_order.control.forward(CHAIR, THIS, AMARA, STRANGER)
        set_unreadable_aside(in_order, unreadable, THIS)
        in_order.control.fault("503", route="events.get", count=None)
        in_order.advance(61 * MINUTE)

        report = in_order.cycle_report()

        assert report.trouble is None
        assert rows(in_order)[0].failures == 5

    def test_when_somebody_mends_it_the_next_listing_ends_it(self, in_order: Governed, unreadable: set[str]) -> None:
        in_order.control.forward(CHAIR, THIS, AMARA, STRANGER)
        set_unreadable_aside(in_order, unreadable, THIS)

        unreadable.clear()
        in_order.control.answers(CHAIR, THIS, MEI, "accepted")
        in_order.cycle()

        assert rows(in_order) == []
        assert STRANGER not in in_order.guests(THIS)

    def test_a_person_has_it_read_at_once(self, in_order: Governed, unreadable: set[str]) -> None:
        in_order.control.forward(CHAIR, THIS, AMARA, STRANGER)
        set_unreadable_aside(in_order, unreadable, THIS)
        unreadable.clear()

        ask(in_order)
        in_order.cycle()

        assert STRANGER not in in_order.guests(THIS)

    def test_an_event_that_was_unreadable_only_once_leaves_nothing(
        self, in_order: Governed, unreadable: set[str]
    ) -> None:
        in_order.control.forward(CHAIR, THIS, AMARA, STRANGER)
        unreadable.add(THIS)
        in_order.cycle_report()

        unreadable.clear()
        in_order.cycle()

        assert (rows(in_order), acts(in_order)) == ([], [])
        assert STRANGER not in in_order.guests(THIS)

    def test_many_at_once_are_set_aside_at_once(self, in_order: Governed, unreadable: set[str]) -> None:
        poisoned = [occurrence_id(THURSDAY + timedelta(weeks=week)) for week in range(5)]
        for event in poisoned:
            in_order.control.answers(CHAIR, event, MEI, "tentative")
        in_order.control.forward(CHAIR, occurrence_id(THURSDAY + timedelta(weeks=6)), AMARA, STRANGER)
        unreadable.update(poisoned)

        for _ in range(3):
            in_order.cycle_report()
            in_order.advance(10 * MINUTE)
        in_order.cycle()

        assert sorted(row.event_id for row in rows(in_order)) == sorted(poisoned)
        assert STRANGER not in in_order.guests(occurrence_id(THURSDAY + timedelta(weeks=6)))


def test_a_meeting_that_cannot_be_judged_waits_ever_longer_and_its_neighbour_does_not(in_order: Governed) -> None:
    with in_order.database.writing() as session:
        standing.meeting_row(session, in_order.meeting_id).time_zone = "Nowhere/Never"

    waits = []
    for _ in range(3):
        in_order.cycle_report(also=(in_order.meeting_id,))
        at = in_order.stored().retry_at
        assert at is not None
        waits.append((at - in_order.now).total_seconds())

    assert waits[0] < 19
    assert 45 <= waits[2] <= 75


def test_news_does_not_lift_a_wait_that_google_has_named_for_the_writes_of_a_meeting(in_order: Governed) -> None:
    in_order.control.forward(CHAIR, THIS, AMARA, STRANGER)
    in_order.control.fault("429", route="events.patch", count=1, retry_after=120)
    in_order.cycle()
    in_order.control.clear_log()

    in_order.advance(timedelta(seconds=119))
    in_order.control.answers(CHAIR, THIS, MEI, "accepted")
    in_order.cycle_report()

    assert in_order.writes() == []
    in_order.advance(2 * MINUTE)
    in_order.cycle()
    assert STRANGER not in in_order.guests(THIS)


def refuse(governed: Governed, event: str) -> None:
    governed.control.forward(CHAIR, event, AMARA, STRANGER)
    governed.control.fault("forbidden", route="events.patch", event=event, count=None)
    governed.control.clear_log()


def set_unreadable_aside(governed: Governed, unreadable: set[str], event: str) -> None:
    unreadable.add(event)
    for _ in range(3):
        governed.cycle_report()
        governed.advance(10 * MINUTE)
    governed.cycle_report()
    with governed.database.reading() as session:
        assert [one.event_id for one in troubles.set_aside_on(session, governed.calendar_id)] == [event]


def ask(governed: Governed) -> None:
    with governed.database.writing() as session:
        meeting = governed.meeting(session)
        [row] = troubles.quarantines_of(session, meeting.id)
        retry_now(session, meeting, what_of(EVENT, row.id), by=CHAIR, source="web", now=governed.now)


def rows(governed: Governed) -> list[Quarantine]:
    with governed.database.reading() as session:
        return troubles.quarantines_of(session, governed.meeting_id)


def acts(governed: Governed) -> list[str]:
    with governed.database.reading() as session:
        lines = ledger.latest(session, governed.meeting_id, 100)
    return [one.act for one in reversed(lines) if one.act in ("event-set-aside", "event-resumed")]


def calendar_token(governed: Governed) -> str | None:
    with governed.database.reading() as session:
        return session.get_one(Calendar, governed.calendar_id).sync_token


def gets(governed: Governed) -> int:
    return len(governed.control.log("events.get"))
