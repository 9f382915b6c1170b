"""How far a decision is, what the rules remark about it, and whether it may close.

draft → open → decided → (awaiting ratification) → committed → closed with its number, or withdrawn before that
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.domain.decisions.positions import is_blind, open_objections, unheard
from governance.domain.decisions.values import Cause, Decision, Elector, RatificationState, Stance, State
from governance.domain.rules import Modes

ENOUGH_OPTIONS = 2
"""Besides *do nothing*, which is always there."""

NAMED = frozenset({"D03", "D06"})
"""What the chair may close with: the seats are named."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule remarks about a decision; `seats` are those it is about."""

    rule: str
    reason: str
    remedy: str
    seats: tuple[UUID, ...] = ()


def state_of(decision: Decision) -> State:
    if decision.withdrawn_at is not None:
        return State.WITHDRAWN
    if decision.closed_at is not None:
        return State.CLOSED
    if decision.decided_at is None:
        return State.OPEN if decision.opened_at is not None else State.DRAFT
    if any(one.state is not RatificationState.RATIFIED for one in decision.ratifications):
        return State.AWAITING
    return State.DECIDED if uncommitted(decision) else State.COMMITTED


def uncommitted(decision: Decision) -> tuple[UUID, ...]:
    """Seats of the electorate that have not said what they will do; *asked, no answer* is said by the chair.

    What was committed to before it was taken back and decided anew was about another decision.
    """
    said = {one.seat for one in decision.commitments if decision.decided_at is None or one.at >= decision.decided_at}
    return tuple(one.seat for one in decision.electors if one.seat not in said)


def beyond_money(decision: Decision) -> Elector | None:
    """The seat that bears the money, where its mandate does not reach so far; nothing is beyond nobody's."""
    if not decision.money_minor or decision.payer is None:
        return None
    payer = decision.elector(decision.payer)
    if payer is None or not payer.is_empowered:
        return payer
    return payer if payer.limit_minor is None or payer.limit_minor < decision.money_minor else None


def remarks(decision: Decision, now: datetime, modes: Modes) -> tuple[Remark, ...]:
    """What the rules D01–D07 find, whatever they do about it; none where a rule is off."""
    found = (
        *_quorum(decision),
        *_options(decision),
        *_silent(decision, now),
        *_outside(decision),
        *_checklist(decision),
        *_commitments(decision),
        *_objections(decision, now),
    )
    return tuple(one for one in found if modes.is_on(one.rule))


def blockers(decision: Decision, now: datetime, modes: Modes, named: Collection[UUID] = ()) -> tuple[Remark, ...]:
    """What keeps it from closing; of D03 and D06 nothing is left once every seat they are about is `named`."""
    return tuple(
        one
        for one in remarks(decision, now, modes)
        if modes.enforces(one.rule) and not (one.rule in NAMED and set(one.seats) <= set(named))
    )


def _quorum(decision: Decision) -> tuple[Remark, ...]:
    if decision.quorum is None or decision.quorum.is_met:
        return ()
    present, least = decision.quorum.present, decision.quorum.needed
    return (Remark("D01", f"{present} of the {least} seats needed were there", "Decide again with a quorum"),)


def _options(decision: Decision) -> tuple[Remark, ...]:
    others = [one for one in decision.options if not one.is_nothing]
    nothing = next((one for one in decision.options if one.is_nothing), None)
    found = []
    if len(others) < ENOUGH_OPTIONS and not decision.why_few_options.strip():
        number = {0: "no option", 1: "one option"}[len(others)]
        found.append(Remark("D02", f"there is {number} besides doing nothing", "Add an option, or say why not"))
    if nothing is None or not nothing.cost.strip():
        found.append(Remark("D02", "what doing nothing costs is not said", "Say what doing nothing costs"))
    return tuple(found)


def _silent(decision: Decision, now: datetime) -> tuple[Remark, ...]:
    seats = unheard(decision, now)
    return (Remark("D03", f"not heard: {_names(decision, seats)}", "Ask them", seats),) if seats else ()


def _outside(decision: Decision) -> tuple[Remark, ...]:
    ratified = {one.seat for one in decision.ratifications if one.state is RatificationState.RATIFIED}
    waiting = {one.seat: one for one in decision.ratifications if one.seat not in ratified}
    payer = beyond_money(decision)
    seats = dict.fromkeys([*waiting, *([payer.seat] if payer and payer.seat not in ratified else [])])
    found = []
    if decision.money_minor and (decision.payer is None or decision.elector(decision.payer) is None):
        found.append(Remark("D04", "it costs money, and no seat bears it", "Say whose department bears it"))
    for seat in seats:
        name, open_one = _names(decision, (seat,)), waiting.get(seat)
        is_declined = open_one is not None and open_one.state is RatificationState.DECLINED
        about = "the money" if open_one is None or open_one.cause is Cause.MONEY else "the subject"
        remedy = "Change it or withdraw it" if is_declined else "Wait for the sponsor’s word"
        said = "the sponsor declined" if is_declined else f"{about} is beyond the mandate"
        found.append(Remark("D04", f"{name}: {said}", remedy, (seat,)))
    return tuple(found)


def missing_from(decision: Decision) -> tuple[str, ...]:
    """What the closing checklist still asks for, by field."""
    asked = decision.checklist
    values = {
        "text": asked.text.strip(),
        "read_back": asked.read_back_at,
        "owner": asked.owner,
        "due_on": asked.due_on,
        "customer_effect": asked.customer_effect.strip(),
        "teller": asked.teller.strip(),
        "review_on": asked.review_on,
        "informed": asked.informed.strip(),
    }
    return tuple(name for name, value in values.items() if not value)


_ASKED = {
    "text": "the wording",
    "read_back": "that it was read back",
    "owner": "the owner",
    "due_on": "the date",
    "customer_effect": "the effect for customers",
    "teller": "who tells the customer",
    "review_on": "the day of the review",
    "informed": "who is informed",
}


def _checklist(decision: Decision) -> tuple[Remark, ...]:
    missing = [_ASKED[name] for name in missing_from(decision)]
    return (Remark("D05", f"missing: {', '.join(missing)}", "Complete the checklist"),) if missing else ()


def _commitments(decision: Decision) -> tuple[Remark, ...]:
    seats = uncommitted(decision)
    return (Remark("D06", f"no commitment: {_names(decision, seats)}", "Ask them", seats),) if seats else ()


def _objections(decision: Decision, now: datetime) -> tuple[Remark, ...]:
    """Only of positions that are open; whoever may not read them is shown what `veil` leaves, without this."""
    if is_blind(decision):
        return ()
    seats = tuple(one.seat for one in open_objections(decision, now))
    number = len(seats)
    said = "an objection has no answer" if number == 1 else f"{number} objections have no answer"
    return (Remark("D07", said, "Answer each objection", seats),) if seats else ()


def _names(decision: Decision, seats: Collection[UUID]) -> str:
    return ", ".join(one.department for one in decision.electors if one.seat in seats) or "a seat"


def was_objected(decision: Decision) -> bool:
    """Whether any seat objected in a round that was opened: then the review comes sooner."""
    opened = (one for one in decision.positions if one.round not in decision.shut_rounds)
    return any(one.stance in (Stance.OBJECT, Stance.HOLD) for one in opened)
