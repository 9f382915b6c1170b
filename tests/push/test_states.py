"""What the scheduler learns: in one statement, whatever the number of calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert

from governance.database import Database
from governance.models.calendar import Calendar, Series
from governance.models.channel import Channel
from governance.models.identifiers import new_id
from governance.push.states import ChannelState, channel_states
from governance.store.meetings import meeting_by_slug
from tests.push.announcing import Installation
from tests.support.cast import NOW, SLUG, on_stage

WEEK = timedelta(days=7)


def crowd(database: Database, count: int) -> None:
    """So many calendars more, each with a series of the meeting and a channel that works."""
    if not count:
        return
    with database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        ids = [new_id() for _ in range(count)]
        session.execute(
            insert(Calendar),
            [{"id": one, "google_id": f"{one}@example.com", "subject": "chair@example.com"} for one in ids],
        )
        session.execute(
            insert(Series),
            [{"id": new_id(), "calendar_id": one, "event_id": "event", "meeting_id": meeting.id} for one in ids],
        )
        working = {
            "token_hash": "0" * 64,
            "asked_at": NOW,
            "opened_at": NOW,
            "confirmed_at": NOW,
            "resource_id": "resource",
            "expires_at": NOW + WEEK,
            "renew_at": NOW + 0.8 * WEEK,
        }
        session.execute(insert(Channel), [{"id": new_id(), "calendar_id": one, **working} for one in ids])


def test_without_push_and_without_channels_there_is_nothing_to_say(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    with on_stage(database):
        pass
    statements()

    with database.reading() as session:
        states = channel_states(session, NOW, push=False)

    assert states == {}
    assert len([one for one in statements() if one.startswith("SELECT")]) == 1


@pytest.mark.parametrize("count", [0, 30])
def test_one_statement_tells_who_works_and_who_wants_a_turn(
    database: Database, statements: Callable[[], list[str]], count: int
) -> None:
    here = Installation(database)
    crowd(database, count)
    statements()

    states = here.states()

    assert len([one for one in statements() if one.startswith("SELECT")]) == 1
    assert states.pop(here.calendar_id) == ChannelState(is_live=False, is_due=True)
    assert list(states.values()) == [ChannelState(is_live=True, is_due=False)] * count


def test_a_calendar_that_is_not_governed_any_more_is_due_only_while_it_has_channels(database: Database) -> None:
    here = Installation(database)
    here.tend()
    with database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        meeting.released_at = NOW

    before = here.states()
    here.tend()

    assert before == {here.calendar_id: ChannelState(is_live=False, is_due=True)}
    assert here.states() == {here.calendar_id: ChannelState(is_live=False, is_due=False)}
