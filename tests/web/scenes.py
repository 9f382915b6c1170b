"""Meetings in the states that the page has to show, made by the services and the reconciler themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.roster import MandateState
from governance.models import Meeting, Outbox, Quarantine, Worker
from governance.models.identifiers import new_id
from governance.reconcile.judging import Site
from governance.reconcile.observed import Guest, ObservedEvent
from governance.reconcile.reconciler import Reconciler
from governance.seed.charters import customer_decisions, customer_decisions_at_first
from governance.services import adoption, approvals, deputies, guests, mandates, occurrences, people, seats, settings
from governance.services.charters import set_charter
from governance.store.meetings import meeting_by_slug
from governance.store.pictures import calendar_of_meeting
from tests.web.memory_calendar import MemoryCalendar
from tests.web.once import once

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""A Monday; the meeting is on Thursdays at ten in Berlin."""

CHAIR = "helena.marsh@example.com"
SCRIBE = "tom.field@example.com"
ADMIN = "ops@example.com"
ZONE = "Europe/Berlin"
SLUG = "leadership"

Delegate = tuple[str, str, str]

CAST: tuple[Delegate, ...] = (
    ("Finance", "Amara Okafor", "amara.okafor@example.com"),
    ("Operations", "Anna Meier", "anna.meier@example.com"),
    ("Legal", "Henrik Sørensen", "henrik.sorensen@example.com"),
    ("People & Culture", "Priya Raman", "priya.raman@example.com"),
    ("IT Security", "Ivo Kovač", "ivo.kovac@example.com"),
    ("Customer Support", "Łucja Wiśniewska", "lucja.wisniewska@example.com"),
    ("Research", "Dr. Elif Aydın", "elif.aydin@example.com"),
)


@dataclass(slots=True)
class Scene:
    """One installation with a calendar in memory; every step goes through the product's own services."""

    database: Database
    now: datetime = NOW
    calendar: MemoryCalendar = field(default_factory=MemoryCalendar)

    def adopt(self, slug: str = SLUG, name: str = "Group Steering Meeting", *, cap: int = 12) -> None:
        start = _a_thursday_before(self.now)
        own = (Guest(address=CHAIR, name="Helena Marsh", organizer=True, answer="accepted"),)
        event = ObservedEvent(
            id=f"event-{slug}",
            etag='"0"',
            summary=name,
            recurrence=("RRULE:FREQ=WEEKLY;BYDAY=TH",),
            start=start,
            end=start + timedelta(hours=1),
            time_zone=ZONE,
            organizer=CHAIR,
            organizer_is_calendar=True,
            guests=own,
        )
        self.calendar.put(event)
        with self.database.writing() as session:
            people.person_named(session, CHAIR, "Helena Marsh")
            meeting = adoption.adopt(
                session, slug=slug, google_id=CHAIR, subject=CHAIR, event=event, actor="test", now=self.now, cap=cap,
                chair=CHAIR, access_role="owner",
            )  # fmt: skip
            scribe = people.person_named(session, SCRIBE, "Tom Field")
            settings.set_role(session, meeting, _scribe(), [scribe], actor="test", now=self.now)
        self.heartbeat()

    def roster(
        self, cast: tuple[Delegate, ...] = CAST, slug: str = SLUG, *, without_mandate: tuple[str, ...] = ()
    ) -> None:
        with self.database.writing() as session:
            meeting = _meeting(session, slug)
            for department, name, address in cast:
                seat = seats.open_seat(session, meeting, department, actor="test", now=self.now)
                person = people.person_named(session, address, name)
                seats.appoint(session, meeting, seat, person, actor="test", now=self.now)
                if department not in without_mandate:
                    self._mandate(session, meeting, department, address)

    def mandate(self, department: str, address: str, slug: str = SLUG, **more: Any) -> None:
        with self.database.writing() as session:
            self._mandate(session, _meeting(session, slug), department, address, **more)

    def deputy(self, department: str, name: str, address: str, slug: str = SLUG) -> None:
        with self.database.writing() as session:
            meeting = _meeting(session, slug)
            seat = seats.seat_of(session, meeting, department)
            person = people.person_named(session, address, name)
            deputies.name_deputy(session, meeting, seat, person, actor="test", now=self.now)

    def vacant(self, department: str, slug: str = SLUG) -> None:
        with self.database.writing() as session:
            seats.open_seat(session, _meeting(session, slug), department, actor="test", now=self.now)

    def visitor(self, name: str, address: str, reason: str, slug: str = SLUG) -> None:
        with self.database.writing() as session:
            meeting = _meeting(session, slug)
            found = occurrences.next_occurrence(session, meeting, self.now)
            assert found is not None
            occurrence = occurrences.kept_occurrence(session, found)
            person = people.person_named(session, address, name)
            guests.admit_visitor(session, meeting, occurrence, person, reason=reason, actor="test", now=self.now)

    def cycle(self, slug: str = SLUG) -> None:
        """What the worker would do now."""
        with self.database.reading() as session:
            meeting_id = _meeting(session, slug).id
            calendar_id = calendar_of_meeting(session, meeting_id)
        assert calendar_id is not None
        site = Site(domains=frozenset({"example.com"}), public_url="http://localhost:8080")
        reconciler = Reconciler(
            database=self.database, calendars=self.calendar, directory=None, site=site, clock=lambda: self.now
        )
        report = reconciler.cycle(calendar_id, also=[meeting_id])
        assert report.trouble is None, report
        assert [one for one in report.meetings if one.failed or one.trouble] == [], report

    def approve(self, slug: str = SLUG) -> None:
        with self.database.writing() as session:
            meeting = _meeting(session, slug)
            plan = meeting.plan_json
            approvals.approve(
                session, meeting, plan["checksum"], approvals.held_keys(plan), by=CHAIR, source="web", now=self.now
            )

    def answers(self, slug: str = SLUG, **answers: str) -> None:
        """Answers of guests by the first word of their address."""
        for event in [one for one in self.calendar.events.values() if one.id.startswith(f"event-{slug}")]:
            self.calendar.change(event.id, guests=tuple(_answering(guest, answers) for guest in event.guests))

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.heartbeat()

    def heartbeat(self) -> None:
        with self.database.writing() as session:
            session.merge(
                Worker(
                    id=_WORKER, name="worker-1", started_at=NOW - timedelta(days=3), heartbeat_at=self.now,
                    detail_json=None,
                )
            )  # fmt: skip

    def mail(self, state: str, address: str = "sponsor@example.com", **more: Any) -> None:
        """A posted mail and what has become of it."""
        if state == "sent":
            more.setdefault("sent_at", self.now)
        with self.database.writing() as session:
            row = Outbox(
                key=str(new_id()), kind="mandate-requested", meeting_id=_meeting(session, SLUG).id, about="x",
                address=address, facts_json={"facts": {"scope": "a scope that is nobody's business"}},
                queued_at=self.now, due_at=self.now, state=state, **more,
            )  # fmt: skip
            session.add(row)

    def deliver(self) -> None:
        """What is due by now went out: a worker at work would have seen to it, and it has no clock but the real one."""
        with self.database.writing() as session:
            is_due = (Outbox.state == "waiting") & (Outbox.due_at <= self.now)
            session.execute(update(Outbox).where(is_due).values(state="sent", sent_at=Outbox.due_at))

    def set_aside(self, code: str) -> None:
        """One occurrence that refuses to be written."""
        with self.database.writing() as session:
            meeting = _meeting(session, SLUG)
            calendar_id = calendar_of_meeting(session, meeting.id)
            assert calendar_id is not None
            session.add(
                Quarantine(
                    calendar_id=calendar_id, event_id=f"event-{SLUG}_20261126T090000Z", meeting_id=meeting.id,
                    failures=2, since=self.now - timedelta(hours=1), last_at=self.now,
                    retry_at=self.now + timedelta(minutes=5), problem_code=code,
                    problem_text="Google refuses the event", problem_remedy="Shorten the description",
                )
            )  # fmt: skip

    def change_meeting(self, slug: str = SLUG, **values: Any) -> None:
        with self.database.writing() as session:
            meeting = _meeting(session, slug)
            for name, value in values.items():
                setattr(meeting, name, value)

    def _mandate(self, session: Session, meeting: Meeting, department: str, address: str, **more: Any) -> None:
        values: dict[str, Any] = {
            "scope": "Everything within the department’s budget and people",
            "limit_minor": 5_000_000,
            "state": MandateState.CONFIRMED,
        }
        seat = seats.seat_of(session, meeting, department)
        person = people.person_named(session, address)
        mandates.record_mandate(session, meeting, seat, person, actor="test", now=self.now, **(values | more))


@once
def newly_adopted(scene: Scene, slug: str = SLUG, name: str = "Group Steering Meeting") -> None:
    """The first plan waits: strangers on the invitation, delegates missing, guests may invite."""
    scene.adopt(slug, name)
    scene.roster(slug=slug)
    scene.calendar.forward(
        f"event-{slug}",
        Guest(address="mallory.quick@example.com", name="Mallory Quick"),
        Guest(address="amara.okafor@example.com", name="Amara Okafor", optional=True, answer="accepted"),
        Guest(address="consultant@elsewhere.example", name="An outside consultant", plus_ones=2),
    )
    scene.cycle(slug)


@once
def in_order(scene: Scene, slug: str = SLUG, name: str = "Group Steering Meeting") -> None:
    """Approved, and everybody entitled is on the invitation."""
    scene.adopt(slug, name)
    scene.roster(slug=slug)
    scene.cycle(slug)
    scene.approve(slug)
    scene.cycle(slug)


@once
def lively(scene: Scene) -> None:
    """A quarter later: all kinds of mandates, deputies and answers, and things people did to the invitation."""
    today = scene.now.date()
    scene.adopt()
    scene.roster(without_mandate=("Operations", "Legal", "Finance"))
    scene.mandate("Finance", "amara.okafor@example.com", last_day=today + timedelta(days=200), limit_minor=25_000_000)
    scene.mandate(
        "Operations", "anna.meier@example.com", last_day=today + timedelta(days=9), state=MandateState.RECORDED
    )
    scene.mandate(
        "Legal", "henrik.sorensen@example.com", last_day=today + timedelta(days=1), limit_minor=None,
        scope="Contracts up to two years, no litigation",
    )  # fmt: skip
    scene.deputy("Finance", "Jonas Weber", "jonas.weber@example.com")
    scene.mandate("Finance", "jonas.weber@example.com")
    scene.deputy("IT Security", "Tomás Vidal", "tomas.vidal@example.com")
    scene.vacant("Marketing")
    event = scene.calendar.events[f"event-{SLUG}"]
    scene.calendar.forward(event.id, Guest(address="henrik.sorensen@example.com", name="Henrik Sørensen"))
    scene.cycle()
    scene.approve()
    scene.cycle()
    scene.visitor("Greta Lindqvist", "greta.lindqvist@example.com", "presents the audit of the third quarter")
    scene.cycle()
    scene.answers(amara="accepted", anna="accepted", priya="declined", ivo="tentative", lucja="accepted")
    scene.calendar.forward(event.id, Guest(address="mallory.quick@example.com", name="Mallory Quick"))
    scene.calendar.change(event.id, guests_can_modify=True)
    scene.pass_time(minutes=42)
    scene.cycle()
    scene.pass_time(minutes=3)
    scene.deliver()


@once
def chartered(scene: Scene) -> None:
    """A lively meeting with a charter that was changed once, its lines on the invitation, and values of measures."""
    lively(scene)
    give_charters(scene)
    scene.cycle()


def give_charters(scene: Scene) -> None:
    for text in (customer_decisions_at_first(), customer_decisions(scene.now.date())):
        with scene.database.writing() as session:
            set_charter(session, _meeting(session, SLUG), text, actor="operator", now=scene.now)


def with_mails_and_troubles(scene: Scene) -> None:
    """What an operator comes for: a meeting that Google refuses, an event set aside, mails that need somebody."""
    lively(scene)
    scene.set_aside("google-refused")
    scene.mail("unclear", "henrik.sorensen@example.com")
    scene.mail("failed", problem_text="the server knows no such mailbox", attempts=3)
    scene.mail("held", "vera.head@example.com", hold="restored")
    for _ in range(12):
        scene.mail("sent")
    scene.change_meeting(
        problem_code="google-forbidden", problem_remedy="Share the calendar with bot@example.com",
        problem_text="Google lets us read the event and not change it",
    )  # fmt: skip


_WORKER: UUID = new_id()


def _meeting(session: Session, slug: str) -> Meeting:
    found = meeting_by_slug(session, slug)
    assert found is not None, slug
    return found


def _answering(guest: Guest, answers: dict[str, str]) -> Guest:
    import dataclasses

    answer = next((said for who, said in answers.items() if (guest.address or "").startswith(who)), guest.answer)
    return dataclasses.replace(guest, answer=answer)


def _a_thursday_before(now: datetime) -> datetime:
    """At ten in Berlin, eight weeks back."""
    day = now.date() - timedelta(days=(now.weekday() - 3) % 7 + 56)
    return datetime(day.year, day.month, day.day, 10, 0, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def _scribe() -> Any:
    from governance.services.settings import RoleKind

    return RoleKind.SCRIBE
