"""Any number of workers: every repair once, a dead one's calendars taken over, a hung one's too."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from governance.models.approval import AppliedChange
from tests.jobs.conftest import Office, opened_office
from tests.races.crowd import (
    Crowd,
    crowd_of,
    forward,
    is_invited,
    open_offices,
    removals,
    wait_for,
)
from tests.support.hurried import FACTOR
from tests.support.sandbox import SandboxForTests

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

DEAD_SECONDS, HUNG_SECONDS = 15.0, 30.0
LOOK_SECONDS = 1.0
"""Workers look once a second, however short their leases are."""


@pytest.fixture
def office(migrated_postgresql_url: str, sandbox: SandboxForTests, tmp_path: Path) -> Iterator[Office]:
    with opened_office(migrated_postgresql_url, sandbox, tmp_path) as opened:
        yield opened


def all_held(crowd: Crowd, slugs: list[str]) -> bool:
    living = {process.pid for process in crowd.processes}
    return len(crowd.holders()) == len(slugs) and set(crowd.holders().values()) <= living


def shares(crowd: Crowd) -> list[int]:
    return sorted(len(crowd.held_by(process)) for process in crowd.processes)


def applied(office: Office, address: str) -> int:
    query = select(func.count()).where(AppliedChange.target == address, AppliedChange.kind == "remove-guest")
    with office.database.reading() as session:
        return session.scalar(query) or 0


def test_while_nothing_happens_each_calendar_stays_whose_it_is(office: Office) -> None:
    slugs = open_offices(office, 4)
    with crowd_of(office, 2) as crowd:
        wait_for(lambda: all_held(crowd, slugs) and shares(crowd) == [2, 2], "the calendars are not shared")
        before = crowd.holders()
        lists = len(office.control.log("events.list"))

        wait_for(lambda: len(office.control.log("events.list")) > lists + 8, "nobody reads")

        assert before == crowd.holders()


def test_a_newcomer_gets_a_share_and_a_leaver_leaves_it(office: Office) -> None:
    slugs = open_offices(office, 4)
    with crowd_of(office, 1) as crowd:
        wait_for(lambda: all_held(crowd, slugs), "the calendars are not taken")

        newcomer = crowd.start()
        wait_for(lambda: shares(crowd) == [2, 2], "the newcomer has no share")

        newcomer.send_signal(signal.SIGTERM)
        assert newcomer.wait(10) == 0
        crowd.kill(newcomer)
        wait_for(lambda: shares(crowd) == [4], "what the leaver had is not taken")


@pytest.mark.parametrize(
    ("number", "rounds"), [(3, 4), *(pytest.param(number, 30, marks=pytest.mark.soak) for number in (2, 4, 8))]
)
def test_with_kills_and_stops_every_repair_is_made_once(number: int, rounds: int, office: Office) -> None:
    chance = random.Random(number)
    slugs = open_offices(office, 6)
    guests: list[tuple[str, str]] = []
    with crowd_of(office, number) as crowd:
        wait_for(lambda: all_held(crowd, slugs), "the calendars are not taken")

        for round_number in range(rounds):
            # In turn: of one meeting no more than ten strangers are taken off a day without a person.
            for slug in (slugs[2 * round_number % 6], slugs[(2 * round_number + 1) % 6]):
                guests.append((slug, forward(office, slug, len(guests))))
            victim = chance.choice(crowd.processes)
            if chance.random() < 0.5:
                crowd.kill(victim)
                crowd.start()
            else:
                victim.send_signal(signal.SIGSTOP)
                hung = crowd.held_by(victim)
                wait_for(lambda h=hung, v=victim: not h & crowd.held_by(v), "nobody takes over")  # type: ignore[misc]
                victim.send_signal(signal.SIGCONT)
            if round_number % 2:
                wait_for(lambda: not any(is_invited(office, *one) for one in guests), "a stranger stays")
        wait_for(lambda: not any(is_invited(office, *one) for one in guests), "a stranger stays")
        wait_for(lambda: all(applied(office, who) == 1 for _, who in guests), "a repair is not on record, or twice")

    assert {who: 1 for _, who in guests} == {who: removals(office, who) for _, who in guests}


@pytest.mark.parametrize("times", [1, pytest.param(200, marks=pytest.mark.soak)])
@pytest.mark.parametrize(("how", "promised"), [(signal.SIGKILL, DEAD_SECONDS), (signal.SIGSTOP, HUNG_SECONDS)])
def test_the_calendars_of_a_worker_that_is_gone_are_taken_over_in_time(
    how: signal.Signals, promised: float, times: int, office: Office
) -> None:
    slugs = open_offices(office, 2)
    with crowd_of(office, 2) as crowd:
        wait_for(lambda: shares(crowd) == [1, 1], "the calendars are not shared")
        for _ in range(times):
            victim = crowd.processes[0]
            [calendar] = crowd.held_by(victim)
            [slug] = [one for one in slugs if office.scenes[one].calendar == calendar]

            victim.send_signal(how)
            office.control.clear_log()
            taken = wait_for(lambda s=slug: office.requests("events.list", s) > 0, "nobody reads it")  # type: ignore[misc]

            assert taken <= promised / FACTOR + LOOK_SECONDS
            crowd.kill(victim)
            crowd.start()
            wait_for(lambda: all_held(crowd, slugs) and shares(crowd) == [1, 1], "the calendars are not shared")


def test_with_leases_as_they_are_a_dead_workers_calendars_are_taken_over_in_fifteen_seconds(office: Office) -> None:
    [slug] = open_offices(office, 1)
    with crowd_of(office, 1, hurried=False) as crowd:
        wait_for(lambda: all_held(crowd, [slug]), "the calendar is not taken")
        crowd.start()
        wait_for(lambda: office.requests("events.list", slug) > 0, "nobody reads")
        [holder] = [one for one in crowd.processes if crowd.held_by(one)]

        crowd.kill(holder)
        stranger = forward(office, slug, 1)

        taken = wait_for(lambda: not is_invited(office, slug, stranger), "nobody takes over")
        assert taken <= DEAD_SECONDS
