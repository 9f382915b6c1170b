"""A worker is killed without a word along every conversation that sends a mail; whoever comes next finishes the work.

No mail is lost. Where the server can be asked, none arrives twice. Where it cannot, at most the one whose answer was
lost arrives twice, under the same Message-ID, and its row says so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.faults.posting import MAILBOX, PATIENCE, Fate, PostOffice, opened
from tests.support.mail_server import POINTS, MailServer, mail_server
from tests.support.sandbox import SandboxForTests
from tests.support.tracing import why_not_traced

pytestmark = pytest.mark.slow

Opened = AbstractContextManager[PostOffice]

MAILS = 4
ONCE = Fate("sent", None, 1)
ALL_ONCE = Counter({ONCE: MAILS})
ON_THE_WAY_IN = ("greeting", "EHLO")

MAIL_SERVER_KILLS = [(point, skip) for point in POINTS for skip in ((0,) if point in ON_THE_WAY_IN else (0, 2))]
ONE_BY_ONE_KILLS = [(point, 1) for point in POINTS if point not in ON_THE_WAY_IN]
GMAIL_KILLS = [(number, when) for number in range(1, MAILS + 1) for when in ("before", "after")]
SYSCALL_KILLS = {
    "smtp": [("sendto", number) for number in range(2, 14)],
    "folder": [("fsync", 1), ("fsync", 3), ("rename", 1), ("rename", 2), ("rename", 4)],
    "gmail": [("sendto", number) for number in (2, 3, 4, 5)],
}
DISK_KILLS = [("fdatasync", number) for number in (1, 2, 3, 4, 6, 8)]


@pytest.fixture(scope="module")
def one_by_one() -> Iterator[MailServer]:
    with mail_server("--plain") as started:
        yield started


@pytest.fixture(scope="module")
def pipelining() -> Iterator[MailServer]:
    with mail_server() as started:
        yield started


def by_smtp(folder: Path, template: Path, sandbox: SandboxForTests, server: MailServer) -> Opened:
    server.reset()
    return opened(
        folder,
        copied(template, folder),
        sandbox,
        lambda: Counter(mail["message_id"] for mail in server.mails),
        transport="smtp",
        smtp={"host": "127.0.0.1", "port": server.port, "security": "none"},
    )


def by_gmail(folder: Path, template: Path, sandbox: SandboxForTests) -> Opened:
    sandbox.control.seed(users=[MAILBOX])
    return opened(
        folder,
        copied(template, folder),
        sandbox,
        lambda: Counter(mail["message_id"] for mail in sandbox.control.mails()),
        transport="gmail",
        gmail={"subject": MAILBOX},
    )


def by_folder(folder: Path, template: Path, sandbox: SandboxForTests) -> Opened:
    def arrivals() -> Counter[str]:
        files = [one.read_bytes() for one in (folder / "mail").glob("*.eml")]
        return Counter(str(message_from_bytes(one)["Message-ID"]) for one in files)

    return opened(folder, copied(template, folder), sandbox, arrivals, transport="folder")


def copied(template: Path, folder: Path) -> str:
    shutil.copyfile(template, folder / "run.db")
    return f"sqlite:///{(folder / 'run.db').as_posix()}"


# Nothing dies


def test_a_worker_that_nobody_disturbs_sends_each_once(
    pipelining: MailServer, sandbox: SandboxForTests, migrated_sqlite_template: Path, tmp_path: Path
) -> None:
    with by_smtp(tmp_path, migrated_sqlite_template, sandbox, pipelining) as office:
        office.post(MAILS)

        office.start().wait(PATIENCE)

        assert Counter(office.fates().values()) == ALL_ONCE


# A mail server, which cannot be asked


@pytest.mark.parametrize(
    ("way", "point", "skip"),
    [("pipelining", *one) for one in MAIL_SERVER_KILLS] + [("one_by_one", *one) for one in ONE_BY_ONE_KILLS],
)
def test_killed_in_the_conversation_with_a_mail_server(
    request: pytest.FixtureRequest,
    sandbox: SandboxForTests,
    migrated_sqlite_template: Path,
    tmp_path: Path,
    way: str,
    point: str,
    skip: int,
) -> None:
    server: MailServer = request.getfixturevalue(way)
    with by_smtp(tmp_path, migrated_sqlite_template, sandbox, server) as office:
        office.post(MAILS)
        server.order(point, "pause", skip=skip)
        worker = office.start()
        server.wait_until_paused()

        office.kill(worker)
        server.resume()
        office.settle()

        fates = office.fates()
        assert_none_lost_and_at_most_the_one_in_flight_doubled(fates)
        if point in ON_THE_WAY_IN:
            assert Counter(fates.values()) == ALL_ONCE
        if point == "kept":
            assert Fate("sent", "unclear-resent", 2) in fates.values()


@pytest.mark.parametrize(("syscall", "number"), SYSCALL_KILLS["smtp"])
def test_killed_at_any_byte_to_a_mail_server(
    pipelining: MailServer,
    sandbox: SandboxForTests,
    migrated_sqlite_template: Path,
    tmp_path: Path,
    syscall: str,
    number: int,
) -> None:
    with by_smtp(tmp_path, migrated_sqlite_template, sandbox, pipelining) as office:
        killed_at(office, syscall, number)

        assert_none_lost_and_at_most_the_one_in_flight_doubled(office.fates())


# The clock jumps


@pytest.mark.parametrize("jump", ["+1h", "-1h", "+1d", "-1d"])
def test_killed_and_the_clock_is_set_meanwhile(
    pipelining: MailServer, sandbox: SandboxForTests, migrated_sqlite_template: Path, tmp_path: Path, jump: str
) -> None:
    """On SQLite the database's clock is the machine's. Neither is anything lost, nor held, nor sent more than twice."""
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not installed")
    with by_smtp(tmp_path, migrated_sqlite_template, sandbox, pipelining) as office:
        office.post(MAILS)
        pipelining.order("kept", "pause", skip=1)
        worker = office.start()
        pipelining.wait_until_paused()
        office.kill(worker)
        pipelining.resume()
        command = [sys.executable, "-m", "governance.cli", "--config", str(office.config.path), "worker", "--once"]

        ended = subprocess.run(["faketime", "-f", jump, *command], capture_output=True, text=True, check=False)

        assert ended.returncode == 0, ended.stderr
        fates = Counter(office.fates().values())
        assert fates == {ONCE: MAILS - 1, Fate("unclear", "unclear", 1): 1}
        office.settle()
        assert_none_lost_and_at_most_the_one_in_flight_doubled(office.fates())


# Gmail and the folder, which can


@pytest.mark.parametrize(("number", "when"), GMAIL_KILLS)
def test_killed_in_a_call_to_gmail(
    sandbox: SandboxForTests, migrated_sqlite_template: Path, tmp_path: Path, number: int, when: str
) -> None:
    with by_gmail(tmp_path, migrated_sqlite_template, sandbox) as office:
        office.post(MAILS)
        sandbox.control.pause_at("messages.send", number, when=when)
        worker = office.start()
        assert sandbox.control.wait_until_paused(30)

        office.kill(worker)
        sandbox.control.resume()
        office.settle()

        assert Counter(office.fates().values()) == ALL_ONCE


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_again_while_gmail_is_asked(
    sandbox: SandboxForTests, migrated_sqlite_template: Path, tmp_path: Path, when: str
) -> None:
    with by_gmail(tmp_path, migrated_sqlite_template, sandbox) as office:
        office.post(MAILS)
        sandbox.control.pause_at("messages.send", 2, when="after")
        worker = office.start()
        assert sandbox.control.wait_until_paused(30)
        office.kill(worker)
        sandbox.control.resume()
        office.let_time_pass()
        sandbox.control.pause_at("messages.list", 1, when=when)
        worker = office.start()
        assert sandbox.control.wait_until_paused(30)

        office.kill(worker)
        sandbox.control.resume()
        office.settle()

        assert Counter(office.fates().values()) == ALL_ONCE


@pytest.mark.parametrize(
    ("way", "syscall", "number"),
    [(way, *one) for way in ("folder", "gmail") for one in SYSCALL_KILLS[way]]
    + [("folder", *one) for one in DISK_KILLS],
)
def test_killed_at_any_system_call(
    sandbox: SandboxForTests, migrated_sqlite_template: Path, tmp_path: Path, way: str, syscall: str, number: int
) -> None:
    made = by_folder if way == "folder" else by_gmail
    with made(tmp_path, migrated_sqlite_template, sandbox) as office:
        killed_at(office, syscall, number)

        assert Counter(office.fates().values()) == ALL_ONCE


def killed_at(office: PostOffice, syscall: str, number: int) -> None:
    reason = why_not_traced()
    if reason is not None:
        pytest.skip(reason)
    office.post(MAILS)
    worker = office.start(tracing=(syscall, number))
    assert worker.wait(PATIENCE) == -9, f"it was not killed at {syscall} {number}: {worker.returncode}"
    office.settle()


def assert_none_lost_and_at_most_the_one_in_flight_doubled(fates: dict[str, Fate]) -> None:
    doubled = [fate for fate in fates.values() if fate.arrived > 1]
    assert [fate.state for fate in fates.values()] == ["sent"] * MAILS
    assert min(fate.arrived for fate in fates.values()) == 1
    assert len(doubled) <= 1
    assert [(fate.code, fate.arrived) for fate in doubled] == [("unclear-resent", 2)] * len(doubled)
    assert sum(1 for fate in fates.values() if fate.code is not None) <= 1
