"""What points at closed decisions: marks, challenges and promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from governance.models import Action, Challenge, Decision, DecisionMark, Person
from governance.store.decision_chain import chain_question

MARK, CHALLENGE, PROMISE, CHAIN = "mark", "challenge", "promise", "chain"

_TEXT, _DAY = cast(null(), String()), cast(null(), Date())
_STEP = cast(null(), Integer())


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
    """Marks, challenges, promises it led to, and the chain it belongs to (with `step`), in the order of time."""
    mark = select(
        literal(MARK).label("what"), DecisionMark.id.label("id"), DecisionMark.kind.label("kind"),
        DecisionMark.words.label("words"), _TEXT.label("by_whom"), _TEXT.label("answered_by"),
        DecisionMark.review_on.label("day"), DecisionMark.at.label("at"), _STEP.label("step"),
    ).where(DecisionMark.decision_id == decision_id, DecisionMark.kind != "superseded")  # fmt: skip
    challenge = select(
        literal(CHALLENGE), Challenge.id, Challenge.outcome, Challenge.what, Challenge.by_whom, Challenge.answered_by,
        _DAY, Challenge.at, _STEP,
    ).where(Challenge.decision_id == decision_id)  # fmt: skip
    promise = (
        select(
            literal(PROMISE), Action.id, Action.state, Action.text, Person.name, _TEXT, Action.due_on, Action.at,
            _STEP,
        )
        .join(Person, Person.id == Action.owner_person_id)
        .where(Action.decision_id == decision_id)
    )  # fmt: skip
    linked = chain_question(decision_id).subquery()
    chain = select(
        literal(CHAIN), linked.c.id, linked.c.number, linked.c.title, _TEXT, _TEXT, _DAY, linked.c.closed_at,
        linked.c.step,
    )  # fmt: skip
    return session.execute(union_all(mark, challenge, promise, chain).order_by("at", "id")).all()
