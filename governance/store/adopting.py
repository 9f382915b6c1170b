"""What is known of an event's guests before it is adopted: people of earlier rosters, and the Directory's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.models.calendar import Calendar, Series
from governance.models.department import Department, Sponsor
from governance.models.directory_answer import DirectoryAnswer
from governance.models.meeting import Meeting
from governance.models.person import Address, Person
from governance.models.seat import Seat, Tenure

_MOST_DEPARTMENTS = 500


@dataclass(frozen=True, slots=True)
class KnownGuest:
    """`department` is that of the last seat, `kind` and `told_department` are what the Directory last said."""

    name: str = ""
    department: str | None = None
    kind: str | None = None
    told_department: str | None = None


def known_people(session: Session, addresses: Sequence[str]) -> dict[str, KnownGuest]:
    """By folded address; two statements, however many guests there are."""
    told = {
        row.address: row
        for row in session.execute(
            select(
                DirectoryAnswer.address, DirectoryAnswer.kind, DirectoryAnswer.department, DirectoryAnswer.name
            ).where(DirectoryAnswer.address.in_(addresses))
        )
    }
    rows = session.execute(
        select(Address.folded, Person.name, Department.name.label("department"))
        .join(Person, Person.id == Address.person_id)
        .outerjoin(Tenure, Tenure.person_id == Person.id)
        .outerjoin(Seat, Seat.id == Tenure.seat_id)
        .outerjoin(Department, Department.id == Seat.department_id)
        .where(Address.folded.in_(addresses))
        .order_by(Address.folded, Tenure.first_day, Tenure.id)
    )
    kept = {row.folded: row for row in rows}  # the last one counts
    return {address: _known(kept.get(address), told.get(address)) for address in {*told, *kept}}


def _known(kept: Any, told: Any) -> KnownGuest:
    """Of two rows, or one and None."""
    return KnownGuest(
        name=(kept.name if kept else "") or (told.name if told else "") or "",
        department=kept.department if kept else None,
        kind=told.kind if told else None,
        told_department=told.department if told else None,
    )


def department_names(session: Session) -> tuple[str, ...]:
    return tuple(session.scalars(select(Department.name).order_by(Department.folded).limit(_MOST_DEPARTMENTS)))


def sponsor_addresses(session: Session) -> dict[str, str]:
    """The present sponsor's address by the department's folded name."""
    rows = session.execute(
        select(Department.folded, Address.folded.label("address"))
        .join(Sponsor, Sponsor.department_id == Department.id)
        .join(Address, Address.person_id == Sponsor.person_id)
        .where(Sponsor.last_day.is_(None), Address.is_primary)
        .order_by(Sponsor.first_day, Sponsor.id)
    )
    return {row.folded: row.address for row in rows}


def governed_events(session: Session, google_id: str) -> dict[str, str]:
    """The meeting's short name by the id of each event of the calendar that is governed now."""
    rows = session.execute(
        select(Series.event_id, Meeting.slug)
        .join(Calendar, Calendar.id == Series.calendar_id)
        .join(Meeting, Meeting.id == Series.meeting_id)
        .where(Calendar.google_id == google_id, Series.retired_at.is_(None), Meeting.released_at.is_(None))
    )
    return {row.event_id: row.slug for row in rows}


def slug_is_taken(session: Session, slug: str, google_id: str, event_id: str) -> bool:
    """By another meeting than the one that this event carried before it was released."""
    holder = session.scalar(select(Meeting).where(Meeting.slug == slug))
    if holder is None:
        return False
    own = session.scalar(
        select(Series.id)
        .join(Calendar, Calendar.id == Series.calendar_id)
        .where(Calendar.google_id == google_id, Series.event_id == event_id, Series.meeting_id == holder.id)
    )
    return own is None or holder.released_at is None
