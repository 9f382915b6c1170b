"""One number, one history: fifty steps, and in the end the invitation is what the oracle says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from governance.calendar import client
from tests.conftest import IS_SOAK
from tests.histories.history import Wrong
from tests.histories.stage import Stage, stage
from tests.histories.steps import Step, history_of, shortest
from tests.support.sandbox import SandboxForTests

IN_A_RUN = 12
"""At about a second each; more of them would be most of what all tests take together."""

IN_A_SOAK = 5000

Run = Callable[[list[Step], int], None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--seed")
        seeds = [int(one) for one in chosen] if chosen else range(IN_A_SOAK if IS_SOAK else IN_A_RUN)
        mark = pytest.mark.soak if IS_SOAK else pytest.mark.slow
        metafunc.parametrize("seed", [pytest.param(seed, marks=mark) for seed in seeds])


def test_any_history_ends_in_order(seed: int, run: Run) -> None:
    history = history_of(seed)
    wrong = _wrong(run, history, seed)
    if wrong is not None:
        kind = _kind(wrong)
        steps = shortest(history, lambda part: _kind(_wrong(run, part, seed)) == kind)
        needed = "\n".join(f"    {step}," for step in steps)
        once_more = f"Once more: python3 dev.py test tests/histories --seed {seed}"
        pytest.fail(
            f"{wrong}\n\n{once_more}\nOf its steps it needs:\n{needed}\n{_wrong(run, steps, seed)}", pytrace=False
        )


def _wrong(run: Run, history: list[Step], seed: int) -> Wrong | None:
    try:
        run(history, seed)
    except Wrong as wrong:
        return wrong
    return None


def _kind(wrong: Wrong | None) -> str | None:
    """The last complaint less whom, which event and when: a shorter history is to fail for the same reason."""
    return re.sub(r"[^ ]*[@_\d'\[\]{}][^ ]*", "", str(wrong).splitlines()[-1]) if wrong else None


@pytest.fixture(scope="module")
def whole_stage(
    sandbox_process: SandboxForTests, _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    sandbox_process.control.reset()
    with stage(_sqlite_template, sandbox_process, tmp_path_factory.mktemp("histories")) as set_up:
        yield set_up
    sandbox_process.control.reset()


@pytest.fixture
def run(whole_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a history from the same beginning; pages are short, so that a calendar of a few events has several."""
    monkeypatch.setattr(client, "PAGE_SIZE", 4)
    return lambda history, seed: whole_stage.begin(seed).run(history)
