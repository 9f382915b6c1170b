"""What may be derived from a decision by who may not read its positions: the same, whatever they say."""

from __future__ import annotations

from dataclasses import replace

from governance.domain.decisions.positions import is_blind
from governance.domain.decisions.values import Decision, Position, Stance


def veiled(decision: Decision, *, reads_positions: bool) -> Decision:
    """The decision with every position that is not open to the reader as a plain yes, and nothing beside it.

    Who is in, the quorum, the remarks of the rules and the day of the review are computed from this one: no number of
    them can then tell what somebody said, or that somebody objected or is recused. Nobody reads a round while it is
    blind, nor one that ended before it was opened.
    """
    shut = {*decision.shut_rounds, *([decision.round] if is_blind(decision) else [])}
    positions = tuple(one if reads_positions and one.round not in shut else _plain(one) for one in decision.positions)
    if reads_positions:
        return replace(decision, positions=positions)
    checklist = replace(decision.checklist, review_on=None)
    return replace(decision, positions=positions, checklist=checklist, quorum=None, answers={})


def _plain(position: Position) -> Position:
    return replace(position, stance=Stance.FAVOUR, reason="", removes="", interest="", hold_until=None)
