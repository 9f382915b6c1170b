"""Decisions in words and shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from governance.domain.charter import Way
from governance.domain.decisions.life import Remark
from governance.domain.decisions.positions import correctable_until, standing
from governance.domain.decisions.values import Answer, Elector, ObjectionAnswer, Position, Quorum, Source, Stance, State
from governance.domain.money import said_amount
from governance.services.decisions.page import DecisionPage
from web.wording.attendance import clock
from web.wording.badges import Badge
from web.wording.charter import WAYS
from web.wording.times import count, local_day, short_day

_PROPOSED, _DECIDED = Badge("Proposed", "gavel", "wait"), Badge("Decided", "gavel", "good")
_NOT_YET, _NOT_HEARD = Badge("Not in yet", "circle-dashed", "quiet"), Badge("Not heard", "circle-dashed", "quiet")
SHARED = Badge("Shared", "users", "good")
_OF_A_DRAFT = ("D02",)
_WHILE_OPEN = ("D02", "D03", "D04", "D07")
_ONCE_DECIDED = ("D01", *_WHILE_OPEN)
"""The quorum has a line of its own as long as it is open; the checklist and the commitments have their places."""


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat of the electorate as the reader sees it; `position` is None for what is not there or not for them."""

    elector: Elector
    position: Position | None
    answer: ObjectionAnswer | None
    badge: Badge
    notes: tuple[str, ...]
    earlier: tuple[str, ...]
    is_heard: bool


def state(of: State) -> Badge:
    return _STATES[of]


def stance(of: Stance) -> Badge:
    return _STANCES[of]


def brought(page: DecisionPage) -> str:
    """Who brought it, and at which occurrence it is decided."""
    by = f"Brought by {page.brought_by}" if page.brought_by else "Brought by whoever leads the meeting"
    return f"{by}, for {short_day(page.day)}" if page.day else by


def way(of: Way) -> str:
    words = WAYS[of]
    return words[:1].upper() + words[1:]


def money(page: DecisionPage, currency: str) -> str:
    """“EUR 50,000, borne by Finance”; nothing where no money is meant."""
    if page.decision.money_minor is None:
        return ""
    payer = next((one.department for one in page.seats if one.id == page.decision.payer), None)
    amount = said_amount(page.decision.money_minor, currency).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{amount}, borne by {payer}" if payer else amount


def seat_lines(page: DecisionPage, now: datetime) -> list[SeatLine]:
    said = standing(page.decision, now)
    return [_line(page, one, said.get(one.seat), now) for one in page.decision.electors]


def said_before(page: DecisionPage) -> list[tuple[str, tuple[str, ...]]]:
    """Of a draft that was asked before, or of a withdrawn one: what each seat said, where the reader may know."""
    lines = ((one.department, _earlier(page, one, None)) for one in page.decision.electors)
    return [(department, said) for department, said in lines if said]


def own_lines(page: DecisionPage, now: datetime) -> list[SeatLine]:
    """The seats for which the reader may say something now: while it is open, or to correct what was entered."""
    lines = [one for one in seat_lines(page, now) if one.elector.seat in page.own]
    if page.state is State.OPEN:
        return lines
    return [one for one in lines if page.state is not State.WITHDRAWN and is_correctable(page, one.elector, now)]


def is_correctable(page: DecisionPage, elector: Elector, now: datetime) -> bool:
    until = correctable_until(page.decision, elector.seat)
    return until is not None and now <= until


def corrected_until(page: DecisionPage, elector: Elector) -> str:
    until = correctable_until(page.decision, elector.seat)
    return _moment(until, page.time_zone) if until else ""


def how_many(page: DecisionPage) -> str:
    seats = count(len(page.decision.electors), "seat")
    if page.is_blind:
        return f"{len(page.heard)} of {seats} in. Nobody sees another’s before all are, or the chair opens them"
    return f"{len(page.heard)} of {seats} in" + (", by show of hands" if page.decision.is_show_of_hands else "")


def counted(page: DecisionPage) -> list[tuple[Badge, int]]:
    """Every stance that somebody takes."""
    return [(_STANCES[one], page.counts[one]) for one in Stance if page.counts.get(one)]


def who(page: DecisionPage, of: Badge, now: datetime) -> str:
    """The departments that say so."""
    return ", ".join(line.elector.department for line in seat_lines(page, now) if line.badge == of)


def quorum(found: Quorum) -> Badge:
    words = f"{found.present} of {count(found.held, 'seat')} there, {found.needed} needed"
    return Badge(words, "users", "good") if found.is_met else Badge(words, "users", "bad")


def lost(page: DecisionPage) -> str:
    return f"Lost at {clock(page.quorum_lost_at, page.time_zone)}." if page.quorum_lost_at else ""


def result(page: DecisionPage) -> str:
    """What the positions come to as they are now."""
    if page.outcome is None:
        return ""
    words = "As it stands it is adopted" if page.outcome.is_adopted else "As it stands it is not adopted"
    return f"{words}: {page.outcome.reason}."


def decided(page: DecisionPage) -> str:
    at, found = page.decision.decided_at, page.quorum
    when = _moment(at, page.time_zone) if at else ""
    return f"Decided on {when}, with {found.present} of {count(found.held, 'seat')} there; {found.needed} were needed."


def in_the_way(page: DecisionPage) -> list[Remark]:
    """What the rules remark until it is decided and about that; of a draft only what can be mended in one."""
    shown = {State.DRAFT: _OF_A_DRAFT, State.OPEN: _WHILE_OPEN}.get(page.state, _ONCE_DECIDED)
    return [one for one in page.remarks if one.rule in shown]


def proposed(page: DecisionPage) -> Badge:
    """What the option that is proposed has become by now."""
    return _DECIDED if page.decision.decided_at else _PROPOSED


def answered(of: ObjectionAnswer) -> str:
    return _ANSWERS[of.answer]


def interest_of(page: DecisionPage, seats: Iterable[object]) -> str:
    wanted = set(seats)
    return ", ".join(one.department for one in page.decision.electors if one.seat in wanted)


def _line(page: DecisionPage, elector: Elector, position: Position | None, now: datetime) -> SeatLine:
    is_heard = elector.seat in page.heard
    if position is not None:
        shown = _STANCES[position.stance]
    else:
        shown = Badge("In", "check", "quiet") if is_heard else _NOT_HEARD if page.decision.decided_at else _NOT_YET
    answer = page.decision.answers.get(position.id) if position else None
    return SeatLine(
        elector, position, answer, shown, _notes(page, elector, position), _earlier(page, elector, position), is_heard
    )


def _notes(page: DecisionPage, elector: Elector, position: Position | None) -> tuple[str, ...]:
    found = []
    if not elector.is_empowered:
        found.append("No mandate that day: heard, and not counted.")
    known = page.sitting.get(elector.seat)
    if known is None:
        found.append("The seat was closed since.")
    elif known.person is None or known.person.id != elector.person:
        found.append(
            f"The seat has changed hands since: {known.person.name if known.person else 'nobody'} sits for it."
        )
    if position is not None and position.source in _SOURCES:
        found.append(_SOURCES[position.source])
    if position is not None and position.hold_until is not None:
        found.append(f"Written until {_moment(position.hold_until, page.time_zone)}, else it counts as not heard.")
    return tuple(found)


def _earlier(page: DecisionPage, elector: Elector, now_standing: Position | None) -> tuple[str, ...]:
    """What the seat said before, the newest first."""
    own = [one for one in page.decision.positions if one.seat == elector.seat and one is not now_standing]
    return tuple(_was(page, one) for one in sorted(own, key=lambda one: (one.at, one.id), reverse=True))


def _was(page: DecisionPage, one: Position) -> str:
    round_ = f"Round {one.round}, " if page.decision.round > 1 else ""
    words = f"{round_}{_moment(one.at, page.time_zone)}: {_STANCES[one.stance].word}"
    return f"{words} – {one.reason}" if one.reason else words


def _moment(at: datetime, zone: str) -> str:
    return f"{short_day(local_day(at, zone))}, {clock(at, zone)}"


_STATES = {
    State.DRAFT: Badge("Draft", "file-text", "quiet"),
    State.OPEN: Badge("Open", "circle-dot", "wait"),
    State.DECIDED: Badge("Decided", "gavel", "good"),
    State.AWAITING: Badge("Waits for a sponsor", "hourglass", "warn"),
    State.COMMITTED: Badge("Committed to", "list-check", "good"),
    State.CLOSED: Badge("Closed", "circle-check", "good"),
    State.WITHDRAWN: Badge("Withdrawn", "circle-minus", "quiet"),
}

_STANCES = {
    Stance.FAVOUR: Badge("In favour", "check", "good"),
    Stance.LIVE: Badge("Can live with it", "circle-dot", "good"),
    Stance.OBJECT: Badge("Objects", "hand-stop", "bad"),
    Stance.HOLD: Badge("Is writing an objection", "hourglass", "warn"),
    Stance.RECUSE: Badge("Recused", "user-minus", "quiet"),
    Stance.SILENT: Badge("Asked, silent", "circle-minus", "quiet"),
}

_SOURCES = {
    Source.ROOM: "Entered as said in the room.",
    Source.CHAIR: "The chair asked, and heard nothing.",
    Source.CORRECTION: "Corrected by the seat.",
}

_ANSWERS = {
    Answer.OPTION_CHANGED: "The proposal was changed",
    Answer.MEASURE_ADDED: "A measure was added",
    Answer.DECLINED: "Declined",
}
