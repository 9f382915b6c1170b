"""What points at closed decisions: marks and challenges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Date, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from governance.models import Challenge, Decision, DecisionMark
from governance.models.types import UtcDateTime

MARK, CHALLENGE, EARLIER = "mark", "challenge", "earlier"

_TEXT, _DAY = cast(null(), String()), cast(null(), Date())


def closed_in_meeting(session: Session, meeting_id: UUID, decision_id: UUID) -> Decision | None:
    return session.scalars(
        select(Decision).where(
            Decision.meeting_id == meeting_id, Decision.id == decision_id, Decision.closed_at.is_not(None)
        )
    ).one_or_none()


def superseded_by(session: Session, decision_id: UUID) -> UUID | None:
    return session.scalars(
        select(DecisionMark.later_decision_id).where(
            DecisionMark.decision_id == decision_id, DecisionMark.kind == "superseded"
        )
    ).one_or_none()


def later_of(session: Session, decision_id: UUID) -> frozenset[UUID]:
    """All that stand in its place, one after the other."""
    first = (
        select(DecisionMark.later_decision_id.label("id"))
        .where(DecisionMark.decision_id == decision_id, DecisionMark.kind == "superseded")
        .cte("later", recursive=True)
    )
    chain = first.union(
        select(DecisionMark.later_decision_id)
        .join(first, DecisionMark.decision_id == first.c.id)
        .where(DecisionMark.kind == "superseded")
    )
    return frozenset(one for one in session.scalars(select(chain.c.id)) if one is not None)


def after_closing(session: Session, decision_id: UUID) -> Sequence[Any]:
    """Marks, challenges, and the decisions that it stands in the place of, in the order of time."""
    later, earlier = aliased(Decision), aliased(Decision)
    mark = (
        select(
            literal(MARK).label("what"), DecisionMark.id.label("id"), DecisionMark.kind.label("kind"),
            DecisionMark.words.label("words"), _TEXT.label("by_whom"), _TEXT.label("answered_by"),
            DecisionMark.review_on.label("review_on"), later.number.label("number"), later.title.label("title"),
            DecisionMark.at.label("at"), cast(null(), UtcDateTime()).label("settled_at"),
        )
        .outerjoin(later, later.id == DecisionMark.later_decision_id)
        .where(DecisionMark.decision_id == decision_id)
    )  # fmt: skip
    challenge = select(
        literal(CHALLENGE), Challenge.id, Challenge.outcome, Challenge.what, Challenge.by_whom, Challenge.answered_by,
        _DAY, _TEXT, _TEXT, Challenge.at, Challenge.settled_at,
    ).where(Challenge.decision_id == decision_id)  # fmt: skip
    before = (
        select(
            literal(EARLIER), DecisionMark.id, DecisionMark.kind, _TEXT, _TEXT, _TEXT, _DAY, earlier.number,
            earlier.title, DecisionMark.at, cast(null(), UtcDateTime()),
        )
        .join(earlier, earlier.id == DecisionMark.decision_id)
        .where(DecisionMark.later_decision_id == decision_id)
    )  # fmt: skip
    return session.execute(union_all(mark, challenge, before).order_by("at", "id")).all()
