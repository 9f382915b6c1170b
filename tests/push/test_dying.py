"""A worker that dies at any point between claim, act and record leaves nothing that the next one does not find.

Every point is tried: before and after each transaction and each call to Google, as the first channel is opened and as
it is renewed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from governance.database import Database
from governance.push.states import ChannelState
from governance.push.tending import ChannelTender
from governance.reconcile.ports import CalendarAddress, OpenedChannel
from tests.push.announcing import PUBLIC_URL, Installation

OPENING, RENEWING = 6, 10
"""Points of a turn that opens the first channel; of one that opens another and stops the old one."""

MINUTES = 30


class Died(BaseException):
    """The process is gone: nobody catches this."""


@dataclass(slots=True)
class Fate:
    """Dies when so many points have been passed."""

    after: int
    passed: int = 0

    def point(self) -> None:
        self.passed += 1
        if self.passed == self.after:
            raise Died


@dataclass(slots=True)
class MortalDatabase:
    database: Database
    fate: Fate

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.database.reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.database.writing() as session:
            yield session
            self.fate.point()  # rolled back
        self.fate.point()  # committed


@dataclass(slots=True)
class MortalGoogle:
    here: Installation
    fate: Fate

    def watch(self, calendar: CalendarAddress, **asked: object) -> OpenedChannel:
        self.fate.point()  # never sent
        opened = self.here.google.watch(calendar, **asked)  # type: ignore[arg-type]
        self.fate.point()  # never answered
        return opened

    def stop_channel(self, calendar: CalendarAddress, *, channel_id: str, resource_id: str) -> None:
        self.fate.point()
        self.here.google.stop_channel(calendar, channel_id=channel_id, resource_id=resource_id)
        self.fate.point()


def tend_and_die(here: Installation, after: int) -> bool:
    """Whether it died; else the turn has fewer points."""
    fate = Fate(after)
    tender = ChannelTender(
        MortalDatabase(here.database, fate),
        MortalGoogle(here, fate),
        public_url=PUBLIC_URL,
        clock=lambda: here.now,
        chance=lambda: 0.5,
    )
    try:
        tender.tend(here.calendar_id)
    except Died:
        return True
    return False


def go_on(here: Installation) -> int:
    """The next worker, for half an hour; the minutes in which Google announced nothing."""
    without = 0
    for _ in range(MINUTES):
        here.tend_if_due()
        without += not here.google.live()
        here.google.catch_up()
        here.later(minutes=1)
    return without


@pytest.fixture
def here(database: Database) -> Installation:
    return Installation(database)


@pytest.mark.parametrize("announced", ["at once", "late", "never"])
@pytest.mark.parametrize("after", range(1, OPENING + 1))
def test_a_death_while_the_first_is_opened_is_mended_by_the_next_worker(
    here: Installation, after: int, announced: str
) -> None:
    here.google.announces_at_once, here.reaches_us = announced != "late", announced != "never"
    assert tend_and_die(here, after)
    here.reaches_us = True

    without = go_on(here)

    assert (without, here.state()) == (0, ChannelState(is_live=announced != "never" or after < OPENING, is_due=False))
    assert here.google.most_live <= 2
    assert len(here.google.live()) == 1 or announced == "never"


@pytest.mark.parametrize("announced", ["at once", "late"])
@pytest.mark.parametrize("after", range(1, RENEWING + 1))
def test_a_death_while_it_is_renewed_leaves_no_gap_and_never_three(
    here: Installation, after: int, announced: str
) -> None:
    here.tend()
    here.later(days=6)
    here.google.announces_at_once = announced == "at once"
    died = tend_and_die(here, after)

    without = go_on(here)

    assert (without, here.state()) == (0, ChannelState(is_live=True, is_due=False))
    assert (len(here.google.live()), here.google.most_live) == (1, 2)
    assert died or announced == "late"


@pytest.mark.parametrize("deaths", [(4, 4), (4, 4, 4), (3, 4, 3, 4), (2, 2, 2)])
def test_many_deaths_in_a_row_never_make_three(here: Installation, deaths: tuple[int, ...]) -> None:
    for after in deaths:
        tend_and_die(here, after)

    go_on(here)

    assert (len(here.google.live()), here.state()) == (1, ChannelState(is_live=True, is_due=False))
    assert here.google.most_live <= 2


def test_every_point_was_tried(here: Installation) -> None:
    assert not tend_and_die(here, OPENING + 1)
    here.later(days=6)
    assert not tend_and_die(here, RENEWING + 1)
