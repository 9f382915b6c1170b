"""A crowd of workers as processes, and the offices they look after."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from governance import cli
from governance.models.calendar import Calendar
from governance.models.lease import Lease
from governance.models.worker import Worker
from governance.seed import cast
from governance.seed.cast import DOMAIN
from tests.jobs.conftest import Office
from tests.support import copies, hurried

OWNERS = tuple(
    who for who in cast.EVERYBODY if who.address.endswith(f"@{DOMAIN}") and who not in (cast.AMARA, cast.HENRIK)
)
PATIENCE = 60.0


@dataclass
class Crowd:
    """Workers by name of their process; `hurried` ones have leases a tenth as long."""

    office: Office
    hurried: bool = True
    processes: list[copies.Copy] = field(default_factory=list)

    def start(self) -> copies.Copy:
        words = ["--config", str(self.office.config.path), "worker"]
        begin = hurried.main if self.hurried else cli.main
        process = copies.start(begin, words, stderr=copies.DEVNULL, env={"PATH": os.environ["PATH"]})
        self.processes.append(process)
        return process

    def kill(self, process: copies.Copy) -> None:
        process.kill()
        process.communicate()
        self.processes.remove(process)

    def end(self) -> None:
        for process in list(self.processes):
            process.send_signal(signal.SIGCONT)
            self.kill(process)

    def holders(self) -> dict[str, int]:
        """Google's id of each calendar that is held, and the process that holds it."""
        with self.office.database.reading() as session:
            rows = session.execute(
                select(Calendar.google_id, Worker.name)
                .join(Lease, Lease.calendar_id == Calendar.id)
                .join(Worker, Worker.id == Lease.worker_id)
            )
            return {google_id: int(name.split("-")[-2]) for google_id, name in rows}

    def held_by(self, process: copies.Copy) -> set[str]:
        return {calendar for calendar, pid in self.holders().items() if pid == process.pid}


@contextmanager
def crowd_of(office: Office, number: int, *, hurried: bool = True) -> Iterator[Crowd]:
    crowd = Crowd(office, hurried)
    try:
        for _ in range(number):
            crowd.start()
        yield crowd
    finally:
        crowd.end()


def open_offices(office: Office, number: int) -> list[str]:
    """So many meetings in order, each on a calendar of its own; their slugs."""
    slugs = [f"meeting-{place}" for place in range(number)]
    for slug, owner in zip(slugs, OWNERS, strict=False):
        office.open_meeting(slug, owner)
    return slugs


def forward(office: Office, slug: str, number: int) -> str:
    """Another stranger each time, so that every effect on them can be counted."""
    scene, address = office.scenes[slug], f"stranger-{number}@{DOMAIN}"
    office.control.forward(scene.calendar, scene.event_id, cast.AMARA.address, address)
    return address


def is_invited(office: Office, slug: str, address: str) -> bool:
    scene = office.scenes[slug]
    return address in {guest["email"] for guest in office.control.event(scene.calendar, scene.event_id)["attendees"]}


def removals(office: Office, address: str) -> int:
    """How often this guest really left an organiser's event."""
    rows = (row for row in office.control.effects() if row["act"] != "forward")
    return sum(1 for row in rows if address in row["before"] and address not in row["after"])


def calendar_id(office: Office, slug: str) -> UUID:
    with office.database.reading() as session:
        found = session.scalar(select(Calendar.id).where(Calendar.google_id == office.scenes[slug].calendar))
    assert found is not None
    return found


def wait_for(condition: Callable[[], bool], why: str, *, seconds: float = PATIENCE) -> float:
    """The seconds that it took."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() < begun + seconds, why
        time.sleep(0.02)
    return time.monotonic() - begun
