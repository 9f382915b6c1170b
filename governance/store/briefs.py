"""Briefs to senior leadership, what they are made of, and what seats ask of the chair about one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import Session

from governance.models import (
    Brief,
    BriefRequest,
    Decision,
    DecisionMark,
    Department,
    Meeting,
    Occurrence,
    Person,
    Ratification,
    Role,
    Seat,
    StandIn,
    Tenure,
)

_LEADERSHIP = "leadership"


def brief_about(session: Session, meeting_id: UUID, about: str) -> Brief | None:
    return session.scalar(select(Brief).where(Brief.meeting_id == meeting_id, Brief.about == about))


def brief_to_change(session: Session, brief_id: UUID) -> Brief | None:
    """Locked until the transaction ends, and as it is now."""
    query = select(Brief).where(Brief.id == brief_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def newest_briefs(session: Session, meeting_id: UUID, limit: int, *, only_gone: bool) -> Sequence[Brief]:
    """The latest first."""
    query = select(Brief).where(Brief.meeting_id == meeting_id)
    query = query.where(Brief.gone_at.is_not(None)) if only_gone else query
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
    """Their time has come, nobody keeps them back, and their meeting is ours and no restored copy.

    One from before a person went on with a copy may have gone already, unless the chair changed it or let it go since.
    """
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
            Brief.shown_at >= Meeting.begun_at,
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


def requests_for(session: Session, brief_id: UUID, by: UUID | None = None) -> Sequence[Any]:
    """What was asked about a brief, the oldest first; of one person where one is named."""
    query = (
        select(
            BriefRequest.id, BriefRequest.text, BriefRequest.at, BriefRequest.settled_at,
            Department.name.label("department"), Person.name.label("asked_by"),
        )
        .join(Person, Person.id == BriefRequest.person_id)
        .outerjoin(Seat, Seat.id == BriefRequest.seat_id)
        .outerjoin(Department, Department.id == Seat.department_id)
        .where(BriefRequest.brief_id == brief_id)
    )  # fmt: skip
    query = query.where(BriefRequest.person_id == by) if by is not None else query
    return session.execute(query.order_by(BriefRequest.at, BriefRequest.id)).all()


def same_request(session: Session, brief_id: UUID, person_id: UUID, text: str) -> BriefRequest | None:
    """Whether the person has asked for the very same, and it is not settled."""
    query = select(BriefRequest).where(
        BriefRequest.brief_id == brief_id,
        BriefRequest.person_id == person_id,
        BriefRequest.text == text,
        BriefRequest.settled_at.is_(None),
    )
    return session.scalars(query.limit(1)).first()


def department_of_seat(session: Session, seat_id: UUID | None) -> str:
    query = select(Department.name).join(Seat, Seat.department_id == Department.id).where(Seat.id == seat_id)
    return session.scalar(query) or ""


def who_saw(session: Session, meeting_id: UUID, original_start: datetime, on: date) -> list[UUID]:
    """The delegates of that day, who stood in at the occurrence, and who leads; each once."""
    delegates = (
        select(Tenure.person_id.label("person_id"))
        .join(Seat, Seat.id == Tenure.seat_id)
        .where(Seat.meeting_id == meeting_id, Seat.closed_on.is_(None), *_in_force(Tenure, on))
    )
    stood_in = (
        select(StandIn.person_id)
        .join(Seat, Seat.id == StandIn.seat_id)
        .join(Occurrence, Occurrence.id == StandIn.occurrence_id)
        .where(Seat.meeting_id == meeting_id, Occurrence.original_start == original_start)
    )
    leads = select(Role.person_id).where(
        Role.meeting_id == meeting_id, Role.kind.in_(("chair", "scribe")), *_in_force(Role, on)
    )
    found = union(delegates, stood_in, leads).subquery()
    return list(session.scalars(select(found.c.person_id).order_by(found.c.person_id)))


def _in_force(of: Any, on: date) -> tuple[Any, ...]:
    return of.first_day <= on, or_(of.last_day.is_(None), of.last_day >= on)


def meetings_named(session: Session, meeting_ids: Collection[UUID]) -> dict[UUID, Meeting]:
    return {one.id: one for one in session.scalars(select(Meeting).where(Meeting.id.in_(list(meeting_ids))))}
