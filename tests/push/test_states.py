"""What the scheduler learns: in one statement, whatever the number of calendars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import combinations_with_replacement
from uuid import UUID

import pytest
from sqlalchemy import insert

from governance.database import Database
from governance.models.calendar import Calendar, Series
from governance.models.channel import Channel
from governance.models.identifiers import new_id
from governance.push.deciding import KnownChannel, next_step
from governance.push.states import ChannelState, channel_states
from governance.store.meetings import meeting_by_slug
from tests.push import test_deciding as deciding
from tests.push.announcing import Installation
from tests.support.cast import NOW, SLUG, on_stage

WEEK = timedelta(days=7)


KINDS = [
    partial(make, ago=ago)
    for make in (
        deciding.claimed,
        deciding.announced,
        deciding.opened,
        deciding.confirmed,
        deciding.replaced,
        deciding.stopped,
    )
    for ago in (timedelta(minutes=1), timedelta(hours=1), timedelta(days=6), timedelta(days=7), timedelta(days=9))
]


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


def test_a_glance_finds_what_reading_every_channel_would(database: Database) -> None:
    """Every pair of what a channel can be, with and without a wait, with and without push."""
    here = Installation(database)
    here.now = deciding.NOW
    found: dict[UUID, tuple[list[KnownChannel], datetime | None]] = {}
    for pair in [(), *combinations_with_replacement(KINDS, 1), *combinations_with_replacement(KINDS, 2)]:
        for retry_at in (None, here.now + timedelta(minutes=1)):
            known = [replace(make(1), id=new_id()) for make in pair]
            found[new_id()] = (known, retry_at)
    _keep(database, found)

    for push in (True, False):
        here.push = push
        states = here.states()
        states.pop(here.calendar_id, None)

        assert states == {
            calendar: ChannelState(
                is_live=push and any(one.is_live(here.now) for one in known),
                is_due=next_step(known, is_wanted=push, now=here.now, retry_at=retry_at) is not None,
            )
            for calendar, (known, retry_at) in found.items()
            if push or known
        }


def _keep(database: Database, found: dict[UUID, tuple[list[KnownChannel], datetime | None]]) -> None:
    with database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        session.execute(
            insert(Calendar),
            [
                {"id": one, "google_id": str(one), "subject": "chair@example.com", "push_retry_at": retry_at}
                for one, (_, retry_at) in found.items()
            ],
        )
        session.execute(
            insert(Series),
            [{"id": new_id(), "calendar_id": one, "event_id": "event", "meeting_id": meeting.id} for one in found],
        )
        session.execute(
            insert(Channel),
            [
                {"calendar_id": calendar, "token_hash": "0" * 64, **asdict(one)}
                for calendar, (known, _) in found.items()
                for one in known
            ],
        )
