"""A closed decision is not changed, whoever writes to the database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from governance.database import Database
from governance.domain.decisions.life import state_of
from governance.domain.decisions.values import Pledge, RatificationState, Stance, State
from governance.models import (
    Commitment,
    Decision,
    DecisionOption,
    Elector,
    ObjectionAnswer,
    Person,
    Position,
    Ratification,
)
from governance.services.decisions.reading import decision_value
from governance.store.decisions import decision_of
from tests.support.closed import Closed


def _changes(closed: Closed) -> dict[str, Any]:
    position = {"round": 1, "stance": "favour", "reason": "", "removes": "", "interest": ""}
    return {
        "its wording": update(Decision).values(text="Another"),
        "its number": update(Decision).values(number="D-2026-002"),
        "open again": update(Decision).values(state="open", closed_at=None, number=None),
        "gone": delete(Decision),
        "another cost": update(DecisionOption).values(cost="More"),
        "no option": delete(DecisionOption),
        "a late option": closed.late(DecisionOption, rank=1, text="Late", customer_effect="", cost="", risk="",
                                     is_proposed=False, version=1),
        "another electorate": update(Elector).values(is_empowered=False),
        "no electorate": delete(Elector),
        "another position": update(Position).values(stance="favour"),
        "no position": delete(Position),
        "a late position": closed.late(Position, source="own", **position),
        "another answer": update(ObjectionAnswer).values(words="Yes."),
        "no answer": delete(ObjectionAnswer),
        "another commitment": update(Commitment).values(pledge="escalate"),
        "no commitment": delete(Commitment),
        "another ratification": update(Ratification).values(state="declined"),
        "no ratification": delete(Ratification),
    }  # fmt: skip


def test_nothing_of_a_closed_decision_can_be_changed(database: Database) -> None:
    closed = Closed(database)

    for statement in _changes(closed).values():
        with pytest.raises(IntegrityError, match="a closed decision is not changed"), database.writing() as session:
            session.execute(statement)


def test_what_comes_after_the_closing_is_added(database: Database) -> None:
    closed = Closed(database)

    with database.writing() as session:
        session.execute(closed.late(Commitment, pledge="needs", words="Time", reservation=""))
        corrected = {"source": "correction", "round": 1, "stance": "live", "reason": "", "removes": "", "interest": ""}
        session.execute(closed.late(Position, **corrected))

    with database.reading() as session:
        assert len(session.scalars(select(Commitment)).all()) == 2
        assert len(session.scalars(select(Position)).all()) == 2


def test_two_people_found_to_be_one_are_one_in_a_closed_decision_too(database: Database) -> None:
    closed, other = Closed(database), Person(name="Ada L.")

    with database.writing() as session:
        session.add(other)
        session.flush()
        for model in (Elector, Position, Commitment):
            session.execute(update(model).values(person_id=other.id))

    with database.reading() as session:
        assert session.scalar(select(Position.person_id)) == other.id != closed.person.id


def test_everything_that_was_said_is_read_back(database: Database) -> None:
    closed = Closed(database)

    with database.reading() as session:
        row = decision_of(session, closed.meeting.id, "D-2026-001")
        assert row is not None
        found = decision_value(session, row)

    assert [one.text for one in found.options] == ["Do nothing"]
    assert [(one.department, one.name) for one in found.electors] == [("Legal", "Ada")]
    assert [(one.stance, one.interest) for one in found.positions] == [(Stance.OBJECT, "Trust")]
    assert found.answers[closed.position.id].words == "No."
    assert [one.pledge for one in found.commitments] == [Pledge.WILL]
    assert [one.state for one in found.ratifications] == [RatificationState.RATIFIED]
    assert state_of(found) is State.CLOSED
