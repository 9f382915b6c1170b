"""What each seat will do about a decision: the newest word of each, and which seats were not there to say it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from governance.domain.decisions.values import Commitment, Decision, Pledge


def pledged(decision: Decision) -> Mapping[UUID, Commitment]:
    """By seat, what it said last since it was decided, in the order of the electorate."""
    since = [one for one in decision.commitments if decision.decided_at is None or one.at >= decision.decided_at]
    latest = {one.seat: one for one in sorted(since, key=lambda one: one.at)}
    return {one.seat: latest[one.seat] for one in decision.electors if one.seat in latest}


def to_ask(decision: Decision, present: Collection[UUID]) -> tuple[UUID, ...]:
    """Seats that were not there and have not said it themselves yet; whom the chair asked in vain is one of them."""
    own = {seat for seat, one in pledged(decision).items() if one.pledge is not Pledge.NO_ANSWER}
    return tuple(one.seat for one in decision.electors if one.seat not in own and one.seat not in present)
