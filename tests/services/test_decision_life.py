"""Whatever people do to a decision in whatever order, it goes where the oracle says, and nobody sees too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.access import Actor, Held, Who
from governance.domain.decisions.values import Answer, Checklist, Pledge, Source, Stance
from governance.models import AttendanceMark
from governance.services import occurrences, people, seats, sponsors
from governance.services.decisions import (
    closing,
    committing,
    deciding,
    drafting,
    options,
    ratifying,
    rounds,
    voicing,
)
from governance.services.decisions.doing import Doing, begin
from governance.services.decisions.page import DecisionPage, cut, decision_page
from governance.services.decisions.refusals import DecisionRefused
from governance.services.decisions.voicing import Voice
from governance.store.meetings import meeting_by_slug
from governance.store.seats import department_of
from tests.conftest import IS_SOAK
from tests.services.decision_oracle import SEATS, Oracle
from tests.web.attended import start_of
from tests.web.scenes import CAST, SLUG, Scene

_REFUSED_IN = 3
"""The round in which acts are tried where all of them are refused."""
_SEATS = st.sampled_from(SEATS)
_STANCES = st.sampled_from(["favour", "favour", "live", "object", "recuse", "hold"])


def test_a_decision_goes_where_the_oracle_says(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.adopt()
    scene.roster(CAST[:5], without_mandate=(CAST[4][0],))
    scene.cycle()
    examples = 400 if IS_SOAK else 8

    # Making a failing life shorter takes minutes; it is printed as it was.
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Life(sqlite_database),
        settings=settings(max_examples=examples, stateful_step_count=30, deadline=None, phases=[Phase.generate]),
    )


@dataclass(frozen=True)
class _Seat:
    id: UUID
    person: UUID


class _TakenBack(Exception):
    """Ends the transaction of one life, of which nothing stays."""


def _is_asked(life: Life) -> bool:
    return life.oracle.state in ("open", "decided") or life.oracle.round == _REFUSED_IN


def _is_decided(life: Life) -> bool:
    return life.oracle.state in ("decided", "closed")


def _has_gone_on(life: Life) -> bool:
    return len(life.oracle.said) >= len(SEATS) - 1


class Life(RuleBasedStateMachine):
    """One decision in one transaction that is rolled back in the end; a refused act is rolled back at once."""

    def __init__(self, database: Database) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.oracle = Oracle()
        self.as_closed: tuple[object, ...] = ()
        self._transaction = database.writing()
        self.session: Session = self._transaction.__enter__()
        self.meeting: Any = meeting_by_slug(self.session, SLUG)
        found = occurrences.next_occurrence(self.session, self.meeting, self.now)
        assert found is not None
        self.occurrence = occurrences.kept_occurrence(self.session, found)
        rows = [seats.seat_of(self.session, self.meeting, department) for department, _, _ in CAST[:5]]
        terms = drafting.seat_terms(self.session, self.meeting.id)
        of = {one.id: one.delegate(found.seen.start.date()) for one in terms}
        self.seats = [_Seat(row.id, of[row.id].id) for row in rows]  # type: ignore[union-attr]
        sponsor = people.person_named(self.session, "sponsor@example.com", "Olivia Grant")
        for one in rows:
            sponsors.name_sponsor(
                self.session, self.meeting, department_of(self.session, one), sponsor, actor="test", now=self.now
            )
        self.sponsor = sponsor.id
        row = drafting.begin_draft(
            self.session, self.meeting, drafting.Wording(title="A life"), actor="test", source="test", now=self.now
        )
        self.ref = str(row.id)
        for text in ("Now", "Later"):
            options.add_option(self.doing(), options.OptionWording(text=text), seat_id=None)

    def teardown(self) -> None:
        self._transaction.__exit__(_TakenBack, _TakenBack(), None)

    @property
    def now(self) -> datetime:
        return start_of(0) + timedelta(minutes=self.oracle.now)

    def doing(self, seat: int | None = None) -> Doing:
        who = self.chair if seat is None else self.delegate(seat)
        return begin(self.session, self.meeting, self.ref, actor="test", who=who, source="test", now=self.now)

    @property
    def chair(self) -> Actor:
        return Actor(None, frozenset({Held(Who.CHAIR, self.meeting.id)}))

    def delegate(self, seat: int) -> Actor:
        one = self.seats[seat]
        return Actor(one.person, frozenset({Held(Who.DELEGATE, self.meeting.id, one.id)}))

    def act(self, is_allowed: bool, act: Callable[[Doing], object], seat: int | None = None) -> bool:
        """Whether it was done, which is to be as the oracle says."""
        try:
            with self.session.begin_nested():
                act(self.doing(seat))
        except DecisionRefused:
            self.session.expire_all()
            assert not is_allowed
            return False
        assert is_allowed
        return True

    # --- what people do; where nearly all of it would be refused, it is tried seldom

    @initialize(hands=st.booleans(), is_opened=st.sampled_from([True, True, True, False]))
    def begins(self, hands: bool, is_opened: bool) -> None:
        if is_opened:
            self.open(hands)

    @rule(minutes=st.integers(1, 4))
    def time_passes(self, minutes: int) -> None:
        self.oracle.now = min(self.oracle.now + minutes, 55)

    @rule(seat=_SEATS)
    def come(self, seat: int) -> None:
        if seat not in self.oracle.present:
            self.oracle.present.add(seat)
            self._mark(seat, "arrived")

    @rule(hands=st.booleans())
    def open(self, hands: bool) -> None:
        if self.act(self.oracle.state == "draft", lambda one: rounds.open_positions(one, is_show_of_hands=hands)):
            self.oracle.state, self.oracle.hands, self.oracle.was_opened = "open", hands, True

    @precondition(_is_asked)
    @rule(seat=_SEATS, stance=_STANCES, minutes=st.integers(1, 6))
    def say(self, seat: int, stance: str, minutes: int) -> None:
        voice = self._voice(stance, minutes)
        is_done = self.act(
            self.oracle.may_say(seat),
            lambda one: voicing.give(one, self.seats[seat].id, self.seats[seat].person, voice, round_=one.row.round),
            seat,
        )
        if is_done:
            self.oracle.say(seat, stance, self.oracle.now + minutes, is_entered=False)

    @precondition(_is_asked)
    @rule(first=_STANCES)
    def all_come_and_say(self, first: str) -> None:
        """Else few lives would get as far as being decided."""
        for seat in SEATS:
            self.come(seat)
        for seat in SEATS:
            self.say(seat, first if seat == 0 else "live", 6)

    @precondition(_is_asked)
    @rule()
    def agree_and_decide(self) -> None:
        self.all_come_and_say("favour")
        self.decide()

    @precondition(_is_asked)
    @rule(seat=_SEATS)
    def object_without_an_interest(self, seat: int) -> None:
        bare = Voice(stance=Stance.OBJECT, reason="No")
        self.act(
            False,
            lambda one: voicing.give(one, self.seats[seat].id, self.seats[seat].person, bare, round_=one.row.round),
            seat,
        )

    @precondition(_is_asked)
    @rule(seat=_SEATS, other=_SEATS)
    def say_for_another(self, seat: int, other: int) -> None:
        if seat != other:
            voice = self._voice("favour", 1)
            person = self.seats[other].person
            self.act(
                False,
                lambda one: voicing.give(one, self.seats[seat].id, person, voice, round_=one.row.round),
                other,
            )

    @precondition(_is_asked)
    @rule(seat=_SEATS, stance=_STANCES)
    def enter(self, seat: int, stance: str) -> None:
        voice = self._voice(stance, 5)
        if self.act(
            self.oracle.state == "open",
            lambda one: voicing.enter(one, self.seats[seat].id, voice, round_=one.row.round),
        ):
            self.oracle.say(seat, stance, self.oracle.now + 5, is_entered=True)

    @precondition(_is_asked)
    @rule(seat=_SEATS)
    def note_silence(self, seat: int) -> None:
        if self.act(
            self.oracle.state == "open" and seat not in self.oracle.heard(),
            lambda one: voicing.note_silence(one, self.seats[seat].id, round_=one.row.round),
        ):
            self.oracle.say(seat, "silent", 0, is_entered=True)

    @precondition(_is_asked)
    @rule()
    def reveal(self) -> None:
        if self.act(self.oracle.state == "open" and self.oracle.blind, rounds.reveal):
            self.oracle.revealed = True

    @precondition(_is_asked)
    @rule(seat=_SEATS, answer=st.sampled_from(Answer))
    def answer(self, seat: int, answer: Answer) -> None:
        oracle = self.oracle
        waits = oracle.standing().get(seat) == "object" and seat not in oracle.answered
        changes = answer is Answer.OPTION_CHANGED
        states = ("open",) if changes else ("open", "decided")
        text = f"Round {oracle.round}"
        objection = self._latest(seat)
        if self.act(
            waits and oracle.state in states and not oracle.blind and not (changes and oracle.proposed == 0),
            lambda one: deciding.answer_objection(one, objection, answer, "So be it", proposal=text),
        ):
            oracle.answered.add(seat)
            if changes:
                oracle.next_round()

    @rule(which=st.integers(0, 2))
    def propose(self, which: int) -> None:
        oracle = self.oracle
        option = self._page().decision.options[which].id
        if self.act(oracle.state in ("draft", "open"), lambda one: options.propose(one, option)):
            if which != oracle.proposed and oracle.was_opened:
                oracle.next_round()
            oracle.proposed = which

    @precondition(_is_asked)
    @rule()
    def decide(self) -> None:
        if self.act(self.oracle.may_decide(), deciding.decide):
            self.oracle.decide()

    @rule()
    def say_what_nothing_costs(self) -> None:
        nothing = next(one for one in self._page().decision.options if one.is_nothing)
        words = options.OptionWording(text=nothing.text, cost="Complaints")
        if self.act(
            self.oracle.state in ("draft", "open"),
            lambda one: options.change_option(one, nothing.id, words, nothing.version),
        ):
            if self.oracle.proposed == 0 and self.oracle.was_opened and not self.oracle.is_costed:
                self.oracle.next_round()
            self.oracle.is_costed = True

    @precondition(_is_asked)
    @rule(are_named=st.booleans())
    def go_all_the_way(self, are_named: bool) -> None:
        self.say_what_nothing_costs()
        self.agree_and_decide()
        if self.oracle.state == "decided":
            self.commit(None, Pledge.WILL)
            self.close(True, are_named)

    @precondition(_is_asked)
    @rule(seat=_SEATS)
    def mark_beyond(self, seat: int) -> None:
        if self.act(
            self.oracle.state in ("open", "decided"),
            lambda one: ratifying.mark_beyond(one, self.seats[seat].id, "Litigation"),
        ):
            self.oracle.outside[seat] = "asked"

    @precondition(_is_decided)
    @rule(seat=_SEATS, word=st.sampled_from(["ratified", "ratified", "declined"]))
    def sponsor_answers(self, seat: int, word: str) -> None:
        if self.act(
            self.oracle.outside.get(seat) == "asked",
            lambda one: ratifying.answer(
                one, self.seats[seat].id, self.sponsor, is_ratified=word == "ratified", words="No"
            ),
        ):
            self.oracle.outside[seat] = word

    @precondition(_is_decided)
    @rule(seat=st.none() | _SEATS, pledge=st.sampled_from([Pledge.WILL, Pledge.NEEDS]))
    def commit(self, seat: int | None, pledge: Pledge) -> None:
        for number in SEATS if seat is None else [seat]:
            one = self.seats[number]
            self.act(True, lambda doing, one=one: committing.commit_to(doing, one.id, pledge, one.person, words="Time"))  # type: ignore[misc]
            if self.oracle.state == "decided":
                self.oracle.committed.add(number)

    @precondition(_is_decided)
    @rule(is_complete=st.sampled_from([True, True, True, False]), are_named=st.booleans())
    def close(self, is_complete: bool, are_named: bool) -> None:
        owner = self.seats[0].person
        day = self.now.date() + timedelta(days=30)
        wanted = Checklist(
            "Now", owner if is_complete else None, day, "Answers", "Support", day, "All", self.now
        )  # fmt: skip
        named = [one.id for one in self.seats] if are_named else []
        asks_anew = self.oracle.asks_anew(self._wording(), wanted.text)
        if self.act(
            asks_anew or self.oracle.may_close(is_complete=is_complete, are_named=are_named),
            lambda one: closing.close(one, wanted, named),
        ):
            self.oracle.close(asks_anew=asks_anew)
            self.as_closed = self._fixed(self._page())

    @precondition(_has_gone_on)
    @rule()
    def back(self) -> None:
        if self.act(self.oracle.state in ("open", "decided"), rounds.back_to_draft):
            self.oracle.to_draft()

    @precondition(_has_gone_on)
    @rule()
    def withdraw(self) -> None:
        if self.act(self.oracle.state not in ("withdrawn", "closed"), lambda one: rounds.withdraw(one, "Solved")):
            self.oracle.state = "withdrawn"

    @rule()
    def take_up(self) -> None:
        if self.act(self.oracle.state == "withdrawn", rounds.take_up):
            self.oracle.to_draft()

    # --- what is always so

    @invariant()
    def it_is_where_the_oracle_says_and_nobody_reads_too_much(self) -> None:
        page = self._page()
        self._is_where_the_oracle_says(page)
        self._shows_nobody_what_is_not_open(page)

    def _is_where_the_oracle_says(self, page: DecisionPage) -> None:
        oracle = self.oracle
        number = {one.id: number for number, one in enumerate(self.seats)}
        assert (page.state.value, page.decision.round) == (oracle.shown, oracle.round)
        assert (page.decision.number is not None) == (oracle.state == "closed")
        if oracle.state == "closed":
            assert self._fixed(page) == self.as_closed
            assert page.decision.number == f"D-{self.now.year}-001"
        if oracle.was_opened:
            assert {number[one.seat] for one in page.decision.electors} == set(SEATS)
            assert {number[seat] for seat in page.heard} == oracle.heard()
        if oracle.state == "open":
            assert (page.is_blind, page.quorum.present) == (oracle.blind, oracle.there())

    def _shows_nobody_what_is_not_open(self, page: DecisionPage) -> None:
        oracle = self.oracle
        shut = {*oracle.shut, *([oracle.round] if oracle.blind else [])}
        for seat in (None, *SEATS):
            shown = cut(page, self.chair if seat is None else self.delegate(seat), self.now)
            assert shown is not None
            own = self.seats[seat].id if seat is not None else None
            seen = {one.id for one in shown.decision.positions}
            others = {one.id for one in page.decision.positions if one.seat != own}
            assert seen & others == {
                one.id for one in page.decision.positions if one.id in others and one.round not in shut
            }
            assert not (oracle.blind and (shown.counts or shown.interests or shown.outcome))

    def _page(self) -> DecisionPage:
        self.session.flush()
        found = decision_page(self.session, self.meeting, self.ref, self.now)
        assert found is not None
        return found

    def _wording(self) -> str:
        decision = self._page().decision
        return decision.checklist.text or decision.proposed.text  # type: ignore[union-attr]

    def _fixed(self, page: DecisionPage) -> tuple[object, ...]:
        """Of a closed decision everything but the rows that may be added to it."""
        kept = tuple(one for one in page.decision.positions if one.source is not Source.CORRECTION)
        return replace(page.decision, positions=(), commitments=()), kept, page.version

    def _latest(self, seat: int) -> UUID:
        own = [one for one in self._page().decision.positions if one.seat == self.seats[seat].id]
        return max(own, key=lambda one: (one.at, one.id)).id if own else UUID(int=1)

    def _voice(self, stance: str, minutes: int) -> Voice:
        until = self.now + timedelta(minutes=minutes) if stance == "hold" else None
        return Voice(stance=Stance(stance), reason="Because", interest="Time", hold_until=until)

    def _mark(self, seat: int, kind: str) -> None:
        one = self.seats[seat]
        self.session.add(
            AttendanceMark(
                seat_id=one.id, occurrence_id=self.occurrence.id, person_id=one.person, kind=kind, source="scribe",
                at=self.now, recorded_at=self.now, by="test", reason=None,
            )
        )  # fmt: skip
