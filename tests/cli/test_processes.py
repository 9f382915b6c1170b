"""The commands that keep running: they say where they listen, and end when they are told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import EVENT, Run
from tests.cli.test_meetings import guests, write
from tests.support.cast import ANN, BOB, CHAIR
from tests.support.sandbox import SandboxForTests


@contextmanager
def running(*words: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "governance.cli", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Listening on http://127.0.0.1:"), process.stderr and process.stderr.read()
    return line.removeprefix("Listening on ").strip()


@pytest.mark.parametrize("command", ["web", "run"])
def test_the_pages_are_served_until_the_process_is_told_to_end(
    adopted: SandboxForTests, folder: Path, command: str
) -> None:
    with running(command, "--port", "0", folder=folder) as process:
        with urllib.request.urlopen(f"{address_of(process)}/healthz") as answer:  # noqa: S310
            status = answer.status
        process.send_signal(signal.SIGTERM)

        assert status == 200
        assert process.wait(timeout=30) == 0


def test_pages_without_a_worker_are_not_served(folder: Path) -> None:
    """Without credentials the worker ends at once, and `run` with it."""
    with running("run", "--port", "0", folder=folder) as process:
        assert process.wait(timeout=60) == 1


def test_the_worker_does_once_all_that_is_due(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder), "--yes")

    with running("worker", "--once", folder=folder) as process:
        assert process.wait(timeout=60) == 0

    assert guests(adopted) == {ANN.address, BOB.address}
    status = run("status", "--json")
    assert (status.code, status.document["queue"]) == (0, 0)


def test_sync_lets_a_running_worker_do_the_cycle(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder), "--yes")
    with running("worker", folder=folder):
        while run("status", "--json").document["meetings"][0]["last_read"] is None:
            pass
        adopted.control.guest_adds(CHAIR.address, EVENT, ANN.address, "stranger@elsewhere.example")

        synced = run("sync", "weekly", "--json")

    assert synced.code == 0, synced.err
    assert [(one["held"], one["failed"]) for one in synced.document["meetings"]] == [(0, 0)]
    assert guests(adopted) == {ANN.address, BOB.address}
