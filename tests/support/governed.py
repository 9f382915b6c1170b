"""A governed meeting against the sandbox calendar: the real gateway, the real database, a clock of its own.

Everything is entered as people would: the calendar through what its users do, the roster through the
services. Nothing of it reaches into the reconciler.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from governance.calendar.opening import Google, open_google
from governance.calendar.retrying import RetryPolicy
from governance.config import Config
from governance.config.model import Google as GoogleSettings
from governance.config.model import Site as SiteSettings
from governance.database import Database
from governance.domain.roster import Roster
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.reconcile.judging import Judgement, Site
from governance.reconcile.ports import CalendarAddress
from governance.reconcile.reconciler import CycleReport, MeetingReport, Reconciler
from governance.services import (
    adoption,
    approvals,
    charters,
    deputies,
    guests,
    mandates,
    occurrences,
    people,
    seats,
    settings,
)
from governance.store import pictures, standing
from governance.store.meetings import meeting_by_slug
from tests.support.sandbox import SandboxForTests

CHAIR = "chair@example.com"
SLUG = "steering"
ZONE = "Europe/Berlin"
SERIES = "weeklysteering"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
NEXT_THURSDAY = THURSDAY + timedelta(days=7)
DELEGATES = {"Finance": "amara@example.com", "Legal": "henrik@example.com", "IT Security": "mei@example.com"}
DEPUTIES = {"Finance": "jonas@example.com", "Legal": "tomas@example.com"}
CHARTER = 'short = "We decide for the customers."\n'
STRANGER = "stranger@elsewhere.org"


def occurrence_id(start: datetime) -> str:
    return f"{SERIES}_{start:%Y%m%dT%H%M%SZ}"


@dataclass
class Governed:
    """One adopted meeting; `clock` is moved by hand and the sandbox's with it."""

    database: Database
    sandbox: SandboxForTests
    google: Google
    reconciler: Reconciler
    now: datetime = NOW
    services: tuple[str, ...] = ("calendar",)
    acts_before: int = 0
    calendar_id: UUID = field(init=False)
    meeting_id: UUID = field(init=False)

    @property
    def control(self) -> Any:
        return self.sandbox.control

    def adopt(self, event_id: str = SERIES, slug: str = SLUG) -> None:
        address = CalendarAddress(CHAIR, CHAIR)
        event = self.google.calendar.get_event(address, event_id)
        assert event is not None
        with self.database.writing() as session:
            meeting = adoption.adopt(
                session, slug=slug, google_id=CHAIR, subject=CHAIR, event=event, actor="test", now=self.now
            )
            charters.set_charter(session, meeting, CHARTER, actor="test", now=self.now)
            session.flush()
            self.meeting_id = meeting.id
            calendar_id = pictures.calendar_of_meeting(session, meeting.id)
            assert calendar_id is not None
            self.calendar_id = calendar_id

    def relink(self, event_id: str) -> None:
        event = self.google.calendar.get_event(CalendarAddress(CHAIR, CHAIR), event_id)
        assert event is not None
        with self.database.writing() as session:
            adoption.relink(
                session,
                self.meeting(session),
                google_id=CHAIR,
                subject=CHAIR,
                event=event,
                actor="test",
                now=self.now,
            )

    def seat_everybody(self) -> None:
        for department, address in DELEGATES.items():
            self.appoint(department, address)
        for department, address in DEPUTIES.items():
            self.deputy(department, address)

    def appoint(self, department: str, address: str, *, mandated: bool = True) -> None:
        with self.database.writing() as session:
            meeting = self.meeting(session)
            seat = seats.open_seat(session, meeting, department, actor="test", now=self.now)
            person = people.person_named(session, address, address.partition("@")[0].title())
            seats.appoint(session, meeting, seat, person, actor="test", now=self.now)
            if mandated:
                mandates.record_mandate(
                    session, meeting, seat, person, scope="whatever it takes", actor="test", now=self.now
                )

    def deputy(self, department: str, address: str, *, mandated: bool = True) -> None:
        with self.database.writing() as session:
            meeting = self.meeting(session)
            seat = seats.seat_of(session, meeting, department)
            person = people.person_named(session, address, address.partition("@")[0].title())
            deputies.name_deputy(session, meeting, seat, person, actor="test", now=self.now)
            if mandated:
                mandates.record_mandate(
                    session, meeting, seat, person, scope="whatever it takes", actor="test", now=self.now
                )

    def stand_in(self, department: str, address: str, day: date) -> None:
        with self.database.writing() as session:
            meeting = self.meeting(session)
            seat = seats.seat_of(session, meeting, department)
            person = people.person_named(session, address, "")
            occurrence = occurrences.occurrence_on(session, meeting, day, now=self.now)
            deputies.stand_in(session, meeting, seat, occurrence, person, actor="test", now=self.now)

    def vacate(self, department: str) -> None:
        with self.database.writing() as session:
            meeting = self.meeting(session)
            seat = seats.seat_of(session, meeting, department)
            seats.vacate(session, meeting, seat, actor="test", now=self.now)

    def visitor(self, address: str, day: date) -> None:
        with self.database.writing() as session:
            meeting = self.meeting(session)
            occurrence = occurrences.occurrence_on(session, meeting, day, now=self.now)
            person = people.person_named(session, address, "")
            guests.admit_visitor(session, meeting, occurrence, person, reason="audit", actor="test", now=self.now)

    def mode(self, code: str, mode: str) -> None:
        with self.database.writing() as session:
            settings.set_rule_mode(session, self.meeting(session), code, mode, actor="test", now=self.now)

    def meeting(self, session: Any) -> Meeting:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return meeting

    def stored(self) -> Meeting:
        with self.database.reading() as session:
            return standing.meeting_row(session, self.meeting_id)

    def cycle(self, *, also: tuple[UUID, ...] = ()) -> MeetingReport | None:
        """One cycle; the report of this meeting, or None where nothing called for looking at it."""
        report = self.cycle_report(also=also)
        assert report.trouble is None, report.trouble
        return next((one for one in report.meetings if one.meeting == SLUG), None)

    def cycle_report(self, *, also: tuple[UUID, ...] = ()) -> CycleReport:
        return self.reconciler.cycle(self.calendar_id, also=also)

    def look(self) -> Judgement:
        return self.reconciler.look(self.meeting_id)

    def approve(self) -> None:
        plan = self.look().plan
        assert plan is not None
        assert plan.checksum is not None
        with self.database.writing() as session:
            approvals.approve(
                session,
                self.meeting(session),
                plan.checksum,
                plan.keys_for_approval,
                by=CHAIR,
                source="test",
                now=self.now,
            )

    def bring_in_order(self) -> None:
        """Adopted, seated, the first plan approved and written; gone back to where nothing happened before."""
        is_untouched = self._is_untouched()
        if is_untouched and self.services in _IN_ORDER:
            _IN_ORDER[self.services].go_back(self)
            return
        self._bring_in_order()
        if is_untouched:
            _IN_ORDER[self.services] = _InOrder.of(self)

    def _is_untouched(self) -> bool:
        """Nobody has done anything yet, neither in the calendar nor in the database, which is a file."""
        if self.database.file is None or self.control.acts != self.acts_before or self.now != NOW:
            return False
        with self.database.reading() as session:
            return not session.query(Person.id).first()

    def _bring_in_order(self) -> None:
        self.adopt()
        self.seat_everybody()
        self.cycle()
        if self.stored().plan_json["checksum"]:
            self.approve()
            self.cycle()
        self.control.clear_log()

    def advance(self, by: timedelta) -> None:
        self.now += by
        self.control.clock(now=self.now)

    def event(self, event_id: str = SERIES) -> dict[str, Any]:
        return self.control.event(CHAIR, event_id)

    def guests(self, event_id: str = SERIES) -> set[str]:
        return {entry["email"] for entry in self.event(event_id).get("attendees", [])}

    def writes(self) -> list[dict[str, Any]]:
        return [
            one for one in self.control.log() if one["method"] in ("PATCH", "PUT", "POST", "DELETE") and _is_v3(one)
        ]

    def roster(self) -> Roster:
        with self.database.reading() as session:
            from governance.store.rosters import load_roster

            return load_roster(session, self.meeting(session), on=self.now.date())


@dataclass(frozen=True, slots=True)
class _InOrder:
    """The database and the calendar of a meeting that was brought in order."""

    rows: bytes
    world: dict[str, Any]
    meeting_id: UUID
    calendar_id: UUID

    @classmethod
    def of(cls, governed: Governed) -> _InOrder:
        governed.database.dispose()  # the file is complete by itself then
        assert governed.database.file is not None
        world = governed.control.written()
        return cls(governed.database.file.read_bytes(), world, governed.meeting_id, governed.calendar_id)

    def go_back(self, governed: Governed) -> None:
        governed.database.dispose()
        assert governed.database.file is not None
        governed.database.file.write_bytes(self.rows)
        governed.control.take(self.world)
        governed.google.calendar.get_event(CalendarAddress(CHAIR, CHAIR), SERIES)  # has a token from now on
        governed.control.clear_log()
        governed.meeting_id, governed.calendar_id = self.meeting_id, self.calendar_id


_IN_ORDER: dict[tuple[str, ...], _InOrder] = {}
"""By the services that the configuration names, once a run."""


def _is_v3(logged: dict[str, Any]) -> bool:
    return "/calendar/v3/" in logged["path"]


@pytest.fixture
def governed(sqlite_database: Database, sandbox: SandboxForTests, tmp_path: Path) -> Iterator[Governed]:
    """The meeting before adoption: a weekly event with the chair and three delegates as guests."""
    yield from _governed(sqlite_database, sandbox, tmp_path)


@pytest.fixture
def governed_on_both(database: Database, sandbox: SandboxForTests, tmp_path: Path) -> Iterator[Governed]:
    yield from _governed(database, sandbox, tmp_path)


@pytest.fixture
def governed_with_directory(sqlite_database: Database, sandbox: SandboxForTests, tmp_path: Path) -> Iterator[Governed]:
    yield from _governed(sqlite_database, sandbox, tmp_path, services=("calendar", "directory"))


@contextmanager
def make_governed(template: Path, sandbox: SandboxForTests, folder: Path) -> Iterator[Governed]:
    """The same outside of a fixture, for tests that try many histories."""
    path = folder / "governance.db"
    shutil.copyfile(template, path)
    database = Database(f"sqlite:///{path.as_posix()}")
    yield from _governed(database, sandbox, folder)
    database.dispose()


def _governed(
    database: Database, sandbox: SandboxForTests, folder: Path, services: tuple[str, ...] = ("calendar",)
) -> Iterator[Governed]:
    sandbox.control.clock(now=NOW, frozen=True)
    sandbox.control.seed(users=[{"email": CHAIR, "name": "Carla Chair", "admin": True}, *_users()])
    sandbox.control.create_series(
        CHAIR,
        "Steering",
        "2026-01-08T10:00:00+01:00",
        "2026-01-08T11:00:00+01:00",
        ZONE,
        ["RRULE:FREQ=WEEKLY;BYDAY=TH"],
        list(DELEGATES.values()),
        event_id=SERIES,
        description="Bring coffee.",
    )
    config = Config(
        path=folder / "config.toml",
        site=SiteSettings(secret_key="0123456789abcdef0123456789abcdef"),
        google=GoogleSettings(
            credentials=sandbox.credentials_file(folder), subject=CHAIR, api_root=sandbox.url, services=services
        ),
    )
    google = open_google(config, retries=RetryPolicy(first_wait=0.001))
    holder: list[Governed] = []
    reconciler = Reconciler(
        database=database,
        calendars=google.calendar,
        directory=google.directory,
        site=Site(frozenset({"example.com"}), "https://meetings.example.com"),
        clock=lambda: holder[0].now,
    )
    holder.append(Governed(database, sandbox, google, reconciler, services=services, acts_before=sandbox.control.acts))
    yield holder[0]
    google.close()


def _users() -> list[dict[str, Any]]:
    everybody = {**DELEGATES, **{f"{name} deputy": address for name, address in DEPUTIES.items()}}
    return [{"email": address} for address in everybody.values()]
