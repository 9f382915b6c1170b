"""`python3 dev.py bench`: everything is measured and printed as one table; `--json FILE` keeps it.

Ends with 1 when a count is wrong. A ratio over its limit is shown and is no failure: machines differ.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import (
    claiming,
    cold,
    counting,
    crowding,
    deciding,
    mailing,
    memory,
    pages,
    polling,
    pushing,
    resting,
    starting,
    summing,
    syncing,
    writing,
)
from tests.benchmarks.installation import Installation, Size, installed, running_sandbox
from tests.benchmarks.rows import Row, as_table
from tests.support.postgres import MISSING, postgres_if_there
from tests.support.sandbox import SandboxForTests

Part = Callable[[Installation], list[Row]]

ORDINARY = "a fifth of them governed"
WORST = "all of them governed exceptions"


def main(arguments: list[str]) -> int:
    chosen = _arguments(arguments)
    begun = time.monotonic()
    rows = list(_measured(long=chosen.long))
    print(as_table(rows))
    print(f"Python {platform.python_version()}, {platform.system()}, {time.monotonic() - begun:.0f} s in all.")
    if chosen.json:
        chosen.json.write_text(json.dumps({"schema": 1, "rows": [row.to_json() for row in rows]}, indent=2) + "\n")
    return 1 if any(row.is_fatal for row in rows) else 0


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench", description="Exact counts, and times as ratios.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    parser.add_argument("--long", action="store_true", help="also start with 1,000 calendars, which takes minutes")
    return parser.parse_args(arguments)


def _measured(*, long: bool) -> Iterator[Row]:
    with running_sandbox() as sandbox:
        yield from _of_processes(sandbox)
        if long:
            _say("a first start with 1,000 calendars …")
            yield from cold.start(sandbox, calendars=1000)
    _say("pages …")
    yield from pages.pages()
    _say("the log of decisions …")
    yield from deciding.log()
    yield from deciding.page()
    _say("mails …")
    yield from mailing.mails(number=100)
    _say("claims on PostgreSQL …")
    yield from claiming.claims()
    _say("mails for 1,000 people …")
    yield from writing.mails()
    _say("summaries for 10,000 people …")
    yield from summing.summaries()
    yield from summing.beside_by_hand()
    with running_sandbox() as sandbox:  # a clock of its own, which stands still
        for size, part in _parts():
            _say(f"{size.events} events on a calendar, {size.series} meetings …")
            with tempfile.TemporaryDirectory() as folder, installed(sandbox, Path(folder), size) as installation:
                yield from part(installation)


def _of_processes(sandbox: SandboxForTests) -> Iterator[Row]:
    """Pages and workers that run as in life, and are measured from outside."""
    _say("announced changes on SQLite …")
    yield from pushing.repairs(sandbox, rounds=4)
    _say("announced changes on PostgreSQL …")
    with postgres_if_there() as server:
        if server is None:
            _say(f"{MISSING}.")
        else:
            yield from pushing.repairs(sandbox, rounds=4, url=server.create())
    _say("1,000 announcements at once …")
    yield from pushing.crowd(sandbox, announcements=1000)
    _say("people who look while the worker syncs …")
    yield from crowding.crowd(sandbox)
    _say("an idle worker …")
    yield from resting.rest(sandbox, seconds=20)


def _parts() -> Iterator[tuple[Size, Part]]:
    """50 meetings at rest, full syncs of 2,500 events, 100 drifted series among 1,000, and exceptions beside them."""
    yield Size(series=50, exceptions=9, foreign=2000), _of_an_ordinary_calendar
    yield Size(series=50, exceptions=49), _of_the_worst_calendar
    yield Size(series=1000, seats=1), lambda one: counting.series(one, drifted=100)
    small, with_exceptions = Size(series=20, seats=3), Size(series=20, exceptions=1, seats=3)
    yield with_exceptions, lambda one: counting.series_and_exceptions(one, drifted=10)
    yield with_exceptions, lambda one: counting.series_and_exceptions(one, drifted=10, follow=True)
    yield small, lambda one: counting.new_exceptions(one, admitted=10)
    yield small, lambda one: counting.series_and_new_exceptions(one, drifted=10)


def _of_an_ordinary_calendar(installation: Installation) -> list[Row]:
    return [
        *counting.idle(installation, cycles=100),
        *counting.news_of_others(installation, pages=3),
        *polling.idle_poll(installation),
        *starting.commands(installation),
        syncing.full_sync(installation, ORDINARY),
        *memory.worker_memory(installation, ORDINARY),
    ]


def _of_the_worst_calendar(installation: Installation) -> list[Row]:
    return [syncing.full_sync(installation, WORST), *memory.worker_memory(installation, WORST)]


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
