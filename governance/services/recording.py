"""How a change of the roster is noted: in the ledger, and as a reason to look at the invitation again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from governance.domain.ledger import Confidentiality
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services.ledger import record
from governance.store.people import addresses_of

COMMAND = "command"
"""The source of what is done at the command line; pages and the worker have their own."""


def today_of(meeting: Meeting, now: datetime) -> date:
    """The day it is where the meeting is held."""
    return now.astimezone(ZoneInfo(meeting.time_zone)).date()


def note(
    session: Session,
    meeting: Meeting,
    act: str,
    subject: str,
    *,
    actor: str,
    source: str,
    now: datetime,
    before: Any = None,
    after: Any = None,
    why: str | None = None,
    confidentiality: Confidentiality = Confidentiality.SEATS,
) -> None:
    """Record an act in the meeting's chain and have its invitation looked at again."""
    meeting.dirty = True
    record(
        session,
        at=now,
        actor=actor,
        source=source,
        act=act,
        subject=subject,
        meeting_id=meeting.id,
        confidentiality=confidentiality,
        before=before,
        after=after,
        why=why,
    )


def touch(seat: Seat) -> None:
    """What hangs on a seat is part of it: whoever looked at it before sees by its version that it changed."""
    flag_modified(seat, "opened_on")


def named(session: Session, person: Person | UUID) -> dict[str, str | None]:
    """A person as a ledger's payload names them."""
    row = person if isinstance(person, Person) else session.get(Person, person)
    if row is None:
        return {"name": None, "email": None}
    addresses = addresses_of(session, row.id)
    return {"name": row.name, "email": addresses[0].folded if addresses else None}


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
