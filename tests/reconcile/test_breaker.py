"""An account whose calls fail is left alone: one calendar tries for all, and nobody else's waits for it."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from governance.models.calendar import Calendar
from governance.models.trouble import Breaker
from governance.reconcile.breaking import (
    ACCOUNT_CODES,
    WAITING_CODES,
    BreakerState,
    after_failure,
    after_success,
    is_of_account,
    may_be_read,
)
from governance.reconcile.ports import (
    CalendarAddress,
    CalendarTrouble,
    NotFound,
    OutcomeUnclear,
    Refused,
    Throttled,
    Unbelievable,
    Unreachable,
    WritesPaused,
)
from governance.services import adoption, mandates, people, seats
from governance.store import pictures, standing, troubles
from tests.docs.pages import ROOT
from tests.support.governed import NOW, Governed

SUBJECT, OTHER = "storm@example.com", "calm@example.com"
ONE, TWO, THREE = sorted(uuid4() for _ in range(3))
POLL = timedelta(seconds=60)
SECOND, STEP = timedelta(seconds=1), timedelta(seconds=3)
STORM = timedelta(minutes=10)


def failed(
    state: BreakerState, calendar: UUID = ONE, *, asked: float | None = None, chance: float = 1.0, at: datetime = NOW
) -> BreakerState:
    return after_failure(
        state, calendar_id=calendar, candidates=[THREE, ONE, TWO], asked_seconds=asked, now=at, chance=chance
    )


def opened(*, asked: float | None = None) -> BreakerState:
    state = BreakerState(0, NOW)
    for _ in range(3):
        state = failed(state, asked=asked)
    return state


class TestDeciding:
    def test_an_account_that_works_is_read_as_ever(self) -> None:
        assert may_be_read(ONE, SUBJECT, {}, NOW)
        assert may_be_read(ONE, SUBJECT, {SUBJECT: BreakerState(2, NOW)}, NOW)

    def test_two_failures_in_a_row_only_count(self) -> None:
        state = failed(failed(BreakerState(0, NOW)), TWO)

        assert state == BreakerState(2, NOW)
        assert not state.is_open

    def test_the_third_opens_it_for_fifteen_seconds(self) -> None:
        state = opened()

        assert (state.failures, state.open_until, state.since) == (3, NOW + 15 * SECOND, NOW)

    def test_a_wait_that_google_names_opens_it_at_once_and_for_as_long(self) -> None:
        state = failed(BreakerState(0, NOW), asked=100, chance=0.0)

        assert state.open_until == NOW + 100 * SECOND

    @pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
    def test_the_probes_come_after_15_and_30_seconds_and_then_every_minute_at_the_latest(self, chance: float) -> None:
        state, at, waits = opened(), NOW, []
        for _ in range(6):
            assert state.open_until is not None
            at = state.open_until
            state = failed(state, chance=chance, at=at)
            assert state.open_until is not None
            waits.append((state.open_until - at).total_seconds())

        assert waits[0] == pytest.approx(30, rel=0.11)
        assert all(54 <= wait <= 60 for wait in waits[1:])

    def test_only_the_probe_may_be_read_and_only_when_its_time_has_come(self) -> None:
        state = opened()
        breakers = {SUBJECT: state}
        assert state.open_until is not None

        assert [may_be_read(one, SUBJECT, breakers, state.open_until - SECOND) for one in (ONE, TWO, THREE)] == [
            False
        ] * 3
        assert [may_be_read(one, SUBJECT, breakers, state.open_until) for one in (ONE, TWO, THREE)] == [
            one == state.probe_id for one in (ONE, TWO, THREE)
        ]
        assert may_be_read(ONE, OTHER, breakers, NOW)

    def test_a_probe_that_nobody_reads_does_not_keep_it_open_for_ever(self) -> None:
        state = opened()
        assert state.open_until is not None

        assert may_be_read(ONE, SUBJECT, {SUBJECT: state}, state.open_until + POLL)

    def test_the_calendars_take_turns_at_probing(self) -> None:
        state, probes = opened(), []
        for _ in range(4):
            probe, at = state.probe_id, state.open_until
            assert probe is not None
            assert at is not None
            probes.append(probe)
            state = failed(state, probe, at=at)

        assert probes == [TWO, THREE, ONE, TWO]

    def test_a_reading_that_fails_while_it_is_open_does_not_put_the_probe_off(self) -> None:
        state = opened()

        assert failed(state, TWO, at=NOW + 5 * SECOND) == state

    def test_but_what_google_asks_for_meanwhile_counts(self) -> None:
        state = failed(opened(), TWO, asked=90, at=NOW + 5 * SECOND)

        assert state.open_until == NOW + 95 * SECOND

    def test_a_success_wakes_those_that_waited_for_the_account_and_no_other(self) -> None:
        waiting = {ONE: "google-unreachable", TWO: "google-not-found", THREE: None}

        assert after_success(waiting) == {ONE}

    @pytest.mark.parametrize(
        ("trouble", "expected"),
        [
            (Unreachable("Wait"), True),
            (Throttled("Wait"), True),
            (Refused("Mend", code="google-key-deleted"), True),
            (Refused("Mend", code="google-scope-missing"), True),
            (Refused("Share", code="google-forbidden"), False),
            (NotFound("Share"), False),
            (Unbelievable("Check"), False),
            (WritesPaused("Wait"), False),
            (OutcomeUnclear("Wait"), False),
        ],
    )
    def test_one_calendar_that_is_not_shared_is_not_the_accounts_trouble(
        self, trouble: CalendarTrouble, expected: bool
    ) -> None:
        assert is_of_account(trouble) is expected

    def test_every_refusal_of_a_token_is_the_accounts(self) -> None:
        source = (ROOT / "governance" / "calendar" / "token_refusals.py").read_text(encoding="utf-8")

        assert set(re.findall(r'code="(google-[\w-]+)"', source)) <= ACCOUNT_CODES <= WAITING_CODES


@dataclass
class Storm:
    """Three calendars of one account and one of another, read as a worker would."""

    governed: Governed
    calendars: dict[str, UUID] = field(default_factory=dict)
    read_at: dict[UUID, datetime] = field(default_factory=dict)
    readings: list[tuple[UUID, datetime]] = field(default_factory=list)

    def adopt(self, google_id: str, subject: str) -> None:
        control, event_id = self.governed.control, f"meeting{len(self.calendars)}"
        control.create_series(
            google_id, google_id, "2026-01-08T10:00:00+01:00", "2026-01-08T11:00:00+01:00", "Europe/Berlin",
            ["RRULE:FREQ=WEEKLY;BYDAY=TH"], [], event_id=event_id,
        )  # fmt: skip
        if google_id != subject:
            control.share(google_id, subject, "writer")
        event = self.governed.google.calendar.get_event(CalendarAddress(google_id, subject), event_id)
        assert event is not None
        with self.governed.database.writing() as session:
            slug = f"m{len(self.calendars)}"
            meeting = adoption.adopt(
                session, slug=slug, google_id=google_id, subject=subject, event=event, actor="test", now=NOW
            )
            session.flush()
            found = pictures.calendar_of_meeting(session, meeting.id)
        assert found is not None
        self.calendars[google_id] = found

    def turn(self) -> None:
        """What is due is read: each calendar once a minute, urgently when asked, not before it may."""
        now = self.governed.now
        with self.governed.database.reading() as session:
            rows = session.query(Calendar).order_by(Calendar.id).all()
            breakers = troubles.open_breakers(session, now)
        for row in rows:
            last = self.read_at.get(row.id)
            waits = row.retry_at is not None and row.retry_at > now
            is_due = last is None or row.dirty or row.retry_at is not None or now - last >= POLL
            if is_due and not waits and may_be_read(row.id, row.subject, breakers, now):
                report = self.governed.reconciler.cycle(row.id)
                if report.trouble is None or report.trouble.code != "account-rests":
                    self.read_at[row.id] = now
                    self.readings.append((row.id, now))

    def pass_time(self, span: timedelta) -> None:
        end = self.governed.now + span
        while self.governed.now < end:
            self.turn()
            self.governed.advance(STEP)

    def calls(self, google_id: str) -> int:
        """How often the calendar was listed."""
        name = google_id.partition("@")[0]
        return sum(1 for one in self.governed.control.log("events.list") if f"/calendars/{name}" in one["path"])

    def row(self, google_id: str) -> Calendar:
        with self.governed.database.reading() as session:
            return session.query(Calendar).filter_by(google_id=google_id).one()

    def breaker(self) -> Breaker | None:
        with self.governed.database.reading() as session:
            return session.query(Breaker).one_or_none()


@pytest.fixture
def storm(governed: Governed) -> Storm:
    made = Storm(governed)
    rooms = ("first@example.com", "second@example.com")
    governed.control.seed(users=[{"email": one} for one in (SUBJECT, OTHER, *rooms)])
    for google_id in (SUBJECT, *rooms):
        made.adopt(google_id, SUBJECT)
    made.adopt(OTHER, OTHER)
    made.turn()
    governed.advance(POLL)
    governed.control.clear_log()
    made.readings.clear()
    return made


def test_while_all_is_well_nothing_is_stored_of_it(storm: Storm) -> None:
    storm.pass_time(2 * POLL)

    assert storm.breaker() is None
    assert [storm.calls(one) for one in storm.calendars] == [2, 2, 2, 2]


@pytest.mark.parametrize("kind", ["503", "429", "rateLimitExceeded"])
def test_in_a_storm_of_ten_minutes_no_calendar_is_called_more_than_ten_times(storm: Storm, kind: str) -> None:
    storm.governed.control.fault(kind, subject=SUBJECT, count=None)
    storm.pass_time(STORM)
    in_storm = {one: storm.calls(one) for one in storm.calendars}
    breaker = storm.breaker()
    storm.governed.control.clear_faults()
    storm.readings.clear()

    storm.pass_time(POLL)

    assert max(in_storm[one] for one in storm.calendars if one != OTHER) <= 10
    assert min(in_storm[one] for one in storm.calendars if one != OTHER) >= 2
    assert in_storm[OTHER] == 10
    assert breaker is not None
    assert breaker.problem_code == ("google-unreachable" if kind == "503" else "google-throttled")
    assert breaker.since <= NOW + 2 * POLL
    assert {calendar for calendar, _ in storm.readings} == set(storm.calendars.values())
    assert storm.breaker() is None
    assert [storm.row(one).problem_code for one in storm.calendars] == [None] * 4


@pytest.mark.parametrize("seconds", [20, 120])
def test_nobody_is_called_before_google_has_said(storm: Storm, seconds: int) -> None:
    storm.governed.control.fault("429", subject=SUBJECT, count=1, retry_after=seconds)
    begin = storm.governed.now
    storm.turn()
    storm.governed.advance(STEP)

    storm.pass_time(timedelta(seconds=seconds) + POLL)

    theirs = [(one, at - begin) for one, at in storm.readings if one != storm.calendars[OTHER]]
    assert theirs[0][1] == timedelta(0)
    assert all(waited >= timedelta(seconds=seconds) for _, waited in theirs[1:])
    assert {one for one, _ in theirs[1:]} == set(storm.calendars.values()) - {storm.calendars[OTHER]}
    assert storm.breaker() is None


def test_a_revoked_key_stops_the_account_and_heals_within_a_minute(storm: Storm) -> None:
    storm.governed.control.suspend(SUBJECT)
    storm.governed.control.expire_access()
    storm.pass_time(5 * POLL)
    breaker = storm.breaker()
    storm.governed.control.suspend(SUBJECT, False)
    storm.readings.clear()

    storm.pass_time(POLL)

    assert breaker is not None
    assert breaker.problem_code in ACCOUNT_CODES
    assert {calendar for calendar, _ in storm.readings} == set(storm.calendars.values())
    assert [storm.row(one).problem_code for one in storm.calendars] == [None] * 4


def test_one_calendar_that_is_not_to_be_found_is_nobody_elses_trouble(storm: Storm) -> None:
    storm.governed.control.fault("404", calendar="first@example.com", count=None)

    storm.pass_time(5 * POLL)

    assert storm.breaker() is None
    assert storm.row("first@example.com").problem_code == "google-not-found"
    assert storm.calls("second@example.com") == storm.calls(SUBJECT) == 5


def test_a_write_that_is_throttled_rests_the_reads_as_well(storm: Storm) -> None:
    storm.governed.control.fault("429", route="events.patch", subject=SUBJECT, count=1, retry_after=100)
    calendar = storm.calendars[SUBJECT]
    with storm.governed.database.writing() as session:
        meeting_id = pictures.governed_series(session, calendar)[0].meeting_id
        meeting = standing.meeting_row(session, meeting_id)
        place = seats.open_seat(session, meeting, "Finance", actor="test", now=NOW)
        person = people.person_named(session, OTHER, "Calm")
        seats.appoint(session, meeting, place, person, actor="test", now=NOW)
        mandates.record_mandate(session, meeting, place, person, scope="all", actor="test", now=NOW)
        meeting.first_plan_approved = True
    storm.turn()
    breaker = storm.breaker()
    assert breaker is not None
    assert breaker.open_until == storm.governed.now + 100 * SECOND


def test_opening_and_closing_are_one_line_each_without_a_person(storm: Storm, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="governance")
    storm.governed.control.fault("503", subject=SUBJECT, count=None)
    storm.pass_time(3 * POLL)
    storm.governed.control.clear_faults()
    storm.pass_time(POLL)

    told = [line.getMessage() for line in caplog.records if "account" in line.getMessage()]
    assert told == ["an account was left alone", "an account recovered"]
    fields = " ".join(str(vars(line)) for line in caplog.records if "account" in line.getMessage())
    assert SUBJECT not in fields


def test_on_either_database_an_account_is_left_alone_and_tried_again(governed_on_both: Governed) -> None:
    governed = governed_on_both
    governed.bring_in_order()
    governed.control.fault("503", route="events.list", count=None)
    for _ in range(3):
        governed.cycle_report()
    with governed.database.reading() as session:
        [state] = troubles.open_breakers(session, governed.now).values()
        row = session.query(Calendar).one()
    assert (state.failures, state.probe_id) == (3, governed.calendar_id)
    assert row.retry_at == state.open_until
    governed.control.clear_faults()
    governed.advance(15 * SECOND)

    governed.cycle()

    with governed.database.reading() as session:
        assert troubles.open_breakers(session, governed.now) == {}


def test_a_reading_that_began_before_it_opened_does_not_close_it(storm: Storm) -> None:
    notes = storm.governed.reconciler._notes
    with storm.governed.database.reading() as session:
        began = pictures.calendar_to_read(session, storm.calendars[SUBJECT])
    assert began is not None
    notes.account_failed(began, Throttled("Wait", retry_after=60))

    notes.account_works(began)

    assert storm.breaker() is not None


def test_a_person_who_asks_for_a_cycle_is_not_made_to_wait(storm: Storm) -> None:
    storm.governed.control.fault("503", subject=SUBJECT, count=None)
    storm.pass_time(POLL)
    calendar = storm.calendars[SUBJECT]
    storm.governed.control.clear_faults()

    asleep = storm.governed.reconciler.cycle(calendar)
    with storm.governed.database.reading() as session:
        [series] = pictures.governed_series(session, calendar)
    awake = storm.governed.reconciler.cycle(calendar, also=(series.meeting_id,))

    assert asleep.trouble is not None
    assert asleep.trouble.code == "account-rests"
    assert awake.trouble is None
    assert storm.breaker() is None
