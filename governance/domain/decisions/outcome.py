"""Quorum, and what the positions come to by the way in which the meeting decides.

*Can live with it* is a yes. Silent and recused seats, and those whose holder may not decide, are neither yes nor no. A
tie is not a decision.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from governance.domain.charter import Way
from governance.domain.decisions.positions import is_blind, open_objections, standing, unheard
from governance.domain.decisions.values import Decision, Quorum, Stance

_YES = (Stance.FAVOUR, Stance.LIVE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the proposal is adopted, and the sentence that says why or why not."""

    is_adopted: bool
    reason: str
    yes: int = 0
    no: int = 0


def needed(held: int, fraction: Fraction | None) -> int:
    """How many of the held seats make a quorum: that fraction, rounded up; more than half without one."""
    return held // 2 + 1 if fraction is None else max(1, math.ceil(fraction * held))


def quorum(decision: Decision, present: Collection[UUID], fraction: Fraction | None, now: datetime) -> Quorum:
    """From the seats of the electorate that are there, in person or by stand-in, with a mandate, less recusals.

    As long as positions are blind nobody is taken off: the number would tell that somebody recused themselves.
    """
    said = {} if is_blind(decision) else standing(decision, now)
    recused = {seat for seat, one in said.items() if one.stance is Stance.RECUSE}
    there = [one for one in decision.electors if one.seat in present and one.is_empowered and one.seat not in recused]
    return Quorum(len(decision.electors), needed(len(decision.electors), fraction), len(there))


def outcome(decision: Decision, now: datetime) -> Outcome:
    """What the positions of this round come to; the quorum is asked apart."""
    said = standing(decision, now)
    may_decide = {one.seat for one in decision.electors if one.is_empowered}
    counted = [one.stance for seat, one in said.items() if seat in may_decide]
    yes, no = sum(one in _YES for one in counted), counted.count(Stance.OBJECT)
    if decision.way is Way.CHAIR:
        silent = unheard(decision, now)
        heard = "every seat was heard" if not silent else "not every seat was heard"
        return Outcome(not silent, heard, yes, no)
    if decision.way is Way.CONSENT:
        return _consent(bool(open_objections(decision, now)), yes, no)
    enough, words = {
        Way.MAJORITY: (yes > no, "a majority"),
        Way.TWO_THIRDS: (yes > 0 and 3 * yes >= 2 * (yes + no), "two thirds"),
    }[decision.way]
    if enough:
        return Outcome(True, f"{yes} to {no} is {words}", yes, no)
    is_tie = yes == no and yes > 0
    return Outcome(False, "a tie is not a decision" if is_tie else f"{yes} to {no} is not {words}", yes, no)


def _consent(has_open_objections: bool, yes: int, no: int) -> Outcome:
    if has_open_objections:
        return Outcome(False, "an objection has no answer yet", yes, no)
    if not yes:
        return Outcome(False, "no seat is in favour or can live with it", yes, no)
    return Outcome(True, "no objection is left unanswered", yes, no)
