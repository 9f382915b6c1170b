"""What goes with the summaries: what is owed in a week without an occurrence, and the brief to leadership."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from governance.database import Database
from governance.models import Brief
from tests.jobs.summing import (
    AMARA,
    ANNA,
    EVERYBODY,
    FIRST,
    TO_THE_END,
    charter,
    choose,
    exception,
    look_until,
    told,
    worker,
)
from tests.support.posted import keys, posted
from tests.web.briefed import led
from tests.web.promising import promise
from tests.web.scenes import Scene, in_order


def test_in_a_week_without_an_occurrence_only_whoever_owes_something_hears(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    start = datetime.fromisoformat(FIRST)
    exception(scene, FIRST, start=start + timedelta(days=4), end=start + timedelta(days=4, hours=1))
    scene.cycle()
    promise(scene, "Finance", "Pay out refunds on the same day", made=0, due=20)

    found = look_until(scene, scene.now + timedelta(days=8), worker(scene), worker(scene))

    assert found == [("Thu 26 17:30", 1), ("Mon 30 17:30", len(EVERYBODY))]
    assert told(sqlite_database)[-1] == ("2026-W48", AMARA)


def test_what_was_promised_later_is_no_reason_to_tell_of_a_week_that_is_over(sqlite_database: Database) -> None:
    """Also to a worker that begins only then."""
    scene = Scene(sqlite_database)
    in_order(scene)
    start = datetime.fromisoformat(FIRST)
    exception(scene, FIRST, start=start + timedelta(days=11), end=start + timedelta(days=11, hours=1))
    scene.cycle()
    scene.now += TO_THE_END + timedelta(hours=2)
    nothing = worker(scene).look()
    promise(scene, "Finance", "Pay out refunds on the same day", made=0, due=20)

    assert (nothing, worker(scene).look()) == (0, 0)


def test_leadership_hears_a_day_after_everybody_could_read_the_same(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    led(scene)
    scene.now += TO_THE_END + timedelta(hours=1)
    one, other = worker(scene), worker(scene)
    one.look()
    goes_at = scene.now + timedelta(days=1)

    scene.now = goes_at - timedelta(minutes=1)
    before = one.look() + other.look()
    scene.now = goes_at
    counts = [one.look(), other.look()]

    assert (before, counts) == (0, [1, 0])
    assert keys(sqlite_database, "brief") == [("brief", "vera.lindholm@example.com")]
    briefs = [row.facts["brief"] for row in posted(sqlite_database, "summary")]
    assert {one["goes_at"] for one in briefs} == {goes_at.isoformat()}
    assert all(one["sentences"] for one in briefs)


@pytest.mark.parametrize(
    ("choices", "goes_at"),
    [
        ({AMARA: ("2h", False)}, "2026-11-29T15:00:00+00:00"),
        ({AMARA: ("Fri 08:00", True)}, "2026-11-29T15:00:00+00:00"),
        ({AMARA: ("2h", False), ANNA: ("Mon 08:00", False)}, "2026-12-01T07:00:00+00:00"),
        ({AMARA: ("Fri 08:00", True), ANNA: ("Mon 08:00", False)}, "2026-12-01T07:00:00+00:00"),
        pytest.param(
            {AMARA: ("2h", False), ANNA: ("Mon 08:00", True)}, "2026-12-01T08:00:00+00:00", id="by the site's clock"
        ),
        ({AMARA: ("2h", False), ANNA: ("Wed 08:00", False)}, "2026-12-02T15:00:00+00:00"),
    ],
)
def test_leadership_waits_for_the_charter_s_hour_and_a_while_for_whoever_hears_later(
    sqlite_database: Database, choices: dict[str, tuple[str, bool]], goes_at: str
) -> None:
    """However early somebody has chosen to hear: the others are told on Saturday at 16:00 in Berlin."""
    scene = Scene(sqlite_database)
    in_order(scene)
    charter(scene, "Sat 16:00")
    for address, (at, is_together) in choices.items():
        choose(scene, address, at, is_together=is_together)

    look_until(scene, scene.now + timedelta(days=5), worker(scene), hours=2)

    with sqlite_database.reading() as session:
        assert [one.isoformat() for one in session.scalars(select(Brief.goes_at))] == [goes_at]
