"""The quarter is told through the services alone and ends as the demo needs it, on whatever day it is told."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from governance.database import Database
from governance.domain.charter import read_charter
from governance.domain.people import checked_address
from governance.models.meeting import Meeting
from governance.seed import cast, charters, quarter
from governance.seed.cast import COUNCIL, DECISIONS, EVERYBODY
from governance.services.adoption import meeting_named
from governance.services.ledger import verify
from governance.store.rosters import load_roster
from tests.seed.conftest import Tell
from tests.support.sandbox import SandboxForTests

DECIDED, COUNCILLED = "customer-decisions", "product-council"
DAYS = [
    pytest.param(datetime(2026, 11, 23, 9, 30, tzinfo=UTC), id="a Monday in November"),
    pytest.param(
        datetime(2026, 10, 24, 23, 30, tzinfo=UTC), id="the night when summer time ends", marks=pytest.mark.soak
    ),
    pytest.param(
        datetime(2027, 3, 26, 5, 0, tzinfo=UTC), id="the Friday before summer time begins", marks=pytest.mark.soak
    ),
    pytest.param(datetime(2028, 2, 29, 12, 0, tzinfo=UTC), id="a leap day", marks=pytest.mark.soak),
]
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def stored(database: Database, slug: str) -> Meeting:
    with database.reading() as session:
        return meeting_named(session, slug)


@pytest.mark.parametrize("now", DAYS)
def test_one_meeting_is_in_order_and_the_other_waits(now: datetime, tell: Tell, sqlite_database: Database) -> None:
    tell(now)

    in_order, waiting = stored(sqlite_database, DECIDED), stored(sqlite_database, COUNCILLED)
    assert (in_order.first_plan_approved, in_order.plan_json["changes"], in_order.problem_code) == (True, [], None)
    assert (waiting.first_plan_approved, waiting.frozen_code, waiting.problem_code) == (False, None, None)
    assert all(change["held"] for change in waiting.plan_json["changes"])


def test_the_first_plan_shows_what_happens_to_an_invitation_nobody_looks_after(
    tell: Tell, sqlite_database: Database
) -> None:
    tell(MONDAY)

    rules = Counter(change["rule"] for change in stored(sqlite_database, COUNCILLED).plan_json["changes"])
    assert rules == {"I01": 3, "I02": 3, "I03": 1, "I05": 1, "I06": 1, "I07": 1, "I08": 1, "I09": 1, "I11": 1}


def test_what_ends_soon_has_ended_or_is_vacant_is_remarked(tell: Tell, sqlite_database: Database) -> None:
    tell(MONDAY)

    findings = {one["rule"] for one in stored(sqlite_database, DECIDED).plan_json["findings"]}
    assert {"M02", "M04", "M06"} <= findings


def test_the_next_occurrence_has_a_decline_and_the_deputy_who_sits(
    tell: Tell, sqlite_database: Database, sandbox: SandboxForTests
) -> None:
    scene, _ = tell(MONDAY)

    [upcoming] = sandbox.control.instances(scene.calendar, scene.event_id, 1, after=MONDAY)
    answers = {guest["email"]: guest["responseStatus"] for guest in upcoming["attendees"]}
    assert answers[cast.EMRE.address] == "declined"
    assert answers[cast.CLAIRE.address] == "accepted"


def test_thirteen_weeks_lie_behind_with_exceptions_among_them(tell: Tell, sandbox: SandboxForTests) -> None:
    scene, _ = tell(MONDAY)

    exceptions = [one for one in sandbox.control.events(scene.calendar) if one.get("recurringEventId")]
    assert scene.start(0) < MONDAY - timedelta(weeks=12)
    assert len(exceptions) >= 4
    assert "cancelled" in {one["status"] for one in exceptions}


def test_both_ledgers_are_whole_and_tell_it_in_order(tell: Tell, sqlite_database: Database) -> None:
    tell(MONDAY)

    with sqlite_database.reading() as session:
        reports = verify(session)
    assert [report.problem for report in reports] == [None] * len(reports)
    assert max(report.entries for report in reports) > 50


def test_the_roster_has_a_vacancy_and_a_new_delegate(tell: Tell, sqlite_database: Database) -> None:
    tell(MONDAY)

    with sqlite_database.reading() as session:
        roster = load_roster(session, meeting_named(session, DECIDED), on=MONDAY.date())
    holders = {seat.department: seat.delegate(MONDAY.date()) for seat in roster.seats}
    assert len(holders) == 8
    assert holders["Human Resources"] is None
    assert str(roster.people[holders["Operations"]]) == cast.PIOTR.name  # type: ignore[index]


def test_neither_meeting_takes_place_within_the_next_two_days() -> None:
    for now in (datetime(2026, 11, 23, hour, tzinfo=UTC) + timedelta(days=day) for hour in (0, 23) for day in range(7)):
        for scene in quarter.scenes(now):
            starts = [scene.start(number) for number in range(30)]
            assert min(start for start in starts if start > now) - now > timedelta(days=2)
            assert {start.weekday() for start in starts} < set(range(5))


def test_everybody_has_an_address_of_their_own_that_can_be_written() -> None:
    addresses = [character.address for character in EVERYBODY]

    assert sorted(map(checked_address, addresses)) == sorted(set(addresses))
    assert {address.rpartition(".")[2] for address in addresses} == {"example"}


def test_nobody_sits_on_two_seats_of_a_meeting() -> None:
    for departments in (DECISIONS, COUNCIL):
        people = [who for one in departments for who in (one.delegate, one.deputy) if who is not None]
        assert len(people) == len(set(people))


def test_the_charters_can_be_read_and_fit_into_the_invitation() -> None:
    for source in (charters.customer_decisions(date(2026, 11, 23)), charters.product_council(date(2026, 11, 23))):
        charter = read_charter(source)

        assert charter.short
        assert all(measure.values for measure in charter.measures)
