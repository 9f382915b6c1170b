"""Five decisions of the next occurrence with some fifty positions, each with words of its own, and their twin.

In the twin every seat has said a plain yes: whoever may not read positions must not be able to tell the two apart.

    blind    nine of ten seats are in, one of them with a hold whose clock has run out
    opened   all ten are in
    decided  the objections are answered, and every seat has committed to it, with a reservation
    closed   as well, closed, and one position entered by the scribe corrected afterwards
    again    five were in when another proposal asked all ten anew; these are open
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.domain.access import Actor, Held, Who
from governance.domain.attendance import MarkKind
from governance.domain.decisions.closing import REVIEW_AFTER
from governance.domain.decisions.values import Answer, Pledge, Stance
from governance.models import DecisionOption, Meeting, Position
from governance.services import deputies, occurrences, people, seats
from governance.services.attendance import marking
from governance.services.attendance.doing import begin as begin_marking
from governance.services.decisions import closing, committing, deciding, drafting, options, rounds, voicing
from governance.services.decisions.doing import Doing, begin
from governance.store.meetings import meeting_by_slug
from tests.access.canaries import word
from tests.access.situation import ADDRESSES, OWN, Situation
from tests.web.attended import start_of

START = start_of(0)
DURING, AFTER = START + timedelta(minutes=50), START + timedelta(days=1)
NAMES = ("blind", "opened", "decided", "closed", "again")
DEPARTMENTS = (word("department"), "Another department", *(f"Department {number}" for number in range(2, 10)))
"""Who stands in sits for the first; the last has not said anything of the blind one."""

QUIET = "delegate9@example.com"
ELSEWHERE = "elsewhere@example.com"
"""Stands in at the occurrence a week later."""

STANCES = (Stance.OBJECT, Stance.RECUSE, Stance.LIVE, Stance.FAVOUR, Stance.OBJECT) * 2
BY_SCRIBE, ON_HOLD = 7, 8
KINDS = ("reason", "removes", "interest")


@dataclass(frozen=True, slots=True)
class Word:
    """Where it was said; `is_open` for whoever may read positions."""

    text: str
    decision: str
    seat: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Said:
    refs: dict[str, UUID]
    objections: dict[str, UUID]
    words: tuple[Word, ...]
    positions: int


@dataclass(slots=True)
class _Telling:
    situation: Situation
    seats: list[UUID]
    people: list[UUID]
    words: list[Word]

    def doing(self, session: Session, ref: UUID, minutes: float, seat: int | None = None) -> Doing:
        meeting = _meeting(session)
        who = Actor()
        if seat is not None:
            role = Who.DELEGATE if seat else Who.STAND_IN
            who = Actor(self.people[seat], frozenset({Held(role, meeting.id, self.seats[seat])}))
        now = START + timedelta(minutes=minutes)
        return begin(session, meeting, str(ref), actor="test", who=who, source="web", now=now)

    def give(self, session: Session, name: str, ref: UUID, seat: int, round_: int, minutes: float) -> None:
        """By the seat itself, but for one whose word the scribe enters."""
        is_open = name != "blind" and (name, round_) != ("again", 1)
        voice = self.voice(name, seat, round_, is_open=is_open)
        if seat == BY_SCRIBE:
            voicing.enter(self.doing(session, ref, minutes), self.seats[seat], voice, round_=round_)
        else:
            doing = self.doing(session, ref, minutes, seat)
            voicing.give(doing, self.seats[seat], self.people[seat], voice, round_=round_)

    def voice(self, name: str, seat: int, round_: int, *, is_open: bool, stance: Stance | None = None) -> voicing.Voice:
        chosen = stance or (Stance.HOLD if (name, seat) == ("blind", ON_HOLD) else STANCES[seat])
        said = {kind: self.word(f"{name} {round_} {seat} {kind}", name, seat, is_open=is_open) for kind in KINDS}
        until = START + timedelta(minutes=30) if chosen is Stance.HOLD else None
        return voicing.Voice(stance=chosen, hold_until=until, **said)

    def word(self, what: str, name: str, seat: int, *, is_open: bool = True) -> str:
        self.words.append(Word(word(what), name, seat, is_open))
        return word(what)


def tell(situation: Situation) -> Said:
    """Through the services, minute by minute."""
    telling = _Telling(situation, *_at_the_table(situation), [])
    refs: dict[str, UUID] = {}
    objections: dict[str, UUID] = {}
    for name in NAMES:
        with situation.database.writing() as session:
            refs[name] = _opened(session, telling, name)
            for seat in range(5) if name == "again" else range(9 if name == "blind" else 10):
                telling.give(session, name, refs[name], seat, 1, 10 + seat / 10)
            if name == "again":
                _asked_again(session, telling, refs[name])
            if name in ("decided", "closed"):
                _decided(session, telling, name, refs[name])
            if name == "closed":
                _closed(session, telling, refs[name])
            found = select(Position.id).where(Position.decision_id == refs[name], Position.stance == "object")
            objections[name] = session.scalars(found.order_by(Position.at)).first() or refs[name]
    with situation.database.reading() as session:
        positions = len(session.scalars(select(Position.id).where(Position.decision_id.in_(refs.values()))).all())
    return Said(refs, objections, tuple(telling.words), positions)


def all_say_yes(file: Path, said: Said) -> None:
    """What follows from that is changed alike; nothing else is."""
    connection = sqlite3.connect(file)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    theirs = ", ".join(f"'{one.hex}'" for one in said.refs.values())
    of_them = f"WHERE decision_id IN ({theirs})"
    said_yes = "stance = 'favour', reason = '', removes = '', interest = '', hold_until = NULL"
    connection.execute(
        f"DELETE FROM objection_answer WHERE position_id IN (SELECT id FROM position {of_them})"  # noqa: S608
    )
    connection.execute(f"UPDATE position SET {said_yes} {of_them}")  # noqa: S608 – our own words
    connection.execute(f"UPDATE commitment SET reservation = '' {of_them}")  # noqa: S608
    connection.execute(f"UPDATE decision SET present = held WHERE id IN ({theirs})")  # noqa: S608
    day = (START.date() + REVIEW_AFTER).isoformat()
    connection.execute("UPDATE decision SET review_on = ? WHERE id = ?", (day, said.refs["closed"].hex))
    connection.commit()
    connection.close()


def _at_the_table(situation: Situation) -> tuple[list[UUID], list[UUID]]:
    """Ten seats with a mandate each, all of them there, and somebody who stands in a week later."""
    scene = situation.scene
    scene.roster(tuple((name, name, f"delegate{name[-1]}@example.com") for name in DEPARTMENTS[2:]), OWN)
    with situation.database.writing() as session:
        meeting = _meeting(session)
        scene._mandate(session, meeting, DEPARTMENTS[0], ADDRESSES[Who.STAND_IN])
        later = occurrences.occurrence_on(session, meeting, date(2026, 12, 3), now=scene.now)
        other = people.person_named(session, ELSEWHERE, "Elsewhere")
        last = seats.seat_of(session, meeting, DEPARTMENTS[8])
        deputies.stand_in(session, meeting, last, later, other, actor="test", now=scene.now)
        found = [seats.seat_of(session, meeting, name).id for name in DEPARTMENTS]
        addresses = [
            ADDRESSES[Who.STAND_IN], "another.delegate@example.com",
            *(f"delegate{number}@example.com" for number in range(2, 10)),
        ]  # fmt: skip
        who = [people.person_named(session, one, one).id for one in addresses]
    for seat in found:
        with situation.database.writing() as session:
            doing = begin_marking(
                session, _meeting(session), START.isoformat(), actor="test", source="web", now=START
            )  # fmt: skip
            marking.mark(doing, seat, MarkKind.ARRIVED)
    return found, who


def _opened(session: Session, telling: _Telling, name: str) -> UUID:
    now = START + timedelta(minutes=1)
    wording = drafting.Wording(title=f"Shown to all: {name}")
    row = drafting.begin_draft(session, _meeting(session), wording, actor="test", source="web", now=now)
    doing = telling.doing(session, row.id, 1)
    for text in ("One way", "Another way"):
        options.add_option(doing, options.OptionWording(text=text, customer_effect="They wait less"), seat_id=None)
    nothing = session.scalars(select(DecisionOption).where(DecisionOption.decision_id == row.id)).all()
    [first] = [one for one in nothing if one.rank == 0]
    options.change_option(doing, first.id, options.OptionWording(text=first.text, cost="They wait"), first.version)
    rounds.open_positions(telling.doing(session, row.id, 2))
    return row.id


def _asked_again(session: Session, telling: _Telling, ref: UUID) -> None:
    doing = telling.doing(session, ref, 12)
    [other] = [one.id for one in doing.value.options if one.text == "Another way"]
    options.propose(doing, other)
    for seat in range(10):
        telling.give(session, "again", ref, seat, 2, 13 + seat / 10)


def _decided(session: Session, telling: _Telling, name: str, ref: UUID) -> None:
    doing = telling.doing(session, ref, 15)
    for one in [each for each in doing.value.positions if each.stance is Stance.OBJECT]:
        seat = telling.seats.index(one.seat)
        answer = telling.word(f"{name} {seat} answer", name, seat)
        deciding.answer_objection(telling.doing(session, ref, 15), one.id, Answer.DECLINED, answer)
    deciding.decide(telling.doing(session, ref, 20))
    for seat in range(10):
        own = telling.word(f"{name} {seat} reservation", name, seat)
        doing = telling.doing(session, ref, 21 + seat / 10, seat)
        committing.commit_to(doing, telling.seats[seat], Pledge.WILL, telling.people[seat], reservation=own)


def _closed(session: Session, telling: _Telling, ref: UUID) -> None:
    doing = telling.doing(session, ref, 30)
    known = closing.checklist_to_begin_with(doing)
    due = START.date() + timedelta(days=20)
    filled = replace(known, owner=telling.people[2], due_on=due, teller="By mail", read_back_at=doing.now)
    assert closing.close(doing, filled).number
    voice = telling.voice("closed corrected", BY_SCRIBE, 1, is_open=True, stance=Stance.LIVE)
    doing = telling.doing(session, ref, 40, BY_SCRIBE)
    voicing.give(doing, telling.seats[BY_SCRIBE], telling.people[BY_SCRIBE], voice, round_=1)


def _meeting(session: Session) -> Meeting:
    found = meeting_by_slug(session, OWN)
    assert found is not None
    return found
