"""The minutes as values; the number of statements does not depend on what there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.attendance import State
from governance.domain.ledger import Confidentiality
from governance.models import Meeting
from governance.services.agenda.reading import Meant, items_of, lines_of
from governance.services.agenda.values import AgendaLine
from governance.services.attendance.reading import room
from governance.services.attendance.values import RoomSeat
from governance.store import agenda as store
from governance.store.attendance import from_then


@dataclass(frozen=True, slots=True)
class DecidedLine:
    number: str
    title: str
    text: str
    customer_effect: str
    owner: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PromisedLine:
    """`due_on` is the day that was promised in the room; `number` of the decision it belongs to, if any."""

    text: str
    owner: str
    due_on: date
    number: str | None


@dataclass(frozen=True, slots=True)
class Approval:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Minutes:
    """`changed_at` is when something of it was recorded after its approval."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    day: date
    key: str
    start: datetime
    end: datetime
    is_cancelled: bool
    is_over: bool
    seats: tuple[RoomSeat, ...]
    lines: tuple[AgendaLine, ...]
    decisions: tuple[DecidedLine, ...]
    promises: tuple[PromisedLine, ...]
    approval: Approval | None = None
    changed_at: datetime | None = None
    may_approve: bool = False

    @property
    def is_draft(self) -> bool:
        """Until the chair has approved what there is now."""
        return self.approval is None or self.changed_at is not None


def minutes_of(session: Session, meeting: Meeting, day: date, now: datetime) -> Minutes | None:
    """Of that day's occurrence, from its start on; None before, and where there is none."""
    found = room(session, meeting, now, day=day, viewer=None)
    if found.timing is None or found.timing.start > now:
        return None
    key = datetime.fromisoformat(found.key)
    timing = found.timing
    items = items_of(session, meeting.id, from_then(key), None, now)
    decisions, promises, approval, newest = _recorded(session, meeting, key)
    lines = lines_of(items, Meant(key, timing.start, timing.end), (), now)
    said = [one.place.outcome_at for one in lines if one.place and one.place.outcome_at]
    changed = max([*newest, *(one for one in said if one <= now)], default=None)
    is_changed = approval is not None and changed is not None and changed > approval.at
    return Minutes(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        day=day,
        key=found.key,
        start=timing.start,
        end=timing.end,
        is_cancelled=timing.is_cancelled,
        is_over=timing.end <= now,
        seats=tuple(one for one in found.seats if one.attendance.state is not State.VACANT),
        lines=lines,
        decisions=tuple(decisions),
        promises=tuple(promises),
        approval=approval,
        changed_at=changed if is_changed else None,
    )


def may_approve(actor: Actor, meeting_id: UUID) -> bool:
    return may(actor, Act.DECIDE, Thing(Kind.MINUTES, meeting_id, Confidentiality.SEATS))


def _recorded(
    session: Session, meeting: Meeting, key: datetime
) -> tuple[list[DecidedLine], list[PromisedLine], Approval | None, list[datetime]]:
    decisions, promises, approval = [], [], None
    newest: list[datetime] = []
    for row in store.recorded_at(session, from_then(key), meeting.id):
        if row.what == store.APPROVAL:
            approval = Approval(row.text, row.at)
            continue
        if row.at is not None:
            newest.append(row.at)
        if row.what == store.DECISION:
            decisions.append(DecidedLine(row.number, row.text, row.more, row.effect, row.person or "", row.on))
        elif row.what == store.ACTION:
            promises.append(PromisedLine(row.text, row.person or "", row.on, row.number))
    return decisions, promises, approval, newest
