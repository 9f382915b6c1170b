"""Who sponsors what and was told when, and the closed decisions that concern departments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, cast, func, null, or_, select, union
from sqlalchemy.orm import Session, aliased

from governance.models import (
    Decision,
    Meeting,
    Outbox,
    Person,
    Ratification,
    Seat,
    Sponsor,
    Tenure,
)


def sponsors_with_last(session: Session, kind: str, on: date) -> Sequence[Any]:
    """Each sponsor in force that day with a department of theirs, and what their newest mail of the kind is about."""
    last = select(func.max(Outbox.about)).where(Outbox.person_id == Sponsor.person_id, Outbox.kind == kind)
    query = select(
        Sponsor.person_id, Sponsor.department_id, last.correlate(Sponsor).scalar_subquery().label("last")
    ).where(*_in_force(on))
    return session.execute(query).all()


def concerning(session: Session, on: date, since: datetime, until: datetime) -> Sequence[Any]:
    """Decisions closed then, once for every sponsored department with an open seat and every reason why it is theirs.

    `first_day` and `last_day` are those of the tenure where the reason is that the department's delegate owns it: on
    which day it was closed where the meeting is held, a database does not know.

    Of what was closed before a person went on with a restored copy they may have heard already.
    """
    sponsored = select(Sponsor.department_id).where(*_in_force(on))
    is_wanted: tuple[ColumnElement[bool], ...] = (
        Decision.closed_at > since,
        Decision.closed_at <= until,
        Seat.department_id.in_(sponsored),
        Seat.closed_on.is_(None),
        Meeting.released_at.is_(None),
        Meeting.restored_hold.is_(False),
        Meeting.first_plan_approved.is_(True),
        Decision.closed_at >= Meeting.begun_at,
    )
    return session.execute(union(*(_because(one).where(*is_wanted) for one in (_OF_THE_SEAT, _OWNED, _RATIFIED)))).all()


_OF_THE_SEAT, _OWNED, _RATIFIED = "brought or paid", "owned", "ratified"


def _because(reason: str) -> Any:
    owner = aliased(Person)
    no_day = cast(null(), Date())
    days = (Tenure.first_day, Tenure.last_day) if reason == _OWNED else (no_day, no_day)
    query: Any = (
        select(
            Seat.department_id, Decision.meeting_id, Meeting.name.label("meeting"), Meeting.slug, Meeting.time_zone,
            Decision.id, Decision.number, Decision.number_year, Decision.number_seq, Decision.title, Decision.customer,
            Decision.due_on, Decision.closed_at, owner.name.label("owner"), days[0].label("first_day"),
            days[1].label("last_day"),
        )
        .select_from(Meeting)
        .join(Decision, Decision.meeting_id == Meeting.id)
        .join(Seat, Seat.meeting_id == Meeting.id)
        .outerjoin(owner, owner.id == Decision.owner_person_id)
    )  # fmt: skip
    if reason == _OWNED:
        return query.join(Tenure, and_(Tenure.seat_id == Seat.id, Tenure.person_id == Decision.owner_person_id))
    if reason == _RATIFIED:
        asked = and_(Ratification.decision_id == Decision.id, Ratification.seat_id == Seat.id)
        return query.join(Ratification, asked)
    return query.where(or_(Decision.seat_id == Seat.id, Decision.payer_seat_id == Seat.id))


def _in_force(on: date) -> tuple[ColumnElement[bool], ...]:
    return Sponsor.first_day <= on, or_(Sponsor.last_day.is_(None), Sponsor.last_day >= on)
