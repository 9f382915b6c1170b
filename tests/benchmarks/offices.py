"""Offices as in life, for what a benchmark measures from outside: pages and a worker are processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from governance.database import Database
from governance.models.base import Base
from governance.seed import cast
from tests.jobs.conftest import Office, opened_office
from tests.support.sandbox import SandboxForTests

DELEGATES = (cast.AMARA, cast.HENRIK)
WITHIN_SECONDS = 10.0


@contextmanager
def office_with(
    sandbox: SandboxForTests, *, calendars: int, meetings: int = 1, url: str | None = None
) -> Iterator[Office]:
    """So many calendars with so many governed meetings each, all in order; on a new SQLite file unless told."""
    sandbox.control.reset()
    with tempfile.TemporaryDirectory() as folder:
        address = url or f"sqlite:///{(Path(folder) / 'governance.db').as_posix()}"
        database = Database(address)
        database.migrate()
        database.dispose()
        owners = [one for one in cast.EVERYBODY if "@" not in one.mailbox and one not in DELEGATES]
        with opened_office(address, sandbox, Path(folder)) as office:
            for number in range(calendars * meetings):
                office.open_meeting(f"meeting{number:03}", owners[number % calendars])
            yield office


@contextmanager
def worker_process(office: Office) -> Iterator[int]:
    """A worker until the block ends; its process id."""
    command = [sys.executable, "-m", "governance.cli", "--config", str(office.config.path), "worker"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as worker:
        try:
            yield worker.pid
        finally:
            worker.terminate()
            worker.wait(WITHIN_SECONDS)


def count_writes(database: Database) -> None:
    """From now on every row that anybody inserts, updates or deletes is noted, by triggers on all tables of SQLite."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bench_write (name TEXT NOT NULL)")
        for table in Base.metadata.sorted_tables:
            for act in ("INSERT", "UPDATE", "DELETE"):
                connection.exec_driver_sql(_trigger(table.name, act))


def written(database: Database) -> Counter[str]:
    """Rows written since the counting began, by table."""
    with database.engine.connect() as connection:
        return Counter(name for (name,) in connection.exec_driver_sql("SELECT name FROM bench_write"))


def _trigger(table: str, act: str) -> str:
    noted = f"INSERT INTO bench_write VALUES ('{table}')"  # noqa: S608 – our own names
    return f'CREATE TRIGGER "bench_{table}_{act}" AFTER {act} ON "{table}" BEGIN {noted}; END'
