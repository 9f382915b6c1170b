"""What the seats say: given by themselves, entered as said in the room, corrected, and answered.

Rows are only ever added; the ledger learns that a seat said something, never what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.domain.decisions.positions import (
    LONGEST_HOLD,
    correctable_until,
    is_blind,
    unheard,
)
from governance.domain.decisions.values import Elector, Source, Stance, State
from governance.models import Position
from governance.services.decisions.absence import speaks_for
from governance.services.decisions.doing import Doing
from governance.services.decisions.presence import sitting_of
from governance.services.decisions.refusals import DecisionRefused
from governance.services.mailing.announcing import PositionEntered, announce

LONGEST_VOICE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One position in words; `removes` is what would remove an objection."""

    stance: Stance
    reason: str = ""
    removes: str = ""
    interest: str = ""
    hold_until: datetime | None = None


def give(doing: Doing, seat_id: UUID, person_id: UUID, voice: Voice, *, round_: int) -> None:
    """A seat says what it thinks, or corrects what was entered for it; the form knows which round it answers.

    Raises:
        DecisionRefused: the person does not sit for the seat, the seat is not asked, the round is another by now, or
            what they say lacks something.
    """
    elector = _elector(doing, seat_id)
    if not speaks_for(doing, seat_id, person_id):
        raise DecisionRefused("Ask the chair who sits for your department today", "you do not sit for this seat")
    _require_round(doing, round_)
    until = correctable_until(doing.value, seat_id)
    is_correction = until is not None and doing.now <= until
    if not is_correction:
        doing.require([State.OPEN], "Tell the chair: it can be asked for anew before it is closed")
    elif doing.row.withdrawn_at is not None:
        raise DecisionRefused("Take it up again first", "the decision is withdrawn")
    source = Source.CORRECTION if is_correction else Source.OWN
    _add(doing, elector, _checked(voice, doing.now), source, person_id)
    doing.note("position-corrected" if is_correction else "position-given", after={"department": elector.department})


def enter(doing: Doing, seat_id: UUID, voice: Voice, *, round_: int) -> None:
    """Chair or scribe enter what the seat said in the room; it is told, and may correct it for a day.

    Raises:
        DecisionRefused: the seat is not asked, the round is another by now, or what was said lacks something.
    """
    _enter(doing, seat_id, _checked(voice, doing.now), Source.ROOM, round_)


def note_silence(doing: Doing, seat_id: UUID, *, round_: int) -> None:
    """The chair asked, and nothing came: the seat counts as heard and neither way.

    Raises:
        DecisionRefused: the seat is not asked, has said something, or the round is another by now.
    """
    if seat_id not in unheard(doing.value, doing.now):
        raise DecisionRefused("Look at the positions again", "the seat has said something")
    _enter(doing, seat_id, Voice(stance=Stance.SILENT), Source.CHAIR, round_)


def _enter(doing: Doing, seat_id: UUID, voice: Voice, source: Source, round_: int) -> None:
    doing.require([State.OPEN], "Open it for positions first")
    _require_round(doing, round_)
    elector = _elector(doing, seat_id)
    _add(doing, elector, voice, source, None)
    doing.note("position-entered", after={"department": elector.department})
    _, sitting = sitting_of(doing.session, doing.meeting, doing.row.occurrence, doing.settings, doing.now)
    sits = sitting[seat_id].person if seat_id in sitting else None
    announce(
        doing.session,
        PositionEntered(
            meeting_id=doing.meeting.id, decision_id=doing.row.id, seat_id=seat_id, title=doing.row.title,
            person_id=sits.id if sits else elector.person, department=elector.department, at=doing.now,
        ),
    )  # fmt: skip


def _add(doing: Doing, elector: Elector, voice: Voice, source: Source, person_id: UUID | None) -> None:
    """When the last seat is in, the positions are open, and stay so."""
    was_blind = is_blind(doing.value)
    doing.session.add(
        Position(
            decision_id=doing.row.id, seat_id=elector.seat, person_id=person_id, round=doing.row.round,
            stance=voice.stance.value, reason=voice.reason, removes=voice.removes, interest=voice.interest,
            hold_until=voice.hold_until, source=source.value, by=doing.actor, at=doing.now,
        )
    )  # fmt: skip
    doing.settle()
    if was_blind and not is_blind(doing.value):
        doing.row.revealed_at = doing.now
        doing.note("positions-opened", after={"round": doing.row.round})


def _checked(voice: Voice, now: datetime) -> Voice:
    """Tidied; an objection says why, and what it is about.

    Raises:
        DecisionRefused: with the field at fault.
    """
    told = Voice(
        stance=voice.stance, reason=voice.reason.strip(), removes=voice.removes.strip(),
        interest=voice.interest.strip(), hold_until=voice.hold_until if voice.stance is Stance.HOLD else None,
    )  # fmt: skip
    for name in ("reason", "removes", "interest"):
        if len(getattr(told, name)) > LONGEST_VOICE:
            raise DecisionRefused(f"Shorten this to {LONGEST_VOICE} letters", "it is read in the room", field=name)
    if told.stance is Stance.SILENT:
        raise DecisionRefused("Choose one of the buttons", "only the chair notes that nothing was said")
    if told.stance is Stance.OBJECT and not told.interest:
        raise DecisionRefused("Say what matters to you", "an objection names the interest behind it", field="interest")
    if told.stance is Stance.OBJECT and not told.reason:
        raise DecisionRefused(
            "Say why, or take some time to write it", "an objection without its reason cannot be answered",
            field="reason",
        )  # fmt: skip
    if told.stance is Stance.HOLD and not _is_soon(told.hold_until, now):
        raise DecisionRefused(
            f"Choose a time within {LONGEST_HOLD.days} days", "until then the objection is to be written",
            field="hold_until",
        )  # fmt: skip
    return told


def _is_soon(until: datetime | None, now: datetime) -> bool:
    return until is not None and now < until <= now + LONGEST_HOLD


def _elector(doing: Doing, seat_id: UUID) -> Elector:
    found = doing.value.elector(seat_id)
    if found is None:
        raise DecisionRefused("Look at the positions again", "this seat was not held when they were asked for")
    return found


def _require_round(doing: Doing, round_: int) -> None:
    if round_ != doing.row.round:
        raise DecisionRefused("Read the proposal again, then answer", "it has changed since your page was made")
