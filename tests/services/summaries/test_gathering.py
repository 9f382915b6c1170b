"""What a weekly summary says, gathered from a meeting that took place, on both databases."""

from __future__ import annotations

import pytest

from governance.database import Database
from governance.services.summaries.cutting import says_anything
from governance.services.summaries.values import Written
from tests.services.summaries.weeks import no_week, told, week
from tests.web import decided
from tests.web.decided import AMARA, ANNA, TITLE
from tests.web.scenes import CHAIR, SCRIBE, Scene


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_a_week_without_an_occurrence_says_nothing_when_nothing_is_owed(scene: Scene) -> None:
    scene.adopt()
    scene.roster()

    found = told(scene.database, no_week(scene.now), None, AMARA)

    written = to(found.to(AMARA))
    assert written.facts.start is None
    assert not written.links
    assert not says_anything(written.facts)


def test_a_decision_that_waits_for_a_sponsor_is_told_with_what_is_missing(scene: Scene) -> None:
    decided.decided_beyond(scene)

    found = told(scene.database, week(), None, AMARA, ANNA, CHAIR, SCRIBE)

    amara, anna, chair = (to(found.to(one)) for one in (AMARA, ANNA, CHAIR))
    assert [(TITLE, "Finance: the money is beyond the mandate")] == [
        (one["title"], one["missing"][0]) for one in amara.facts.open
    ]
    assert [(0, 3)] == [(one["said"], one["of"]) for one in amara.facts.committed]
    assert [("Finance", "on-time"), ("Legal", "on-time"), ("Operations", "apology")] == [
        (one["department"], one["state"]) for one in amara.facts.attendance
    ]
    assert [("commitment", TITLE, "commit:0")] == [(one["kind"], one["text"], one["link"]) for one in anna.facts.owed]
    assert ["commit:0"] == [one.name for one in anna.links]
    assert anna.facts.lead is None
    assert chair.facts.lead is not None
    assert [] == chair.facts.owed


def to(written: Written | None) -> Written:
    assert written is not None
    return written
