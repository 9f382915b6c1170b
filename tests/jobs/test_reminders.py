"""Reminders: looks every minute, writes only when something new is due, and several workers are as one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.models.meeting import Meeting
from governance.models.outbox import ActionLink, Outbox
from governance.reconcile.judging import Site
from governance.services import settings
from governance.services.mailing.letters import Post
from governance.store.meetings import meeting_by_slug
from jobs.reminders import Reminders
from tests.support.posted import keys, posted
from tests.web.conftest import Pages, config_for
from tests.web.decided import decided_beyond, the_decision
from tests.web.deciding import AtTheTable
from tests.web.linked import AMARA, SPONSOR
from tests.web.linked import sponsor as name_sponsor
from tests.web.scenes import CHAIR, SLUG, Scene, in_order
from web import create_app

ADMIN = "ops@example.com"


def reminders(scene: Scene, database: Database | None = None, kind: type[Reminders] = Reminders) -> Reminders:
    return kind(
        database or scene.database,
        Site(frozenset({"example.com"}), "http://localhost:8080"),
        admins=(ADMIN,),
        zone="UTC",
        poll_seconds=60,
        daily_limit=1500,
        clock=lambda: scene.now,
        monotonic=lambda: scene.now.timestamp(),
    )


def test_an_idle_installation_writes_nothing_and_asks_little(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    scene = Scene(database)
    in_order(scene)
    worker = reminders(scene)
    worker.look()
    statements()

    for _ in range(3):
        scene.now += timedelta(seconds=20)
        assert worker.look() == 0

    sent = statements()
    assert [one for one in sent if not one.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA"))] == []
    assert len(sent) <= 3 * 14


def test_a_decline_comes_due_while_the_calendar_says_nothing_new(database: Database) -> None:
    scene = Scene(database)
    in_order(scene)
    name_sponsor(scene)
    scene.pass_time(hours=-1)
    scene.answers(amara="declined")
    scene.cycle()
    worker = reminders(scene)
    told = []
    for hours in (0, 1, 0, 47, 1, 0):
        scene.pass_time(hours=hours)
        worker.look()
        told.append(keys(database, "declined", "declined-sponsor"))

    asked = [("declined", AMARA)]
    assert told == [[], asked, asked, asked, *[[*asked, ("declined-sponsor", SPONSOR)]] * 2]


@pytest.mark.parametrize("rest", ["paused", "frozen", "restored", "released", "not approved"])
def test_of_a_meeting_that_rests_nobody_is_reminded_until_it_goes_on(sqlite_database: Database, rest: str) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    name_sponsor(scene)
    scene.mandate("Finance", AMARA, last_day=scene.now.date() + timedelta(days=43))
    scene.cycle()
    scene.pass_time(days=1)
    changes: dict[str, dict[str, Any]] = {
        "frozen": {"frozen_code": "event-gone"}, "restored": {"restored_hold": True},
        "released": {"released_at": scene.now}, "not approved": {"first_plan_approved": False}, "paused": {},
    }  # fmt: skip
    if rest == "paused":
        _pause(scene)
    scene.change_meeting(findings_json=[{"rule": "M02"}], **changes[rest])
    worker = reminders(scene)

    resting = worker.look()
    if rest == "paused":
        _resume(scene)
    scene.change_meeting(
        frozen_code=None, restored_hold=False, released_at=None, first_plan_approved=True, stirred=999
    )  # fmt: skip

    assert (resting, worker.look()) == (0, 2)


def _pause(scene: Scene) -> None:
    with scene.database.writing() as session:
        meeting = _meeting(session)
        settings.pause(session, meeting, by=CHAIR, actor="test", now=scene.now)


def _resume(scene: Scene) -> None:
    with scene.database.writing() as session:
        settings.resume(session, _meeting(session), actor="test", now=scene.now)


def _meeting(session: Session) -> Meeting | None:
    return meeting_by_slug(session, SLUG)


def test_several_workers_at_once_post_each_mail_once(database: Database) -> None:
    """All of them have read that nothing was posted when the first begins to write."""
    scene = Scene(database)
    in_order(scene)
    name_sponsor(scene)
    scene.mandate("Finance", AMARA, last_day=scene.now.date() + timedelta(days=10))
    with database.writing() as session:
        session.execute(delete(Outbox).where(Outbox.kind == "mandate-ending"))
    scene.change_meeting(findings_json=[{"rule": "M02"}])
    together = threading.Barrier(4, timeout=20)
    counts: list[int] = []

    class Together(Reminders):
        def _post(self, meeting_id: UUID | None, posts: Iterable[Post], now: datetime) -> int:
            if meeting_id is not None:
                together.wait()
            return super()._post(meeting_id, posts, now)

    def work() -> None:
        counts.append(reminders(scene, kind=Together).look())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    assert sorted(counts) == [0, 0, 0, 2]
    assert keys(database, "mandate-ending") == [("mandate-ending", AMARA), ("mandate-ending", SPONSOR)]
    links = [one.links["renew"] for one in posted(database, "mandate-ending") if one.links]
    with database.reading() as session:
        renewing = select(func.count()).where(ActionLink.purpose == "renew-mandate")
        assert (len(links), session.scalar(renewing)) == (1, 1)


def test_grave_trouble_that_lasts_wakes_the_operators_once_a_day(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    scene.change_meeting(problem_code="google-refused", problem_text="Google says no", problem_remedy="Share it")
    worker = reminders(scene)
    counts = []
    for _ in range(8):
        counts.append(worker.look())
        scene.pass_time(minutes=1)

    [told] = posted(sqlite_database, "attention")

    assert counts == [0, 0, 0, 0, 0, 1, 0, 0]
    assert told.address == ADMIN
    assert "google-refused" in {one["code"] for one in told.facts["problems"]}


def test_what_could_not_be_written_is_tried_again(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    name_sponsor(scene)
    scene.mandate("Finance", AMARA, last_day=scene.now.date() + timedelta(days=43))
    scene.cycle()
    scene.pass_time(days=1)
    scene.change_meeting(findings_json=[{"rule": "M02"}])
    worker = reminders(scene)

    def broken(*_: object, **__: object) -> int:
        raise OSError("the disk")

    with monkeypatch.context() as patched:
        patched.setattr("jobs.reminders.post_all", broken)
        with pytest.raises(OSError, match="the disk"):
            worker.look()

    assert worker.look() == 2


def test_a_meeting_that_cannot_be_judged_keeps_no_other_from_being_reminded(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    name_sponsor(scene)
    scene.mandate("Finance", AMARA, last_day=scene.now.date() + timedelta(days=10))
    scene.change_meeting(findings_json=[{"rule": "M02"}])
    scene.change_meeting("other", findings_json=[{"rule": "M02"}], time_zone="Nowhere/Land")

    assert reminders(scene).look() == 2


def test_the_timetable_may_ring_as_often_as_it_likes(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    looks: list[float] = []

    class Counted(Reminders):
        def look(self) -> int:
            looks.append(self.monotonic())
            return 0

    worker = reminders(scene, kind=Counted)

    for _ in range(125):
        worker.look_each_minute()
        scene.now += timedelta(seconds=1)

    assert len(looks) == 3


def test_a_sponsor_who_does_not_answer_is_asked_once_a_week_until_they_do(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    decided_beyond(scene)
    worker, asked = reminders(scene), []

    for day in range(16):
        scene.now += timedelta(days=1)
        worker.look()
        worker.look()
        asked.append((day + 1, len(keys(scene.database, "ratification-asked"))))

    assert [day for (day, many), (_, before) in zip(asked[1:], asked, strict=False) if many > before] == [7, 14]
    assert {one.address for one in posted(scene.database, "ratification-asked")} == {SPONSOR}
    assert [one.facts["weeks"] for one in posted(scene.database, "ratification-asked")] == [0, 1, 2]
    table = AtTheTable(Pages(create_app(config_for(), scene.database, clock=lambda: scene.now), scene))
    table.ref = the_decision(scene)
    table.post(SPONSOR, "/sponsor", {"seat": table.seat("Finance"), "act": "ratify"})
    scene.now += timedelta(days=20)
    worker.look()
    assert len(posted(scene.database, "ratification-asked")) == 3
