"""The outbox as a person looks at it who has to decide what becomes of a mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, and_, case, func, literal, null, or_, select
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from governance.models.meeting import Meeting
from governance.models.outbox import Outbox, Undeliverable

# Straight from the tables: setting up all mappers would take longer than the rest of `status`.
_MAILS = cast(Table, Outbox.__table__)
_ADDRESSES = cast(Table, Undeliverable.__table__)

MOST_LISTED = 1000


def listed(session: Session, states: Iterable[str]) -> list[tuple[Outbox, str | None]]:
    """Mails in these states with the short name of their meeting, the longest due first."""
    wanted = (
        select(Outbox, Meeting.slug)
        .outerjoin(Meeting, Meeting.id == Outbox.meeting_id)
        .where(Outbox.state.in_(list(states)))
        .order_by(Outbox.due_at, Outbox.id)
        .limit(MOST_LISTED)
    )
    return [(row, slug) for row, slug in session.execute(wanted)]  # rows are no pairs to the type checker


def mails_to_settle(session: Session, ids: Iterable[UUID]) -> list[Outbox]:
    """Locked until the transaction ends."""
    wanted = select(Outbox).where(Outbox.id.in_(list(ids))).order_by(Outbox.id)
    return list(session.scalars(wanted.with_for_update()))


def held_ids(session: Session) -> list[UUID]:
    return list(session.scalars(select(Outbox.id).where(Outbox.state == "held")))


def ids_between(session: Session, first: UUID, last: UUID) -> list[UUID]:
    """Two at most: more of them are no answer."""
    return list(session.scalars(select(Outbox.id).where(Outbox.id.between(first, last)).limit(2)))


def undeliverable(session: Session) -> Sequence[Undeliverable]:
    return session.scalars(select(Undeliverable).order_by(Undeliverable.since, Undeliverable.address)).all()


def undeliverable_at(session: Session, addresses: Iterable[str]) -> list[Undeliverable]:
    wanted = select(Undeliverable).where(Undeliverable.address.in_(list(addresses))).order_by(Undeliverable.address)
    return list(session.scalars(wanted.with_for_update()))


UNDELIVERABLE = "undeliverable"


def figures(session: Session, now: datetime, since: datetime) -> list[Row[Any]]:
    """How the outbox stands, in one statement, by meeting, state and hold; `UNDELIVERABLE` counts addresses.

    `waits_alone` is 1 where nothing will happen by itself: a person has to decide. `oldest` is since when the mail has
    been due that waits longest, of those that may be sent now; `used` is how many went out since then, or may have.
    """
    columns = _MAILS.c
    is_open = columns.state.not_in(("sent", "dropped"))
    may_go = or_(columns.retry_at.is_(None), columns.retry_at <= now)
    is_due = and_(columns.state == "waiting", columns.due_at <= now, may_go)
    is_out = and_(columns.state == "sent", columns.sent_at > since)
    may_be_out = and_(columns.state.in_(("sending", "unclear")), columns.begun_at > since)
    waits_alone = case((_waits_for_a_person(), 1), else_=0)
    mails = (
        select(
            columns.meeting_id,
            columns.state,
            columns.hold,
            waits_alone.label("waits_alone"),
            func.count().label("many"),
            func.min(case((is_due, columns.due_at))).label("oldest"),
            func.sum(case((or_(is_out, may_be_out), 1), else_=0)).label("used"),
        )
        .where(or_(is_open, is_out))
        .group_by(columns.meeting_id, columns.state, columns.hold, waits_alone)
    )
    addresses = select(
        cast_to(null(), columns.meeting_id.type),
        literal(UNDELIVERABLE),
        cast_to(null(), columns.hold.type),
        literal(0),
        func.count(),
        cast_to(null(), columns.due_at.type),
        literal(0),
    ).select_from(_ADDRESSES)
    found = mails.union_all(addresses).subquery()
    return list(session.execute(select(found).order_by(found.c.state, found.c.hold, found.c.meeting_id)))


def _waits_for_a_person() -> ColumnElement[bool]:
    columns = _MAILS.c
    return or_(columns.state.in_(("held", "failed")), and_(columns.state == "unclear", columns.retry_at.is_(None)))
