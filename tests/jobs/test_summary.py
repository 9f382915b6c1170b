"""Summaries go by themselves: each once, whoever looks, however often, and whatever the clock does meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from governance.database import Database
from governance.domain.access import actor_of
from governance.mail.facts import BriefChanged
from governance.models import Outbox, StandIn
from governance.services import occurrences, outbox, people, seats
from governance.services.delivery import still_theirs
from governance.services.summaries.choosing import HourRefused
from governance.services.summaries.posting import ready
from governance.store.standing_of_people import standing_of_person
from tests.jobs.summing import (
    AMARA,
    ANNA,
    EVERYBODY,
    FIRST,
    SECOND,
    THIRD,
    TO_THE_END,
    charter,
    choose,
    exception,
    look_until,
    meeting,
    told,
    worker,
)
from tests.services.summaries.test_building import OFFICE
from tests.support.posted import posted
from tests.web.scenes import SLUG, Scene, in_order


def test_an_idle_installation_writes_nothing_and_asks_little(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    scene = Scene(database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    one = worker(scene)
    one.look()
    statements()

    for _ in range(3):
        scene.now += timedelta(seconds=60)
        assert one.look() == 0

    sent = statements()
    assert [one for one in sent if not one.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA"))] == []
    assert len(sent) <= 3 * 12
    assert [one for one in sent if "FROM sponsor" in one or "JOIN sponsor" in one] == [], "asked once a week"


def test_an_hour_after_the_end_everybody_with_a_part_hears_once(database: Database) -> None:
    scene = Scene(database)
    in_order(scene)
    one, other = worker(scene), worker(scene)
    counts = []
    for minutes in (0, 59, 1, 1, 60 * 24 * 6):
        scene.now += timedelta(minutes=minutes) if minutes else TO_THE_END
        counts.append((one.look(), other.look()))

    assert counts == [(0, 0), (0, 0), (len(EVERYBODY), 0), (0, 0), (0, 0)]
    assert told(database) == [("2026-11-26T09:00:00Z", address) for address in EVERYBODY]


def test_workers_whose_clocks_are_minutes_apart_are_as_one(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    workers = (worker(scene, minutes=4), worker(scene), worker(scene, minutes=-3))
    scene.now += TO_THE_END + timedelta(minutes=54)
    counts = []
    for _ in range(10):
        counts.append([one.look() for one in workers])
        scene.now += timedelta(minutes=1)

    assert counts == [[0, 0, 0], [0, 0, 0], [len(EVERYBODY), 0, 0], *[[0, 0, 0]] * 7]
    assert told(sqlite_database) == [(FIRST, address) for address in EVERYBODY]


def test_several_workers_at_once_post_each_mail_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them have read that nobody was told when the first begins to write."""
    scene = Scene(database)
    in_order(scene)
    scene.now += TO_THE_END + timedelta(hours=1)
    together = threading.Barrier(3, timeout=20)
    counts: list[int] = []

    def ready_together(*given: Any) -> Any:
        found = ready(*given)
        together.wait()
        return found

    monkeypatch.setattr("jobs.summary.ready", ready_together)
    threads = [threading.Thread(target=lambda: counts.append(worker(scene).look())) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    assert sorted(counts) == [0, 0, len(EVERYBODY)]
    assert told(database) == [(FIRST, address) for address in EVERYBODY]


def test_the_charter_says_when_and_a_reader_may_say_otherwise(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    charter(scene, "Fri 16:00")
    choose(scene, AMARA, "2h")
    choose(scene, ANNA, "Sat 09:00")

    found = look_until(scene, scene.now + timedelta(days=9), worker(scene), worker(scene))

    others = len(EVERYBODY) - 2
    assert found == [("Thu 26 17:30", 1), ("Fri 27 17:30", others), ("Sat 28 09:30", 1)]
    assert told(sqlite_database) == [(FIRST, address) for address in EVERYBODY]


def test_a_choice_made_after_the_others_were_told_is_still_this_week_s(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    choose(scene, AMARA, "Sat 09:00")
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=1)
    first = one.look()

    choose(scene, AMARA, None)
    choose(scene, ANNA, "Sat 09:00")

    assert (first, one.look(), one.look()) == (len(EVERYBODY) - 1, 1, 0)
    assert look_until(scene, scene.now + timedelta(days=4), one) == []


@pytest.mark.parametrize(("at", "is_together"), [("73h", False), ("1h", True), (None, True), ("Fri 25:00", False)])
def test_an_hour_that_nobody_could_keep_is_refused(
    sqlite_database: Database, at: str | None, is_together: bool
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)

    with pytest.raises(HourRefused, match=r"^(Enter|Choose)"):
        choose(scene, AMARA, at, is_together=is_together)


@pytest.mark.parametrize("kind", ["summary", "summaries"])
def test_whoever_stood_in_hears_of_that_occurrence_for_a_week_though_they_read_nothing_else_by_then(
    sqlite_database: Database, kind: str
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    charter(scene, "Mon 08:00")
    sat = "sat.in@example.com"
    with sqlite_database.writing() as session:
        then = occurrences.next_occurrence(session, meeting(session), scene.now)
        assert then is not None
        session.add(
            StandIn(
                seat_id=seats.seat_of(session, meeting(session), "Finance").id,
                occurrence_id=occurrences.kept_occurrence(session, then).id,
                person_id=people.person_named(session, sat, "Sat In").id, by="test", cause="named", at=scene.now,
            )
        )  # fmt: skip
    if kind == "summaries":
        choose(scene, sat, "Mon 08:00", is_together=True)

    look_until(scene, scene.now + timedelta(days=8), worker(scene))

    with sqlite_database.reading() as session:
        row = session.scalars(select(Outbox).where(Outbox.kind == kind, Outbox.address == sat)).one()
        on_monday = row.due_at
        theirs = [still_theirs(session, row, OFFICE, on_monday + timedelta(days=days)) for days in (0, 3, 4)]
        standings = standing_of_person(session, row.person_id).standings
        held = actor_of(row.person_id, standings, on_monday).held
    facts = row.facts_json["facts"]
    assert (facts["meetings"][0]["facts"] if kind == "summaries" else facts)["attendance"]
    assert theirs == [True, True, False]
    assert held == frozenset()


def test_whoever_stood_in_hears_as_long_that_the_brief_of_that_day_was_changed(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    with sqlite_database.writing() as session:
        then = occurrences.next_occurrence(session, meeting(session), scene.now)
        assert then is not None
        start, sat = then.seen.start, people.person_named(session, "sat.in@example.com", "Sat In")
        session.add(
            StandIn(
                seat_id=seats.seat_of(session, meeting(session), "Finance").id,
                occurrence_id=occurrences.kept_occurrence(session, then).id,
                person_id=sat.id, by="test", cause="named", at=scene.now,
            )
        )  # fmt: skip
        facts = BriefChanged(start=start.isoformat(), goes_at=start.isoformat(), sentences=[])
        row = outbox.post(session, facts, about="x", to=sat, now=start, meeting=meeting(session))
        assert row is not None

        theirs = [still_theirs(session, row, OFFICE, start + timedelta(days=days)) for days in (0, 4, 8)]

    assert theirs == [True, True, False]


def test_after_three_weeks_each_hears_once_of_all_of_it(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=1)
    one.look()
    told_at = scene.now

    scene.now += timedelta(days=21, hours=5)
    successor = worker(scene)
    counts = [successor.look(), one.look(), worker(scene).look()]

    assert counts == [len(EVERYBODY), 0, 0]
    newest = [row for row in posted(sqlite_database, "summary") if row.about == "2026-12-17T09:00:00Z"]
    assert {row.facts["since"] for row in newest} == {told_at.isoformat()}
    assert len(newest) == len(EVERYBODY)


def test_a_clock_that_is_set_back_and_forth_doubles_nothing(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    ahead, behind = worker(scene), worker(scene)
    counts = []
    scene.now += TO_THE_END + timedelta(hours=1)

    for minutes in (0, -90, 60, 60, -60 * 26, 60 * 27, 60 * 24 * 14, -60 * 24 * 14, 60 * 24 * 7):
        scene.now += timedelta(minutes=minutes)
        counts.append(ahead.look() + behind.look() + worker(scene).look())

    everybody = len(EVERYBODY)
    assert counts == [everybody, 0, 0, 0, 0, 0, everybody, 0, everybody]
    assert told(sqlite_database) == sorted((key, address) for key in (FIRST, SECOND, THIRD) for address in EVERYBODY)


def test_a_moved_occurrence_is_told_of_when_it_is_over_and_a_cancelled_one_when_it_would_have_been(
    sqlite_database: Database,
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    one = worker(scene)
    one.look()
    start = datetime.fromisoformat(FIRST)
    exception(scene, FIRST, start=start - timedelta(days=1), end=start - timedelta(hours=23))
    exception(scene, SECOND, status="cancelled", start=None, end=None)
    scene.cycle()

    found = look_until(scene, scene.now + timedelta(days=14), one)

    assert found == [("Wed 25 17:30", len(EVERYBODY)), ("Thu 03 17:30", len(EVERYBODY))]
    assert {(row.about, row.facts["is_cancelled"]) for row in posted(sqlite_database, "summary")} == {
        (FIRST, False), (SECOND, True),
    }  # fmt: skip


def test_after_a_cancelled_one_the_next_tells_of_what_happened_since_the_last_that_was_held(database: Database) -> None:
    scene = Scene(database)
    in_order(scene)
    one = worker(scene)
    one.look()
    exception(scene, SECOND, status="cancelled", start=None, end=None)
    scene.cycle()
    scene.now += TO_THE_END + timedelta(hours=1)
    one.look()
    told_at = scene.now

    for _ in range(2):
        scene.now += timedelta(days=7)
        one.look()

    newest = [row for row in posted(database, "summary") if row.about == THIRD]
    assert {row.facts["since"] for row in newest} == {told_at.isoformat()}
    assert len(newest) == len(EVERYBODY)


@pytest.mark.parametrize("is_moved", [False, True], ids=["cancelled", "a week without"])
def test_after_an_outage_what_was_held_is_told_also_where_the_newest_is_nothing_to_tell(
    sqlite_database: Database, is_moved: bool
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    start = datetime.fromisoformat(SECOND)
    later = {"start": start + timedelta(days=11), "end": start + timedelta(days=11, hours=1)}
    exception(scene, SECOND, **(later if is_moved else {"status": "cancelled", "start": None, "end": None}))
    scene.cycle()
    choose(scene, AMARA, "1h")
    choose(scene, ANNA, "Fri 08:00", is_together=True)
    scene.now = start + timedelta(hours=23)

    counts = [one.look() for one in (worker(scene), worker(scene))]

    everybody = [one for one in EVERYBODY if one != ANNA]
    cancelled = [] if is_moved else [(SECOND, one) for one in everybody]
    assert told(sqlite_database) == sorted([*((FIRST, one) for one in everybody), *cancelled])
    [together] = posted(sqlite_database, "summaries")
    assert [one["facts"]["start"] for one in together.facts["meetings"]] == [FIRST.replace("Z", "+00:00")]
    assert counts == [len(everybody) + len(cancelled) + 1, 0]


def test_of_two_meetings_a_week_the_one_that_was_held_is_told_beside_the_one_that_was_not(
    sqlite_database: Database,
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    scene.calendar.change(f"event-{SLUG}", recurrence=("RRULE:FREQ=WEEKLY;BYDAY=TU,TH",))
    exception(scene, FIRST, status="cancelled", start=None, end=None)
    scene.cycle()
    charter(scene, "Fri 16:00")

    look_until(scene, scene.now + timedelta(days=5), worker(scene))

    held = "2026-11-24T09:00:00Z"
    assert told(sqlite_database) == sorted((key, one) for key in (held, FIRST) for one in EVERYBODY)
