"""What each seat says now, who may see it yet, and which interests are shared.

Positions are blind until every seat of the electorate is in, or the chair opens them; by show of hands they never are.
A *hold* is in too: the seat has said that it objects and is writing why. When its clock runs out unwritten, the seat
reads as not heard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from governance.domain.decisions.values import Decision, Position, Source, Stance

LONGEST_HOLD = timedelta(days=7)
"""How long an objection may take to be written."""

CORRECTABLE = timedelta(hours=24)
"""For how long a seat may correct what was entered for it."""


def standing(decision: Decision, now: datetime) -> Mapping[UUID, Position]:
    """By seat, the position that stands in this round; a hold that has run out stands no more."""
    latest: dict[UUID, Position] = {}
    for one in sorted(decision.positions, key=lambda position: (position.at, position.id)):
        if one.round == decision.round:
            latest[one.seat] = one
    return {seat: one for seat, one in latest.items() if not _has_run_out(one, now)}


def unheard(decision: Decision, now: datetime) -> tuple[UUID, ...]:
    """Seats of the electorate without a position; one that the chair asked in vain is *silent*, and heard.

    A hold that has run out is missing only once positions are open: before, the number would tell of an objection.
    """
    heard = _in(decision) if is_blind(decision) else standing(decision, now)
    return tuple(one.seat for one in decision.electors if one.seat not in heard)


def is_blind(decision: Decision) -> bool:
    """Whether nobody may see another seat's position yet."""
    if decision.is_show_of_hands or decision.revealed_at is not None:
        return False
    heard = _in(decision)
    return not decision.electors or any(one.seat not in heard for one in decision.electors)


def open_objections(decision: Decision, now: datetime) -> tuple[Position, ...]:
    """Objections that stand and have no answer yet, and those that are still being written."""
    return tuple(
        one
        for one in standing(decision, now).values()
        if one.stance is Stance.HOLD or (one.stance is Stance.OBJECT and one.id not in decision.answers)
    )


def correctable_until(decision: Decision, seat: UUID) -> datetime | None:
    """Until when the seat may correct its position; None where nothing was entered for it by somebody else."""
    own = [one for one in decision.positions if one.seat == seat and one.round == decision.round]
    latest = max(own, key=lambda one: (one.at, one.id), default=None)
    return latest.at + CORRECTABLE if latest is not None and latest.source in (Source.ROOM, Source.CHAIR) else None


@dataclass(frozen=True, slots=True)
class Interest:
    """What matters to one or more seats; `seats` in the order of the electorate."""

    text: str
    seats: tuple[UUID, ...]


def interests(decision: Decision, now: datetime) -> tuple[Interest, ...]:
    """Side by side, the shared ones first; the same words in another case or spacing are the same interest."""
    said = standing(decision, now)
    by_words: dict[str, list[UUID]] = {}
    text_of: dict[str, str] = {}
    for elector in decision.electors:
        position = said.get(elector.seat)
        folded = " ".join(position.interest.split()).casefold() if position else ""
        if position and folded:
            by_words.setdefault(folded, []).append(elector.seat)
            text_of.setdefault(folded, position.interest.strip())
    found = [Interest(text_of[folded], tuple(seats)) for folded, seats in by_words.items()]
    return tuple(sorted(found, key=lambda one: -len(one.seats)))


def counts(decision: Decision, now: datetime) -> Mapping[Stance, int]:
    """How many seats say what: all that a shared screen shows."""
    return Counter(one.stance for one in standing(decision, now).values())


def _in(decision: Decision) -> frozenset[UUID]:
    """Seats that have said anything in this round, whatever became of it since."""
    return frozenset(one.seat for one in decision.positions if one.round == decision.round)


def _has_run_out(position: Position, now: datetime) -> bool:
    return position.stance is Stance.HOLD and position.hold_until is not None and position.hold_until <= now
