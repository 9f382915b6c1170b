"""What the page of a decision shows of its closing: what is missing, and what it begins with. Pure, and cut."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from governance.domain.decisions.closing import Finding, findings, still_to_fill_in, with_defaults
from governance.domain.decisions.values import Checklist, Decision
from governance.domain.rules import Modes


@dataclass(frozen=True, slots=True)
class ClosingPart:
    """`checklist` is filled with what is known; `base` changes whenever what is saved of it does.

    `is_asked_for` says whether an incomplete checklist keeps the decision from closing.
    """

    today: date
    findings: tuple[Finding, ...]
    checklist: Checklist
    still: tuple[str, ...]
    base: str
    is_asked_for: bool


def closing_part(
    decision: Decision, modes: Modes, now: datetime, today: date, *, reads_positions: bool = True
) -> ClosingPart:
    filled = with_defaults(decision, today)
    return ClosingPart(
        today,
        findings(replace(decision, checklist=filled), now, modes),
        filled,
        still_to_fill_in(decision, today),
        base_of(decision, reads_positions=reads_positions),
        modes.enforces("D05"),
    )


def base_of(decision: Decision, *, reads_positions: bool = True) -> str:
    """Of what the form of the closing is made from, whatever else is said about the decision meanwhile."""
    seen = decision.checklist if reads_positions else replace(decision.checklist, review_on=None)
    saved = repr((seen, decision.money_minor, decision.payer))
    return hashlib.sha256(saved.encode()).hexdigest()[:16]
