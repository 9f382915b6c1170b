"""What becomes of a promise: made, done, slipped, dropped, taken up again; and what is asked about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.domain.promises import LONGEST_SLIP, State
from governance.models import Action, ActionChange, Meeting, PromiseQuestion, SayDoRemark
from governance.services.ledger import record
from governance.services.mailing.promise_mails import tell_answered, tell_asked
from governance.services.recording import named, today_of
from governance.store import promises as store
from governance.store.meetings import lock_meeting

LONGEST_TEXT, LONGEST_WORDS = 500, 1000
LONGEST_PLAN = timedelta(days=3 * 366)


class PromiseRefused(GovernanceError):
    """Nothing was recorded; `field` is the field of the form that the refusal is about."""

    def __init__(self, remedy: str, reason: str = "", *, field: str = "") -> None:
        super().__init__(remedy, reason)
        self.field = field


class NoPromise(PromiseRefused):
    """The meeting has no such promise."""

    def __init__(self) -> None:
        super().__init__("Look for it among the promises", "there is none of that address in this meeting")


@dataclass(frozen=True, slots=True)
class Doing:
    """An act on promises of a meeting; `actor` as the ledger names people, `by` as people read it."""

    session: Session
    meeting: Meeting
    actor: str
    by: str
    who: Actor
    source: str
    now: datetime

    @property
    def today(self) -> date:
        return today_of(self.meeting, self.now)

    def note(self, act: str, subject: str, **more: Any) -> None:
        record(
            self.session, at=self.now, actor=self.actor, source=self.source, act=act, subject=subject,
            meeting_id=self.meeting.id, confidentiality=Confidentiality.SEATS, **more,
        )  # fmt: skip


def begin(session: Session, meeting: Meeting, *, actor: str, by: str, who: Actor, source: str, now: datetime) -> Doing:
    """Nobody else acts on the meeting until the transaction ends."""
    lock_meeting(session, meeting)
    return Doing(session, meeting, actor, by, who, source, now)


def make(
    doing: Doing,
    text: str,
    owner: UUID,
    due_on: date,
    *,
    seat: UUID | None,
    occurrence: UUID | None = None,
) -> Action:
    """A new promise.

    Raises:
        PromiseRefused: it says nothing, or its day lies in the past or too far ahead.
    """
    said = _words(text, "text", LONGEST_TEXT, "Say what is promised")
    if not doing.today <= due_on <= doing.today + LONGEST_PLAN:
        raise PromiseRefused("Choose a day from today on", "a promise has a day to come", field="due_on")
    action = Action(
        meeting_id=doing.meeting.id, occurrence_id=occurrence, seat_id=seat,
        owner_person_id=owner, text=said, due_on=due_on, first_due_on=due_on, by=doing.by, at=doing.now,
    )  # fmt: skip
    doing.session.add(action)
    after = {"text": said, "owner": named(doing.session, owner), "due_on": due_on}
    doing.note("promise-made", f"promise:{action.id}", after=after)
    return action


def find(doing: Doing, action_id: UUID) -> Action:
    """The promise, where whoever acts may change it: its owner, their seat, or whoever leads.

    Raises:
        NoPromise: there is none.
        PromiseRefused: it is somebody else's.
    """
    action = store.action_of(doing.session, doing.meeting.id, action_id)
    if action is None:
        raise NoPromise
    if not may(doing.who, Act.CHANGE, thing_of(doing.meeting.id, action.owner_person_id, action.seat_id)):
        raise PromiseRefused("Ask its owner or the chair", "the promise is somebody else’s")
    return action


def thing_of(meeting_id: UUID, owner: UUID | None, seat: UUID | None) -> Thing:
    return Thing(Kind.PROMISE, meeting_id, Confidentiality.SEATS, owner=owner, seat=seat)


def done(doing: Doing, action: Action, evidence: str) -> None:
    """Done, with what shows it. Said a second time it changes nothing.

    Raises:
        PromiseRefused: what shows it is missing, or the promise was dropped.
    """
    if action.state == State.DONE:
        return
    _require(action, {State.OPEN})
    said = _words(evidence, "evidence", LONGEST_WORDS, "Say how one sees that it is done")
    action.state, action.settled_at, action.evidence = State.DONE.value, doing.now, said
    _change(doing, action, "done", said)


def slip(doing: Doing, action: Action, until: date, reason: str) -> None:
    """To a later day, with the reason; what was promised first stays.

    Raises:
        PromiseRefused: the day is no later one, or the reason is missing.
    """
    _require(action, {State.OPEN})
    said = _words(reason, "reason", LONGEST_WORDS, "Say why it slips")
    earliest = max(action.due_on + timedelta(days=1), doing.today)
    if not earliest <= until <= earliest + LONGEST_SLIP:
        raise PromiseRefused(
            f"Choose a day from {earliest.isoformat()} on, at most a year later", "it slips to a later day",
            field="until",
        )  # fmt: skip
    before, action.due_on = action.due_on, until
    _change(doing, action, "slipped", said, before, until)


def drop(doing: Doing, action: Action, reason: str) -> None:
    """It is no promise any more, by whoever leads.

    Raises:
        PromiseRefused: the reason is missing, or whoever acts does not lead.
    """
    if not may(doing.who, Act.CHANGE, Thing(Kind.PROMISE, doing.meeting.id, Confidentiality.SEATS)):
        raise PromiseRefused("Ask the chair", "only whoever leads drops a promise")
    _require(action, {State.OPEN})
    said = _words(reason, "reason", LONGEST_WORDS, "Say why it is dropped")
    action.state, action.settled_at = State.DROPPED.value, doing.now
    _change(doing, action, "dropped", said)


def reopen(doing: Doing, action: Action) -> None:
    """Done or dropped too early: it is open again, due on the day it had."""
    if action.state == State.OPEN:
        return
    action.state, action.settled_at, action.evidence = State.OPEN.value, None, ""
    _change(doing, action, "reopened", "")


def ask(doing: Doing, action_id: UUID, text: str, *, seat: UUID | None, person: UUID | None) -> PromiseQuestion:
    """A seat asks about any promise.

    Raises:
        NoPromise: there is none.
        PromiseRefused: the question is empty.
    """
    action = store.action_of(doing.session, doing.meeting.id, action_id)
    if action is None:
        raise NoPromise
    said = _words(text, "question", LONGEST_TEXT, "Write the question")
    question = PromiseQuestion(action_id=action.id, seat_id=seat, person_id=person, text=said, at=doing.now)
    doing.session.add(question)
    doing.session.flush()
    tell_asked(doing.session, doing.meeting, action, question, doing.now)
    doing.note("promise-asked", f"promise:{action.id}", after={"question": said})
    return question


def answer(doing: Doing, action: Action, question_id: UUID, text: str) -> PromiseQuestion:
    """Once; the answer stays with the promise.

    Raises:
        PromiseRefused: there is no such question, it has its answer, or the answer is empty.
    """
    question = doing.session.get(PromiseQuestion, question_id)
    if question is None or question.action_id != action.id:
        raise PromiseRefused("Look for it among the promises", "there is no such question")
    if question.answer is not None:
        raise PromiseRefused("Ask a new question", "this one has its answer")
    question.answer = _words(text, "answer", LONGEST_WORDS, "Write the answer")
    question.answered_by, question.answered_at = doing.by, doing.now
    tell_answered(doing.session, doing.meeting, action, question, doing.now)
    doing.note("promise-answered", f"promise:{action.id}", after={"answer": question.answer})
    return question


def remark(doing: Doing, seat: UUID, text: str) -> None:
    """What a department says about its figures.

    Raises:
        PromiseRefused: it is empty.
    """
    said = _words(text, "remark", LONGEST_TEXT, "Write the remark")
    doing.session.add(SayDoRemark(seat_id=seat, text=said, by=doing.by, at=doing.now))
    doing.note("say-do-remarked", f"seat:{seat}", after={"remark": said})


def _change(
    doing: Doing, action: Action, kind: str, words: str, before: date | None = None, after: date | None = None
) -> None:
    doing.session.add(
        ActionChange(
            action_id=action.id, kind=kind, words=words, due_on_before=before, due_on_after=after, by=doing.by,
            at=doing.now,
        )
    )  # fmt: skip
    said = {"text": action.text, "state": action.state, "due_on": action.due_on}
    doing.note(f"promise-{kind}", f"promise:{action.id}", after=said, why=words or None)


def _require(action: Action, states: Iterable[State]) -> None:
    if action.state not in set(states):
        raise PromiseRefused("Take it up again first", f"the promise is {action.state}")


def _words(text: str, field: str, longest: int, remedy: str) -> str:
    said = " ".join(text.replace("\0", "").split())
    if not said or len(said) > longest:
        raise PromiseRefused(f"{remedy}, in at most {longest} letters", "it is kept with the promise", field=field)
    return said
