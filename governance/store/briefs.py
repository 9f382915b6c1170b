"""Briefs to senior leadership, what they are made of, and what seats ask of the chair about one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from governance.models import Brief, Decision, DecisionMark, Meeting, Person, Ratification, Role

_LEADERSHIP = "leadership"


def brief_about(session: Session, meeting_id: UUID, about: str) -> Brief | None:
    return session.scalar(select(Brief).where(Brief.meeting_id == meeting_id, Brief.about == about))


def brief_to_change(session: Session, brief_id: UUID) -> Brief | None:
    """Locked until the transaction ends, and as it is now."""
    query = select(Brief).where(Brief.id == brief_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def newest_briefs(session: Session, meeting_id: UUID, limit: int) -> Sequence[Brief]:
    """The latest first."""
    query = select(Brief).where(Brief.meeting_id == meeting_id)
    return session.scalars(query.order_by(Brief.until.desc(), Brief.id.desc()).limit(limit)).all()


def newest_told(session: Session, meeting_id: UUID, too_old: datetime) -> Brief | None:
    """The latest that went, still goes, or that the chair keeps back; not one whose time passed unsent."""
    told = or_(Brief.gone_at.is_not(None), Brief.held_at.is_not(None), Brief.goes_at > too_old)
    query = select(Brief).where(Brief.meeting_id == meeting_id, told)
    return session.scalar(query.order_by(Brief.until.desc(), Brief.id.desc()).limit(1))


def earliest_since(session: Session, meeting_id: UUID) -> datetime | None:
    """From when on the first brief of all tells what happened."""
    return session.scalar(select(func.min(Brief.since)).where(Brief.meeting_id == meeting_id))


def closed_between(session: Session, meeting_id: UUID, since: datetime, until: datetime) -> Sequence[Any]:
    """What leadership reads of decisions that were closed then, in the order of their numbers."""
    return session.execute(
        select(
            Decision.number, Decision.title, Decision.customer, Decision.customer_effect, Decision.due_on,
            Person.name.label("owner"),
        )
        .outerjoin(Person, Person.id == Decision.owner_person_id)
        .where(Decision.meeting_id == meeting_id, Decision.closed_at > since, Decision.closed_at <= until)
        .order_by(Decision.number_year, Decision.number_seq)
    ).all()  # fmt: skip


def kept_between(session: Session, meeting_id: UUID, since: datetime, until: datetime) -> Sequence[Any]:
    """What was said of closed decisions then, the oldest word first."""
    return session.execute(
        select(Decision.number, Decision.title, DecisionMark.kind, DecisionMark.words)
        .join(Decision, Decision.id == DecisionMark.decision_id)
        .where(
            Decision.meeting_id == meeting_id,
            DecisionMark.kind.in_(("kept", "not-kept")),
            DecisionMark.at > since,
            DecisionMark.at <= until,
        )
        .order_by(DecisionMark.at, DecisionMark.id)
    ).all()


def waiting_for_backing(session: Session, meeting_id: UUID) -> Sequence[Any]:
    """What is decided and waits for some sponsor's word, whatever that one has said so far; the oldest first."""
    asked = (
        select(Ratification.id)
        .where(Ratification.decision_id == Decision.id, Ratification.state != "ratified")
        .correlate(Decision)
        .exists()
    )
    return session.execute(
        select(Decision.id, Decision.title, Decision.customer)
        .where(
            Decision.meeting_id == meeting_id,
            Decision.decided_at.is_not(None),
            Decision.closed_at.is_(None),
            Decision.withdrawn_at.is_(None),
            asked,
        )
        .order_by(Decision.decided_at, Decision.id)
    ).all()


def due_to_go(session: Session, now: datetime, too_old: datetime) -> Sequence[Brief]:
    """Their time has come, nobody keeps them back, and their meeting is ours and no restored copy."""
    return session.scalars(
        select(Brief)
        .join(Meeting, Meeting.id == Brief.meeting_id)
        .where(
            Brief.goes_at <= now,
            Brief.goes_at > too_old,
            Brief.gone_at.is_(None),
            Brief.held_at.is_(None),
            Meeting.released_at.is_(None),
            Meeting.restored_hold.is_(False),
            Meeting.first_plan_approved,
        )
        .order_by(Brief.goes_at, Brief.id)
    ).all()


def leadership_of(session: Session, meeting_ids: Collection[UUID]) -> Sequence[Any]:
    """Everybody who reads for senior leadership, with the days of their role."""
    return session.execute(
        select(Role.meeting_id, Role.person_id, Role.first_day, Role.last_day)
        .where(Role.meeting_id.in_(list(meeting_ids)), Role.kind == _LEADERSHIP)
        .order_by(Role.first_day, Role.id)
    ).all()


def meetings_named(session: Session, meeting_ids: Collection[UUID]) -> dict[UUID, Meeting]:
    return {one.id: one for one in session.scalars(select(Meeting).where(Meeting.id.in_(list(meeting_ids))))}
