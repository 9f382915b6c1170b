"""Run as a process of its own: what a worker keeps in memory after some work, or after its imports alone.

`python -m tests.benchmarks.resident` imports what the worker imports and nothing else; with a configuration, an
instant and a number it then runs that many cycles of every calendar as the worker runs them. Prints megabytes.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from pathlib import Path

import jobs.worker  # noqa: F401 – this is what is weighed
from governance.calendar.opening import open_google
from governance.config import load_config
from governance.database import Database
from governance.reconcile.judging import Site
from governance.reconcile.reconciler import Reconciler
from governance.store.pictures import calendars_with_meetings


def main(arguments: list[str]) -> None:
    if arguments:
        config, now, cycles = arguments
        work(Path(config), datetime.fromisoformat(now), int(cycles))
    print(json.dumps(resident()))


def work(path: Path, now: datetime, cycles: int) -> None:
    config = load_config(path, {})
    database, google = Database(config.database.url), open_google(config)
    site = Site(frozenset(config.site.domains), config.site.public_url)
    with database.reading() as session:
        calendars = calendars_with_meetings(session)
    for calendar in calendars * cycles:
        reconciler = Reconciler(
            database=database,
            calendars=google.calendar,
            directory=google.directory,
            site=site,
            clock=lambda: now,
        )
        report = reconciler.cycle(calendar)
        if report.trouble is not None:
            raise report.trouble


def resident() -> dict[str, float]:
    """Now and at the peak, of this program alone: what the system counts for a child begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    sizes = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB$", status, re.MULTILINE))
    return {"now": int(sizes["VmRSS"]) / 1024, "peak": int(sizes["VmHWM"]) / 1024}


if __name__ == "__main__":
    main(sys.argv[1:])
