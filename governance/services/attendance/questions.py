"""The bank of a meeting: members add, the chair vetoes; and what was learned about one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.domain.question_bank import OUR_QUESTIONS
from governance.domain.questions import Question, QuestionRefused, Tag, checked_text
from governance.models import Meeting, QuestionVeto, SuggestedQuestion
from governance.services.attendance.reading import question_of
from governance.services.ledger import record
from governance.store import questions as store
from governance.store.meetings import lock_meeting

MOST_SUGGESTED = 1000


@dataclass(frozen=True, slots=True)
class BankLine:
    """`last_had` is when anybody last had a turn with it; `is_suggested` where a member added it."""

    question: Question
    is_vetoed: bool
    is_suggested: bool
    last_had: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """`is_own` where the reader may delete it."""

    turn_id: UUID
    question: Question
    person: str
    text: str
    at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class BankPage:
    id: UUID
    slug: str
    name: str
    time_zone: str
    lines: tuple[BankLine, ...]
    answers: tuple[AnswerLine, ...]
    may_read_answers: bool
    may_add: bool
    may_veto: bool


def bank_page(session: Session, meeting: Meeting, actor: Actor) -> BankPage:
    suggested = {
        row.id.hex: Question(row.id.hex, row.text, Tag(row.tag)) for row in store.suggested(session, meeting.id)
    }
    vetoes, turns = store.vetoes(session, meeting.id), store.turns(session, meeting.id)
    last_had = {row.question_key: row.start for row in turns}  # they come by their start
    lines = tuple(
        BankLine(
            question=one,
            is_vetoed=key in vetoes,
            is_suggested=key in suggested,
            last_had=last_had.get(key),
        )
        for key, one in {**suggested, **OUR_QUESTIONS}.items()
    )
    may_read = may(actor, Act.READ, Thing(Kind.ANSWER, meeting.id, Confidentiality.SEATS))
    rows: Sequence[Any] = store.kept_answers(session, meeting.id) if may_read else ()
    answers = tuple(
        AnswerLine(
            row.turn_id, suggested.get(row.question_key) or question_of(row.question_key, None),
            row.name, row.text, row.start, row.person_id == actor.person,
        )
        for row in rows
    )  # fmt: skip
    return BankPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        lines=lines,
        answers=answers,
        may_read_answers=may_read,
        may_add=may(actor, Act.CHANGE, Thing(Kind.QUESTIONS, meeting.id)),
        may_veto=may(actor, Act.DECIDE, Thing(Kind.QUESTIONS, meeting.id)),
    )


def suggest(session: Session, meeting: Meeting, text: str, tag: str, *, actor: str, now: datetime) -> None:
    """A member's question; one that is there already stays as it is.

    Raises:
        QuestionRefused: it is no question, has no tag, or the bank is full.
    """
    question = checked_text(text)
    if tag not in {one.value for one in Tag}:
        raise QuestionRefused("Choose light, open or brave", "the tag is missing")
    lock_meeting(session, meeting)
    present = store.suggested(session, meeting.id)
    texts = [*(one.text for one in OUR_QUESTIONS.values()), *(row.text for row in present)]
    known = {one.casefold() for one in texts}
    if question.casefold() in known:
        raise QuestionRefused("Write another one", "this question is in the bank already")
    if len(present) >= MOST_SUGGESTED:
        raise QuestionRefused("Ask the chair", f"{MOST_SUGGESTED:,} questions were added, and no more are kept")
    row = SuggestedQuestion(meeting_id=meeting.id, text=question, tag=tag, by=actor, at=now)
    session.add(row)
    session.flush()
    _note(session, meeting, "question-suggested", row.id.hex, {"question": question, "tag": tag}, actor, now)


def veto(session: Session, meeting: Meeting, key: str, *, wanted: bool, actor: str, now: datetime) -> None:
    """Never to be chosen, or again to be chosen; what was chosen for an occurrence already stays.

    Raises:
        QuestionRefused: there is no such question.
    """
    lock_meeting(session, meeting)
    own = {row.id.hex: row.text for row in store.suggested(session, meeting.id)}
    text = OUR_QUESTIONS[key].text if key in OUR_QUESTIONS else own.get(key)
    if text is None:
        raise QuestionRefused("Choose a question of the bank", "this one is not in it")
    present = store.veto_of(session, meeting.id, key)
    if (present is not None) == wanted:
        return
    if present is not None:
        session.delete(present)
    else:
        session.add(QuestionVeto(meeting_id=meeting.id, question_key=key, by=actor, at=now))
    session.flush()
    _note(session, meeting, "question-vetoed" if wanted else "question-allowed", key, {"question": text}, actor, now)


def _note(
    session: Session, meeting: Meeting, act: str, key: str, after: dict[str, str], actor: str, now: datetime
) -> None:
    record(
        session, at=now, actor=actor, source="web", act=act, subject=f"question:{key}", meeting_id=meeting.id,
        after=after,
    )  # fmt: skip
