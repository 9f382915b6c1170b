"""Tries in a process of its own, as fast as it can.

Prints `ready`, waits for a line, and prints how often it was allowed on the common key and on its own.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

from governance.database import Database
from governance.services import throttles

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


def main(address: str, limit: int) -> None:
    database = Database(address)
    with database.reading():
        print("ready", flush=True)
    sys.stdin.readline()
    allowed = {"common": 0, str(os.getpid()): 0}
    for _ in range(20):
        for key in allowed:
            with database.writing() as session:
                allowed[key] += throttles.allow(session, key, limit, WINDOW, NOW)
    print(*allowed.values(), flush=True)
    database.dispose()
