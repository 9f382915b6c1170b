"""Where the story is told: a database, a sandbox calendar, and a clock that both follow.

Whatever is written here is written as in life: people use Google's pages, the chair and the scribe use the services,
and between them the reconciler takes its cycles.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.calendar.opening import Google
from governance.calendar.sandbox.client import SandboxControl
from governance.database import Database
from governance.domain.roster import MandateState
from governance.domain.roster_file import COLUMNS, read_roster_file
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.reconcile.judging import Site
from governance.reconcile.ports import CalendarAddress
from governance.reconcile.reconciler import Reconciler
from governance.seed.cast import CHAIR, CURRENCY, SCRIBE, ZONE, Character, Department
from governance.services import (
    adoption,
    approvals,
    charters,
    deputies,
    mandates,
    people,
    roster_import,
    seats,
    settings,
)
from governance.services.recording import today_of
from governance.store import outbox
from governance.store.meetings import meeting_by_slug
from governance.store.pictures import calendar_of_meeting

_DELIVERED = timedelta(seconds=2)

PAGE = "page"
"""The source of what chair and scribe entered."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A meeting and the series it is held in; `calendar` is also who organises it, `away` who declined the next one."""

    slug: str
    calendar: str
    event_id: str
    first_start: datetime
    length: timedelta
    away: tuple[Character, ...] = ()

    def start(self, number: int) -> datetime:
        """When occurrence `number`, from 0, begins: the same time of the day, whatever the season."""
        local = self.first_start.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None) + timedelta(weeks=number)
        return local.replace(tzinfo=ZoneInfo(ZONE))

    def day(self, number: int) -> date:
        return self.start(number).date()

    def instance(self, number: int) -> str:
        """The occurrence's id in the calendar."""
        return f"{self.event_id}_{self.start(number).astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"


class Stage:
    """`now` is what everybody's clock shows; `at` moves it."""

    def __init__(self, database: Database, google: Google, control: SandboxControl, site: Site, now: datetime) -> None:
        self.database = database
        self.control = control
        self.now = now
        self._google = google
        self._reconciler = Reconciler(
            database=database,
            calendars=google.calendar,
            directory=google.directory,
            site=site,
            clock=lambda: self.now,
        )

    def at(self, now: datetime) -> None:
        self.now = now
        self.control.clock(now=now)

    # The calendar

    def series(self, scene: Scene, title: str, guests: Iterable[str | dict[str, Any]], **fields: Any) -> None:
        self.control.create_series(
            scene.calendar,
            title,
            scene.first_start.isoformat(),
            (scene.first_start + scene.length).isoformat(),
            ZONE,
            [f"RRULE:FREQ=WEEKLY;BYDAY={_WEEKDAYS[scene.day(0).weekday()]}"],
            list(guests),
            event_id=scene.event_id,
            **fields,
        )

    def answer(self, scene: Scene, event: str, who: Character, answer: str) -> None:
        self.control.answers(scene.calendar, event, who.address, answer)

    # What chair and scribe do

    def adopt(self, scene: Scene, *, cap: int) -> None:
        address = CalendarAddress(scene.calendar, scene.calendar)
        event = self._google.calendar.get_event(address, scene.event_id)
        if event is None:
            raise LookupError(f"the sandbox has no event {scene.event_id}")
        with self.database.writing() as session:
            self._people(session, (CHAIR, SCRIBE))
            adoption.adopt(
                session,
                slug=scene.slug,
                google_id=scene.calendar,
                subject=scene.calendar,
                event=event,
                actor=self.actor(session, CHAIR),
                now=self.now,
                cap=cap,
                chair=CHAIR.address,
                time_zone=ZONE,
                access_role="owner",
                source=PAGE,
            )

    def roles(self, slug: str, kind: settings.RoleKind, who: Character) -> None:
        with self.meeting(slug) as (session, meeting):
            person = self.person(session, who)
            settings.set_role(
                session, meeting, kind, [person], actor=self.actor(session, CHAIR), now=self.now, source=PAGE
            )

    def charter(self, slug: str, source: str) -> None:
        with self.meeting(slug) as (session, meeting):
            charters.set_charter(session, meeting, source, actor=self.actor(session, CHAIR), now=self.now, source=PAGE)

    def roster(self, slug: str, departments: Iterable[Department], *, until: date | None) -> None:
        """The roster as a file, the way most rosters come; the deputies' mandates are recorded one by one."""
        listed = list(departments)
        with self.meeting(slug) as (session, meeting):
            self._people(session, [one.sponsor for one in listed])
            file = read_roster_file(roster_csv(listed, until), currency=CURRENCY)
            shown = roster_import.preview(session, meeting, file, replace_all=False, today=today_of(meeting, self.now))
            roster_import.apply_import(
                session, meeting, shown, actor=self.actor(session, SCRIBE), now=self.now, source=PAGE
            )
        for one in listed:
            if one.deputy is not None:
                self.mandate(slug, one, one.deputy, until=until)

    def mandate(
        self,
        slug: str,
        department: Department,
        who: Character,
        *,
        since: date | None = None,
        until: date | None,
        is_confirmed: bool = False,
    ) -> None:
        with self.meeting(slug) as (session, meeting):
            mandates.record_mandate(
                session,
                meeting,
                self.seat(session, meeting, department),
                self.person(session, who),
                scope=department.scope,
                limit_minor=None if department.limit is None else department.limit * 100,
                first_day=since,
                last_day=until,
                sponsor=self.person(session, department.sponsor),
                state=MandateState.CONFIRMED if is_confirmed else MandateState.RECORDED,
                actor=self.actor(session, department.sponsor if is_confirmed else SCRIBE),
                now=self.now,
                source=PAGE,
            )

    def hand_over(self, slug: str, department: Department, who: Character, *, why: str) -> None:
        with self.meeting(slug) as (session, meeting):
            seat, person = self.seat(session, meeting, department), self.person(session, who)
            seats.hand_over(
                session,
                meeting,
                seat,
                person,
                actor=self.actor(session, department.sponsor),
                now=self.now,
                source=PAGE,
                why=why,
            )

    def vacate(self, slug: str, department: Department, *, why: str) -> None:
        with self.meeting(slug) as (session, meeting):
            seat = self.seat(session, meeting, department)
            seats.vacate(
                session,
                meeting,
                seat,
                actor=self.actor(session, department.sponsor),
                now=self.now,
                source=PAGE,
                why=why,
            )

    def deputy(self, slug: str, department: Department, who: Character) -> None:
        with self.meeting(slug) as (session, meeting):
            seat, person = self.seat(session, meeting, department), self.person(session, who)
            deputies.name_deputy(
                session, meeting, seat, person, actor=self.actor(session, SCRIBE), now=self.now, source=PAGE
            )

    def approve(self, slug: str) -> None:
        """The chair releases what waits, as it is shown."""
        with self.meeting(slug) as (session, meeting):
            shown = meeting.plan_json or {}
            approvals.approve(
                session,
                meeting,
                shown["checksum"],
                approvals.held_keys(shown),
                by=CHAIR.address,
                source=PAGE,
                now=self.now,
            )

    # The service

    def cycle(self, slug: str) -> None:
        with self.database.reading() as session:
            calendar_id = self._calendar_of(session, slug)
        report = self._reconciler.cycle(calendar_id)
        trouble = report.trouble or next((one.trouble for one in report.meetings if one.trouble), None)
        if trouble is not None:
            raise trouble

    def archive_mails(self, before: datetime) -> int:
        """The mails of the past went out when they were due; how many. Else a delivery would take them for late."""
        with self.database.writing() as session:
            past = outbox.waiting_before(session, before)
            for row in past:
                row.state, row.begun_at, row.sent_at = "sent", row.due_at, row.due_at + _DELIVERED
                row.attempts, row.transport_id = 1, "demo"
            return len(past)

    @contextmanager
    def meeting(self, slug: str) -> Iterator[tuple[Session, Meeting]]:
        """A writing session with the meeting; committed at the end."""
        with self.database.writing() as session:
            yield session, adoption.meeting_named(session, slug)

    def person(self, session: Session, who: Character) -> Person:
        return people.person_named(session, who.address, who.name)

    def actor(self, session: Session, who: Character) -> str:
        """As the ledger names people: by something that can stay when the name is erased."""
        return f"person:{self.person(session, who).id}"

    def seat(self, session: Session, meeting: Meeting, department: Department) -> Seat:
        return seats.seat_of(session, meeting, department.name)

    def _people(self, session: Session, everybody: Iterable[Character]) -> None:
        for who in everybody:
            self.person(session, who)

    def _calendar_of(self, session: Session, slug: str) -> UUID:
        meeting = meeting_by_slug(session, slug)
        found = calendar_of_meeting(session, meeting.id) if meeting is not None else None
        if found is None:
            raise LookupError(f"{slug} was not adopted")
        return found


def roster_csv(departments: Iterable[Department], until: date | None) -> bytes:
    """The departments as a roster file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    for one in departments:
        row: dict[str, object] = {"department": one.name, "sponsor_email": one.sponsor.address}
        if one.delegate is not None:
            row |= {"delegate_name": one.delegate.name, "delegate_email": one.delegate.address}
            if one.scope:
                row |= {"mandate_scope": one.scope, "mandate_limit": one.limit or "", "mandate_until": until or ""}
        if one.deputy is not None:
            row |= {"deputy_name": one.deputy.name, "deputy_email": one.deputy.address}
        writer.writerow(row)
    return text.getvalue().encode()


def next_weekday(now: datetime, *, days_ahead: int, at: time) -> datetime:
    """A working day at least so many days ahead, at that time of the day."""
    day = now.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=days_ahead)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, at, ZoneInfo(ZONE))


_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
