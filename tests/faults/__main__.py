"""End a worker at one point, as a test has printed it, and show what came of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.rehearsal import Point, Rehearsal


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("point", type=Point.parse, help="request:CALENDAR:NUMBER:before|after, or SYSCALL:NUMBER")
    parser.add_argument("--stop", action="store_true", help="ask it to stop (SIGTERM) instead of killing it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rehearsal = Rehearsal(Path(folder))
        expected, _ = rehearsal.undisturbed()
        ending, outcome = (rehearsal.stopped if given.stop else rehearsal.killed)(given.point)
        passed = rehearsal.passed_until_the_end
        rehearsal.close()
    print(ending.said)
    print("\n".join(f"passed: {one}" for one in passed))
    print(f"ended with {ending.code} after {ending.seconds:.1f} s")
    wrong = expected.differences(outcome)
    print("\n".join(wrong) or "nothing is missing, nothing is there twice")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
