"""Whoever closes decisions is killed without a word at any write: what was acknowledged is there, and nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.saving import SAVES, Closings, Ended, say_all
from tests.support.tracing import why_not_traced

SOME, ALL = 4, 60
KILLED = -9
AT_MOST_SYNCS = 2
_POINTS = (("fdatasync", 3), ("pwrite64", 45))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Where each run has its database."""
    reason = why_not_traced()
    if reason is not None:
        pytest.skip(reason)
    folder = tmp_path / "run"
    folder.mkdir()
    return folder


@pytest.mark.slow
def test_a_closing_is_kept_at_once_and_as_a_whole(migrated_sqlite_template: Path, tmp_path: Path, run: Path) -> None:
    """Counted undisturbed; then killed at some of the writes."""
    some, syncs = Closings(tmp_path, migrated_sqlite_template, SOME), tmp_path / "syncs"

    ended = some.run(run, count=syncs)
    killed = [_killed_at(some, run, syscall, number) for syscall, number in _POINTS]

    assert (ended.code, len(ended.closed)) == (0, SOME)
    assert SOME <= len(syncs.read_text().splitlines()) <= AT_MOST_SYNCS * SOME
    assert all(killed)


@pytest.mark.slow
def test_whatever_is_saved_of_a_decision_is_one_transaction(
    migrated_sqlite_template: Path, tmp_path: Path, run: Path
) -> None:
    """A draft, its wording, an option, the opening, a position: each makes the disk keep something twice at most."""
    one, syncs = Closings(tmp_path, migrated_sqlite_template, 1), tmp_path / "syncs"

    ended = one.run(run, count=syncs, work=say_all)

    assert (ended.code, ended.is_proven) == (0, True)
    assert SAVES <= len(syncs.read_text().splitlines()) <= AT_MOST_SYNCS * SAVES


@pytest.mark.soak
def test_killed_at_a_write_of_each_of_sixty(migrated_sqlite_template: Path, tmp_path: Path, run: Path) -> None:
    every = Closings(tmp_path, migrated_sqlite_template, ALL)

    killed = [_killed_at(every, run, "pwrite64", 1 + 60 * save + save % 60) for save in range(ALL)]

    assert sum(killed) > ALL / 2


def _killed_at(closings: Closings, folder: Path, syscall: str, number: int) -> bool:
    """Whether it was killed before its end; what it left is judged here."""
    ended = closings.run(folder, kill=(syscall, number))
    assert ended.code in (KILLED, 0), ended
    _judge(ended, len(closings.made))
    return ended.code == KILLED


def _judge(ended: Ended, number: int) -> None:
    """One closing at most was under way, and it is there as a whole or not at all."""
    assert ended.acknowledged <= ended.closed
    assert len(ended.closed - ended.acknowledged) <= 1
    assert ended.numbers == tuple(range(1, len(ended.closed) + 1))
    assert dict(ended.promises) == dict.fromkeys(ended.closed, 1)
    assert (ended.recorded, ended.is_proven) == (len(ended.closed), True)
    assert len(ended.closed) <= number
