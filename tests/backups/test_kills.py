"""Killed with SIGKILL at a system call, a backup is there or not, and a restore has happened or not. Never half."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from governance.backups.keeping import back_up, restore
from governance.database import Database
from governance.models import Meeting
from tests.backups.conftest import fill, is_whole, mails, post
from tests.backups.test_copies import AFTER
from tests.conftest import IS_SOAK
from tests.support import copies
from tests.support.cast import NOW
from tests.support.tools import needs
from tests.support.tracing import attach

_CALLS = ("fsync", "fdatasync", "link", "rename", "unlink")
"""What makes a change last, or visible. Their number is the same every time, unlike that of the writes."""

_OF_SERVER = ("sendto", "fsync", "link")


def act(verb: str, url: str, file: Path) -> None:
    """The command, in a process of its own."""
    does = back_up if verb == "backup" else restore
    does(Database(url), file, may_replace=True, now=datetime(2026, 3, 9, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a command in a process of its own."""

    verb: str
    url: str
    file: Path

    def calls(self, names: tuple[str, ...], trace: Path) -> list[tuple[str, int]]:
        """Every such system call of the busiest thread of our own program, not of those that it starts."""
        code, said = self._run(",".join(names), trace=trace)
        assert code == 0, said
        traced = re.findall(r"^(\d+) +(\w+)\(", trace.read_text(), re.MULTILINE)
        own = Counter(process for process, _ in traced).most_common(1)[0][0]
        found = Counter(name for process, name in traced if process == own)
        return [(name, number) for name in names for number in range(1, found[name] + 1)]

    def killed_at(self, name: str, number: int) -> bool:
        code, _ = self._run(name, kill_at=number)
        return code != 0

    def without_space_from(self, number: int) -> str:
        """The last words of a try on a disk that is full from that write on."""
        code, said = self._run("pwrite64", inject=f"error=ENOSPC:when={number}+")
        assert code != 0
        return said.strip().splitlines()[-1]

    def _run(self, syscalls: str, **tracing: Any) -> tuple[int, str]:
        """How it ended, and what it said."""
        process = copies.start(act, self.verb, self.url, self.file, stderr=copies.PIPE, is_held=True)
        attach(process.pid, syscalls, **tracing)
        process.go()
        _, said = process.communicate(timeout=copies.LONGEST)
        return process.wait(), said


def sampled(calls: list[tuple[str, int]], most: int) -> list[tuple[str, int]]:
    """All when there is time; else one near the end of each kind, and the others spread evenly."""
    if IS_SOAK or len(calls) <= most:
        return calls
    last = list({name: (name, max(number - 1, 1)) for name, number in calls}.values())[-most:]
    spread = most - len(last)
    return [*last, *(calls[(2 * number + 1) * len(calls) // (2 * spread)] for number in range(spread))]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def killed_url(request: pytest.FixtureRequest) -> str:
    url = str(request.getfixturevalue(f"migrated_{request.param}_url"))
    database = Database(url)
    fill(database)
    database.dispose()
    return url


@pytest.fixture
def another(killed_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Where a copy is put back to be looked into."""
    is_file = killed_url.startswith("sqlite")
    database = Database(f"sqlite:///{tmp_path / 'another.db'}" if is_file else request.getfixturevalue("postgres_url"))
    yield database
    database.dispose()


@needs("strace")
@pytest.mark.slow
def test_a_backup_that_is_killed_is_there_or_not(killed_url: str, another: Database, tmp_path: Path) -> None:
    """And the database has lost nothing by it."""
    copy = tmp_path / "copy"
    attempt = Attempt("backup", killed_url, copy)
    database = Database(killed_url)
    points = sampled(attempt.calls(_calls_for(killed_url), tmp_path / "trace"), 6 if database.file else 4)
    before = mails(database)

    killed = 0
    for name, number in points:
        copy.unlink(missing_ok=True)
        killed += attempt.killed_at(name, number)
        assert (mails(database), is_whole(database)) == (before, True), (name, number)
        if copy.exists():
            restore(another, copy, may_replace=True, now=NOW)
            assert (mails(another), is_whole(another)) == (AFTER, True), (name, number)
    back_up(database, copy, may_replace=True, now=NOW)

    assert killed > len(points) // 2, (killed, points)
    database.dispose()


@needs("strace")
@pytest.mark.slow
def test_a_restore_that_is_killed_has_happened_or_not(killed_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    database = Database(killed_url)
    back_up(database, copy, may_replace=False, now=NOW)
    attempt = Attempt("restore", killed_url, copy)
    points = sampled(attempt.calls(_calls_for(killed_url), tmp_path / "trace"), 8 if database.file else 5)

    killed, seen = 0, set()
    for place, (name, number) in enumerate(points):
        about = f"since {place}"
        with database.writing() as session:
            meeting = session.query(Meeting).one()
            meeting.restored_hold = False
            post(session, about, meeting)
        before = mails(database)
        killed += attempt.killed_at(name, number)
        after = mails(database)
        assert after in (before, AFTER), (name, number)
        assert is_whole(database), (name, number)
        seen.add(after == AFTER)
    restore(database, copy, may_replace=True, now=NOW)

    assert mails(database) == AFTER
    assert killed > len(points) // 2, (killed, points)
    assert False in seen
    database.dispose()


@needs("strace")
@pytest.mark.parametrize("verb", ["backup", "restore"])
@pytest.mark.parametrize("number", [2, 250])
def test_a_full_disk_is_told_and_changes_nothing(
    migrated_sqlite_url: str, tmp_path: Path, verb: str, number: int
) -> None:
    copy = tmp_path / "copies" / "copy"
    copy.parent.mkdir()
    database = Database(migrated_sqlite_url)
    fill(database)
    if verb == "restore":
        back_up(database, copy, may_replace=False, now=NOW)
    before = mails(database), sorted(copy.parent.iterdir())

    words = Attempt(verb, migrated_sqlite_url, copy).without_space_from(number)

    assert re.search(r"(NotPlaced|DatabaseUnavailable): (Free space on|Check) the disk of ", words), words
    assert (mails(database), sorted(copy.parent.iterdir())) == before
    assert is_whole(database)
    database.dispose()


def _calls_for(url: str) -> tuple[str, ...]:
    return _CALLS if url.startswith("sqlite") else _OF_SERVER
