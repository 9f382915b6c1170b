"""Calendar feeds, and what they are made of: each question is one statement, for any number of meetings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from governance.models import (
    Action,
    ActionChange,
    CalendarFeed,
    Decision,
    DecisionMark,
    EventPicture,
    Meeting,
    Occurrence,
    RuleMode,
    Series,
    StandIn,
)
from governance.store.decision_log import REVIEWED, SUPERSEDED, review_day


def feed_with(session: Session, feed_id: UUID) -> CalendarFeed | None:
    """Only while it is not revoked."""
    query = select(CalendarFeed).where(CalendarFeed.id == feed_id, CalendarFeed.revoked_at.is_(None))
    return session.scalars(query).one_or_none()


def open_feed(session: Session, person_id: UUID) -> CalendarFeed | None:
    query = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return session.scalars(query).one_or_none()


def locked_feed(session: Session, person_id: UUID) -> CalendarFeed | None:
    """The same for who is about to revoke it: of two at once the second finds none."""
    query = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return session.scalars(query.with_for_update()).one_or_none()


def open_promises(session: Session, person_id: UUID) -> Sequence[Any]:
    """What the person owes, in every meeting, the first due first."""
    changed = select(func.max(ActionChange.at)).where(ActionChange.action_id == Action.id).scalar_subquery()
    return session.execute(
        select(
            Action.id, Action.text, Action.due_on, Action.version, Action.meeting_id, Action.seat_id, Meeting.slug,
            Meeting.name, func.coalesce(changed, Action.at, type_=Action.at.type).label("revised_at"),
        )
        .join(Meeting, Meeting.id == Action.meeting_id)
        .where(Action.owner_person_id == person_id, Action.state == "open")
        .order_by(Action.due_on, Action.id)
    ).all()  # fmt: skip


def reviews(session: Session, meeting_ids: Collection[UUID]) -> Sequence[Any]:
    """Closed decisions that are to be reviewed: `on` that day, `open_on` the same without a first review (D08)."""
    of_it = DecisionMark.decision_id == Decision.id
    superseded = exists().where(of_it, DecisionMark.kind == SUPERSEDED)
    off = exists().where(RuleMode.meeting_id == Meeting.id, RuleMode.code == "D08", RuleMode.mode == "off")
    reviewed = select(func.count(DecisionMark.id), func.max(DecisionMark.at)).where(
        of_it, DecisionMark.kind == REVIEWED
    )
    count, latest = (reviewed.with_only_columns(one).scalar_subquery() for one in reviewed.selected_columns)
    on = review_day(reads_positions=True)
    return session.execute(
        select(
            Decision.id, Decision.number, Decision.title, Decision.meeting_id, Meeting.slug, Meeting.name,
            Meeting.time_zone, on.label("on"), review_day(reads_positions=False).label("open_on"),
            count.label("revision"),
            func.coalesce(latest, Decision.closed_at, type_=Decision.at.type).label("revised_at"),
        )
        .join(Meeting, Meeting.id == Decision.meeting_id)
        .where(
            Decision.meeting_id.in_(list(meeting_ids)), Decision.state == "closed", Meeting.released_at.is_(None),
            on.is_not(None), ~superseded, ~off,
        )
        .order_by(Decision.id)
    ).all()  # fmt: skip


def seen_series(session: Session, meeting_ids: Collection[UUID], now: datetime) -> Sequence[Any]:
    """Every event of the meetings' series as last seen, itself or an exception that is not over."""
    matters = or_(EventPicture.matters_until.is_(None), EventPicture.matters_until > now)
    return session.execute(
        select(
            Series.id, Series.event_id, Series.meeting_id, Meeting.slug, Meeting.name, Meeting.time_zone,
            EventPicture.body_json, EventPicture.event_id.label("seen_id"), EventPicture.seen_at,
        )
        .join(Meeting, Meeting.id == Series.meeting_id)
        .join(EventPicture, EventPicture.series_id == Series.id)
        .where(
            Meeting.id.in_(list(meeting_ids)), Meeting.released_at.is_(None), Series.gone_at.is_(None),
            Series.retired_at.is_(None), matters,
        )
        .order_by(Series.id, EventPicture.event_id)
    ).all()  # fmt: skip


def stood_in(session: Session, person_id: UUID) -> set[tuple[UUID, datetime]]:
    """Series and original start of the occurrences at which the person sits for a delegate."""
    query = (
        select(Occurrence.series_id, Occurrence.original_start)
        .join(StandIn, StandIn.occurrence_id == Occurrence.id)
        .where(StandIn.person_id == person_id)
    )
    return {(row.series_id, row.original_start) for row in session.execute(query)}
