"""Any number of workers empty one outbox: each mail once, whatever is killed, stopped or cut off meanwhile."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from governance.models.outbox import Outbox
from tests.faults.posting import MAILBOX, Fate, PostOffice, opened, wait_for
from tests.support.mail_server import MailServer, mail_server
from tests.support.sandbox import SandboxForTests

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

SEED = 20_261_126
HURRY = 10.0
ONCE = Fate("sent", None, 1)
RESENT = ("sent", "unclear-resent")
CROWDS = [2, *(pytest.param(number, marks=pytest.mark.soak) for number in (1, 8))]
SOME = [20, pytest.param(600, marks=pytest.mark.soak)]


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server() as started:
        yield started


@pytest.fixture
def by_gmail(migrated_postgresql_url: str, sandbox: SandboxForTests, tmp_path: Path) -> Iterator[PostOffice]:
    sandbox.control.seed(users=[MAILBOX])

    def arrivals() -> Counter[str]:
        return Counter(mail["message_id"] for mail in sandbox.control.mails())

    with opened(
        tmp_path, migrated_postgresql_url, sandbox, arrivals, transport="gmail", gmail={"subject": MAILBOX}
    ) as office:
        yield office


@pytest.fixture
def by_smtp(
    migrated_postgresql_url: str, sandbox: SandboxForTests, server: MailServer, tmp_path: Path
) -> Iterator[PostOffice]:
    server.reset()

    def arrivals() -> Counter[str]:
        return Counter(mail["message_id"] for mail in server.mails)

    smtp = {"host": "127.0.0.1", "port": server.port, "security": "none"}
    with opened(
        tmp_path, migrated_postgresql_url, sandbox, arrivals, transport="smtp", daily_limit=10_000, smtp=smtp
    ) as office:
        yield office


def open_rows(office: PostOffice) -> int:
    with office.database.reading() as session:
        return session.scalar(select(func.count()).where(Outbox.state.not_in(("sent", "failed")))) or 0


def is_done(office: PostOffice) -> Callable[[], bool]:
    return lambda: open_rows(office) == 0


@pytest.mark.parametrize("workers", [*(pytest.param(number, marks=pytest.mark.soak) for number in (1, 2)), 8])
def test_several_workers_send_each_mail_once(by_smtp: PostOffice, server: MailServer, workers: int) -> None:
    by_smtp.post(40)

    for _ in range(workers):
        by_smtp.start(once=False, hurry=HURRY)
    wait_for(is_done(by_smtp), "the outbox is not emptied")

    assert Counter(by_smtp.fates().values()) == {ONCE: 40}


@pytest.mark.parametrize("workers", CROWDS)
@pytest.mark.parametrize("mails", SOME)
def test_killed_at_random_nothing_is_doubled_where_the_server_can_be_asked(
    by_gmail: PostOffice, workers: int, mails: int
) -> None:
    by_gmail.post(mails)

    kills = killed_at_random(by_gmail, workers)

    assert kills >= 2
    assert Counter(by_gmail.fates().values()) == {ONCE: mails}


@pytest.mark.parametrize("workers", CROWDS)
@pytest.mark.parametrize("mails", SOME)
def test_killed_at_random_only_what_was_unclear_is_doubled(
    by_smtp: PostOffice, server: MailServer, workers: int, mails: int
) -> None:
    server.delay(0.005)
    by_smtp.post(mails)

    kills = killed_at_random(by_smtp, workers)

    fates = by_smtp.fates().values()
    assert {fate.state for fate in fates} == {"sent"}
    assert min(fate.arrived for fate in fates) == 1
    assert {(fate.state, fate.code) for fate in fates if fate.arrived > 1} <= {RESENT}
    assert sum(1 for fate in fates if fate.arrived > 1) <= kills
    assert max(fate.arrived for fate in fates) <= 2


def test_the_database_goes_away_in_the_middle_and_nothing_is_lost_or_doubled(
    by_smtp: PostOffice, server: MailServer
) -> None:
    server.delay(0.005)
    by_smtp.post(60)
    for _ in range(2):
        by_smtp.start(once=False, hurry=HURRY)
    chosen = random.Random(SEED)

    for part in (10, 20, 30, 45):
        wait_for(lambda part=part: len(server.mails) >= part, "nothing is sent any more")  # type: ignore[misc]
        cut_all(by_smtp)
        time.sleep(chosen.random() / 20)  # somewhere within a mail, not at its beginning
        cut_all(by_smtp)
    wait_for(is_done(by_smtp), "the outbox is not emptied")

    assert Counter(by_smtp.fates().values()) == {ONCE: 60}


def test_a_worker_that_hangs_in_a_conversation_and_wakes_later_sends_nothing(
    by_smtp: PostOffice, server: MailServer
) -> None:
    """It is stopped before the text, and wakes when its mail has been given up and sent by another one."""
    by_smtp.post(1)
    server.order("DATA", "pause")
    hung = by_smtp.start(once=False, hurry=HURRY)
    server.wait_until_paused()
    os.kill(hung.pid, signal.SIGSTOP)
    # One thread takes the signal and stops the others; until then the one that sends goes on.
    wait_for(lambda: stopped(hung.pid) == {True}, "it does not stop")
    server.resume()

    by_smtp.start(once=False, hurry=HURRY)
    took = wait_for(is_done(by_smtp), "nobody takes it over")
    os.kill(hung.pid, signal.SIGCONT)
    # While a thread is stopped, a signal may reach one that does not listen.
    wait_for(lambda: stopped(hung.pid) == {False}, "it does not wake")
    os.kill(hung.pid, signal.SIGTERM)
    code = hung.wait(10)

    assert code == 0
    assert took < 30
    assert list(by_smtp.fates().values()) == [Fate("sent", "unclear-resent", 1)]


def test_a_dead_workers_mail_is_taken_over_in_time(by_gmail: PostOffice, sandbox: SandboxForTests) -> None:
    """With leases as they are in life."""
    by_gmail.post(1)
    sandbox.control.pause_at("messages.send", 1, when="after")
    dead = by_gmail.start(once=False)
    assert sandbox.control.wait_until_paused(30)
    by_gmail.start(once=False)

    by_gmail.kill(dead)
    sandbox.control.resume()

    assert wait_for(is_done(by_gmail), "nobody takes it over") <= 15.0
    assert list(by_gmail.fates().values()) == [ONCE]


def stopped(pid: int) -> set[bool]:
    """Of each thread, whether it is."""
    states = (one.read_text().rpartition(")")[2].split()[0] for one in Path(f"/proc/{pid}/task").glob("*/stat"))
    return {state == "T" for state in states}


def killed_at_random(office: PostOffice, workers: int) -> int:
    """Every worker is killed once in a while and another one begins; how many were."""
    chosen = random.Random(SEED)
    crowd = [office.start(once=False, hurry=HURRY) for _ in range(workers)]
    kills = 0
    whole = open_rows(office)
    deadline = time.monotonic() + 60
    for part in (0.9, 0.7, 0.5, 0.3):
        wait_for(lambda part=part: open_rows(office) <= part * whole, "nothing is sent any more")  # type: ignore[misc]
        place = chosen.randrange(len(crowd))
        office.kill(crowd[place])
        kills += 1
        crowd[place] = office.start(once=False, hurry=HURRY)
    wait_for(is_done(office), "the outbox is not emptied", seconds=deadline - time.monotonic())
    return kills


def cut_all(office: PostOffice) -> None:
    """Every connection to the database ends, as when it is restarted."""
    url = make_url(office.config.database.url)
    host, name = url.query["host"], url.database
    with psycopg.connect(host=str(host), user=url.username, dbname="postgres", autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
