"""The brief is kept once an occurrence, and goes to leadership once, a day later."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from governance.database import Database
from governance.mail.facts_of_summaries import Brief as Facts
from governance.models import Brief, LedgerEntry, Pause, Ratification, Role
from governance.services import seats
from governance.services.summaries import brief as kept
from governance.services.summaries import brief_acts as acts
from governance.services.summaries.brief import brief_posts, facts_of, keep_brief, mark_gone
from tests.services.summaries.weeks import week as period
from tests.support.decided import closed, draft, mark
from tests.web import briefed
from tests.web.attended import start_of
from tests.web.briefed import A_DAY, A_WEEK, the_meeting
from tests.web.scenes import Scene, in_order

START = start_of(0)
END = START + timedelta(hours=1)
NOW = END + timedelta(hours=1)


@pytest.fixture
def scene(sqlite_database: Database) -> Scene:
    return led(sqlite_database)


def led(database: Database) -> Scene:
    """Seven seats, and one person in senior leadership."""
    scene = Scene(database)
    in_order(scene)
    briefed.led(scene)
    return scene


def keep(scene: Scene, week: int = 0, **more: Any) -> UUID:
    with scene.database.writing() as session:
        row = keep_brief(session, the_meeting(session), period(week), NOW + week * A_WEEK, **more)
        assert row is not None
        return row.id


def posts_at(scene: Scene, now: Any) -> dict[UUID, list[tuple[str, str]]]:
    with scene.database.reading() as session:
        found = brief_posts(session, now)
        return {key: [(one.facts.KIND, one.about) for one in posts] for key, posts in found.items()}


def text_of(scene: Scene, brief_id: UUID) -> Facts:
    with scene.database.reading() as session:
        return facts_of(session.get_one(Brief, brief_id))


@pytest.mark.parametrize(
    "without", [{"start": None, "end": None, "key": "2026-W48"}, {"is_cancelled": True}], ids=["a week", "cancelled"]
)
def test_where_nothing_took_place_nothing_is_kept(scene: Scene, without: dict[str, Any]) -> None:
    with scene.database.writing() as session:
        row = keep_brief(session, the_meeting(session), period(**without), NOW)

    with scene.database.reading() as session:
        assert row is None
        assert session.scalar(select(func.count()).select_from(Brief)) == 0


def test_kept_again_it_stays_as_it_was(scene: Scene) -> None:
    first = keep(scene)

    with scene.database.writing() as session:
        closed(session, the_meeting(session), 7, "Closed afterwards", on=START.date())
    again = keep(scene)

    assert again == first
    assert text_of(scene, first).closed == []


def test_it_tells_what_was_closed_marked_and_waits_since_the_last_one(scene: Scene) -> None:
    with scene.database.writing() as session:
        meeting = the_meeting(session)
        old = closed(session, meeting, 1, "Long ago", on=(START - 2 * A_WEEK).date())
        closed(session, meeting, 2, "A depot in Oslo", on=START.date(), customer="Customers in Norway")
        closed(session, meeting, 3, "Closed a week later", on=(START + A_WEEK).date())
        mark(session, old, "not-kept", words="The bank stopped it", at=START)
        beyond = draft(session, meeting, "A second depot", state="awaiting", decided_at=START, customer="Fjordfisk")
        seat = seats.seat_of(session, meeting, "Finance").id
        session.add(Ratification(decision_id=beyond.id, seat_id=seat, cause="money", state="declined", by="x", at=NOW))
        draft(session, meeting, "Still talked about", state="open")

    told, later = text_of(scene, keep(scene)), text_of(scene, keep(scene, 1))

    assert [one["title"] for one in told.closed] == ["A depot in Oslo"]
    assert [(one["title"], one["is_kept"]) for one in told.kept] == [("Long ago", False)]
    assert [(one["title"], one["customer"]) for one in told.waiting] == [("A second depot", "Fjordfisk")]
    assert [one["title"] for one in later.closed] == ["Closed a week later"]
    assert later.kept == []
    assert [one["title"] for one in later.waiting] == ["A second depot"]


def test_it_goes_a_day_after_the_delegates_could_read_it(scene: Scene) -> None:
    brief_id = keep(scene)

    before, then = posts_at(scene, NOW + A_DAY - timedelta(seconds=1)), posts_at(scene, NOW + A_DAY)

    assert before == {}
    assert then == {brief_id: [("brief", period().key)]}


def test_the_day_begins_when_the_last_delegate_is_told(scene: Scene) -> None:
    brief_id = keep(scene, seen_at=NOW + timedelta(hours=5))

    assert posts_at(scene, NOW + A_DAY) == {}
    assert list(posts_at(scene, NOW + A_DAY + timedelta(hours=5))) == [brief_id]


def test_it_goes_once(scene: Scene) -> None:
    brief_id = keep(scene)

    with scene.database.writing() as session:
        first, second = (mark_gone(session, brief_id, NOW + A_DAY) for _ in range(2))

    with scene.database.reading() as session:
        noted = session.scalars(select(LedgerEntry.act).where(LedgerEntry.act == "brief-gone")).all()
    assert (first, second, len(noted)) == (True, False, 1)
    assert posts_at(scene, NOW + A_DAY) == {}


@pytest.mark.parametrize("changed", [{"held_at": NOW}, {"goes_at": NOW + 2 * A_DAY}], ids=["kept back", "changed"])
def test_what_the_chair_did_meanwhile_keeps_it_from_going(scene: Scene, changed: dict[str, Any]) -> None:
    brief_id = keep(scene)

    with scene.database.writing() as session:
        row = session.get_one(Brief, brief_id)
        for name, value in changed.items():
            setattr(row, name, value)

    with scene.database.writing() as session:
        assert not mark_gone(session, brief_id, NOW + A_DAY)
    assert posts_at(scene, NOW + A_DAY) == {}


def test_after_an_outage_it_goes_once_and_not_when_a_week_has_passed(scene: Scene) -> None:
    brief_id = keep(scene)
    due = NOW + A_DAY

    assert list(posts_at(scene, due + A_WEEK - timedelta(minutes=1))) == [brief_id]
    assert posts_at(scene, due + A_WEEK) == {}


def test_what_never_went_is_told_by_the_next_one(scene: Scene) -> None:
    """Three weeks down: the first brief is too old to be sent, and what it told is not lost."""
    with scene.database.writing() as session:
        closed(session, the_meeting(session), 2, "A depot in Oslo", on=START.date())
    keep(scene)

    later = text_of(scene, keep(scene, 3))

    assert [one["title"] for one in later.closed] == ["A depot in Oslo"]


@pytest.mark.parametrize(
    "rests",
    [{"released_at": NOW}, {"restored_hold": True}, {"first_plan_approved": False}],
    ids=lambda one: next(iter(one)),
)
def test_of_a_meeting_that_is_not_at_work_nothing_goes(scene: Scene, rests: dict[str, Any]) -> None:
    keep(scene)

    scene.change_meeting(**rests)

    assert posts_at(scene, NOW + A_DAY) == {}


def test_one_from_before_a_person_went_on_with_a_restored_copy_goes_only_once_somebody_has_changed_it(
    scene: Scene,
) -> None:
    """It may have gone before the copy was restored."""
    brief_id = keep(scene)
    scene.change_meeting(begun_at=NOW + timedelta(hours=1))

    before = posts_at(scene, NOW + A_DAY)
    with scene.database.reading() as session:
        is_open = acts.is_open(session.get_one(Brief, brief_id), the_meeting(session), NOW + A_DAY)
    with scene.database.writing() as session:
        session.get_one(Brief, brief_id).held_at = NOW
    with scene.database.writing() as session:
        found, now = the_meeting(session), NOW + A_DAY
        acts.let_go(acts.begin(session, found, period().key, by=None, actor="test", source="test", now=now))

    assert (before, is_open) == ({}, False)
    assert list(posts_at(scene, NOW + 2 * A_DAY)) == [brief_id]


def test_a_frozen_meeting_tells_its_leadership_all_the_same(scene: Scene) -> None:
    brief_id = keep(scene)

    scene.change_meeting(frozen_code="I12", frozen_reason="the organiser changed")

    assert list(posts_at(scene, NOW + A_DAY)) == [brief_id]


def test_it_waits_while_the_meeting_is_paused(scene: Scene) -> None:
    brief_id = keep(scene)

    with scene.database.writing() as session:
        last_day = (NOW + A_DAY).date()
        session.add(Pause(meeting_id=None, first_day=None, last_day=last_day, by="test", at=NOW))

    assert posts_at(scene, NOW + A_DAY) == {}
    assert list(posts_at(scene, NOW + 2 * A_DAY)) == [brief_id]


def test_without_leadership_it_is_kept_and_goes_nowhere(scene: Scene) -> None:
    with scene.database.writing() as session:
        for role in session.scalars(select(Role).where(Role.kind == "leadership")):
            role.last_day = START.date()
    brief_id = keep(scene)

    assert posts_at(scene, NOW + A_DAY) == {}
    assert text_of(scene, brief_id).closed == []


def test_two_workers_keep_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL both have seen that there is none before either writes; on SQLite one writes after the other."""
    scene, both = led(database), Barrier(2, timeout=20)
    found: list[UUID] = []
    written = kept._row

    def at_once(*values: Any) -> Brief:
        row = written(*values)
        if database.engine.dialect.name == "postgresql":
            both.wait()
        return row

    monkeypatch.setattr(kept, "_row", at_once)
    workers = [Thread(target=lambda: found.append(keep(scene))) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert len(found) == 2
    assert len(set(found)) == 1
    assert list(posts_at(scene, NOW + A_DAY)) == found[:1]


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_the_number_of_statements_does_not_depend_on_what_happened(database: Database, statements: Any) -> None:
    scene = led(database)

    def cost(week: int) -> int:
        statements()
        keep(scene, week)
        posts_at(scene, NOW + week * A_WEEK + A_DAY)
        return len(statements())

    few = cost(0)
    with database.writing() as session:
        for seq in range(1, 15):
            one = closed(session, the_meeting(session), seq, f"Decision {seq}", on=(START + A_WEEK).date())
            mark(session, one, "kept", words="Done", at=START + A_WEEK)

    assert cost(1) <= few + 2  # the earlier one is due as well, and not read a second time
