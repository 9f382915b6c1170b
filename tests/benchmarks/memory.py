"""What a worker keeps in memory beyond its imports, after a full sync and many idle cycles."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.benchmarks.installation import Installation
from tests.benchmarks.rows import Row, megabytes
from tests.benchmarks.syncing import forget

IDLE_CYCLES = 200
LIMIT = 30.0


def worker_memory(installation: Installation, name: str) -> list[Row]:
    if sys.platform != "linux":
        print("Run this on Linux for the worker's memory: it is read from /proc.", file=sys.stderr)
        return []
    forget(installation)
    bare = _resident()
    used = _resident(str(installation.config.path), installation.now.isoformat(), str(1 + IDLE_CYCLES))
    about = f"a worker after a full sync of {installation.size.events} events, {name}, and {IDLE_CYCLES} idle cycles"
    return [
        _row(about, "memory beyond its imports", bare["now"], used["now"]),
        _row(about, "at its peak", bare["now"], used["peak"]),
    ]


def _resident(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.resident", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # what goes wrong there is seen here
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _row(about: str, name: str, imports: float, used: float) -> Row:
    return megabytes(about, name, used - imports, LIMIT, f"{used:.1f} MB, imports alone {imports:.1f} MB")
