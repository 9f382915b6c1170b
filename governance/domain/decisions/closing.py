"""The closing: what is filled in by itself, and the number it ends with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from governance.domain.decisions.life import NAMED, Remark, blockers, missing_from, remarks, was_objected
from governance.domain.decisions.values import Checklist, Decision
from governance.domain.rules import Modes

REVIEW_AFTER = timedelta(weeks=13)
REVIEW_SOONER = timedelta(weeks=6)
"""After an objection: whoever objected learns soon whether they were right."""

INFORMED = "All seats and their sponsors"


def with_defaults(decision: Decision, today: date) -> Checklist:
    """The checklist with what can be known: the proposal as wording and its effect, the review, who is informed."""
    asked, proposed = decision.checklist, decision.proposed
    after = REVIEW_SOONER if was_objected(decision) else REVIEW_AFTER
    return replace(
        asked,
        text=asked.text or (proposed.text if proposed else ""),
        customer_effect=asked.customer_effect or (proposed.customer_effect if proposed else ""),
        review_on=asked.review_on or today + after,
        informed=asked.informed or INFORMED,
    )


def still_to_fill_in(decision: Decision, today: date) -> tuple[str, ...]:
    """The fields that nothing is known for, in the order of the form; that it was read back is only ticked."""
    filled = replace(decision, checklist=with_defaults(decision, today))
    return tuple(name for name in missing_from(filled) if name != "read_back")


def owners_seat(decision: Decision) -> UUID | None:
    """The seat that the owner sat on as the positions opened; somebody without a seat may own a decision as well."""
    owner = decision.checklist.owner
    return next((one.seat for one in decision.electors if owner is not None and one.person == owner), None)


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark as the closing shows it. `by_name` is one that the chair closes with, the seats named."""

    remark: Remark
    is_blocking: bool
    by_name: bool = False


def findings(decision: Decision, now: datetime, modes: Modes, named: Collection[UUID] = ()) -> tuple[Finding, ...]:
    """What is remarked about closing it: what blocks first, then what the chair can name, then what is only said."""
    blocking = blockers(decision, now, modes, named)
    nameable = [one for one in blockers(decision, now, modes) if one.rule in NAMED]
    found = [Finding(one, one in blocking, one in nameable) for one in remarks(decision, now, modes)]
    return tuple(sorted(found, key=lambda one: (not one.is_blocking or one.by_name, not one.by_name, one.remark.rule)))


def number_of(year: int, seq: int) -> str:
    """`D-2026-014`; a meeting with more than 999 in a year goes on with four digits."""
    return f"D-{year}-{seq:03d}"
