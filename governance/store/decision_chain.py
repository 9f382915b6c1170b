"""Which decision took the place of which, followed to both ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Integer, cast, func, literal, select, union_all

from governance.models import Decision, DecisionMark

LONGEST = 50
"""Steps that are followed each way; no cycle is ever written, and none would keep this from ending."""


def chain_question(decision_id: UUID) -> Any:
    """The decision, whatever it took the place of and whatever took its place, to be asked with others, in no order.

    `step` is 0 for itself, less for those before it and more for those after; several may have had the same one after
    them, so that a step before may be there more than once.
    """
    own = select(literal(decision_id, type_=Decision.id.type).label("id"), cast(literal(0), Integer()).label("step"))
    later = own.cte("later", recursive=True)
    later = later.union(
        select(DecisionMark.later_decision_id, later.c.step + 1)
        .join(later, later.c.id == DecisionMark.decision_id)
        .where(DecisionMark.kind == "superseded", later.c.step < LONGEST)
    )
    earlier = own.cte("earlier", recursive=True)
    earlier = earlier.union(
        select(DecisionMark.decision_id, earlier.c.step - 1)
        .join(earlier, earlier.c.id == DecisionMark.later_decision_id)
        .where(DecisionMark.kind == "superseded", earlier.c.step > -LONGEST)
    )
    found = union_all(select(earlier.c.id, earlier.c.step), select(later.c.id, later.c.step)).subquery()
    step = func.min(found.c.step).label("step")
    return (
        select(Decision.id, Decision.number, Decision.title, Decision.state, Decision.closed_at, step)
        .join(found, found.c.id == Decision.id)
        .group_by(Decision.id, Decision.number, Decision.title, Decision.state, Decision.closed_at)
    )
