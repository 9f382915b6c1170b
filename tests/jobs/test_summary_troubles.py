"""What rests is told nothing, and what cannot be summed up keeps nobody else waiting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

import jobs.summary
from governance.database import Database
from governance.models import CharterVersion, EventPicture, Meeting, Series
from governance.services import people, settings
from governance.services.settings import RoleKind
from governance.services.summaries import posting, together
from governance.services.summaries.by_hand import check_tells
from tests.jobs.summing import (
    AMARA,
    EVERYBODY,
    FIRST,
    TO_THE_END,
    breaking_for,
    charter,
    choose,
    look_until,
    meeting,
    meeting_id,
    worker,
)
from tests.support.posted import posted
from tests.web.scenes import CHAIR, SLUG, Scene, in_order


@pytest.mark.parametrize("rest", ["paused", "frozen", "restored"])
def test_what_came_due_while_a_meeting_rested_is_not_told_afterwards(sqlite_database: Database, rest: str) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    one = worker(scene)
    changes: dict[str, dict[str, Any]] = {"frozen": {"frozen_code": "event-gone"}, "restored": {"restored_hold": True}}
    if rest == "paused":
        with sqlite_database.writing() as session:
            settings.pause(session, meeting(session), by=CHAIR, actor="test", now=scene.now)
    scene.change_meeting(**changes.get(rest, {}))
    resting = look_until(scene, scene.now + timedelta(days=5), one)

    if rest == "paused":
        with sqlite_database.writing() as session:
            settings.resume(session, meeting(session), actor="test", now=scene.now)
    scene.change_meeting(frozen_code=None, restored_hold=False)
    after = look_until(scene, scene.now + timedelta(days=7), one)

    assert (resting, after) == ([], [("Thu 03 17:30", len(EVERYBODY))])


def test_the_last_occurrence_of_a_series_is_summed_up_although_nothing_follows(sqlite_database: Database) -> None:
    """A cycle after its end finds no occurrence to come, and freezes the meeting before anything is due."""
    scene = Scene(sqlite_database)
    in_order(scene)
    scene.calendar.change(f"event-{SLUG}", recurrence=("RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20261127T000000Z",))
    choose(scene, AMARA, "Thu 18:00", is_together=True)
    scene.now += TO_THE_END + timedelta(minutes=5)
    scene.cycle()
    one = worker(scene)

    with sqlite_database.reading() as session:
        assert meeting(session).frozen_code == "no-occurrence"
        check_tells(session, meeting(session), scene.now)
    assert look_until(scene, scene.now + timedelta(days=1), one, hours=2) == [
        ("Thu 26 12:05", len(EVERYBODY) - 1), ("Thu 26 18:05", 1),
    ]  # fmt: skip


def test_of_a_meeting_that_begins_nobody_hears_what_was_before(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database, now=datetime.fromisoformat(FIRST) + timedelta(minutes=70))
    in_order(scene)

    assert look_until(scene, scene.now + timedelta(days=6), worker(scene)) == []
    scene.change_meeting(released_at=scene.now)
    assert look_until(scene, scene.now + timedelta(days=6), worker(scene)) == []


def test_a_meeting_that_cannot_be_summed_up_keeps_no_other_waiting(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    scene.now += TO_THE_END + timedelta(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(posting, "gather", breaking_for(meeting_id(scene, SLUG), posting.gather))
        first = worker(scene).look()

    assert (first, worker(scene).look()) == (len(EVERYBODY), len(EVERYBODY))


def test_a_meeting_whose_zone_nobody_knows_keeps_no_other_waiting(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    scene.change_meeting("other", time_zone="Nowhere/Land")
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=1)

    assert (one.look(), one.look()) == (len(EVERYBODY), 0)


@pytest.mark.parametrize("broken", ["charter", "rule"])
def test_a_meeting_that_cannot_be_read_keeps_no_other_waiting(sqlite_database: Database, broken: str) -> None:
    """What is stored of it is older than the program, or was changed by hand."""
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    charter(scene, "2h", "other")
    with sqlite_database.writing() as session:
        if broken == "charter":
            for version in session.scalars(select(CharterVersion)):
                version.source = "summary = 'whenever'"
        else:
            series = select(Series.id).where(Series.meeting_id == meeting(session, "other").id)
            for picture in session.scalars(select(EventPicture).where(EventPicture.series_id.in_(series))):
                picture.body_json = {**picture.body_json, "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=XX"]}
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=3)

    assert (one.look(), one.look()) == (len(EVERYBODY), 0)


@pytest.mark.parametrize("part", ["gather", "keep_brief"])
def test_a_meeting_that_cannot_be_summed_up_is_left_out_of_the_one_mail(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Where only its brief cannot be written it is there without."""
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    choose(scene, AMARA, "Thu 08:00", is_together=True)
    scene.now += timedelta(days=10)
    for module in (together, posting) if part == "keep_brief" else (together,):
        monkeypatch.setattr(module, part, breaking_for(meeting_id(scene, "other"), getattr(module, part)))

    worker(scene).look()

    [row] = posted(sqlite_database, "summaries")
    briefs = {one["slug"]: one["facts"]["brief"] is not None for one in row.facts["meetings"]}
    assert briefs == {SLUG: True} | ({"other": False} if part == "keep_brief" else {})


def test_a_brief_that_cannot_go_keeps_neither_others_nor_sponsors_waiting(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    with sqlite_database.writing() as session:
        leader = people.person_named(session, "vera.lindholm@example.com", "Vera Lindholm")
        for slug in (SLUG, "other"):
            settings.set_role(
                session, meeting(session, slug), RoleKind.LEADERSHIP, [leader], actor="test", now=scene.now
            )
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=1)
    one.look()
    scene.now += timedelta(days=1)
    real, calls = jobs.summary.meeting_to_change, list[UUID]()

    def breaking(session: Any, wanted: UUID) -> Meeting:
        calls.append(wanted)
        if len(calls) == 1:
            raise LookupError("a meeting that nobody thought of")
        return real(session, wanted)

    with monkeypatch.context() as patched:
        patched.setattr(jobs.summary, "meeting_to_change", breaking)
        first = one.look()

    assert (first, one.look()) == (1, 1)
