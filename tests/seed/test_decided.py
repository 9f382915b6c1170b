"""What a stranger finds decided, promised and open after the quarter; everything went through the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.decisions.life import NAMED, remarks
from governance.domain.decisions.positions import is_blind, standing
from governance.domain.decisions.values import Stance
from governance.domain.rules import Modes
from governance.models import (
    Action,
    ActionChange,
    Challenge,
    Decision,
    DecisionMark,
    LedgerPayload,
    Meeting,
    MinutesApproval,
    Occurrence,
    Position,
    PromiseQuestion,
    Ratification,
)
from governance.seed import quarter
from governance.services.adoption import meeting_named
from governance.services.agenda.reading import agenda_page
from governance.services.decisions.reading import decision_value
from governance.services.minutes.reading import minutes_of
from governance.services.recording import today_of
from governance.store.outbox import waiting_before
from tests.seed.conftest import Tell

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def session(tell: Tell, sqlite_database: Database) -> Iterator[Session]:
    tell(NOW)
    with sqlite_database.reading() as opened:
        yield opened


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return meeting_named(session, "customer-decisions")


def titled(session: Session, title: str) -> Decision:
    return session.scalars(select(Decision).where(Decision.title.startswith(title))).one()


def test_fourteen_are_closed_and_each_other_state_is_there_to_be_seen(session: Session) -> None:
    states = Counter(session.scalars(select(Decision.state)))

    assert states == {"closed": 14, "open": 1, "awaiting": 1, "decided": 1, "draft": 1}


def test_numbers_follow_each_other_in_the_order_of_closing(session: Session) -> None:
    closed = session.scalars(select(Decision).where(Decision.number.is_not(None)).order_by(Decision.closed_at)).all()

    assert [one.number for one in closed] == [f"D-2026-{number:03d}" for number in range(1, 15)]
    assert all(one.customer and one.owner_person_id and one.teller and one.customer_effect for one in closed)


def test_every_closed_decision_passes_the_rules(session: Session) -> None:
    closed = session.scalars(select(Decision).where(Decision.state == "closed")).all()

    found = {one.title: remarks(decision_value(session, one), NOW, Modes({})) for one in closed}

    assert {remark.rule for some in found.values() for remark in some} <= NAMED
    assert sum(bool(some) for some in found.values()) == 6, "where somebody was away, and was named"


def test_positions_are_kept_and_the_ledger_tells_none(session: Session) -> None:
    said = session.scalars(select(Position)).all()
    told = session.scalars(select(LedgerPayload)).all()

    words = {text for one in said for text in (one.reason, one.removes, one.interest) if text}
    assert len(said) > 100
    assert len(words) >= 9
    written = [one.body_json or "" for one in told]
    assert not [word for word in words for text in written if word in text]


def test_of_the_open_one_four_seats_have_spoken_and_nobody_reads_it(session: Session) -> None:
    value = decision_value(session, titled(session, "Exchange spoiled goods"))

    said = standing(value, NOW)
    assert is_blind(value)
    assert (len(said), len(value.electors)) == (4, 7)
    assert [one.stance for one in said.values()].count(Stance.OBJECT) == 1


def test_one_waits_for_the_sponsor_of_who_pays_and_one_was_ratified(session: Session) -> None:
    rows = session.execute(select(Decision.title, Ratification.state).join(Ratification)).all()
    words = {row.title: row.state for row in rows}

    assert sorted(words.values()) == ["asked", "ratified"]
    assert words["Guarantee Fjordfisk two degrees from ship to shop"] == "asked"


def test_closed_ones_were_kept_not_kept_reviewed_superseded_and_challenged(session: Session) -> None:
    kinds = Counter(session.scalars(select(DecisionMark.kind)))
    challenge = session.scalars(select(Challenge)).one()

    assert kinds == {"kept": 1, "not-kept": 1, "reviewed": 1, "superseded": 1}
    assert challenge.outcome == "stood"


def test_promises_are_kept_late_to_come_and_slipped_with_their_reason(session: Session, meeting: Meeting) -> None:
    today = today_of(meeting, NOW)
    promises = session.scalars(select(Action)).all()

    late = [one for one in promises if one.state == "open" and one.due_on < today]
    to_come = [one for one in promises if one.state == "open" and one.due_on >= today]
    slipped = session.scalars(select(ActionChange).where(ActionChange.kind == "slipped")).one()
    questions = session.scalars(select(PromiseQuestion)).all()
    assert 1 <= len(late) <= 3
    assert len(to_come) >= 4
    assert sum(one.state == "done" for one in promises) >= 8
    assert slipped.words
    assert sorted(one.answer is None for one in questions) == [False, True]


def test_the_next_agenda_has_what_came_back_twice(session: Session, meeting: Meeting) -> None:
    page = agenda_page(session, meeting, NOW)

    returns = {line.item.title: line.returns for line in page.lines}
    assert returns["Whose drivers may open which depot"] == 2
    assert len(returns) >= 4


def test_minutes_are_approved_but_those_of_the_last_meeting(session: Session, meeting: Meeting) -> None:
    approved = session.scalars(select(Occurrence.start).join(MinutesApproval)).all()

    scene, _ = quarter.scenes(NOW)
    held = [scene.day(week) for week in range(quarter.WEEKS) if week != 7]
    assert sorted(one.date() for one in approved) == held[:-1]
    last = minutes_of(session, meeting, held[-1], NOW)
    assert last is not None
    assert last.approval is None


def test_no_mail_of_the_past_is_still_to_be_sent(session: Session) -> None:
    assert not waiting_before(session, NOW - timedelta(minutes=1))
