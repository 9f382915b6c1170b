"""What a weekly summary is gathered from, where nothing else asks for it; each question is one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, bindparam, or_, select
from sqlalchemy.orm import Session

from governance.models import (
    Address,
    AgendaItem,
    AgendaPlace,
    Application,
    AppliedChange,
    Decision,
    Department,
    Deputy,
    KeptSeat,
    LedgerEntry,
    LedgerHead,
    Mandate,
    Occurrence,
    Offer,
    Outbox,
    Person,
    Role,
    Seat,
    Series,
    StandIn,
    Tenure,
)
from governance.models.types import UtcDateTime
from governance.store.charters import values_of_measures
from governance.store.standing import MODES, NEWEST_CHARTER
from governance.store.together import CHAIN, MEETING, NOW, TODAY, Answers, Together, in_order

VALUES_SHOWN = 13
"""Of each measure: a quarter of weeks."""

MOST_REPAIRED = 50
"""Repairs listed in one mail; all of them are on the meeting's own page."""

_SINCE: Any = bindparam("since", type_=UtcDateTime())
_SINCE_DAY: Any = bindparam("since_day", type_=Date())
_QUARTER: Any = bindparam("quarter", type_=UtcDateTime())
_KEY: Any = bindparam("key", type_=UtcDateTime())

_OPEN_SEAT = (Seat.meeting_id == MEETING, Seat.closed_on.is_(None))


def people_of(session: Session, meeting_id: UUID, key: datetime | None, since: date) -> Answers:
    """Roles, seats with everybody who ever held them (those closed since that day too), stand-ins of the occurrence."""
    return _PEOPLE.ask(session, meeting_id, key=key, since_day=since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked about: `since` the period's begin, `quarter` a quarter back, `next` the key of what comes next."""

    meeting: UUID
    chain: str
    since: datetime
    quarter: datetime
    now: datetime
    today: date
    next: datetime | None


def around(session: Session, asked: Asked) -> Answers:
    """What the meeting's rules and charter are, what was repaired on its invitation, its mandates and deputies, who
    waits for a seat, what was measured, what was on its agendas, who keeps their seat at the next occurrence although
    they declined, the head of its chain, and which parts of it were acted on since.
    """
    return _AROUND.ask(
        session, asked.meeting, chain=asked.chain, since=asked.since, on=asked.today, now=asked.now,
        quarter=asked.quarter, key=asked.next,
    )  # fmt: skip


def decisions_since(session: Session, meeting_id: UUID, since: datetime) -> Sequence[Any]:
    """Those under way whose positions were asked for, and those closed since; with owner and occurrence."""
    return session.execute(
        select(Decision, Person.name.label("owner"), Occurrence)
        .outerjoin(Person, Person.id == Decision.owner_person_id)
        .outerjoin(Occurrence, Occurrence.id == Decision.occurrence_id)
        .where(Decision.meeting_id == meeting_id, or_(Decision.state.in_(_OPENED), Decision.closed_at > since))
        .order_by(Decision.number_year, Decision.number_seq, Decision.at, Decision.id)
    ).all()


def told_before(session: Session, meeting_id: UUID, people: Collection[UUID], limit: int) -> Sequence[Row[Any]]:
    """The newest summaries that were written for these people, of this meeting or of all of theirs."""
    is_it = or_(Outbox.meeting_id == meeting_id, Outbox.meeting_id.is_(None))
    return session.execute(
        select(Outbox.kind, Outbox.facts_json)
        .where(Outbox.kind.in_(("summary", "summaries")), Outbox.person_id.in_(list(people)), is_it)
        .order_by(Outbox.queued_at.desc(), Outbox.id)
        .limit(limit)
    ).all()


_OPENED = ("open", "decided", "awaiting", "committed")

_PEOPLE = Together(
    roles=in_order(
        select(Role.kind, Role.person_id, Role.first_day, Role.last_day).where(Role.meeting_id == MEETING),
        Role.first_day,
        Role.id,
    ),
    seats=in_order(
        select(
            Seat.id, Department.name.label("department"), Seat.opened_on, Seat.closed_on, Tenure.person_id,
            Person.name.label("name"), Tenure.first_day, Tenure.last_day,
        )
        .join(Department, Department.id == Seat.department_id)
        .outerjoin(Tenure, Tenure.seat_id == Seat.id)
        .outerjoin(Person, Person.id == Tenure.person_id)
        .where(Seat.meeting_id == MEETING, or_(Seat.closed_on.is_(None), Seat.closed_on >= _SINCE_DAY)),
        Department.folded,
        Seat.id,
        Tenure.first_day,
    ),
    stand_ins=select(StandIn.seat_id, StandIn.person_id, Occurrence.start)
    .join(Seat, Seat.id == StandIn.seat_id)
    .join(Occurrence, Occurrence.id == StandIn.occurrence_id)
    .join(Series, Series.id == Occurrence.series_id)
    .where(*_OPEN_SEAT, Series.meeting_id == MEETING, Occurrence.original_start == _KEY)
    .where(Occurrence.cancelled.is_(False)),
)  # fmt: skip

_AROUND = Together(
    modes=MODES,
    charter=NEWEST_CHARTER,
    heads=select(LedgerHead.chain, LedgerHead.seq, LedgerHead.hash).where(LedgerHead.chain == CHAIN),
    repaired=select(AppliedChange.kind, AppliedChange.target, Person.name, AppliedChange.at)
    .outerjoin(Address, Address.folded == AppliedChange.target)
    .outerjoin(Person, Person.id == Address.person_id)
    .where(AppliedChange.meeting_id == MEETING, AppliedChange.at > _SINCE, AppliedChange.counted_as != "apart")
    .order_by(AppliedChange.at.desc(), AppliedChange.id)
    .limit(MOST_REPAIRED),
    mandates=select(Mandate.seat_id, Mandate.person_id, Mandate.first_day, Mandate.last_day)
    .join(Seat, Seat.id == Mandate.seat_id)
    .where(*_OPEN_SEAT, Mandate.state.in_(("recorded", "confirmed")))
    .where(or_(Mandate.last_day.is_(None), Mandate.last_day >= TODAY)),
    deputies=select(Deputy.seat_id, Deputy.first_day)
    .join(Seat, Seat.id == Deputy.seat_id)
    .where(*_OPEN_SEAT, or_(Deputy.last_day.is_(None), Deputy.last_day >= TODAY)),
    waiting=select(Application.seat_id)
    .join(Seat, Seat.id == Application.seat_id)
    .where(*_OPEN_SEAT, Application.closed_at.is_(None)),
    offered=select(Offer.seat_id)
    .join(Seat, Seat.id == Offer.seat_id)
    .where(*_OPEN_SEAT, Offer.closed_at.is_(None)),
    addresses=select(Address.folded, Address.person_id)
    .where(
        Address.person_id.in_(
            select(Tenure.person_id).join(Seat, Seat.id == Tenure.seat_id).where(*_OPEN_SEAT)
        )
    ),
    kept=select(KeptSeat.seat_id)
    .join(Occurrence, Occurrence.id == KeptSeat.occurrence_id)
    .join(Series, Series.id == Occurrence.series_id)
    .where(Series.meeting_id == MEETING, Occurrence.original_start == _KEY),
    items=select(AgendaPlace.item_id, AgendaPlace.occurrence_id, Department.name.label("department"))
    .join(AgendaItem, AgendaItem.id == AgendaPlace.item_id)
    .join(Occurrence, Occurrence.id == AgendaPlace.occurrence_id)
    .outerjoin(Seat, Seat.id == AgendaItem.seat_id)
    .outerjoin(Department, Department.id == Seat.department_id)
    .where(AgendaItem.meeting_id == MEETING, Occurrence.start > _QUARTER, Occurrence.start <= NOW),
    measures=values_of_measures(VALUES_SHOWN),
    touched=select(LedgerEntry.subject)
    .where(LedgerEntry.chain == CHAIN, LedgerEntry.at > _SINCE, LedgerEntry.act.in_(("appointed", "handed-over",
           "vacated", "seat-opened", "seat-closed"))),
)  # fmt: skip
