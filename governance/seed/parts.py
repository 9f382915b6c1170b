"""As whom somebody acts in the story: what they may do is what the services let their role do."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Actor, Held, Who
from governance.models import Meeting, Person
from governance.seed import cast
from governance.seed.cast import DECISIONS, Department
from governance.seed.stage import Stage

NEW_DELEGATE, VACANT = 9, 10
"""The weeks from which on Operations sends somebody else, and nobody sits for Human Resources."""


def department(name: str) -> Department:
    return next(one for one in DECISIONS if one.name == name)


def delegate_in(name: str, week: int) -> cast.Character:
    """Who sits for a department that week; stand-ins aside."""
    if name == "Operations" and week >= NEW_DELEGATE:
        return cast.PIOTR
    found = department(name).delegate
    if found is None:
        raise LookupError(f"nobody sits for {name}")
    return found


def leading(meeting: Meeting, chair: Person) -> Actor:
    return Actor(chair.id, frozenset({Held(Who.CHAIR, meeting.id)}))


def sitting(meeting: Meeting, seat: UUID, person: UUID) -> Actor:
    return Actor(person, frozenset({Held(Who.DELEGATE, meeting.id, seat)}))


def seat_named(stage: Stage, session: Session, meeting: Meeting, name: str) -> UUID:
    return stage.seat(session, meeting, department(name)).id


def by_themselves(meeting: Meeting, person: Person) -> Actor:
    """As a delegate of the meeting who acts on what is their own, whichever seat it belongs to."""
    return Actor(person.id, frozenset({Held(Who.DELEGATE, meeting.id)}))
