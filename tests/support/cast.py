"""A small cast and a meeting that is set up for it: everybody has a name, an address and a department.

`Stage` builds a meeting in a database with one line a fact, through the services that the product itself uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.roster import Roster
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.reconcile.observed import Guest, ObservedEvent
from governance.services import adoption, deputies, mandates, people, seats
from governance.store.meetings import meeting_by_slug
from governance.store.rosters import load_roster

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday morning; the meeting is on Tuesdays at nine in Berlin."""

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
TUESDAY = date(2026, 3, 3)
NEXT_TUESDAY = date(2026, 3, 10)
SLUG = "weekly"
CALENDAR = "chair@example.com"
ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Character:
    name: str
    address: str
    department: str = ""


CHAIR = Character("Carla Chair", "chair@example.com")
SCRIBE = Character("Sven Scribe", "scribe@example.com")
ANN = Character("Ann Adler", "ann@example.com", "Finance")
BOB = Character("Bob Brandt", "bob@example.com", "Legal")
CEM = Character("Cem Can", "cem@example.com", "Sales")
DORA = Character("Dora Dahl", "dora@example.com", "Finance")
EMIL = Character("Emil Ehrlich", "emil@example.com", "Legal")
FAY = Character("Fay Farah", "fay@example.com", "Finance")
"""Fay heads Finance: she is its sponsor, never its delegate."""
OUTSIDER = Character("Olga Outside", "olga@elsewhere.example")


def weekly_event(event_id: str = "weekly-event", **more: Any) -> ObservedEvent:
    """The series as its calendar holds it: Tuesdays, nine to ten in Berlin, with the chair alone on it."""
    start = datetime(2026, 1, 6, 8, 0, tzinfo=UTC)
    values: dict[str, Any] = {
        "id": event_id,
        "etag": '"1"',
        "summary": "Decision meeting",
        "recurrence": ("RRULE:FREQ=WEEKLY;BYDAY=TU",),
        "start": start,
        "end": start + timedelta(hours=1),
        "time_zone": ZONE,
        "organizer": CALENDAR,
        "organizer_is_calendar": True,
        "guests": (Guest(address=CHAIR.address, organizer=True, answer="accepted"),),
    }
    return ObservedEvent(**(values | more))


@dataclass(slots=True)
class Stage:
    """One meeting within one writing session."""

    session: Session
    meeting: Meeting
    now: datetime = NOW
    actor: str = "test"
    _seats: dict[str, Seat] = field(default_factory=dict)

    def person(self, who: Character) -> Person:
        return people.person_named(self.session, who.address, who.name)

    def seat(self, department: str) -> Seat:
        return seats.open_seat(self.session, self.meeting, department, actor=self.actor, now=self.now)

    def appoint(self, who: Character, department: str | None = None, **more: Any) -> Seat:
        seat = self.seat(department or who.department)
        seats.appoint(self.session, self.meeting, seat, self.person(who), actor=self.actor, now=self.now, **more)
        return seat

    def mandate(self, who: Character, department: str | None = None, **more: Any) -> None:
        values = {"scope": "Everything within the budget", **more}
        seat = self.seat(department or who.department)
        mandates.record_mandate(
            self.session, self.meeting, seat, self.person(who), actor=self.actor, now=self.now, **values
        )

    def delegate(self, who: Character, department: str | None = None) -> Seat:
        """Appointed, and with a mandate without an end."""
        seat = self.appoint(who, department)
        self.mandate(who, department)
        return seat

    def deputy(self, who: Character, department: str | None = None) -> None:
        seat = self.seat(department or who.department)
        deputies.name_deputy(self.session, self.meeting, seat, self.person(who), actor=self.actor, now=self.now)

    def roster(self) -> Roster:
        return load_roster(self.session, self.meeting, on=TODAY)


def adopt_weekly(session: Session, *, slug: str = SLUG, cap: int = 12, event_id: str = "weekly-event") -> Meeting:
    """The weekly meeting, newly adopted, with its chair and an empty roster."""
    return adoption.adopt(
        session,
        slug=slug,
        google_id=CALENDAR,
        subject=CALENDAR,
        event=weekly_event(event_id),
        actor="test",
        now=NOW,
        cap=cap,
        chair=CHAIR.address,
    )


@contextmanager
def on_stage(database: Database, *, slug: str = SLUG, cap: int = 12) -> Iterator[Stage]:
    """The meeting in a writing session, adopted when it is not there yet; committed at the end."""
    with database.writing() as session:
        meeting = meeting_by_slug(session, slug) or adopt_weekly(session, slug=slug, cap=cap, event_id=f"event-{slug}")
        yield Stage(session, meeting)


def roster_now(database: Database, slug: str = SLUG, on: date = TODAY) -> Roster:
    with database.reading() as session:
        meeting = meeting_by_slug(session, slug)
        assert meeting is not None
        return load_roster(session, meeting, on=on)


def who_holds(roster: Roster, on: date = TODAY) -> dict[str, str | None]:
    """Department → address of the delegate that day."""
    holders = ((seat.department, seat.delegate(on)) for seat in roster.seats)
    return {department: roster.people[one].address if one else None for department, one in holders}
