"""The ways out: one of them is proposed, and *do nothing* with its cost is always among them.

While positions are open, what the proposal says cannot change under those who have answered it: they are asked anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from governance.domain.decisions.values import State
from governance.models import DecisionOption
from governance.services.decisions.doing import Doing
from governance.services.decisions.refusals import ChangedSince, DecisionRefused
from governance.services.decisions.rounds import ask_anew
from governance.store import decisions as store

LONGEST_OPTION = 1000
MOST_OPTIONS = 12
_CHANGEABLE = (State.DRAFT, State.OPEN)
_REMEDY = "Ask for positions anew first"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionWording:
    text: str
    customer_effect: str = ""
    cost: str = ""
    risk: str = ""


def add_option(doing: Doing, wording: OptionWording, *, seat_id: UUID | None) -> UUID:
    """A way out besides doing nothing; the first one is proposed until somebody proposes another.

    Raises:
        DecisionRefused: it says nothing, there are too many, or the decision is past that.
    """
    doing.require(_CHANGEABLE, _REMEDY)
    told, others = _tidy(wording), [one for one in doing.value.options if not one.is_nothing]
    if len(others) >= MOST_OPTIONS:
        raise DecisionRefused("Remove an option first", f"nobody compares more than {MOST_OPTIONS}", field="text")
    row = DecisionOption(
        decision_id=doing.row.id, rank=max((one.rank for one in doing.value.options), default=0) + 1, text=told.text,
        customer_effect=told.customer_effect, cost=told.cost, risk=told.risk, seat_id=seat_id, by=doing.actor,
        is_proposed=doing.value.proposed is None, at=doing.now,
    )  # fmt: skip
    doing.session.add(row)
    doing.settle()
    doing.note("option-added", after={"option": told.text})
    return row.id


def change_option(doing: Doing, option_id: UUID, wording: OptionWording, version: int) -> None:
    """Another wording; of the one that is proposed it starts another round where positions are open.

    Raises:
        ChangedSince: somebody else saved it since.
        DecisionRefused: there is no such option, it says nothing, or the decision is past that.
    """
    doing.require(_CHANGEABLE, _REMEDY)
    row = _row(doing, option_id)
    if row.version != version:
        raise ChangedSince
    told = _tidy(wording)
    before = OptionWording(text=row.text, customer_effect=row.customer_effect, cost=row.cost, risk=row.risk)
    if told == before:
        return
    row.text = told.text if row.rank else row.text
    row.customer_effect, row.cost, row.risk = told.customer_effect, told.cost, told.risk
    if row.is_proposed:
        ask_anew(doing)
    doing.settle()
    doing.note("option-changed", before={"option": before.text}, after={"option": row.text})


def remove_option(doing: Doing, option_id: UUID) -> None:
    """Not *do nothing*, and not the one that is proposed.

    Raises:
        DecisionRefused: it is one of these, or the decision is past that.
    """
    doing.require(_CHANGEABLE, _REMEDY)
    row = _row(doing, option_id)
    if row.rank == 0:
        raise DecisionRefused("Leave it", "doing nothing is always an option")
    if row.is_proposed:
        raise DecisionRefused("Propose another option first", "this one is proposed")
    doing.session.delete(row)
    doing.settle()
    doing.note("option-removed", before={"option": row.text})


def propose(doing: Doing, option_id: UUID) -> None:
    """What the positions are about; another one starts another round where they are open.

    Raises:
        DecisionRefused: there is no such option, or the decision is past that.
    """
    doing.require(_CHANGEABLE, _REMEDY)
    row = _row(doing, option_id)
    if row.is_proposed:
        return
    for other in store.options_of(doing.session, doing.row.id):
        other.is_proposed = False
    doing.session.flush()
    row.is_proposed = True
    ask_anew(doing)
    doing.settle()
    doing.note("option-proposed", after={"option": row.text})


def _tidy(wording: OptionWording) -> OptionWording:
    text = wording.text.strip()
    if not text or len(text) > LONGEST_OPTION:
        raise DecisionRefused(
            f"Say it in at most {LONGEST_OPTION} letters", "an option says what is done", field="text"
        )
    return OptionWording(
        text=text, customer_effect=wording.customer_effect.strip(), cost=wording.cost.strip(), risk=wording.risk.strip()
    )


def _row(doing: Doing, option_id: UUID) -> DecisionOption:
    found = doing.session.get(DecisionOption, option_id)
    if found is None or found.decision_id != doing.row.id:
        raise DecisionRefused("Look at the options again", "this one is not there any more")
    return found
