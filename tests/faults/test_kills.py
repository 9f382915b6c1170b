"""A worker is killed without a word, at a request or at a write to its disk; whoever comes next finishes the work.

What reaches Google, what Google mails and what is recorded are then the same as after a worker that nobody disturbed:
nothing is missing and nothing is there twice.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest

from tests.faults.rehearsal import (
    REPLAY,
    Outcome,
    Point,
    Rehearsal,
    request_points,
    write_points,
)
from tests.support.tracing import why_not_traced

SEED = 20_261_126
SOME = {"fdatasync": 2, "pwrite64": 3}
"""How many kills at writes to the disk one run of the tests makes; the soak makes one at every write."""

MOST = 0.8
"""Of the points that are met: which thread takes which calendar, and a last look more or less, differs by run."""

KILLED = -9


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    prepared = Rehearsal(tmp_path_factory.mktemp("rehearsal"))
    yield prepared
    prepared.close()


@pytest.fixture(scope="module")
def undisturbed(rehearsal: Rehearsal) -> tuple[Outcome, list[Point]]:
    outcome, passages = rehearsal.undisturbed()
    return outcome, request_points(passages)


def test_a_worker_that_nobody_disturbs_does_every_kind_of_work_once(undisturbed: tuple[Outcome, list[Point]]) -> None:
    """Else the kills would prove little: series, exceptions, a restored charter, two deputies and mails."""
    outcome, points = undisturbed

    kinds = {key.split()[2] for key in outcome.applied}
    scopes = {key.split()[1] == "series" for key in outcome.applied}
    assert kinds == {"add-guest", "remove-guest", "restore-charter", "set-flag"}
    assert scopes == {True, False}
    assert len(outcome.stand_ins) == 2
    assert set(outcome.effects.values()) == {1}
    assert len(outcome.effects) == sum(1 for entry in outcome.recorded if entry.startswith("invitation-written")) - 1
    assert outcome.is_proven
    assert not any(outcome.left_over.values())
    assert len(points) >= 24


@pytest.mark.slow
@pytest.mark.parametrize("share", ["some", pytest.param("all", marks=pytest.mark.soak)])
def test_killed_at_any_request_before_and_after_it_is_carried_out(
    rehearsal: Rehearsal, undisturbed: tuple[Outcome, list[Point]], share: str
) -> None:
    """Before and after each come by turns, so that *some* has of both."""
    expected, points = undisturbed
    chosen = points if share == "all" else points[::12] + points[11::12]

    killed = killed_at(chosen, rehearsal, expected)

    assert killed >= MOST * len(chosen)


@pytest.mark.slow
@pytest.mark.parametrize("syscall", SOME)
@pytest.mark.parametrize("share", ["some", pytest.param("all", marks=pytest.mark.soak)])
def test_killed_at_any_write_to_the_disk(
    rehearsal: Rehearsal, undisturbed: tuple[Outcome, list[Point]], syscall: str, share: str
) -> None:
    reason = why_not_traced()
    if reason is not None:
        pytest.skip(reason)
    expected, _ = undisturbed
    points = write_points(rehearsal, syscall)
    chosen = points if share == "all" else random.Random(SEED).sample(points, SOME[syscall])

    killed = killed_at(chosen, rehearsal, expected)

    assert killed >= MOST * len(chosen)


def killed_at(points: Iterable[Point], rehearsal: Rehearsal, expected: Outcome) -> int:
    """Kill at each of them; how many met their worker before its end."""
    wrong: list[str] = []
    killed = 0
    for point in points:
        ending, outcome = rehearsal.killed(point)
        killed += ending.code == KILLED
        assert ending.code in (KILLED, 0), f"{point}: {ending.said}"
        wrong += [f"{REPLAY} {point}  # {one}" for one in expected.differences(outcome)]
    assert not wrong, "\n".join(wrong)
    return killed
