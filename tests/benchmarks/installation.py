"""One calendar under governance, as large as asked for: the real gateway, the real database, a sandbox of its own.

Everything is in order when it is handed over: the events already are what the roster says, so that the first cycle
approves an empty plan and the next one has nothing to do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from governance.calendar.opening import Google, open_google
from governance.calendar.sandbox.client import SandboxControl
from governance.config import Config, load_config
from governance.database import Database
from governance.models.meeting import Meeting
from governance.reconcile.judging import Site
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.observing import Observer
from governance.reconcile.ports import CalendarAddress
from governance.reconcile.reconciler import CycleReport, Reconciler
from governance.services import adoption, mandates, people, seats
from governance.store import pictures
from governance.store.pictures import CalendarToRead
from tests.support.sandbox import SandboxForTests

CHAIR = "chair@example.com"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ZONE = "Europe/Berlin"
FIRST = datetime(2026, 11, 26, 10, tzinfo=ZoneInfo(ZONE))
"""The next occurrence of every series, three days ahead: within the hours of a run nothing falls due."""

WRITES = ("PATCH", "PUT", "POST", "DELETE")
TABLES_OF_THE_WORKER = ("worker",)
_BATCH = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is on the calendar; every event has as many guests as a series has seats.

    Seats are taken in turn from `departments`, so that as many meetings share one as would in a real organisation.
    """

    series: int
    exceptions: int = 0
    foreign: int = 0
    seats: int = 8
    departments: int = 100

    @property
    def events(self) -> int:
        return self.series * (1 + self.exceptions) + self.foreign


@dataclass(slots=True)
class Installation:
    """The governed calendar; `now` is moved by hand, the sandbox's clock stands still."""

    config: Config
    database: Database
    sandbox: SandboxForTests
    google: Google
    size: Size
    now: datetime = NOW
    calendar_id: UUID = field(init=False)
    reconciler: Reconciler = field(init=False)

    def __post_init__(self) -> None:
        self.reconciler = Reconciler(
            database=self.database,
            calendars=self.google.calendar,
            directory=self.google.directory,
            site=Site(frozenset({"example.com"}), "https://meetings.example.com"),
            clock=lambda: self.now,
        )

    @property
    def control(self) -> SandboxControl:
        return self.sandbox.control

    @property
    def observer(self) -> Observer:
        return Observer(self.database, self.google.calendar, lambda: self.now)

    def cycle(self) -> CycleReport:
        report = self.reconciler.cycle(self.calendar_id)
        if report.trouble is not None:
            raise report.trouble
        return report

    def requests(self) -> Counter[str]:
        """What was asked of the calendar since the log was last cleared, by route; tokens are not counted."""
        return Counter(entry["route"] for entry in self.control.log() if "/calendar/v3/" in entry["path"])

    def stored(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, but for the one that a worker updates while there is nothing to do."""
        names = sorted(set(inspect(self.database.engine).get_table_names()) - set(TABLES_OF_THE_WORKER))
        with self.database.engine.connect() as connection:
            return {name: _rows(connection, name) for name in names}

    def to_read(self) -> CalendarToRead:
        with self.database.reading() as session:
            found = pictures.calendar_to_read(session, self.calendar_id)
        if found is None:
            raise LookupError("the calendar is gone")
        return found

    def close(self) -> None:
        self.google.close()
        self.database.dispose()


def slug_of(number: int) -> str:
    return f"meeting-{number}"


def series_id(number: int) -> str:
    return f"series{number:05}"


def occurrence_id(number: int, week: int = 0) -> str:
    start = (FIRST + timedelta(weeks=week)).astimezone(UTC)  # the wall time is kept through daylight saving
    return f"{series_id(number)}_{start:%Y%m%dT%H%M%SZ}"


def delegate(number: int) -> str:
    return f"delegate{number:03}@example.com"


@contextmanager
def running_sandbox() -> Iterator[SandboxForTests]:
    """A sandbox in a process of its own: what it costs is not counted as ours."""
    command = [sys.executable, "-m", "governance.calendar.sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the sandbox has no output")
        url = json.loads(process.stdout.readline())["url"]
        sandbox = SandboxForTests(url, SandboxControl(url))
        try:
            yield sandbox
        finally:
            sandbox.close_services()
            sandbox.control.close()
            process.terminate()


@contextmanager
def installed(sandbox: SandboxForTests, folder: Path, size: Size) -> Iterator[Installation]:
    """An installation in order, in a folder of its own; the sandbox's world begins anew."""
    _fill(sandbox.control, size)
    config = _configured(sandbox, folder)
    database = Database(config.database.url)
    database.migrate()
    installation = Installation(config, database, sandbox, open_google(config), size)
    try:
        _adopt_everything(installation)
        installation.cycle()
        installation.cycle()  # whatever the first one wrote comes back once
        installation.control.clear_log()
        yield installation
    finally:
        installation.close()


def _fill(control: SandboxControl, size: Size) -> None:
    control.reset()
    control.clock(now=NOW, frozen=True)
    control.seed(users=[{"email": CHAIR, "name": "Carla Chair"}])
    wanted = list(_wanted(size))
    for begin in range(0, len(wanted), _BATCH):
        control.create_many(wanted[begin : begin + _BATCH])
    for number in range(size.series):
        for week in range(size.exceptions):
            control.answers(CHAIR, occurrence_id(number, week), delegate(number % size.departments), "accepted")
    control.clear_log()


def _wanted(size: Size) -> Iterator[dict[str, Any]]:
    weekly = ["RRULE:FREQ=WEEKLY;BYDAY=TH"]
    for number in range(size.series):
        yield {
            **_event(number, size),
            "event_id": series_id(number),
            "recurrence": weekly,
            "guestsCanInviteOthers": False,
        }
    for number in range(size.foreign):
        yield {**_event(number, size), "event_id": f"foreign{number:05}"}


def _event(number: int, size: Size) -> dict[str, Any]:
    return {
        "calendar": CHAIR,
        "summary": f"Decision meeting {number}",
        "start": FIRST.isoformat(),
        "end": (FIRST + timedelta(hours=1)).isoformat(),
        "time_zone": ZONE,
        "guests": [{"email": delegate(one), "displayName": f"Delegate {one}"} for one in _seated(number, size)],
        "description": f"Agenda of meeting {number}: what was promised, what is due, what is to be decided. " * 4,
        "location": "Room 7",
    }


def _seated(number: int, size: Size) -> list[int]:
    """Departments, and with the same numbers their delegates."""
    return [(number + seat) % size.departments for seat in range(size.seats)]


def _configured(sandbox: SandboxForTests, folder: Path) -> Config:
    credentials = sandbox.credentials_file(folder)
    written: dict[str, dict[str, Any]] = {
        "site": {"secret_key": "0123456789abcdef0123456789abcdef", "domains": ["example.com"]},
        "google": {"credentials": credentials.name, "subject": CHAIR, "api_root": sandbox.url},
    }
    path = folder / "config.toml"
    path.write_text("\n".join(_toml(table, keys) for table, keys in written.items()))
    return load_config(path, {})


def _toml(table: str, keys: Mapping[str, Any]) -> str:
    return "".join([f"[{table}]\n", *(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())])


def _adopt_everything(installation: Installation) -> None:
    """In one transaction: a thousand meetings would otherwise spend their time in waiting for the disk."""
    address = CalendarAddress(CHAIR, CHAIR)
    listing = installation.google.calendar.list_changes(address, sync_token=None, concerns=lambda *_: True)
    series = sorted((event.read() for event in listing.events if event.is_recurring), key=lambda event: event.id)
    with installation.database.writing() as session:
        for number, event in enumerate(series):
            _adopt(session, number, event, installation.size)
    with installation.database.reading() as session:
        [installation.calendar_id] = pictures.calendars_with_meetings(session)


def _adopt(session: Session, number: int, event: ObservedEvent, size: Size) -> None:
    meeting = adoption.adopt(
        session, slug=slug_of(number), google_id=CHAIR, subject=CHAIR, event=event, actor="bench", now=NOW
    )
    for department in _seated(number, size):
        _seat(session, meeting, department)


def _seat(session: Session, meeting: Meeting, department: int) -> None:
    seat = seats.open_seat(session, meeting, f"Department {department}", actor="bench", now=NOW)
    person = people.person_named(session, delegate(department), f"Delegate {department}")
    seats.appoint(session, meeting, seat, person, actor="bench", now=NOW)
    mandates.record_mandate(session, meeting, seat, person, scope="everything", actor="bench", now=NOW)


def _rows(connection: Any, table: str) -> list[tuple[Any, ...]]:
    return sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{table}"')), key=repr)  # noqa: S608 – our own
