"""What `status` and `/readyz` say is wrong, and that nothing is said while all is well."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from governance.database import Database
from governance.models import Breaker, Calendar, Lease, Meeting, Outbox, Quarantine, Worker
from governance.models.identifiers import new_id
from governance.services import mail_queue
from governance.services.problems import Problem, briefly
from governance.services.standing import read_problems, read_status
from tests.web.scenes import CHAIR, NOW, SLUG, Scene, in_order

POLL, LIMIT = 60, 1500
MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(database: Database) -> Scene:
    made = Scene(database)
    in_order(made)
    without_mails(made)
    read(made)
    return made


def test_nothing_is_wrong_while_a_worker_reads(scene: Scene) -> None:
    """A day of it, looked at just before the next reading and the next sign of life."""
    told = []
    for _ in range(24 * 4):
        read(scene)
        scene.now += MINUTE
        told += found(scene)
        scene.now += 14 * MINUTE

    assert told == []


def test_an_installation_without_meetings_misses_no_worker(database: Database) -> None:
    with database.reading() as session:
        assert read_problems(session, NOW, POLL, LIMIT) == ()


def test_a_worker_that_vanished_is_missed_after_a_minute(scene: Scene) -> None:
    scene.now += timedelta(seconds=59)
    assert codes(scene) == []

    scene.now += timedelta(seconds=2)

    [problem] = found(scene)
    assert (problem.code, problem.meeting) == ("no-worker", None)
    assert problem.text == "no worker has been at work since 2026-11-23T09:30:00Z"
    assert problem.remedy == "Start `governance run` or `governance worker`"


def test_a_worker_that_comes_by_the_timer_is_not_missed_while_it_comes(scene: Scene) -> None:
    """`worker --once` every few minutes leaves a worker that has stopped."""
    change_worker(scene, stopped_at=scene.now.isoformat())

    scene.now += 5 * MINUTE
    assert codes(scene) == []
    scene.now += MINUTE
    assert codes(scene) == ["no-worker", "not-read"]


def test_a_calendar_that_is_not_read_although_a_worker_lives_is_late(scene: Scene) -> None:
    scene.now += 6 * MINUTE
    keep_reads(scene)

    assert codes(scene) == ["not-read"]


@pytest.mark.parametrize("holder", ["nobody", "a worker that is gone"])
def test_a_lease_that_nobody_who_lives_has_is_named_once_its_calendar_is_not_read(scene: Scene, holder: str) -> None:
    with scene.database.writing() as session:
        gone = Worker(id=new_id(), name="gone", started_at=NOW, heartbeat_at=NOW - MINUTE)
        session.add(gone)
        session.flush()
        calendar_id = session.query(Calendar.id).scalar()
        worker_id: UUID | None = None if holder == "nobody" else gone.id
        session.add(Lease(calendar_id=calendar_id, worker_id=worker_id, fence=2, taken_at=NOW))
    scene.now += timedelta(seconds=30)
    keep_reads(scene)
    assert codes(scene) == []

    scene.now += timedelta(seconds=60)
    keep_reads(scene)

    [problem] = found(scene)
    assert (problem.code, problem.meeting) == ("lease-free", SLUG)


def test_an_account_that_is_left_alone_is_named_once_with_its_remedy(scene: Scene) -> None:
    with scene.database.writing() as session:
        session.add(Breaker(subject=CHAIR, failures=3, since=NOW, open_until=NOW, **words("google-unreachable")))
        session.add(Breaker(subject="other@example.com", failures=2, since=NOW, **words("google-unreachable")))

    [problem] = found(scene)

    assert (problem.code, problem.meeting, problem.remedy) == ("account-rests", None, "Mend it")
    assert "left alone since 2026-11-23T09:30:00Z" in problem.text


def test_an_event_that_is_set_aside_is_named_with_its_next_try(scene: Scene) -> None:
    quarantine(scene, "write-ignored", retry_at=NOW + MINUTE)

    [problem] = found(scene)

    assert (problem.code, problem.meeting, problem.remedy) == ("write-ignored", SLUG, "Mend it")
    assert "tried again at 2026-11-23T09:31:00Z" in problem.text


def test_an_event_that_so_far_only_delays_its_calendar_is_the_calendars_trouble(scene: Scene) -> None:
    quarantine(scene, "event-unreadable", retry_at=None)

    assert codes(scene) == []


def test_an_event_of_a_released_meeting_troubles_nobody(scene: Scene) -> None:
    quarantine(scene, "write-ignored", retry_at=NOW + MINUTE)
    scene.change_meeting(released_at=NOW)

    assert codes(scene) == []


def test_writes_that_are_paused_are_named_until_they_are_not(scene: Scene) -> None:
    with scene.database.writing() as session:
        session.query(Calendar).one().writes_paused_until = NOW + timedelta(seconds=30)

    assert codes(scene) == ["google-writes-paused"]
    scene.now += timedelta(seconds=30)
    assert codes(scene) == []


def test_the_number_of_statements_is_the_same_for_one_meeting_and_for_many(sqlite_database: Database) -> None:
    one, many = Scene(sqlite_database), 4
    in_order(one)
    few = statements(one)
    for number in range(many):
        in_order(one, f"other-{number}", f"Other {number}")

    assert statements(one) == few


def test_those_without_a_name_get_one_sentence_a_code() -> None:
    some = [
        Problem(code="not-read", meeting=slug, text="of ann@example.com", remedy="Ask ann") for slug in ("a1", "b1")
    ]
    strange = Problem(code="google-forbidden", meeting="a1", text="of ann@example.com", remedy="Ask ann")

    [late, other] = briefly([*some, strange])

    assert (late.code, late.message) == ("not-read", "The calendars of 2 meetings were not read lately.")
    assert (other.code, other.message) == ("google-forbidden", "One calendar, meeting or event waits.")
    assert other.remedy == "Do what `governance status` says about it"


def found(scene: Scene) -> tuple[Problem, ...]:
    with scene.database.reading() as session:
        problems = read_problems(session, scene.now, POLL, LIMIT)
        assert read_status(session, scene.now, POLL, LIMIT).problems == problems
    return problems


def codes(scene: Scene) -> list[str]:
    return [one.code for one in found(scene)]


def words(code: str) -> dict[str, Any]:
    return {"problem_code": code, "problem_text": "it is broken", "problem_remedy": "Mend it"}


def read(scene: Scene) -> None:
    """The worker lives and has just read the calendar."""
    scene.heartbeat()
    with scene.database.writing() as session:
        calendar_id = session.query(Calendar.id).scalar()
        worker = session.query(Worker).one()
        worker.detail_json = {"last_read": {str(calendar_id): scene.now.isoformat()}}


def keep_reads(scene: Scene) -> None:
    """The worker lives; what it read before is all it knows."""
    with scene.database.writing() as session:
        session.query(Worker).filter_by(name="worker-1").one().heartbeat_at = scene.now


def change_worker(scene: Scene, **detail: str) -> None:
    with scene.database.writing() as session:
        worker = session.query(Worker).one()
        worker.detail_json = {**worker.detail_json, **detail}


def quarantine(scene: Scene, code: str, *, retry_at: datetime | None) -> None:
    with scene.database.writing() as session:
        session.add(
            Quarantine(
                calendar_id=session.query(Calendar.id).scalar(), event_id="event-1",
                meeting_id=session.query(Meeting.id).scalar(), failures=1, since=NOW, last_at=NOW, retry_at=retry_at,
                **words(code),
            )
        )  # fmt: skip


def statements(scene: Scene) -> int:
    from sqlalchemy import event

    counted: list[str] = []

    def count(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        counted.append(statement)

    event.listen(scene.database.engine, "before_cursor_execute", count)
    try:
        with scene.database.reading() as session:
            read_status(session, scene.now, POLL, LIMIT)
    finally:
        event.remove(scene.database.engine, "before_cursor_execute", count)
    return sum(1 for one in counted if one.startswith("SELECT"))


class TestMails:
    def test_a_mail_is_no_problem_until_it_waits_too_long_for_a_worker_that_lives(self, scene: Scene) -> None:
        queue(scene, due_at=scene.now)
        scene.now += 15 * MINUTE
        read(scene)
        assert codes(scene) == []

        scene.now += MINUTE
        read(scene)

        [problem] = found(scene)
        assert (problem.code, problem.meeting) == ("mail-stuck", None)
        assert problem.text == "one mail is waiting, one since 2026-11-23T09:30:00Z"

    def test_a_mail_whose_time_has_not_come_or_that_is_tried_again_later_is_not_stuck(self, scene: Scene) -> None:
        queue(scene, due_at=scene.now + 60 * MINUTE)
        queue(scene, due_at=scene.now, retry_at=scene.now + 60 * MINUTE)
        scene.now += 30 * MINUTE
        read(scene)

        assert codes(scene) == []

    def test_without_a_worker_that_alone_is_told(self, scene: Scene) -> None:
        queue(scene, due_at=scene.now)
        scene.now += 16 * MINUTE

        assert codes(scene) == ["no-worker", "not-read"]

    def test_the_daily_limit_is_told_instead_of_the_waiting_it_causes(self, scene: Scene) -> None:
        queue(scene, due_at=scene.now)
        for minutes in (1, 2):
            queue(scene, state="sent", sent_at=scene.now - minutes * MINUTE)
        scene.now += 20 * MINUTE
        read(scene)

        with scene.database.reading() as session:
            [problem] = read_problems(session, scene.now, POLL, 2)
            [other] = read_problems(session, scene.now, POLL, 3)

        assert (problem.code, problem.text) == ("mail-daily-limit", "2 mails went out within a day, and 1 wait")
        assert other.code == "mail-stuck"

    def test_the_limit_is_no_problem_while_nothing_waits(self, scene: Scene) -> None:
        queue(scene, state="sent", sent_at=scene.now)

        with scene.database.reading() as session:
            assert read_problems(session, scene.now, POLL, 1) == ()

    def test_each_meeting_is_told_by_itself_and_strangers_learn_no_name(self, scene: Scene) -> None:
        queue(scene, state="held", hold="restored", meeting=True)
        queue(scene, state="held", hold="restored", meeting=True)
        queue(scene, state="held", hold="restored")

        told = found(scene)

        assert {(one.code, one.meeting, one.text.partition(" held")[0]) for one in told} == {
            ("mail-held-restored", SLUG, "2 mails are"),
            ("mail-held-restored", None, "one mail is"),
        }
        [brief] = briefly(told)
        assert brief.message == "Mails of 2 meetings are held, because the database is a restored copy."
        assert SLUG not in brief.message + brief.remedy


def without_mails(scene: Scene) -> None:
    """What the meeting has posted counts in no test here: it neither waits nor went out."""
    with scene.database.writing() as session:
        posted = [one.id for one in mail_queue.list_mails(session, ["waiting"])]
        mail_queue.drop(session, posted, by="test", now=scene.now)


def queue(scene: Scene, *, meeting: bool = False, **more: Any) -> None:
    values = {"state": "waiting", "due_at": scene.now, "queued_at": scene.now, **more}
    id_ = new_id()
    with scene.database.writing() as session:
        session.add(
            Outbox(
                id=id_, key=str(id_), kind="removed", about=str(id_), address="ann@example.com", facts_json={},
                meeting_id=session.query(Meeting.id).scalar() if meeting else None, **values,
            )
        )  # fmt: skip
