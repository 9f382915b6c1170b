"""Whom a decision still has to ask for their word because it goes beyond a mandate.

Money is beyond the mandate of the seat that bears it by its limit; a subject is by the word of the seat itself, which
says in words why (`Ratification.words`). A seat whose money fits by now has nothing to ask for but that.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from governance.domain.decisions.life import beyond_money
from governance.domain.decisions.values import Cause, Decision, Ratification, RatificationState


@dataclass(frozen=True, slots=True)
class Asking:
    """What is to be done about the sponsors so that they are asked for what is beyond their seats' mandates, and for
    nothing else. `cause` says why where a word is still wanted, but for another reason than before.
    """

    ask: tuple[UUID, ...] = ()
    drop: tuple[UUID, ...] = ()
    cause: tuple[tuple[UUID, Cause], ...] = ()


def asking(decision: Decision) -> Asking:
    payer = beyond_money(decision)
    beyond = payer.seat if payer is not None else None
    there = {one.seat: one for one in decision.ratifications}
    ask = (beyond,) if beyond is not None and beyond not in there else ()
    drop, cause = [], []
    for one in there.values():
        if one.seat == beyond:
            wanted = Cause.MONEY
        elif one.words.strip():
            wanted = Cause.SUBJECT
        else:
            drop.append(one.seat)
            continue
        if one.cause is not wanted:
            cause.append((one.seat, wanted))
    return Asking(ask, tuple(drop), tuple(cause))


def ask_again(before: Decision, after: Decision) -> tuple[UUID, ...]:
    """Seats whose sponsors are asked anew: what they were asked about is not what it was.

    Another wording concerns all of them; more money, or money where there was none, the seat that bears it.
    """
    is_reworded = _same(wording(before)) != _same(wording(after))
    return tuple(
        one.seat
        for one in before.ratifications
        if is_reworded or _is_dearer(one, before, after) or _is_cheaper(one, before, after)
    )


def wording(decision: Decision) -> str:
    """What is decided: as the closing words it, else as it was proposed."""
    return decision.checklist.text or (decision.proposed.text if decision.proposed else "")


def effect_on_customers(decision: Decision) -> str:
    return decision.checklist.customer_effect or (decision.proposed.customer_effect if decision.proposed else "")


def _is_dearer(one: Ratification, before: Decision, after: Decision) -> bool:
    paid = (before.money_minor or 0) if before.payer == one.seat else 0
    return one.seat == after.payer and (after.money_minor or 0) > paid


def _is_cheaper(one: Ratification, before: Decision, after: Decision) -> bool:
    """A sponsor who said no is asked again once it costs less."""
    is_declined = one.state is RatificationState.DECLINED
    return is_declined and one.seat == after.payer and (after.money_minor or 0) < (before.money_minor or 0)


def _same(text: str) -> str:
    return " ".join(text.split())
