"""The agenda as one reader may use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from governance.domain.access import Act, Actor, Kind, Thing, may, own_seat
from governance.domain.ledger import Confidentiality
from governance.services.agenda.values import AgendaLine, AgendaPage


def cut_agenda(page: AgendaPage, actor: Actor, now: datetime) -> AgendaPage:
    """Who reads it reads all of it; what differs is what they may do."""
    leads = may_lead(actor, page.id)
    is_known = page.start is not None and not page.is_over
    is_before = page.closes_at is not None and now < page.closes_at
    lines = tuple(
        replace(one, choices=one.choices if leads and page.has_begun else (), may_change=_may_change(one, page, actor))
        for one in page.lines
    )
    return replace(
        page,
        lines=lines,
        may_lead=leads,
        is_seated=may_bring(actor, page.id),
        may_add=is_known and may_bring(actor, page.id) and (leads or is_before),
        may_decide=may(actor, Act.CHANGE, Thing(Kind.DECISION, page.id, Confidentiality.SEATS)),
    )


def may_lead(actor: Actor, meeting_id: UUID) -> bool:
    return may(actor, Act.DECIDE, Thing(Kind.AGENDA, meeting_id, Confidentiality.SEATS))


def may_bring(actor: Actor, meeting_id: UUID) -> bool:
    return may(actor, Act.CHANGE, Thing(Kind.AGENDA, meeting_id))


def is_own(actor: Actor, meeting_id: UUID, seat: UUID | None, person: UUID | None) -> bool:
    """Theirs or their seat's: whoever follows on a seat goes on with what it brought."""
    is_of_seat = seat is not None and seat == own_seat(actor, meeting_id)
    return (person is not None and person == actor.person) or is_of_seat


def _may_change(line: AgendaLine, page: AgendaPage, actor: Actor) -> bool:
    """Until it begins; afterwards chair and scribe, who write down what was really talked about."""
    if not line.is_open or not may_bring(actor, page.id):
        return False
    if may_lead(actor, page.id):
        return line.place is None or line.place.outcome is None
    return not page.has_begun and is_own(actor, page.id, line.item.seat, line.item.person)
