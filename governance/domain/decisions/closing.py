"""The closing: what is filled in by itself, and the number it ends with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from governance.domain.decisions.life import was_objected
from governance.domain.decisions.values import Checklist, Decision

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


def number_of(year: int, seq: int) -> str:
    """`D-2026-014`; a meeting with more than 999 in a year goes on with four digits."""
    return f"D-{year}-{seq:03d}"
