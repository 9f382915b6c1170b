"""What each seat will do about a decision: its own word, the chair's *asked, no answer*, and the mail to who was away.

A word given after the closing is added to the closed decision; nothing that was said is ever changed.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from governance.domain.decisions.committing import pledged, to_ask
from governance.domain.decisions.values import Pledge, State
from governance.models import Commitment
from governance.services.decisions.absence import seats_away, seats_there
from governance.services.decisions.doing import Doing
from governance.services.decisions.refusals import DecisionRefused
from governance.services.mailing.announcing import CommitmentsAsked, announce

LONGEST_WORDS = 2000
_DECIDED = (State.DECIDED, State.AWAITING, State.COMMITTED, State.CLOSED)
_WORDED = {Pledge.NEEDS: "Say what you need", Pledge.ESCALATE: "Say why you cannot, and to whom it goes"}


def commit_to(
    doing: Doing, seat: UUID, pledge: Pledge, person: UUID | None, *, words: str = "", reservation: str = ""
) -> None:
    """The seat's own word; the newest counts, and all are kept. The reservation is read like a position.

    Raises:
        DecisionRefused: it is not decided yet, the seat takes no part, or the words are missing.
    """
    doing.require(_DECIDED, "Wait until it is decided")
    _require_elector(doing, seat)
    if pledge is Pledge.NO_ANSWER:
        raise DecisionRefused("Say what you will do", "only the chair records that nobody answered")
    said, own = _tidy(words, "words"), _tidy(reservation, "reservation")
    if pledge in _WORDED and not said:
        raise DecisionRefused(_WORDED[pledge], field="words")
    _add(doing, seat, pledge, person, said, own)


def record_no_answer(doing: Doing, seat: UUID) -> None:
    """The chair has asked, and nothing came: the seat is named, and may still answer later.

    Raises:
        DecisionRefused: the seat has answered already, or the decision is over.
    """
    doing.require((State.DECIDED, State.AWAITING, State.COMMITTED), "Look at the decision again")
    _require_elector(doing, seat)
    if seat in pledged(doing.value):
        raise DecisionRefused("Look at the commitments again", "this seat has an answer by now")
    _add(doing, seat, Pledge.NO_ANSWER, None, "", "")


def ask_away(doing: Doing) -> tuple[UUID, ...]:
    """As it is decided: mail the seats of which it is known that they are away; who is only late may still come."""
    away = seats_away(doing)
    return _ask(doing, [seat for seat in to_ask(doing.again(), ()) if seat in away])


def ask_absent(doing: Doing) -> tuple[UUID, ...]:
    """When whoever leads says so: mail every seat that was not there and has said nothing, each once for a decision.

    Raises:
        DecisionRefused: it is not decided yet.
    """
    doing.require(_DECIDED, "Wait until it is decided")
    return _ask(doing, to_ask(doing.again(), seats_there(doing)))


def _ask(doing: Doing, seats: Collection[UUID]) -> tuple[UUID, ...]:
    chosen = tuple(seats)
    if chosen:
        fact = CommitmentsAsked(meeting_id=doing.meeting.id, decision_id=doing.row.id, seats=chosen, at=doing.now)
        announce(doing.session, fact)
        departments = [one.department for one in doing.value.electors if one.seat in chosen]
        doing.note("commitments-asked", after={"title": doing.row.title, "departments": departments})
    return chosen


def _add(doing: Doing, seat: UUID, pledge: Pledge, person: UUID | None, words: str, reservation: str) -> None:
    doing.session.add(
        Commitment(
            decision_id=doing.row.id, seat_id=seat, person_id=person, pledge=pledge.value, words=words,
            reservation=reservation, by=doing.actor, at=doing.now,
        )
    )  # fmt: skip
    elector = doing.value.elector(seat)
    named = {"title": doing.row.title, "department": elector.department if elector else "", "pledge": pledge.value}
    doing.note("commitment-given", after=named | ({"number": doing.row.number} if doing.row.number else {}))
    if doing.row.closed_at is None:
        doing.settle()


def _require_elector(doing: Doing, seat: UUID) -> None:
    if doing.value.elector(seat) is None:
        raise DecisionRefused("Choose a seat that takes part in the decision", "this one does not", field="seat")


def _tidy(words: str, field: str) -> str:
    said = words.replace("\r\n", "\n").strip()
    if len(said) > LONGEST_WORDS:
        raise DecisionRefused(f"Shorten this to {LONGEST_WORDS} characters", field=field)
    return said
