"""Several questions in one statement: each is answered as if it had been asked alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select

from governance.database import Database
from governance.models import Address, AddressQuestion, Meeting, Pause, RuleMode, Series, Worker
from governance.store.judging import read_background
from governance.store.seen_series import load_pictures
from governance.store.together import MEETING, Together, in_order
from tests.support.cast import ANN, DORA, NOW, TODAY, TOMORROW, Stage, on_stage

MODES = in_order(select(RuleMode.code, RuleMode.mode).where(RuleMode.meeting_id == MEETING), RuleMode.code.desc())
PAUSES = select(Pause.first_day, Pause.last_day, Pause.at, Pause.id).where(Pause.meeting_id == MEETING)
NEWEST_MODE = select(RuleMode.code).where(RuleMode.meeting_id == MEETING).order_by(RuleMode.code.desc()).limit(1)


def test_questions_without_an_answer_have_none(database: Database) -> None:
    with on_stage(database) as stage:
        rows = Together(modes=MODES, pauses=PAUSES).ask(stage.session, stage.meeting.id)

    assert rows == {"modes": [], "pauses": []}


def test_each_question_has_its_own_columns_order_and_limit(database: Database) -> None:
    with on_stage(database) as stage:
        _two_modes_and_a_pause(stage)
        rows = Together(modes=MODES, pauses=PAUSES, newest=NEWEST_MODE).ask(stage.session, stage.meeting.id)
        alone = [tuple(row) for row in stage.session.execute(PAUSES, {"meeting_id": stage.meeting.id})]

    assert [(row.code, row.mode) for row in rows["modes"]] == [("I03", "off"), ("I01", "observe")]
    assert [tuple(row) for row in rows["pauses"]] == alone
    assert [(row.first_day, row.last_day) for row in rows["pauses"]] == [(TODAY, TOMORROW)]
    assert [tuple(row) for row in rows["newest"]] == [("I03",)]


def test_documents_and_truth_values_come_back_as_what_they_are(database: Database) -> None:
    worker = select(Worker.detail_json, Worker.stopped_at)
    meeting = select(Meeting.first_plan_approved, Meeting.cap, Meeting.plan_json).where(Meeting.id == MEETING)
    with on_stage(database) as stage:
        stage.session.add(Worker(name="w", started_at=stage.now, heartbeat_at=stage.now, detail_json={"last": [1]}))
        rows = Together(worker=worker, meeting=meeting).ask(stage.session, stage.meeting.id)

    assert [tuple(row) for row in rows["worker"]] == [({"last": [1]}, None)]
    assert [tuple(row) for row in rows["meeting"]] == [(False, 12, None)]


def test_what_was_just_said_in_the_session_counts(database: Database) -> None:
    with on_stage(database) as stage:
        stage.session.add(RuleMode(meeting_id=stage.meeting.id, code="I09", mode="off"))

        rows = Together(modes=MODES).ask(stage.session, stage.meeting.id)

    assert [tuple(row) for row in rows["modes"]] == [("I09", "off")]


def test_what_decides_is_read_in_one_statement_however_many_addresses_are_asked_about(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    asked = {f"event-{n}": (f"old{n}@example.com", f"new{n}@example.com") for n in range(20)}
    with on_stage(database) as stage:
        other = {"folded": "adler@example.com", "as_given": "Adler@example.com", "is_primary": False}
        stage.session.add(Address(person_id=stage.person(ANN).id, **other))
        stage.person(DORA)
        _ask(stage, {**asked, "of-one": (ANN.address, "adler@example.com"), "of-two": (ANN.address, DORA.address)})
        meeting_id = stage.meeting.id

    with database.reading() as session:
        statements()
        decides = read_background(session, meeting_id, now=NOW, on=TODAY)
        sent = [one for one in statements() if one.startswith("SELECT")]
        pictures = load_pictures(session, meeting_id, NOW)

    assert len(sent) == 1
    assert pictures == decides.pictures
    assert [one.blocked.keys() for one in pictures] == [{"of-two", *asked}]


def _two_modes_and_a_pause(stage: Stage) -> None:
    for code, mode in (("I01", "observe"), ("I03", "off")):
        stage.session.add(RuleMode(meeting_id=stage.meeting.id, code=code, mode=mode))
    stage.session.add(
        Pause(meeting_id=stage.meeting.id, first_day=TODAY, last_day=TOMORROW, by="chair", at=stage.now)
    )  # fmt: skip


def _ask(stage: Stage, questions: Mapping[str, tuple[str, str]]) -> None:
    series = stage.session.scalars(select(Series).where(Series.meeting_id == stage.meeting.id)).one()
    for event, (sent, answered) in questions.items():
        stage.session.add(
            AddressQuestion(series_id=series.id, event_id=event, sent=sent, answered=answered, at=stage.now)
        )
