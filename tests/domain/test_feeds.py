"""What belongs on somebody's calendar feed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from governance.domain.access import Standing, Who
from governance.domain.feeds import attends, review_shown, revision
from governance.domain.roster import Term

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
HERE, ELSEWHERE = UUID(int=1), UUID(int=2)


def being(who: Who, meeting: UUID = HERE, last: date | None = None) -> Standing:
    return Standing(who, meeting, "Europe/Berlin", Term(TODAY, last))


def test_nobody_attends_what_they_have_no_part_in() -> None:
    assert not attends((), HERE, TODAY)
    assert not attends((being(Who.DELEGATE, ELSEWHERE),), HERE, TODAY)


@pytest.mark.parametrize("who", Who)
def test_who_leads_or_has_the_seat_attends_and_a_stand_in_only_their_own_day(who: Who) -> None:
    assert attends((being(who),), HERE, TODAY) is (who in {Who.CHAIR, Who.SCRIBE, Who.DELEGATE})


def test_somebody_attends_from_the_first_to_the_last_day_of_their_role() -> None:
    standings = (being(Who.DELEGATE, last=TODAY + DAY),)

    days = [attends(standings, HERE, TODAY + number * DAY) for number in range(-1, 3)]

    assert days == [False, True, True, False]


def test_a_decision_without_a_review_has_no_day() -> None:
    assert review_shown(None, None, TODAY, reads_positions=True) is None
    assert review_shown(None, None, TODAY, reads_positions=False) is None


def test_a_first_review_to_come_is_for_who_reads_positions_until_it_is_due() -> None:
    coming, due = TODAY + DAY, TODAY

    assert review_shown(coming, None, TODAY, reads_positions=True) == coming
    assert review_shown(coming, None, TODAY, reads_positions=False) is None
    assert review_shown(due, None, TODAY, reads_positions=False) == due


def test_a_later_review_is_for_everybody() -> None:
    later = TODAY + 90 * DAY

    assert review_shown(later, later, TODAY, reads_positions=False) == later


def test_every_later_look_is_a_higher_revision_than_the_series() -> None:
    made = datetime(2026, 11, 23, tzinfo=UTC)

    looks = [revision(made, made + timedelta(minutes=minutes)) for minutes in (-5, 0, 2, 60)]

    assert looks == [1, 1, 2, 60]
