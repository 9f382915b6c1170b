"""Acting chairs: named for days, and never in the place of the chair."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from governance.database import Database
from governance.models import Role
from governance.services import acting_chairs
from governance.services.acting_chairs import ActingChairRefused
from governance.services.ledger import latest
from tests.support.cast import ANN, CHAIR, NOW, TODAY, TOMORROW, YESTERDAY, Character, Stage, on_stage

NEXT_WEEK = TODAY + timedelta(days=7)


def name(stage: Stage, who: Character, first_day: date, last_day: date) -> None:
    acting_chairs.name_acting_chair(
        stage.session, stage.meeting, stage.person(who), first_day=first_day, last_day=last_day, actor="test", now=NOW
    )


def end(stage: Stage, who: Character) -> None:
    acting_chairs.end_acting_chair(stage.session, stage.meeting, stage.person(who), actor="test", now=NOW)


def chairs(stage: Stage) -> list[tuple[str, date, date | None]]:
    stage.session.flush()
    names = {stage.person(who).id: who.name for who in (ANN, CHAIR)}
    rows = stage.session.scalars(select(Role).where(Role.kind == "chair").order_by(Role.first_day, Role.last_day))
    return sorted((names[row.person_id], row.first_day, row.last_day) for row in rows)


def test_naming_the_same_person_for_the_same_days_again_changes_nothing(database: Database) -> None:
    with on_stage(database) as stage:
        name(stage, ANN, TODAY, NEXT_WEEK)
    with on_stage(database) as stage:
        name(stage, ANN, TODAY, NEXT_WEEK)
    with on_stage(database) as stage:
        acts = [line.act for line in latest(stage.session, stage.meeting.id, 50)]

    assert acts.count("acting-chair-named") == 1


def test_an_acting_chair_stands_beside_the_chair_until_the_last_day(database: Database) -> None:
    with on_stage(database) as stage:
        name(stage, ANN, TODAY, NEXT_WEEK)

        assert chairs(stage) == [(ANN.name, TODAY, NEXT_WEEK), (CHAIR.name, TODAY, None)]
        assert stage.roster().always_allowed >= {stage.person(ANN).id}


def test_new_days_take_the_place_of_those_they_touch(database: Database) -> None:
    with on_stage(database) as stage:
        name(stage, ANN, TODAY, TOMORROW)
        name(stage, ANN, TOMORROW, NEXT_WEEK)

        assert (ANN.name, TOMORROW, NEXT_WEEK) in chairs(stage)
        assert len(chairs(stage)) == 2


@pytest.mark.parametrize(
    ("who", "first_day", "last_day", "told"),
    [
        (ANN, TOMORROW, TODAY, "Choose a last day"),
        (ANN, YESTERDAY, YESTERDAY, "Choose days to come"),
        (CHAIR, TODAY, TOMORROW, "Name somebody else"),
    ],
)
def test_days_that_cannot_be_are_refused(
    database: Database, who: Character, first_day: date, last_day: date, told: str
) -> None:
    with on_stage(database) as stage, pytest.raises(ActingChairRefused, match=told):
        name(stage, who, first_day, last_day)


def test_ending_it_leaves_the_chair_and_ends_nothing_twice(database: Database) -> None:
    with on_stage(database) as stage:
        name(stage, ANN, TODAY, NEXT_WEEK)
        for who in (ANN, ANN, CHAIR):
            end(stage, who)

        assert chairs(stage) == [(CHAIR.name, TODAY, None)]
