"""How long a command takes to begin: time on the wall, against a Python that does next to nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

from tests.benchmarks.installation import Installation
from tests.benchmarks.interleaving import interleaved
from tests.benchmarks.rows import Row, ratio

ROUNDS = 15
AS_INSTALLED = "import sys; from governance.cli import main; sys.exit(main())"
"""What the installed program `governance` does."""


def commands(installation: Installation) -> list[Row]:
    config = str(installation.config.path)
    return [
        _row("governance --help / python -c pass", 5.0, ["-c", AS_INSTALLED, "--help"], ["-c", "pass"]),
        _row(
            "governance status / import sqlalchemy.orm",
            2.0,
            ["-c", AS_INSTALLED, "--config", config, "status"],
            ["-c", "import sqlalchemy.orm"],
        ),
    ]


def _row(name: str, limit: float, ours: list[str], yardstick: list[str]) -> Row:
    measured = interleaved(_python(*ours), _python(*yardstick), rounds=ROUNDS, clock=time.perf_counter)
    return ratio("commands, time on the wall", name, measured.ratio, limit, measured.note("ours", "yardstick"))


def _python(*arguments: str) -> Callable[[], object]:
    """0 and 2 are answers: with 2 a command says that there is something to see."""

    def run() -> object:
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 2):
            raise RuntimeError(f"Look at what {arguments} says: {done.stderr.strip()}")
        return done

    return run
