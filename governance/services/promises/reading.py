"""From the rows to the page of promises, one promise with its history, and say and do by department."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.domain.promises import WINDOW, Promise, SayDo, State, day_for_chair, say_do, window_start
from governance.models import Meeting
from governance.services.attendance.reading import day_of, seat_terms
from governance.services.promises.acting import thing_of
from governance.services.recording import today_of
from governance.store import promises as store

SETTLED_SHOWN = timedelta(days=28)
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Said:
    """A change of a promise, or a question about it with its answer; `kind` is empty for a question."""

    id: UUID
    kind: str
    words: str
    by: str
    at: datetime
    before: date | None = None
    after: date | None = None
    answer: str = ""
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """`number` and `title` are those of the decision it came from."""

    id: UUID
    text: str
    owner: str
    owner_id: UUID
    department: str
    seat: UUID | None
    due_on: date
    first_due_on: date
    state: State
    settled_on: date | None
    evidence: str
    version: int
    decision: UUID | None
    number: str
    title: str
    said: tuple[Said, ...] = ()
    may_change: bool = False

    @property
    def has_slipped(self) -> bool:
        return self.due_on != self.first_due_on

    def is_late(self, today: date) -> bool:
        return self.state is State.OPEN and self.due_on < today

    @property
    def unanswered(self) -> tuple[Said, ...]:
        return tuple(one for one in self.said if not one.kind and not one.answer)


@dataclass(frozen=True, slots=True)
class PromisesPage:
    id: UUID
    slug: str
    name: str
    time_zone: str
    today: date
    lines: tuple[PromiseLine, ...]
    may_ask: bool = False
    may_lead: bool = False

    @property
    def late(self) -> tuple[PromiseLine, ...]:
        return tuple(one for one in self.lines if one.is_late(self.today))

    @property
    def open(self) -> tuple[PromiseLine, ...]:
        return tuple(one for one in self.lines if one.state is State.OPEN and not one.is_late(self.today))

    @property
    def settled(self) -> tuple[PromiseLine, ...]:
        """The newest first."""
        over = [one for one in self.lines if one.state is not State.OPEN]
        return tuple(sorted(over, key=lambda one: one.settled_on or one.due_on, reverse=True))


@dataclass(frozen=True, slots=True)
class SayDoRow:
    """`own` is how it stands today, for the department; `shown` how it stood a week ago, for the chair too."""

    seat: UUID
    department: str
    own: SayDo | None
    shown: SayDo | None
    remarks: tuple[tuple[str, date], ...] = ()
    may_remark: bool = False


@dataclass(frozen=True, slots=True)
class SayDoPage:
    id: UUID
    slug: str
    name: str
    today: date
    since: date
    rows: tuple[SayDoRow, ...] = field(default=())
    may_read_promises: bool = False


def promises_page(session: Session, meeting: Meeting, actor: Actor, now: datetime) -> PromisesPage:
    rows = store.lines(session, meeting.id, settled_since=now - SETTLED_SHOWN, limit=MOST_SHOWN)
    lines = _with_history(session, meeting, rows)
    leads = Thing(Kind.PROMISE, meeting.id, Confidentiality.SEATS)
    return PromisesPage(
        id=meeting.id, slug=meeting.slug, name=meeting.name, time_zone=meeting.time_zone, today=today_of(meeting, now),
        lines=tuple(_for(actor, meeting.id, one) for one in lines),
        may_ask=may(actor, Act.ASK, Thing(Kind.PROMISE, meeting.id)), may_lead=may(actor, Act.CHANGE, leads),
    )  # fmt: skip


def promise_page(session: Session, meeting: Meeting, action_id: UUID, actor: Actor, now: datetime) -> PromisesPage:
    """The page with one promise, or with none."""
    row = store.line(session, meeting.id, action_id)
    lines = _with_history(session, meeting, [row] if row is not None else [])
    return PromisesPage(
        id=meeting.id, slug=meeting.slug, name=meeting.name, time_zone=meeting.time_zone, today=today_of(meeting, now),
        lines=tuple(_for(actor, meeting.id, one) for one in lines),
        may_ask=may(actor, Act.ASK, Thing(Kind.PROMISE, meeting.id)),
        may_lead=may(actor, Act.CHANGE, Thing(Kind.PROMISE, meeting.id, Confidentiality.SEATS)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who can promise: the delegate of a seat."""

    id: UUID
    name: str
    department: str
    seat: UUID


def owners(session: Session, meeting: Meeting, now: datetime) -> tuple[Owner, ...]:
    today = today_of(meeting, now)
    held = ((seat, seat.delegate(today)) for seat in seat_terms(session, meeting.id))
    return tuple(Owner(person.id, person.name, seat.department, seat.id) for seat, person in held if person)


def say_do_page(session: Session, meeting: Meeting, actor: Actor, now: datetime) -> SayDoPage:
    """Four statements, however many promises; each row is cut for its reader."""
    today, zone = today_of(meeting, now), meeting.time_zone
    starts = [day_of(one, zone) for one in store.starts_of(session, meeting.id, now, WINDOW + 2)]
    since = window_start(starts, today)
    before = day_for_chair(today)
    since_before = window_start(starts, before)
    counted = store.counted(session, meeting.id, min(since, since_before))
    remarks: dict[tuple[UUID, str], list[tuple[str, date]]] = {}
    for row in store.seats_with_remarks(session, meeting.id):
        said = remarks.setdefault((row.id, row.department), [])
        if row.text is not None:
            said.append((row.text, day_of(row.at, zone)))
    rows = []
    for (seat, department), said in remarks.items():
        thing = Thing(Kind.SAY_DO, meeting.id, Confidentiality.SEATS, seat=seat)
        if not may(actor, Act.READ, thing):
            continue
        is_own = may(actor, Act.CHANGE, thing)
        own, shown = counted_promises(counted, zone, seat, today), counted_promises(counted, zone, seat, before)
        rows.append(
            SayDoRow(
                seat, department, say_do(own, since, today) if is_own else None, say_do(shown, since_before, before),
                tuple(said[-3:]), is_own,
            )
        )  # fmt: skip
    may_read = may(actor, Act.READ, Thing(Kind.PROMISE, meeting.id))
    return SayDoPage(meeting.id, meeting.slug, meeting.name, today, since, tuple(rows), may_read)


def counted_promises(rows: Iterable[Row[Any]], zone: str, seat: UUID, as_of: date) -> list[Promise]:
    """Of one seat; slips that were said later are not known yet."""
    found: dict[UUID, Promise] = {}
    for row in rows:
        if row.seat_id != seat:
            continue
        known = found.get(row.id) or Promise(
            id=row.id, made_on=day_of(row.at, zone), first_due_on=row.first_due_on, due_on=row.due_on,
            state=State(row.state), settled_on=day_of(row.settled_at, zone) if row.settled_at else None, seat=seat,
        )  # fmt: skip
        if row.slip and day_of(row.slipped_at, zone) <= as_of:
            known = replace(known, slips=(*known.slips, row.slip))
        found[row.id] = known
    return list(found.values())


def _with_history(session: Session, meeting: Meeting, rows: Iterable[Row[Any]]) -> list[PromiseLine]:
    lines = [_line(row, meeting.time_zone) for row in rows]
    said: dict[UUID, list[Said]] = {}
    for row in store.history(session, [one.id for one in lines]):
        said.setdefault(row.action_id, []).append(_said(row))
    return [replace(one, said=tuple(said.get(one.id, ()))) for one in lines]


def _line(row: Row[Any], zone: str) -> PromiseLine:
    return PromiseLine(
        id=row.id, text=row.text, owner=row.owner, owner_id=row.owner_person_id, department=row.department or "",
        seat=row.seat_id, due_on=row.due_on, first_due_on=row.first_due_on, state=State(row.state),
        settled_on=day_of(row.settled_at, zone) if row.settled_at else None, evidence=row.evidence,
        version=row.version, decision=row.decision_id, number=row.number or "", title=row.title or "",
    )  # fmt: skip


def _said(row: Row[Any]) -> Said:
    if row.what == store.CHANGE:
        return Said(row.id, row.kind, row.words, row.by, row.at, row.due_on_before, row.due_on_after)
    by = ", ".join(one for one in (row.person, row.department) if one)
    return Said(row.id, "", row.words, by, row.at, answer=row.answer or "", answered_by=row.answered_by or "")


def _for(actor: Actor, meeting_id: UUID, line: PromiseLine) -> PromiseLine:
    return replace(line, may_change=may(actor, Act.CHANGE, thing_of(meeting_id, line.owner_id, line.seat)))
