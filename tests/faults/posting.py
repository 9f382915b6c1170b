"""A post office whose worker is a process that can be ended at an exact step, and what then became of every mail."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from governance.config import Config, load_config
from governance.database import Database
from governance.mail import deciding
from governance.mail.building import build
from governance.mail.delivering import Deliverer
from governance.mail.facts import RemovedOutsider
from governance.mail.transports.opening import open_post
from governance.models.outbox import Outbox
from governance.models.worker import Worker
from governance.services import delivery, outbox, workers
from governance.services.office import office_of
from governance.store.clock import database_now
from jobs.worker import run_worker
from tests.support import copies
from tests.support.sandbox import SandboxForTests, private_key
from tests.support.tracing import attach

MAILBOX = "meetings@example.com"
PATIENCE = 30.0
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def work(config: str, once: bool, hurry: float) -> int:
    """The worker's process."""
    workers.BEAT_SECONDS /= hurry
    workers.LEASE_SECONDS /= hurry
    delivery.LEASE_SECONDS /= hurry
    for name in ("ASK_SECONDS", "RESEND_SECONDS", "FIRST_WAIT", "SERVER_FIRST_WAIT"):
        setattr(deciding, name, getattr(deciding, name) / hurry)
    return run_worker(load_config(Path(config), {}), once=once)


@dataclass(frozen=True, slots=True)
class Fate:
    """How a row ended, and how often its mail arrived."""

    state: str
    code: str | None
    arrived: int


class PostOffice:
    """`arrivals` counts what came in, by Message-ID."""

    def __init__(self, config: Config, arrivals: Callable[[], Counter[str]]) -> None:
        self.config = config
        self.database = Database(config.database.url)
        self._arrivals = arrivals
        self._started: list[copies.Copy] = []

    def post(self, number: int, *, first: int = 0) -> None:
        with self.database.writing() as session:
            now = database_now(session)
            facts = RemovedOutsider(when=None, contact="chair@example.com")
            for one in range(first, first + number):
                outbox.post(session, facts, about="x", to=f"person{one:04}@example.com", now=now)

    def start(self, *, once: bool = True, hurry: float = 1.0, tracing: tuple[str, int] | None = None) -> copies.Copy:
        """A worker; under `tracing` it is killed at the n-th such system call of one of its threads."""
        arguments = (str(self.config.path), once, hurry)
        process = copies.start(work, *arguments, stderr=copies.DEVNULL, is_held=True)
        self._started.append(process)
        if tracing is not None:
            attach(process.pid, *tracing)
        process.go()
        return process

    def kill(self, process: copies.Copy) -> None:
        process.kill()
        process.wait(PATIENCE)

    def close(self) -> None:
        for process in self._started:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.close()
        self.database.dispose()

    def settle(self) -> None:
        """Successors finish everything; leases and waits have passed, which the races show by themselves."""
        post = open_post(self.config)
        office = office_of(self.config, can_be_asked=post.transport.can_be_asked)
        deliverer = Deliverer(
            self.database, post.transport, build, office, worker="successor", stopping=threading.Event()
        )
        for _ in range(6):
            self.let_time_pass()
            deliverer.rests_until = 0.0
            deliverer.deliver()
        post.close()

    def fates(self) -> dict[str, Fate]:
        arrived = self._arrivals()
        with self.database.reading() as session:
            rows = list(session.scalars(select(Outbox).order_by(Outbox.id)))
        known = {f"<{row.id.hex}@example.com>" for row in rows}
        assert set(arrived) <= known, "a mail arrived under a Message-ID that is no row's"
        return {row.address: Fate(row.state, row.problem_code, arrived[f"<{row.id.hex}@example.com>"]) for row in rows}

    def let_time_pass(self) -> None:
        with self.database.writing() as session:
            session.execute(update(Worker).values(heartbeat_at=LONG_AGO))
            session.execute(update(Outbox).where(Outbox.retry_at.is_not(None)).values(retry_at=LONG_AGO))
            session.execute(update(Outbox).where(Outbox.leased_until.is_not(None)).values(leased_until=LONG_AGO))


@contextmanager
def opened(
    folder: Path,
    database: str,
    sandbox: SandboxForTests,
    arrivals: Callable[[], Counter[str]],
    **mail: Any,
) -> Iterator[PostOffice]:
    """`mail` is the configuration's table; tables in it are its tables."""
    credentials = sandbox.credentials_file(folder)
    credentials.write_text(json.dumps({**json.loads(credentials.read_text()), "private_key": private_key(bits=1024)}))
    own = {name: value for name, value in mail.items() if not isinstance(value, dict)}
    tables = {
        "site": {"secret_key": "0123456789abcdef0123456789abcdef"},
        "database": {"url": database},
        "google": {"credentials": str(credentials), "api_root": sandbox.url, "services": ["calendar", "gmail"]},
        "mail": {"sender": f"Decisions <{MAILBOX}>", "folder": str(folder / "mail"), **own},
        **{f"mail.{name}": value for name, value in mail.items() if isinstance(value, dict)},
    }
    lines = [
        line
        for name, table in tables.items()
        for line in (f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items()))
    ]
    file = folder / "config.toml"
    file.write_text("\n".join(lines))
    made = PostOffice(load_config(file, {}), arrivals)
    try:
        yield made
    finally:
        made.close()


def wait_for(condition: Callable[[], bool], why: str, *, seconds: float = PATIENCE) -> float:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() < begun + seconds, why
        time.sleep(0.01)
    return time.monotonic() - begun
