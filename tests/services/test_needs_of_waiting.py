"""What a waiting list needs of whoever leads the meeting; judged without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from governance.domain.access import Actor, Who
from governance.models import Meeting
from governance.services.needs import Why
from governance.services.needs_of_waiting import of_waiting_lists
from governance.store.waiting import AskedFor

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MEETING = Meeting(id=UUID(int=1), slug="steering", name="Steering", time_zone="Europe/Berlin", released_at=None)
CHAIR = Actor(person=UUID(int=2), everywhere=frozenset({Who.CHAIR}))
WAITS = AskedFor(
    meeting_id=MEETING.id, time_zone=MEETING.time_zone, seat_id=UUID(int=3), department="Finance",
    application_id=UUID(int=4), person_id=UUID(int=5), name="Ann", at=NOW - timedelta(days=30), endorsed_at=None,
    ends_at=None, answer=None, held_until=None,
)  # fmt: skip
ENDED = replace(WAITS, ends_at=NOW - timedelta(days=1), answer="ended")
TODAY = NOW.date()


def needed(one: AskedFor) -> list[Why]:
    return [need.why for need in of_waiting_lists([one], CHAIR, {MEETING.id: MEETING}, NOW)]


@pytest.mark.parametrize("waits", [WAITS, ENDED, replace(ENDED, answer=None)], ids=["asked", "ended", "not noted"])
def test_nothing_is_needed_while_the_seat_has_a_holder_without_a_last_day(waits: AskedFor) -> None:
    assert needed(replace(waits, held_until=date.max)) == []


def test_nothing_is_needed_while_an_offer_is_open() -> None:
    assert needed(replace(WAITS, ends_at=NOW + timedelta(days=1))) == []


@pytest.mark.parametrize("held_until", [None, TODAY - timedelta(days=1), TODAY + timedelta(days=20)])
def test_an_offer_without_an_answer_is_told_where_the_seat_is_or_becomes_free(held_until: date | None) -> None:
    assert needed(replace(ENDED, held_until=held_until)) == [Why.OFFER_ENDED]


def test_a_vacant_seat_that_somebody_waits_for_is_to_be_offered() -> None:
    assert needed(WAITS) == [Why.SEAT_TO_OFFER]
    assert needed(replace(WAITS, held_until=TODAY)) == []
