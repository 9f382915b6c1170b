"""An act on the agenda of one occurrence: which one it is, who acts, and what lies there by itself is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Actor
from governance.domain.agenda import Coming, Outcome, newest
from governance.models import AgendaItem, AgendaPlace, Meeting, Occurrence
from governance.services.agenda.cutting import may_lead
from governance.services.agenda.reading import Meant, items_of, lines_of, upcoming
from governance.services.agenda.refusals import AgendaRefused, NoItem
from governance.services.agenda.values import AgendaLine
from governance.services.attendance.doing import occurrence_named
from governance.services.attendance.reading import pictures_of
from governance.services.attendance.refusals import NotNow
from governance.services.ledger import record
from governance.services.recording import today_of
from governance.store import agenda as store
from governance.store import attendance
from governance.store.meetings import lock_meeting


@dataclass(slots=True)
class Doing:
    """`actor` as the ledger names people, `by` as people read it, `who` is asked for rights; `lines` is the agenda as
    it lies, in order.
    """

    session: Session
    meeting: Meeting
    occurrence: Occurrence
    lines: tuple[AgendaLine, ...]
    coming: tuple[Coming, ...]
    actor: str
    who: Actor
    source: str
    now: datetime
    by: str = ""

    @property
    def leads(self) -> bool:
        return may_lead(self.who, self.meeting.id)

    @property
    def day(self) -> str:
        return today_of(self.meeting, self.occurrence.start).isoformat()

    def line(self, item_id: UUID) -> AgendaLine:
        """Raises: NoItem: it is not on this agenda."""
        found = next((one for one in self.lines if one.item.id == item_id), None)
        if found is None:
            raise NoItem
        return found

    def rows(self, item_id: UUID) -> tuple[AgendaItem, AgendaPlace]:
        item = store.item_of(self.session, self.meeting.id, item_id)
        place = store.place_at(self.session, item_id, self.occurrence.id)
        if item is None or place is None:
            raise NoItem
        return item, place

    def note(self, act: str, subject: str, **more: Any) -> None:
        record(
            self.session, at=self.now, actor=self.actor, source=self.source, act=act, subject=subject,
            meeting_id=self.meeting.id, **more,
        )  # fmt: skip


def begin(
    session: Session, meeting: Meeting, key: str, *, actor: str, who: Actor, source: str, now: datetime, by: str = ""
) -> Doing:
    """The agenda of the occurrence that a form names by its original start; nobody else acts on it meanwhile.

    What came back to it by itself gets its place here, and its old place says *carried*.

    Raises:
        AgendaRefused: there is no such occurrence.
    """
    lock_meeting(session, meeting)
    try:
        occurrence = occurrence_named(session, meeting, key, now)
    except NotNow as refusal:
        raise AgendaRefused("Open the agenda again", refusal.reason) from None
    pictures = pictures_of(session, meeting.id)
    coming = upcoming(pictures, now)
    meant = Meant(occurrence.original_start, occurrence.start, occurrence.end)
    where = attendance.from_then(occurrence.original_start)
    lines = lines_of(items_of(session, meeting.id, where, pictures, now), meant, coming, now)
    _write_down(session, occurrence, lines, now)
    return Doing(session, meeting, occurrence, lines, tuple(coming), actor, who, source, now, by)


def _write_down(session: Session, occurrence: Occurrence, lines: tuple[AgendaLine, ...], now: datetime) -> None:
    if all(one.place is not None for one in lines):
        return
    rows = {(one.item_id, one.occurrence_id): one for one in store.places_of_items(session, _ids(lines))}
    for rank, line in enumerate(lines, start=1):
        if line.place is not None:
            rows[line.item.id, line.place.occurrence].rank = rank
            continue
        left = newest(line.item.places)
        row = rows[line.item.id, left.occurrence]
        if left.is_gone and left.outcome is None:
            # It never took place: the item has not come back from anywhere, it only moves.
            row.occurrence_id, row.rank = occurrence.id, rank
            continue
        if row.outcome is None:
            row.outcome, row.outcome_at = Outcome.CARRIED.value, row.outcome_at or left.end
        session.add(AgendaPlace(item_id=line.item.id, occurrence_id=occurrence.id, rank=rank))
    session.flush()


def _ids(lines: tuple[AgendaLine, ...]) -> list[UUID]:
    return [one.item.id for one in lines]
