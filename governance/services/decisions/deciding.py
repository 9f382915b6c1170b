"""Objections are answered, and then it is decided: with a quorum, in the meeting's way of deciding."""

from __future__ import annotations

from uuid import UUID

from governance.domain.decisions.life import blockers
from governance.domain.decisions.outcome import outcome, quorum
from governance.domain.decisions.positions import is_blind, standing
from governance.domain.decisions.presence import present_at
from governance.domain.decisions.values import Answer, Position, Stance, State
from governance.domain.ledger import Confidentiality
from governance.models import DecisionOption, ObjectionAnswer
from governance.services.attendance.reading import LINGERS, timing_of
from governance.services.decisions.committing import ask_away
from governance.services.decisions.doing import Doing
from governance.services.decisions.presence import sitting_of
from governance.services.decisions.ratifying import ask_sponsors
from governance.services.decisions.refusals import DecisionRefused
from governance.services.decisions.rounds import ask_anew

LONGEST_ANSWER = 1000
ANSWERABLE = (State.OPEN, State.DECIDED, State.AWAITING, State.COMMITTED)
_AT_DECIDING = ("D07", "D01")
"""Rules that already refuse the deciding; the others wait for the closing."""


def answer_objection(doing: Doing, position_id: UUID, answer: Answer, words: str, *, proposal: str = "") -> None:
    """The proposal changes, a measure is added, or the objection is declined: each with its words.

    A changed proposal is another one: every seat is asked anew.

    Raises:
        DecisionRefused: it is no objection that waits for an answer, or the words or the changed text are missing.
    """
    doing.require(ANSWERABLE, "Look at it again")
    if is_blind(doing.value):
        raise DecisionRefused("Open the positions first", "nobody has read the objections yet")
    objection = _objection(doing, position_id)
    told = words.strip()
    if not told or len(told) > LONGEST_ANSWER:
        raise DecisionRefused(
            f"Say it in at most {LONGEST_ANSWER} letters", "whoever objected reads what became of it", field="words"
        )
    doing.session.add(
        ObjectionAnswer(position_id=objection.id, answer=answer.value, words=told, by=doing.actor, at=doing.now)
    )
    if answer is Answer.OPTION_CHANGED:
        _change_proposal(doing, proposal)
    doing.settle()
    doing.note("position-answered", confidentiality=Confidentiality.PRIVATE, after={"round": objection.round})


def decide(doing: Doing) -> None:
    """Keep that it is decided, with the quorum as it is now; sponsors and seats that are away are asked by mail.

    Raises:
        DecisionRefused: positions are blind, the occurrence is long over, an objection waits for its answer, there is
            no quorum, or the positions do not come to it. A tie is no decision.
    """
    doing.require([State.OPEN], "Open it for positions first")
    now, value, occurrence = doing.now, doing.value, doing.row.occurrence
    if is_blind(value):
        raise DecisionRefused("Open the positions first", "not every seat is heard, and nobody has read the others")
    if occurrence is None or now > occurrence.end + LINGERS:
        raise DecisionRefused("Take it back and open it again", "the seats were asked for an occurrence that is over")
    _, sitting = sitting_of(doing.session, doing.meeting, occurrence, doing.settings, now)
    stays = [one.stay for one in sitting.values() if one.stay is not None]
    at = min(now, timing_of(occurrence, doing.settings.charter).end)
    found = quorum(value, present_at(stays, at), doing.settings.charter.quorum, now)
    doing.row.present, doing.row.needed, doing.row.held = found.present, found.needed, found.held
    in_the_way = {one.rule: one for one in blockers(doing.again(), now, doing.settings.modes)}
    for rule in _AT_DECIDING:
        if rule in in_the_way:
            raise DecisionRefused(in_the_way[rule].remedy, in_the_way[rule].reason)
    result = outcome(doing.value, now)
    if not result.is_adopted:
        # How many say what is on the page of those who may read it, and not in a refusal.
        raise DecisionRefused("Change the proposal, or withdraw it", "the positions do not come to it")
    doing.row.decided_at = now
    doing.settle()
    doing.note("decision-decided", after={"needed": found.needed, "held": found.held})
    ask_sponsors(doing)
    ask_away(doing)


def _objection(doing: Doing, position_id: UUID) -> Position:
    found = next((one for one in standing(doing.value, doing.now).values() if one.id == position_id), None)
    if found is None or found.stance is not Stance.OBJECT:
        raise DecisionRefused("Look at the positions again", "this objection does not stand any more")
    if found.id in doing.value.answers:
        raise DecisionRefused("Look at the positions again", "this objection has its answer")
    return found


def _change_proposal(doing: Doing, proposal: str) -> None:
    proposed = doing.value.proposed
    row = doing.session.get(DecisionOption, proposed.id) if proposed else None
    text = proposal.strip()
    if doing.row.decided_at is not None:
        raise DecisionRefused("Take it back to a draft first", "it is decided as it reads now", field="proposal")
    if row is None or row.rank == 0 or not text or text == row.text:
        raise DecisionRefused("Write how the proposal reads now", "it says the same as before", field="proposal")
    before, row.text = row.text, text
    ask_anew(doing)
    doing.note("option-changed", before={"option": before}, after={"option": text})
