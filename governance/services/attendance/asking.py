"""The question of the week: who owes it, who takes it on, and which one it is.

It is chosen once for an occurrence, when first needed, and all whose turn it is that week share it. A turn ends with an
answer or by passing, which nobody but the person and the chair is told. An answer is kept only where the person wants
it, and is in no ledger.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.ledger import Confidentiality
from governance.domain.people import PersonId
from governance.domain.question_bank import OUR_QUESTIONS
from governance.domain.questions import LONGEST_ANSWER, EmptyBank, Had, Question, Tag, choose
from governance.models import ChosenQuestion, KeptAnswer, Meeting, Turn
from governance.services.attendance.doing import Doing
from governance.services.attendance.refusals import AttendanceRefused, NotNow
from governance.services.attendance.values import PersonName, RoomSeat
from governance.services.ledger import record
from governance.services.recording import named, today_of
from governance.store import attendance
from governance.store import questions as store

LATE, VOLUNTEERED, MADE_UP = "late", "volunteered", "make-up"
ANSWERED, PASSED = "answered", "passed"


def bank(session: Session, meeting_id: UUID) -> dict[str, Question]:
    """Ours and the members', without those that the chair vetoed."""
    vetoes = store.vetoes(session, meeting_id)
    own = {row.id.hex: Question(row.id.hex, row.text, Tag(row.tag)) for row in store.suggested(session, meeting_id)}
    return {key: one for key, one in {**OUR_QUESTIONS, **own}.items() if key not in vetoes}


def question_for(doing: Doing) -> ChosenQuestion:
    """The question of the occurrence, chosen now where there is none yet; seed and candidates go into the ledger.

    Raises:
        EmptyBank: everything has a veto.
    """
    session, occurrence = doing.session, doing.occurrence
    present = store.chosen_for(session, occurrence.id)
    if present is not None:
        return present
    usable = bank(session, doing.meeting.id)
    had = [Had(row.question_key, row.person_id, row.start) for row in store.turns(session, doing.meeting.id)]
    roster = {PersonId(who.id) for one in doing.seats() for who in (one.delegate, one.stand_in) if who}
    choice = choose(usable, had, roster, secrets.token_hex(16))
    question = usable[choice.key]
    row = ChosenQuestion(
        occurrence_id=occurrence.id, question_key=choice.key, seed=choice.seed, why=choice.why.value, at=doing.now,
        suggested_id=None if choice.key in OUR_QUESTIONS else UUID(hex=choice.key),
    )  # fmt: skip
    session.add(row)
    session.flush()
    doing.note(
        "question-chosen", f"occurrence:{occurrence.id}",
        after={"on": today_of(doing.meeting, occurrence.start), "question": question.text, "key": choice.key,
               "choice": choice.why.value, "seed": choice.seed, "candidates": list(choice.candidates)},
    )  # fmt: skip
    return row


def follow(doing: Doing, seat: RoomSeat, person: PersonName | None) -> None:
    """After a mark: whoever is late by it owes the question, and whoever is not late any more does not.

    Whoever is absent finds the question when they make up for it. An empty bank keeps nobody from arriving.
    """
    is_late = person is not None and seat.attendance.late_minutes > 0 and doing.settings.modes.is_on("A01")
    for turn in open_turns_of(doing):
        if turn.seat_id == seat.id and not (is_late and person and turn.person_id == person.id):
            _take_back(doing, turn)
    with suppress(EmptyBank):
        if is_late and person is not None:
            _give_turn(doing, person.id, seat.id, LATE)
        elif seat.attendance.counts_as_absent and doing.settings.modes.is_on("A02"):
            question_for(doing)


def volunteer(doing: Doing, person_id: UUID) -> None:
    """Anybody may take the question on, late or not.

    Raises:
        NotNow: the occurrence is called off, or has not opened.
    """
    if doing.occurrence.cancelled or doing.now < doing.timing.opens_at:
        raise NotNow("Come back 15 minutes before the start", "the room is not open")
    own = [one for one in doing.seats() if person_id in {who.id for who in (one.delegate, one.stand_in) if who}]
    _give_turn(doing, person_id, own[0].id if own else None, VOLUNTEERED)


def settle(doing: Doing, turn_id: UUID, outcome: str, *, only_of: UUID | None = None) -> None:
    """Answered or passed; with `only_of` only where it is that person's own turn.

    Raises:
        AttendanceRefused: there is no such turn.
    """
    turn = doing.session.get(Turn, turn_id)
    is_theirs = turn is not None and (only_of is None or turn.person_id == only_of)
    if turn is None or turn.occurrence_id != doing.occurrence.id or not is_theirs or outcome not in (ANSWERED, PASSED):
        raise AttendanceRefused("Open the room again", "this turn is over or was taken back")
    if turn.outcome == outcome:
        return
    turn.outcome, turn.settled_at = outcome, doing.now
    if outcome == PASSED:
        store.delete_answer(doing.session, turn.id)
    doing.note(
        f"question-{outcome}", f"turn:{turn.id}", after={"person": named(doing.session, turn.person_id)},
        confidentiality=Confidentiality.PRIVATE if outcome == PASSED else Confidentiality.SEATS,
    )  # fmt: skip


def keep_answer(session: Session, meeting: Meeting, turn: Turn, text: str, *, actor: str, now: datetime) -> None:
    """The person's own words, for those with a seat; the ledger knows that there are some, and not which.

    Raises:
        AttendanceRefused: nothing was written, or too much.
    """
    words = text.strip()
    if not words or len(words) > LONGEST_ANSWER:
        raise AttendanceRefused(f"Write the answer in 1 to {LONGEST_ANSWER:,} letters", f"it has {len(words):,}")
    row = store.answer_of(session, turn.id) or KeptAnswer(turn_id=turn.id)
    row.text, row.at = words, now
    session.add(row)
    turn.outcome, turn.settled_at = ANSWERED, turn.settled_at or now
    session.flush()
    _note_answer(session, meeting, turn, "answer-kept", actor, now)


def delete_answer(session: Session, meeting: Meeting, turn: Turn, *, actor: str, now: datetime) -> None:
    """At once, and for good."""
    if store.delete_answer(session, turn.id):
        _note_answer(session, meeting, turn, "answer-deleted", actor, now)


def forget_all(doing: Doing) -> None:
    """Of an occurrence that did not take place nobody owes anything."""
    for turn in open_turns_of(doing):
        _take_back(doing, turn)


def open_turns_of(doing: Doing) -> list[Turn]:
    """Of late arrivals, and neither answered nor passed."""
    return attendance.open_turns(doing.session, doing.occurrence.id)


def give_make_up_turn(doing: Doing, person_id: UUID, seat_id: UUID) -> Turn:
    _give_turn(doing, person_id, seat_id, MADE_UP)
    turn = store.turn_of(doing.session, doing.occurrence.id, person_id)
    assert turn is not None  # noqa: S101 – it was there or has just been given
    return turn


def _give_turn(doing: Doing, person_id: UUID, seat_id: UUID | None, kind: str) -> None:
    if store.turn_of(doing.session, doing.occurrence.id, person_id) is not None:
        return
    question = question_for(doing)
    turn = Turn(
        occurrence_id=doing.occurrence.id, person_id=person_id, seat_id=seat_id, kind=kind, since=doing.now
    )  # fmt: skip
    doing.session.add(turn)
    doing.session.flush()
    doing.note(
        _ACTS[kind], f"turn:{turn.id}",
        after={"person": named(doing.session, person_id), "on": today_of(doing.meeting, doing.occurrence.start),
               "who": str(person_id), "key": question.question_key},
    )  # fmt: skip


def _take_back(doing: Doing, turn: Turn) -> None:
    doing.note("question-not-owed", f"turn:{turn.id}", after={"person": named(doing.session, turn.person_id)})
    doing.session.delete(turn)
    doing.session.flush()


def _note_answer(session: Session, meeting: Meeting, turn: Turn, act: str, actor: str, now: datetime) -> None:
    record(
        session, at=now, actor=actor, source="web", act=act, subject=f"turn:{turn.id}", meeting_id=meeting.id,
        after={"person": named(session, turn.person_id)},
    )  # fmt: skip


_ACTS = {LATE: "question-owed", VOLUNTEERED: "question-volunteered", MADE_UP: "question-made-up"}
