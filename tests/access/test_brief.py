"""A brief in which everybody said yes and one in which hardly anybody did are the same, byte by byte."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.attendance import MarkKind
from governance.domain.summaries.briefing import sentences
from governance.models import (
    Action,
    ActionChange,
    Challenge,
    Commitment,
    Decision,
    Elector,
    Meeting,
    ObjectionAnswer,
    Outbox,
    Position,
    Ratification,
    Seat,
    Tenure,
    WebSession,
)
from governance.services import people, sponsors
from governance.services.mailing.posting import post_all
from governance.services.summaries.brief import brief_posts, facts_of, keep_brief, mark_gone
from governance.services.summaries.sponsors import sponsor_posts
from governance.services.summaries.values import Period
from governance.store.seats import department_of
from tests.access.canaries import word
from tests.access.mails import text_of
from tests.support.decided import draft, mark
from tests.web.attended import attend, start_of
from tests.web.briefed import A_DAY, KEY, LEADER, led, the_meeting
from tests.web.conftest import ADDRESS, config_for
from tests.web.scenes import CAST, SLUG, ZONE, Scene
from web import create_app

START = start_of(0)
NOW = START + timedelta(hours=2)
MONDAY = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
MORE = ("Marketing", "Magda Novak", "magda.novak@example.com")
PLANTED = word("dissent")


@dataclass(frozen=True, slots=True)
class Told:
    """What leaves the group: the facts, the sentences, the mails to leadership and sponsors, and the page."""

    facts: str
    sentences: tuple[str, ...]
    mails: tuple[str, ...]
    page: str
    leads_to: frozenset[tuple[str, int]]
    """Addresses of the mail to leadership, and what the leader gets there."""


@dataclass(slots=True)
class Group:
    """Some seats in agreement, and the same as it could have been as well."""

    scene: Scene
    folder: Path
    seats: int

    def as_agreed(self) -> Told:
        return self._told("yes", lambda session, scene: _agree(session))

    def as_disputed(self, late: int = 1) -> Told:
        return self._told("no", lambda session, scene: _dispute(session, late), is_attended=False)

    def stances(self, name: str) -> set[str]:
        database = Database(f"sqlite:///{self.folder / f'{name}.db'}")
        with database.reading() as session:
            found = set(session.scalars(select(Position.stance)))
        database.dispose()
        return found

    def _told(self, name: str, plant: Any, *, is_attended: bool = True) -> Told:
        """What is told of a copy in which that was planted before the decisions closed."""
        file = self.scene.database.file
        assert file is not None
        self.scene.database.dispose()
        database = Database(f"sqlite:///{shutil.copyfile(file, self.folder / f'{name}.db')}")
        scene = replace(self.scene, database=database, calendar=copy.deepcopy(self.scene.calendar))
        try:
            with database.writing() as session:
                plant(session, scene)
                _close(session)
            _attended(scene, is_attended=is_attended)
            return _leaves(scene)
        finally:
            database.dispose()


@pytest.fixture(params=[3, 8])
def group(sqlite_database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Group:
    """Two decisions that are decided, one beyond a mandate, and a promise of every seat whose day has come."""
    scene = Scene(sqlite_database)
    cast = (*CAST, MORE)[: request.param]
    scene.adopt()
    scene.roster(cast)
    scene.change_meeting(first_plan_approved=True, begun_at=scene.now)
    led(scene)
    with scene.database.writing() as session:
        meeting = the_meeting(session)
        seats = _seats(session)
        for number, title in enumerate(("A depot in Oslo", "One number for complaints"), 1):
            draft(
                session, meeting, title, seat_id=seats[0].id, customer="Customers in Norway", decided_at=START,
                customer_effect="They wait two days", owner_person_id=_holder(session, seats[1]), state="decided",
                due_on=START.date() + timedelta(days=14), present=len(seats), needed=2, held=len(seats),
                id=UUID(int=number),
            )  # fmt: skip
        draft(session, meeting, "A second depot", state="awaiting", decided_at=START, customer="Fjordfisk",
              id=UUID(int=3))  # fmt: skip
        session.add(Ratification(
            decision_id=UUID(int=3), seat_id=seats[0].id, cause="money", state="asked", by="test", at=START
        ))  # fmt: skip
        for one in seats:
            _promise(session, meeting, one)
        sponsor = people.person_named(session, "vera.head@example.com", "A Head")
        sponsors.name_sponsor(
            session, meeting, department_of(session, seats[0]), sponsor, actor="test", now=scene.now
        )  # fmt: skip
        _signed_in(session)
    return Group(scene, tmp_path, request.param)


def test_what_leaves_the_group_is_the_same_whatever_was_said_in_it(group: Group) -> None:
    agreed, disputed = group.as_agreed(), group.as_disputed()

    assert disputed == agreed
    assert PLANTED not in repr(disputed)
    assert len(agreed.mails) == 2
    assert {status for _, status in agreed.leads_to} == {200}
    assert group.stances("yes") == {"favour"}
    assert {"object", "hold", "silent"} <= group.stances("no")
    assert "A depot in Oslo, for Customers in Norway" in agreed.page
    assert "Waiting for backing: A second depot, for Fjordfisk." in agreed.sentences


def test_whose_promise_was_late_is_in_nothing_that_leaves_the_group(group: Group) -> None:
    """Of three seats no figure is told; of eight it is the same whichever of them was late."""
    texts = [group.as_disputed(late) for late in (0, 2)]

    assert texts[0] == texts[1]
    figure = [one for one in texts[0].sentences if "promises due" in one]
    assert figure == (["7 of the 8 promises due until 18 Nov 2026 were kept."] if group.seats == 8 else [])


def _agree(session: Session) -> None:
    for one in _decisions(session):
        for seat in _seats(session):
            _elect(session, one, seat)
            _say(session, one, seat, "favour")
            session.add(Commitment(decision_id=one.id, seat_id=seat.id, pledge="will", by="test", at=START))
    _settle(session, late=1)


def _dispute(session: Session, late: int) -> None:
    """Everything that there is to say against something, in two rounds, and what follows from it."""
    seats = _seats(session)
    stances = ("object", "hold", "silent", "recuse", *("favour",) * len(seats))
    for one in _decisions(session):
        for seat, stance in zip(seats, stances, strict=False):
            _elect(session, one, seat)
            for round_ in (1, 2):
                said = _say(session, one, seat, "object" if round_ == 1 and stance == "recuse" else stance, round_)
                if said.stance == "object":
                    session.add(ObjectionAnswer(
                        position_id=said.id, answer="declined", words=PLANTED, by="test", at=START
                    ))  # fmt: skip
            session.add(Commitment(
                decision_id=one.id, seat_id=seat.id, pledge="no-answer" if stance == "silent" else "escalate",
                words=PLANTED, reservation=PLANTED, by="test", at=START,
            ))  # fmt: skip
        one.round, one.shut_rounds, one.way, one.present, one.review_on = 2, "1", "chair", 1, NOW.date()
        one.why_few_options, one.is_show_of_hands = PLANTED, True
    for row in session.scalars(select(Ratification)):
        row.state, row.answer_words, row.answered_at, row.answered_by = "declined", PLANTED, START, "test"
    _settle(session, late=late)


def _close(session: Session) -> None:
    """Alike in both; in the order of their numbers."""
    for seq, one in enumerate(_decisions(session), 1):
        one.state, one.closed_at = "closed", START + timedelta(minutes=40)
        one.number, one.number_year, one.number_seq = f"D-2026-{seq:03}", 2026, seq
        session.flush()
        mark(session, one, "kept" if seq == 1 else "not-kept", words="Nine of ten", at=NOW)
        if one.round == 2:
            session.add(Challenge(
                decision_id=one.id, by_whom=PLANTED, what=PLANTED, answered_by=PLANTED, by="test", at=NOW
            ))  # fmt: skip


def _attended(scene: Scene, *, is_attended: bool) -> None:
    """All on time; or one late, one absent, and one who apologised."""
    with scene.database.reading() as session:
        departments = [name for name, *_ in (*CAST, MORE)][: len(_seats(session))]
    others = (17, MarkKind.ABSENT, MarkKind.APOLOGY)
    attend(scene, 0, {
        name: -1 if is_attended or place > 2 else others[place] for place, name in enumerate(departments)
    })  # fmt: skip


def _settle(session: Session, late: int) -> None:
    """One of the seats did not keep its promise, and gave a reason."""
    due = START.date() - timedelta(days=10)
    for place, one in enumerate(session.scalars(select(Action).order_by(Action.id))):
        if place == late:
            session.add(ActionChange(action_id=one.id, kind="slipped", words=PLANTED, by="test", at=START - 11 * A_DAY))
            one.due_on = due + timedelta(days=30)
            continue
        one.state, one.settled_at, one.evidence = "done", START - 12 * A_DAY, "Done"


def _leaves(scene: Scene) -> Told:
    period = Period(KEY, START, START + timedelta(hours=1), is_cancelled=False, since=START - 7 * A_DAY, until=NOW)
    with scene.database.writing() as session:
        meeting = the_meeting(session)
        row = keep_brief(session, meeting, period, NOW)
        assert row is not None
        facts, text = json.dumps(row.facts_json), sentences(facts_of(row))
        (posts,) = brief_posts(session, NOW + A_DAY).values()
        assert mark_gone(session, row.id, NOW + A_DAY)
        post_all(session, meeting, [*posts, *sponsor_posts(session, MONDAY, ZONE)], now=NOW + A_DAY)
        rows = session.scalars(select(Outbox).where(Outbox.kind.in_(("brief", "sponsor-week")))).all()
        mails = tuple(_without_ids(text_of(one, meeting)) for one in rows)
    scene.now = NOW + A_DAY
    browser = create_app(config_for(), scene.database, clock=lambda: scene.now).test_client()
    browser.set_cookie("governance", "leader")
    (mail,) = (one for one in mails if "senior leadership" in one)
    addresses = set(re.findall(rf"{ADDRESS}(/m/[^\s\"<]+)", mail))
    leads_to = frozenset((one, browser.get(one).status_code) for one in addresses)
    return Told(facts, text, mails, browser.get(f"/m/{SLUG}/brief").text, leads_to)


def _without_ids(mail: str) -> str:
    """Message-ID and boundary follow from the row, which is another one."""
    own = ("message-id", "content-type: multipart")
    return "\n".join(line for line in mail.splitlines() if not line.lower().startswith(own))


def _decisions(session: Session) -> list[Decision]:
    wanted = select(Decision).where(Decision.id.in_((UUID(int=1), UUID(int=2)))).order_by(Decision.id)
    return list(session.scalars(wanted))


def _seats(session: Session) -> list[Seat]:
    return list(session.scalars(select(Seat).order_by(Seat.id)))


def _holder(session: Session, seat: Seat) -> UUID:
    return session.scalars(select(Tenure.person_id).where(Tenure.seat_id == seat.id)).one()


def _elect(session: Session, decision: Decision, seat: Seat) -> None:
    session.add(Elector(
        decision_id=decision.id, seat_id=seat.id, person_id=_holder(session, seat), department="A department",
        is_stand_in=False, is_empowered=True,
    ))  # fmt: skip


def _say(session: Session, decision: Decision, seat: Seat, stance: str, round_: int = 1) -> Position:
    words = "" if stance == "favour" else PLANTED
    said = Position(
        decision_id=decision.id, seat_id=seat.id, round=round_, stance=stance, source="own", by="test", at=START,
        reason=words, removes=words, interest=words, hold_until=NOW if stance == "hold" else None,
    )  # fmt: skip
    session.add(said)
    session.flush()
    return said


def _promise(session: Session, meeting: Meeting, seat: Seat) -> None:
    due = START.date() - timedelta(days=10)
    session.add(Action(
        meeting_id=meeting.id, seat_id=seat.id, owner_person_id=_holder(session, seat), text="A promise", due_on=due,
        first_due_on=due, by="test", at=START - 20 * A_DAY,
    ))  # fmt: skip


def _signed_in(session: Session) -> None:
    """The leader, with the same session in both."""
    session.add(WebSession(
        token_hash=hashlib.sha256(b"leader").hexdigest(), address=LEADER, is_admin=False, made_at=NOW,
        seen_at=NOW + A_DAY, expires_at=NOW + 30 * A_DAY, csrf="csrf",
    ))  # fmt: skip
