"""What the page of a decision shows of its closing: what is missing, and what it begins with. Pure, and cut."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from governance.domain.decisions.closing import Finding, findings, still_to_fill_in, with_defaults
from governance.domain.decisions.life import NAMED
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


def closing_part(decision: Decision, modes: Modes, now: datetime, today: date) -> ClosingPart:
    filled = with_defaults(decision, today)
    return ClosingPart(
        today,
        findings(replace(decision, checklist=filled), now, modes),
        filled,
        still_to_fill_in(decision, today),
        base_of(decision),
        modes.enforces("D05"),
    )


def cut_closing(part: ClosingPart, *, may_read_positions: bool) -> ClosingPart:
    """Whose objection is open is a position; whose word is missing is none."""
    if may_read_positions:
        return part
    shown = tuple(
        one
        if one.remark.rule in NAMED or one.remark.rule == "D04"
        else replace(one, remark=replace(one.remark, seats=()))
        for one in part.findings
    )
    return replace(part, findings=shown)


def base_of(decision: Decision) -> str:
    """Of what the form of the closing is made from, whatever else is said about the decision meanwhile."""
    saved = repr((decision.checklist, decision.money_minor, decision.payer))
    return hashlib.sha256(saved.encode()).hexdigest()[:16]
