"""The first thing a visitor types."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.source import ROOT


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "dev.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_alone_it_prints_its_verbs() -> None:
    shown = dev()

    verbs = [line.split()[2] for line in shown.stdout.splitlines()]
    assert (shown.returncode, verbs) == (0, ["demo", "test", "bench", "soak", "pictures", "audit"])


def test_a_verb_it_does_not_know_is_answered_with_those_it_knows() -> None:
    refused = dev("tset")

    assert refused.returncode == 64
    assert refused.stderr == "Choose one of demo, test, bench, soak, pictures, audit: tset is none of them.\n"
