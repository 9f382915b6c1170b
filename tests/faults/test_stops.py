"""A worker is asked to stop while any request is under way: it ends well and soon, and nothing is lost or doubled."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.faults.rehearsal import REPLAY, Rehearsal, request_points

SEED = 1_126
MOST_SECONDS = 5.0


@pytest.fixture
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    prepared = Rehearsal(tmp_path_factory.mktemp("rehearsal"))
    yield prepared
    prepared.close()


@pytest.mark.slow
@pytest.mark.parametrize("stops", [2, pytest.param(200, marks=pytest.mark.soak)])
def test_a_stop_at_any_request_ends_within_five_seconds_and_loses_and_doubles_nothing(
    rehearsal: Rehearsal, stops: int
) -> None:
    expected, passages = rehearsal.undisturbed()
    points = request_points(passages)
    chosen = [points[number % len(points)] for number in random.Random(SEED).sample(range(stops * 3), stops)]
    wrong: list[str] = []

    for point in chosen:
        ending, outcome = rehearsal.stopped(point)
        if ending.code != 0 or ending.seconds > MOST_SECONDS:
            wrong.append(f"{REPLAY} --stop {point}  # code {ending.code} after {ending.seconds:.1f} s")
        wrong += [f"{REPLAY} --stop {point}  # {one}" for one in expected.differences(outcome)]

    assert not wrong, "\n".join(wrong)
