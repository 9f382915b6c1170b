"""The same situation again and again, each time with a worker that is ended at another point.

The sandbox runs in this process, so that a world is put back in milliseconds; the worker is a process of its
own, with the words of the command line. What came of it is compared with what an undisturbed worker does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
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

from sqlalchemy import text, update

from governance.calendar.sandbox import state
from governance.calendar.sandbox.client import SandboxControl
from governance.calendar.sandbox.server import Sandbox, Server
from governance.calendar.sandbox.world import World
from governance.cli import main
from governance.config import load_config
from governance.database import Database
from governance.models.worker import Worker
from governance.seed import cast
from governance.services import ledger
from jobs.worker import run_worker
from tests.faults.situation import arrange
from tests.support import copies
from tests.support.crossing import Crossing, Passage
from tests.support.sandbox import SandboxForTests, private_key
from tests.support.tracing import attach

PATIENCE = 60.0
"""Seconds after which it is given up; nothing is expected to take them."""

Strike = Callable[[Passage], bool]
Tracing = Callable[[int], None]
"""Given the worker's number, before it begins."""

REPLAY = "python -m tests.faults"


@dataclass(frozen=True, slots=True)
class Point:
    """Where a worker is ended: `request:LANE:NUMBER:before` or `after`, or `SYSCALL:NUMBER`."""

    where: str
    number: int
    moment: str = ""

    @property
    def is_request(self) -> bool:
        return self.moment != ""

    def __str__(self) -> str:
        return f"request:{self.where}:{self.number}:{self.moment}" if self.moment else f"{self.where}:{self.number}"

    @classmethod
    def parse(cls, written: str) -> Point:
        parts = written.split(":")
        return cls(parts[1], int(parts[2]), parts[3]) if parts[0] == "request" else cls(parts[0], int(parts[1]))

    def is_at(self, passage: Passage) -> bool:
        return str(self) == f"request:{passage}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be the same whatever happened on the way: counts where doubling would show."""

    effects: Counter[str]
    mails: Counter[str]
    applied: Counter[str]
    recorded: Counter[str]
    guests: dict[str, Any]
    stand_ins: list[str]
    left_over: dict[str, int]
    is_proven: bool

    def differences(self, other: Outcome) -> list[str]:
        found = []
        for name in ("effects", "mails", "applied", "recorded"):
            mine, theirs = getattr(self, name), getattr(other, name)
            found += [f"{name}, too many: {one}" for one in (theirs - mine).elements()]
            found += [f"{name}, missing: {one}" for one in (mine - theirs).elements()]
        for name in ("guests", "stand_ins", "left_over", "is_proven"):
            if getattr(self, name) != getattr(other, name):
                found.append(f"{name}: {getattr(other, name)}, expected {getattr(self, name)}")
        return found


@dataclass(frozen=True, slots=True)
class Ending:
    """How a worker ended: its code (negative for a signal), and how long that took after it was asked to."""

    code: int
    seconds: float
    said: str


class Rehearsal:
    """One folder, one sandbox, one crossing; `again` puts everything back to the beginning."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._world = World()
        self._server = Server(Sandbox(self._world), 0)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.control = SandboxControl(f"http://127.0.0.1:{self._server.port}/")
        self.crossing = Crossing(self.control.url)
        self.passed_until_the_end: list[Passage] = []
        self._config = load_config(self._written_config(), {})
        Database(self._config.database.url).migrate()
        arrange(self._config, self.control)
        shutil.copyfile(self._database_file, folder / "prepared.db")
        state.save(self._world, folder / "prepared.json")

    def close(self) -> None:
        self.crossing.close()
        self.control.close()
        self._server.shutdown()
        self._server.server_close()

    def again(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self._database_file.with_name(f"run.db{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.folder / "prepared.db", self._database_file)
        with self._world.lock:
            self._world.reset()
            state.load(self._world, self.folder / "prepared.json")

    def undisturbed(self) -> tuple[Outcome, list[Passage]]:
        """What one worker does that nobody disturbs, and the requests that it takes."""
        self.again()
        ending = self.worker(lambda _: True)
        assert ending.code == 0, ending.said
        passages = self.passed_until_the_end
        self.settle()
        return self.outcome(), passages

    def killed(self, point: Point) -> tuple[Ending, Outcome]:
        """End a worker at the point without a word to it; what its successors make of it."""
        self.again()
        ending = self.worker(self._killing(point), tracing=None if point.is_request else _killing_at(point))
        self.crossing.wait_until_quiet()
        self.settle()
        return ending, self.outcome()

    def stopped(self, point: Point) -> tuple[Ending, Outcome]:
        """Ask a worker that would go on for ever to stop, while it is at the point."""
        self.again()
        asked: list[float] = []

        def ask(passage: Passage) -> bool:
            if point.is_at(passage):
                asked.append(time.monotonic())
                self._process.send_signal(signal.SIGTERM)
            return True

        ending = self.worker(ask, once=False)
        took = time.monotonic() - asked[0]
        self.crossing.wait_until_quiet()
        self.settle()
        return Ending(ending.code, took, ending.said), self.outcome()

    def worker(self, strike: Strike, *, tracing: Tracing | None = None, once: bool = True) -> Ending:
        """Run one with the words of the command line to its end."""
        self.crossing.begin(strike)
        words = ["--config", str(self._config.path), "worker", *(["--once"] if once else [])]
        self._process = copies.start(
            main,
            words,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"]},
            stdout=copies.DEVNULL,
            stderr=copies.PIPE,
            is_held=True,  # whoever strikes has to know it
        )
        if tracing is not None:
            tracing(self._process.pid)
        self._process.go()
        try:
            _, said = self._process.communicate(timeout=PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
        self.passed_until_the_end = list(self.crossing.passages)
        return Ending(self._process.returncode, 0.0, said)

    def settle(self) -> None:
        """Let successors work until one finds nothing to do, once the leases of the dead one have run out."""
        self._let_leases_run_out()
        deadline = time.monotonic() + PATIENCE
        self.crossing.begin(lambda _: True)
        while True:
            effects = len(self.control.effects())
            assert run_worker(self._config, once=True, stop=threading.Event()) == 0
            if not any(self._left_over().values()) and len(self.control.effects()) == effects:
                return
            assert time.monotonic() < deadline, f"it does not come to rest: {self._left_over()}"
            time.sleep(0.02)

    def _let_leases_run_out(self) -> None:
        """How long that takes is shown by the races; here it has simply passed."""
        with self._database() as database, database.writing() as session:
            session.execute(update(Worker).values(heartbeat_at=datetime(2026, 1, 1, tzinfo=UTC)))

    def outcome(self) -> Outcome:
        effects = [one for one in self.control.effects() if one["act"].startswith("events.")]
        with self._database() as database, database.reading() as session:
            applied = session.execute(text("SELECT event_id, scope, kind, target FROM applied_change"))
            stand_ins = session.execute(
                text("SELECT a.folded FROM stand_in s JOIN address a ON a.person_id = s.person_id")
            )
            rows = session.execute(
                text(
                    "SELECT e.act, p.body_json FROM ledger_entry e JOIN ledger_payload p ON p.entry_id = e.id "
                    "WHERE e.source = 'sync'"
                )
            )
            return Outcome(
                effects=Counter(_effect(one) for one in effects),
                mails=Counter(f"{one['event']} {one['to']}" for one in self.control.outbox() if one["to"]),
                applied=Counter(" ".join(map(str, row)) for row in applied),
                recorded=Counter(_entry(act, body) for act, body in rows if act != "plan-changed"),
                guests={
                    f"{calendar} {event['id']}": _shown(event)
                    for calendar in (cast.CHAIR.address, cast.SCRIBE.address)
                    for event in self.control.events(calendar)
                },
                stand_ins=sorted(str(row[0]) for row in stand_ins),
                left_over=self._left_over(),
                is_proven=all(report.ok for report in ledger.verify(session)),
            )

    @property
    def _database_file(self) -> Path:
        return self.folder / "run.db"

    @contextmanager
    def _database(self) -> Iterator[Database]:
        database = Database(self._config.database.url)
        try:
            yield database
        finally:
            database.dispose()

    def _left_over(self) -> dict[str, int]:
        with self._database() as database, database.reading() as session:
            return {
                "claimed writes": session.execute(text("SELECT count(*) FROM write_intent")).scalar_one(),
                "meetings to look at": session.execute(text("SELECT count(*) FROM meeting WHERE dirty")).scalar_one(),
                "problems": session.execute(
                    text("SELECT count(*) FROM meeting WHERE problem_code IS NOT NULL")
                ).scalar_one(),
            }

    def _killing(self, point: Point) -> Strike:
        def strike(passage: Passage) -> bool:
            if not point.is_at(passage):
                return True
            self._process.kill()
            self._process.wait()
            return False

        return strike

    def _written_config(self) -> Path:
        credentials = SandboxForTests(self.crossing.url, self.control).credentials_file(self.folder)
        # Reading a key proves it, which for one of the usual length takes longer than all that a worker does here.
        account = json.loads(credentials.read_text())
        credentials.write_text(json.dumps({**account, "private_key": private_key(bits=1024)}))
        tables: dict[str, dict[str, Any]] = {
            "site": {"secret_key": "0123456789abcdef0123456789abcdef", "domains": [cast.DOMAIN]},
            "database": {"url": f"sqlite:///{self._database_file.as_posix()}"},
            "google": {"credentials": str(credentials), "api_root": self.crossing.url, "poll_seconds": 1},
        }
        lines = [
            line
            for name, table in tables.items()
            for line in (f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items()))
        ]
        file = self.folder / "config.toml"
        file.write_text("\n".join(lines))
        return file


def request_points(passages: list[Passage]) -> list[Point]:
    return sorted(
        (Point(one.lane, one.number, "after" if one.is_carried_out else "before") for one in passages), key=str
    )


def write_points(rehearsal: Rehearsal, syscall: str) -> list[Point]:
    """One for every such call of the busiest thread: the calls are counted, and so met, by thread."""
    rehearsal.again()
    trace = rehearsal.folder / "trace"
    ending = rehearsal.worker(lambda _: True, tracing=lambda pid: attach(pid, syscall, trace=trace))
    assert ending.code == 0, ending.said
    by_thread = Counter(re.findall(rf"^(\d+) +{syscall}\(", trace.read_text(), re.MULTILINE))
    return [Point(syscall, number) for number in range(1, max(by_thread.values(), default=0) + 1)]


def _killing_at(point: Point) -> Tracing:
    return lambda pid: attach(pid, point.where, point.number)


def _effect(row: dict[str, Any]) -> str:
    """Who came, who went, and what else changed; the order of the guests is none of it."""
    before, after = set(row["before"]), set(row["after"])
    came, gone = sorted(after - before), sorted(before - after)
    return f"{row['calendar']} {row['event']} +{came} -{gone} {[one for one in row['changed'] if one != 'attendees']}"


def _entry(act: str, body: str | None) -> str:
    after = (json.loads(body or "{}") or {}).get("after") or {}
    changes = sorted(f"{one['kind']} {one['target']}" for one in after.get("changes", ()))
    return f"{act} {after.get('event', '')} {changes}"


def _shown(event: dict[str, Any]) -> dict[str, Any]:
    """Of an event what people see of our doing."""
    guests = {
        one["email"]: (one.get("responseStatus"), one.get("optional", False)) for one in event.get("attendees", ())
    }
    rest = {name: event.get(name) for name in ("status", "summary", "description", "guestsCanInviteOthers")}
    return {"guests": guests, **rest}
