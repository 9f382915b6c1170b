"""How Customer Decisions decided, from the draft to the number: everybody speaks for themselves.

    drafted two days before → opened in the meeting → positions → objections answered → decided → committed → closed

A seat whose delegate is away is not heard: the chair opens the positions without it and closes with it named, and its
word on what it will do comes the day after. What is beyond a mandate waits for the sponsor until the next day.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Actor
from governance.domain.decisions.life import uncommitted
from governance.domain.decisions.positions import is_blind, open_objections, unheard
from governance.domain.decisions.values import Answer, Elector, Pledge, Stance, State
from governance.models import Meeting
from governance.seed import cast, parts
from governance.seed.case import Case, Objection
from governance.seed.stage import PAGE, Scene, Stage
from governance.services.decisions import closing, committing, deciding, drafting, options, ratifying, rounds, voicing
from governance.services.decisions.absence import seats_there
from governance.services.decisions.doing import Doing, begin
from governance.services.decisions.drafting import Wording, terms_of
from governance.services.decisions.voicing import Voice
from governance.store.decisions import decision_of

_TAP, _DAY = timedelta(seconds=20), timedelta(days=1)


@dataclass(slots=True)
class Decisions:
    """`refs` are the decisions told until now, by what they are called in the story."""

    stage: Stage
    scene: Scene
    refs: dict[str, str] = field(default_factory=dict)

    def draft(self, session: Session, meeting: Meeting, case: Case, item: UUID, now: datetime) -> None:
        """By the seat that brings it, with what every way out means for the customer."""
        speaker = self.stage.person(session, parts.delegate_in(case.department, case.first))
        seat = parts.seat_named(self.stage, session, meeting, case.department)
        row = drafting.begin_draft(
            session, meeting, Wording(title=case.title, question=case.question, customer=case.customer),
            actor=f"person:{speaker.id}", source=PAGE, now=now, seat_id=seat, item_id=item,
        )  # fmt: skip
        self.refs[case.key] = str(row.id)
        doing = self.doing(session, meeting, case.key, now)
        _speak(doing, parts.sitting(meeting, seat, speaker.id), now)
        if case.money is not None:
            payer = parts.seat_named(self.stage, session, meeting, case.payer)
            terms = replace(terms_of(row), money_minor=case.money * 100, payer=payer)
            drafting.reword(doing, terms, row.version)
        for wording in case.options:
            options.add_option(doing, wording, seat_id=seat)
        nothing = next(one for one in doing.value.options if one.is_nothing)
        options.change_option(
            doing, nothing.id, options.OptionWording(text=nothing.text, cost=case.nothing), nothing.version
        )

    def meet(self, session: Session, meeting: Meeting, case: Case, now: datetime) -> None:
        """In the room: until it has its number, or as far as it gets."""
        doing = self.doing(session, meeting, case.key, now)
        chair = doing.who
        there = self._decide(doing, case)
        self._commit(doing, case, there)
        if doing.row.state == State.AWAITING.value:
            return
        _speak(doing, chair, doing.now + _TAP)
        self._close(doing, case)
        self._late_words(doing, now + _DAY)

    def wait(self, session: Session, meeting: Meeting, case: Case, now: datetime, *, silent: str = "") -> None:
        """Decided and not closed: a sponsor is asked, or a seat has said nothing yet."""
        doing = self.doing(session, meeting, case.key, now)
        there = self._decide(doing, case)
        self._commit(doing, case, frozenset(one for one in there if _named(doing, one) != silent))

    def ratify(self, session: Session, meeting: Meeting, case: Case, now: datetime, words: str) -> None:
        """The sponsor of who pays says yes, and the chair closes it."""
        doing = self.doing(session, meeting, case.key, now)
        chair, payer = doing.who, doing.value.payer
        sponsor = self.stage.person(session, parts.department(case.payer).sponsor)
        if payer is None:
            raise LookupError(f"nobody pays for {case.key}")
        _speak(doing, Actor(sponsor.id), now)
        ratifying.answer(doing, payer, sponsor.id, is_ratified=True, words=words)
        _speak(doing, chair, now + timedelta(hours=2))
        self._close(doing, case)

    def open(self, session: Session, meeting: Meeting, case: Case, now: datetime, said_by: tuple[str, ...]) -> None:
        """Ahead of the meeting; those seats have spoken, and nobody has read them."""
        doing = self.doing(session, meeting, case.key, now)
        _open(doing)
        for elector in doing.value.electors:
            if elector.department in said_by:
                self._voice(doing, case, elector, doing.now + timedelta(minutes=50))

    def doing(self, session: Session, meeting: Meeting, key: str, now: datetime) -> Doing:
        """As the chair."""
        chair = self.stage.person(session, cast.CHAIR)
        who = parts.leading(meeting, chair)
        return begin(
            session, meeting, self.refs[key], actor=f"person:{chair.id}", who=who, source=PAGE, now=now
        )  # fmt: skip

    def _decide(self, doing: Doing, case: Case) -> frozenset[UUID]:
        """Which seats were there."""
        chair = doing.who
        _open(doing)
        there = seats_there(doing)
        self._hear(doing, case, there)
        _speak(doing, chair, doing.now + _TAP)
        if is_blind(doing.value):
            rounds.reveal(doing)
        for position in open_objections(doing.value, doing.now):
            self._answer(doing, case.objection, position.id)
        if doing.value.round > 1:
            self._hear(doing, replace(case, objection=None), there)
            _speak(doing, chair, doing.now + _TAP)
            if is_blind(doing.value):
                rounds.reveal(doing)
        deciding.decide(doing)
        return there

    def _hear(self, doing: Doing, case: Case, there: frozenset[UUID]) -> None:
        for elector in doing.value.electors:
            if elector.seat in there:
                self._voice(doing, case, elector, doing.now + _TAP)

    def _voice(self, doing: Doing, case: Case, elector: Elector, now: datetime) -> None:
        voice, objection = Voice(stance=Stance.FAVOUR), case.objection
        if objection is not None and objection.department == elector.department:
            voice = Voice(
                stance=Stance.OBJECT, reason=objection.reason, removes=objection.removes, interest=objection.interest
            )
        elif elector.department in case.live:
            voice = Voice(stance=Stance.LIVE)
        _speak(doing, parts.sitting(doing.meeting, elector.seat, elector.person), now)
        voicing.give(doing, elector.seat, elector.person, voice, round_=doing.row.round)

    def _answer(self, doing: Doing, objection: Objection | None, position: UUID) -> None:
        if objection is None or objection.answer is None:
            raise LookupError("the story has no answer to this objection")
        proposal = objection.proposal if objection.answer is Answer.OPTION_CHANGED else ""
        deciding.answer_objection(doing, position, objection.answer, objection.words, proposal=proposal)

    def _commit(self, doing: Doing, case: Case, there: frozenset[UUID]) -> None:
        for elector in doing.value.electors:
            if elector.seat in there:
                needs = case.needs.get(elector.department, "")
                _speak(doing, parts.sitting(doing.meeting, elector.seat, elector.person), doing.now + _TAP)
                pledge = Pledge.NEEDS if needs else Pledge.WILL
                committing.commit_to(doing, elector.seat, pledge, elector.person, words=needs)

    def _close(self, doing: Doing, case: Case) -> None:
        value = doing.value
        owner = self.stage.person(doing.session, case.owner or cast.CHAIR)
        wanted = replace(
            closing.checklist_to_begin_with(doing),
            owner=owner.id,
            due_on=self.scene.day(case.week) + timedelta(days=case.due),
            teller=case.teller,
            read_back_at=doing.now,
        )
        named = {*unheard(value, doing.now), *uncommitted(value)}
        closed = closing.close(doing, wanted, named)
        if closed.number is None:
            raise LookupError(f"{case.key} waits for a sponsor")

    def _late_words(self, doing: Doing, now: datetime) -> None:
        for seat in uncommitted(doing.value):
            elector = doing.value.elector(seat)
            if elector is not None:
                _speak(doing, parts.sitting(doing.meeting, seat, elector.person), now)
                committing.commit_to(doing, seat, Pledge.WILL, elector.person)


def _open(doing: Doing) -> None:
    rounds.open_positions(doing)
    # A page does the next act in another transaction, which reads the occurrence anew.
    doing.session.expire(doing.row, ["occurrence"])
    decision_of(doing.session, doing.meeting.id, str(doing.row.id))


def _speak(doing: Doing, who: Actor, now: datetime) -> None:
    """From here on somebody else acts, a little later."""
    doing.who, doing.actor, doing.now = who, f"person:{who.person}", now


def _named(doing: Doing, seat: UUID) -> str:
    elector = doing.value.elector(seat)
    return elector.department if elector is not None else ""
