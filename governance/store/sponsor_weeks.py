"""What concerns the departments of sponsors, of the decisions closed since they were last told; one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, cast, func, null, or_, select, union
from sqlalchemy.orm import Session, aliased

from governance.models import (
    Decision,
    MailPreference,
    Meeting,
    Outbox,
    Person,
    Ratification,
    Seat,
    Sponsor,
    Tenure,
)


def concerning(
    session: Session, *, kind: str, topic: str, about: str, on: date, since: datetime, until: datetime
) -> Sequence[Any]:
    """Each decision once for every sponsor in force that day and every reason why it is theirs.

    `first_day` and `last_day` are those of the tenure where the reason is that the department's delegate owns it: on
    which day it was closed where the meeting is held, a database does not know.

    Args:
        about: whoever has a mail of the `kind` with that is told no more.
        since: when those were last told who never were.
    """
    told = select(func.max(Outbox.due_at)).where(Outbox.person_id == Sponsor.person_id, Outbox.kind == kind)
    last = func.coalesce(told.correlate(Sponsor).scalar_subquery(), since)
    told_this = select(Outbox.id).where(
        Outbox.person_id == Sponsor.person_id, Outbox.kind == kind, Outbox.about == about
    )
    muted = select(MailPreference.id).where(
        MailPreference.person_id == Sponsor.person_id,
        MailPreference.meeting_id == Meeting.id,
        MailPreference.topic == topic,
    )
    is_wanted: tuple[ColumnElement[bool], ...] = (
        Sponsor.first_day <= on,
        or_(Sponsor.last_day.is_(None), Sponsor.last_day >= on),
        Seat.closed_on.is_(None),
        Decision.closed_at > last,
        Decision.closed_at <= until,
        Meeting.released_at.is_(None),
        Meeting.restored_hold.is_(False),
        Meeting.first_plan_approved.is_(True),
        ~told_this.correlate(Sponsor).exists(),
        ~muted.correlate(Sponsor, Meeting).exists(),
    )
    return session.execute(
        union(*(_because(reason, is_wanted) for reason in (_BROUGHT_OR_PAID, _OWNED, _RATIFIED)))
    ).all()


_BROUGHT_OR_PAID, _OWNED, _RATIFIED = "brought or paid", "owned", "ratified"


def _because(reason: str, is_wanted: tuple[ColumnElement[bool], ...]) -> Any:
    owner = aliased(Person)
    no_day = cast(null(), Date())
    days = (Tenure.first_day, Tenure.last_day) if reason == _OWNED else (no_day, no_day)
    query: Any = (
        select(
            Sponsor.person_id, Meeting.name.label("meeting"), Meeting.slug, Meeting.time_zone, Decision.id,
            Decision.number, Decision.number_year, Decision.number_seq, Decision.title, Decision.customer,
            Decision.due_on, Decision.closed_at, owner.name.label("owner"), days[0].label("first_day"),
            days[1].label("last_day"),
        )
        .select_from(Sponsor)
        .join(Seat, Seat.department_id == Sponsor.department_id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Decision, Decision.meeting_id == Meeting.id)
        .outerjoin(owner, owner.id == Decision.owner_person_id)
        .where(*is_wanted)
    )  # fmt: skip
    if reason == _OWNED:
        own = and_(Tenure.seat_id == Seat.id, Tenure.person_id == Decision.owner_person_id)
        return query.join(Tenure, own)
    if reason == _RATIFIED:
        asked = and_(Ratification.decision_id == Decision.id, Ratification.seat_id == Seat.id)
        return query.join(Ratification, asked)
    return query.where(or_(Decision.seat_id == Seat.id, Decision.payer_seat_id == Seat.id))
