"""Who waits for which seat, and what was offered to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from governance.domain.waiting import Asking
from governance.models import Address, Application, DelegateNote, Department, Meeting, Offer, Person, Seat, Tenure
from governance.store.together import in_order

_NOBODY_LEAVES = date.max


def askings(session: Session, seat_id: UUID) -> list[Asking]:
    """The open applications for a seat, in no order: that is `domain.waiting`'s."""
    rows = session.execute(
        select(Application.id, Application.person_id, Application.at, Application.endorsed_at).where(
            Application.seat_id == seat_id, Application.closed_at.is_(None)
        )
    )
    return [Asking(*row) for row in rows]


def open_offer(session: Session, seat_id: UUID) -> Offer | None:
    return session.scalar(select(Offer).where(Offer.seat_id == seat_id, Offer.closed_at.is_(None)))


def offer_of_application(session: Session, application_id: UUID) -> Offer | None:
    """The open one."""
    return session.scalar(select(Offer).where(Offer.application_id == application_id, Offer.closed_at.is_(None)))


def ended_offers(session: Session, now: datetime) -> list[Row[Any]]:
    """Id and meeting of each offer whose time is over and that nobody has closed, in meetings that are at work."""
    return list(
        session.execute(
            select(Offer.id, Seat.meeting_id)
            .join(Seat, Seat.id == Offer.seat_id)
            .join(Meeting, Meeting.id == Seat.meeting_id)
            .where(
                Offer.closed_at.is_(None),
                Offer.ends_at <= now,
                Meeting.released_at.is_(None),
                Meeting.restored_hold.is_(False),
            )
            .order_by(Offer.ends_at, Offer.id)
        )
    )


# --- As pages show it


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """An application, once with each of its offers or with none."""

    seat_id: UUID
    application_id: UUID
    person_id: UUID
    name: str
    address: str
    at: datetime
    endorsed_at: datetime | None
    endorsed_by: str | None
    closed_at: datetime | None
    offer_id: UUID | None
    offered_at: datetime | None
    ends_at: datetime | None
    first_day: date | None
    why: str | None
    answer: str | None
    answered_at: datetime | None


def waiting_rows(session: Session, meeting_id: UUID, offers_since: datetime) -> list[WaitingRow]:
    """One statement: the open applications for the meeting's seats, and those whose offer was closed since then."""
    sponsor = aliased(Person)
    query = (
        select(
            Application.seat_id, Application.id, Application.person_id, Person.name, Address.folded, Application.at,
            Application.endorsed_at, case((sponsor.name != "", sponsor.name)), Application.closed_at, Offer.id,
            Offer.at, Offer.ends_at, Offer.first_day, Offer.why, Offer.answer, Offer.closed_at,
        )
        .join(Seat, Seat.id == Application.seat_id)
        .join(Person, Person.id == Application.person_id)
        .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
        .outerjoin(sponsor, sponsor.id == Application.endorsed_by)
        .outerjoin(Offer, Offer.application_id == Application.id)
        .where(
            Seat.meeting_id == meeting_id,
            Seat.closed_on.is_(None),
            or_(Application.closed_at.is_(None), Offer.closed_at > offers_since),
        )
        .order_by(Application.at, Application.id, Offer.at)
    )  # fmt: skip
    return [WaitingRow(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class NoteRow:
    id: UUID
    seat_id: UUID
    name: str
    address: str
    text: str
    at: datetime
    read_at: datetime | None


NEWEST_NOTES = 50


def notes_on(session: Session, seat_ids: Collection[UUID]) -> list[NoteRow]:
    """What was left for the delegates of these seats, the newest first."""
    rows = session.execute(
        select(
            DelegateNote.id, DelegateNote.seat_id, Person.name, Address.folded, DelegateNote.text, DelegateNote.at,
            DelegateNote.read_at,
        )
        .join(Person, Person.id == DelegateNote.person_id)
        .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
        .where(DelegateNote.seat_id.in_(list(seat_ids)))
        .order_by(DelegateNote.at.desc(), DelegateNote.id)
        .limit(NEWEST_NOTES)
    )  # fmt: skip
    return [NoteRow(*row) for row in rows]


# --- As the first page needs it

LED: Any = bindparam("led", expanding=True, type_=Uuid())
SPONSORED: Any = bindparam("sponsored", expanding=True, type_=Uuid())
PERSON: Any = bindparam("person", type_=Uuid())
"""What is asked about: meetings that somebody leads, seats that they sponsor, and themselves."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """An open application with its newest offer, and what tells whether its seat is free.

    `held_until` is the last day of the seat's last holder, None where nobody sits, `date.max` where no end is known.
    """

    meeting_id: UUID
    time_zone: str
    seat_id: UUID
    department: str
    application_id: UUID
    person_id: UUID
    name: str
    at: datetime
    endorsed_at: datetime | None
    ends_at: datetime | None
    answer: str | None
    held_until: date | None


def asked_question() -> Select[Any]:
    """What is asked for in the meetings `led`, on the seats `sponsored`, or by the `person`; the oldest first."""
    last_day = func.max(func.coalesce(Tenure.last_day, _NOBODY_LEAVES))
    held_until = select(last_day).where(Tenure.seat_id == Seat.id).correlate(Seat).scalar_subquery()
    any_offer = aliased(Offer)
    of_it = select(func.max(any_offer.at)).where(any_offer.application_id == Application.id)
    newest = of_it.correlate(Application).scalar_subquery()
    meant = or_(Seat.meeting_id.in_(LED), Seat.id.in_(SPONSORED), Application.person_id == PERSON)
    query = (
        select(
            Seat.meeting_id, Meeting.time_zone, Seat.id.label("seat_id"), Department.name.label("department"),
            Application.id.label("application_id"), Application.person_id, Person.name, Application.at,
            Application.endorsed_at, Offer.ends_at, Offer.answer, held_until.label("held_until"),
        )
        .join(Seat, Seat.id == Application.seat_id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Department, Department.id == Seat.department_id)
        .join(Person, Person.id == Application.person_id)
        .outerjoin(Offer, and_(Offer.application_id == Application.id, Offer.at == newest))
        .where(Application.closed_at.is_(None), Seat.closed_on.is_(None), meant)
    )  # fmt: skip
    return in_order(query, Application.at, Application.id)
