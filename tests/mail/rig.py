"""A post office for tests: rows of the outbox, a way out, and one worker's deliverer over them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from governance.database import Database
from governance.mail.building import build
from governance.mail.deciding import Policy
from governance.mail.delivering import Build, Deliverer
from governance.mail.facts import Attention, Facts, RemovedOutsider
from governance.mail.ports import Outcome, Sent, Transport, Unreachable
from governance.mail.ready import Ready
from governance.models.outbox import Outbox
from governance.models.worker import Worker
from governance.services import outbox
from governance.services.mail_context import Office
from governance.store.clock import database_now

SENDER = "Decisions <meetings@example.com>"
NOTE = RemovedOutsider(when=None, contact="chair@example.com")
URGENT = Attention(problems=[])
ADMINS = (*(f"person{one:04}@example.com" for one in range(200)), "ops@example.com", "a@example.com", "b@example.com")


@dataclass
class Way:
    """A transport whose answers a test decides; it keeps what it has accepted."""

    can_be_asked: bool = False
    answer: Callable[[Ready], Outcome] = lambda _: Sent("ok")
    away: Unreachable | None = None
    sent: list[Ready] = field(default_factory=list)
    connections: int = 0
    asked: list[str] = field(default_factory=list)

    def connect(self) -> Way:
        if self.away is not None:
            raise self.away
        self.connections += 1
        return self

    def __enter__(self) -> Way:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def send(self, ready: Ready) -> Outcome:
        outcome = self.answer(ready)
        if isinstance(outcome, Sent):
            self.sent.append(ready)
        return outcome

    def find(self, message_id: str) -> Sent | bool | None:
        self.asked.append(message_id)
        return Sent("found") if message_id in {one.message_id for one in self.sent} else None

    @property
    def recipients(self) -> list[str]:
        return [one.recipient for one in self.sent]


@dataclass
class Rig:
    database: Database
    office: Office
    worker: str = "worker-1"

    def post(self, *addresses: str, facts: Facts = NOTE, **more: Any) -> list[UUID]:
        with self.database.writing() as session:
            now = more.pop("now", None) or database_now(session)
            made = [outbox.post(session, facts, about="x", to=one, now=now, **more) for one in addresses]
            return [one.id for one in made if one is not None]

    def deliverer(self, way: Transport, *, build: Build = build, worker: str | None = None) -> Deliverer:
        """Of a worker that lives."""
        name = worker or self.worker
        self.note_alive(name)
        policy = replace(self.office.policy, can_be_asked=way.can_be_asked)
        office = replace(self.office, policy=policy)
        return Deliverer(self.database, way, build, office, worker=name, stopping=threading.Event())

    def deliver(self, way: Transport) -> int:
        return self.deliverer(way).deliver()

    def note_alive(self, name: str, *, seconds_ago: float = 0.0) -> None:
        with self.database.writing() as session:
            at = database_now(session) - timedelta(seconds=seconds_ago)
            row = session.scalar(select(Worker).where(Worker.name == name))
            if row is None:
                row = Worker(name=name, started_at=at, heartbeat_at=at, detail_json={})
                session.add(row)
            row.heartbeat_at = at

    def change(self, **values: Any) -> None:
        """Every row."""
        with self.database.writing() as session:
            session.execute(update(Outbox).values(**values))

    def let_time_pass(self) -> None:
        """What waits to be tried again is due."""
        with self.database.writing() as session:
            past = datetime(2026, 1, 1, tzinfo=UTC)
            session.execute(update(Outbox).where(Outbox.retry_at.is_not(None)).values(retry_at=past))

    def rows(self) -> list[Outbox]:
        with self.database.reading() as session:
            return list(session.scalars(select(Outbox).order_by(Outbox.id)))

    def row(self, address: str) -> Outbox:
        return next(one for one in self.rows() if one.address == address)

    def states(self) -> Counter[str]:
        return Counter(one.state for one in self.rows())

    def with_limit(self, limit: int) -> Rig:
        return replace(self, office=replace(self.office, daily_limit=limit))

    def asking_people(self) -> Rig:
        return replace(self, office=replace(self.office, policy=Policy(can_be_asked=False, resends=False)))


def office() -> Office:
    return Office(
        site="Decisions",
        public_url="https://meetings.example.com",
        secret_key="0123456789abcdef0123456789abcdef",
        time_zone="Europe/Berlin",
        currency="EUR",
        sender=SENDER,
        reply_to=None,
        daily_limit=1500,
        policy=Policy(can_be_asked=False, resends=True),
        admins=ADMINS,
    )


def people(number: int, *, first: int = 0) -> Iterable[str]:
    return [f"person{one:04}@example.com" for one in range(first, first + number)]
