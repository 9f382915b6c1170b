"""One mail about all meetings of a person: each occurrence once, and nothing that was left out is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from governance.database import Database
from governance.models import Outbox, Person
from governance.services.preferences import mute
from governance.services.summaries import posting
from governance.store.people import person_by_address
from tests.jobs.summing import (
    AMARA,
    ANNA,
    EVERYBODY,
    FIRST,
    choose,
    exception,
    look_until,
    meeting,
    meeting_id,
    told,
    worker,
)
from tests.support.posted import link, posted
from tests.web.promising import promise
from tests.web.scenes import SLUG, Scene, in_order


def test_one_mail_tells_of_all_meetings_at_the_site_s_hour(database: Database) -> None:
    scene = Scene(database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    choose(scene, AMARA, "Mon 08:00", is_together=True)
    choose(scene, ANNA, "Mon 08:00", is_together=True)
    with database.writing() as session:
        anna = person_by_address(session, ANNA)
        assert isinstance(anna, Person)
        mute(session, anna, meeting(session, "other"), "summaries", now=scene.now, source="test")

    found = look_until(scene, scene.now + timedelta(days=8), worker(scene), worker(scene))

    assert found == [("Thu 26 17:30", 2 * (len(EVERYBODY) - 2)), ("Mon 30 09:30", 2)]
    rows = {row.address: row for row in posted(database, "summaries")}
    assert {address: [one["slug"] for one in row.facts["meetings"]] for address, row in rows.items()} == {
        AMARA: ["other", SLUG], ANNA: [SLUG],
    }  # fmt: skip
    assert {row.about for row in rows.values()} == {"2026-11-30"}


def test_whoever_goes_over_to_one_mail_or_back_hears_of_each_occurrence_once(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    one = worker(scene)
    look_until(scene, scene.now + timedelta(days=4), one)
    choose(scene, AMARA, "Sat 08:00", is_together=True)
    at_once = look_until(scene, scene.now + timedelta(days=7), one)
    choose(scene, AMARA, "Fri 16:00")
    back = look_until(scene, scene.now + timedelta(days=3), one)

    assert at_once == [("Thu 03 17:30", len(EVERYBODY) - 1)]
    assert back == [("Fri 04 17:30", 1)]
    assert told(sqlite_database, "summaries") == []


def test_after_a_cancelled_one_the_one_mail_tells_of_that_week_as_well(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    choose(scene, AMARA, "Mon 08:00", is_together=True)
    exception(scene, FIRST, status="cancelled", start=None, end=None)
    scene.cycle()

    look_until(scene, scene.now + timedelta(days=22), worker(scene), hours=24)

    told_of = [row.facts["meetings"][0]["facts"] for row in posted(sqlite_database, "summaries")]
    assert [one["is_cancelled"] for one in told_of] == [True, False, False]
    assert told_of[1]["since"] == told_of[0]["since"]
    assert told_of[2]["since"] > told_of[1]["start"]


def test_of_a_meeting_that_rested_the_one_mail_tells_what_those_in_between_left_out(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    choose(scene, AMARA, "Mon 08:00", is_together=True)
    one = worker(scene)
    look_until(scene, scene.now + timedelta(days=8), one, hours=24)
    scene.change_meeting("other", frozen_code="event-gone")
    look_until(scene, scene.now + timedelta(days=14), one, hours=24)
    scene.change_meeting("other", frozen_code=None)

    look_until(scene, scene.now + timedelta(days=7), one, hours=24)

    mails = [
        {section["slug"]: section["facts"]["since"][:10] for section in row.facts["meetings"]}
        for row in posted(sqlite_database, "summaries")
    ]
    assert [sorted(mail) for mail in mails] == [[SLUG, "other"], [SLUG], [SLUG], [SLUG, "other"]]
    assert mails[-1] == {"other": "2026-11-30", SLUG: "2026-12-14"}


def test_a_mail_that_waited_for_a_person_told_no_more_for_it(sqlite_database: Database) -> None:
    """Also of one meeting alone."""
    scene = Scene(sqlite_database)
    in_order(scene)
    choose(scene, AMARA, "Mon 08:00", is_together=True)
    one = worker(scene)
    look_until(scene, scene.now + timedelta(days=8), one, hours=24)
    before = {row.address: row.facts for row in posted(sqlite_database, "summary", "summaries")}
    with sqlite_database.writing() as session:
        queued = {row.address: row.queued_at for row in session.scalars(select(Outbox)) if row.address in before}
        for row in session.scalars(select(Outbox)):
            row.due_at = scene.now + timedelta(days=1)

    look_until(scene, scene.now + timedelta(days=7), one, hours=24)

    later = posted(sqlite_database, "summary", "summaries")[len(before) :]
    assert len(later) == len(before)
    for row in later:
        facts = row.facts["meetings"][0]["facts"] if row.kind == "summaries" else row.facts
        assert facts["since"] == queued[row.address].isoformat()


def test_what_is_owed_is_settled_from_the_one_mail(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    for text in ("Pay out refunds on the same day", "Name a contact for complaints"):
        promise(scene, "Finance", text, made=0, due=20)
    choose(scene, AMARA, "Mon 08:00", is_together=True)

    look_until(scene, scene.now + timedelta(days=8), worker(scene), hours=12)

    [row] = posted(sqlite_database, "summaries")
    owed = [one for section in row.facts["meetings"] for one in section["facts"]["owed"]]
    assert sorted(row.links) == sorted(one["link"] for one in owed) == ["settle:1", "settle:2"]
    assert {link(sqlite_database, one).meeting_id for one in row.links.values()} == {meeting_id(scene, SLUG)}


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_six_readers_of_one_mail_for_all_are_asked_about_in_as_many_statements_as_two(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    scene = Scene(database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    promise(scene, "Finance", "Pay out refunds on the same day", made=0, due=20)
    one, counted = worker(scene), []
    for some in (EVERYBODY[:2], EVERYBODY[2:8]):
        for address in some:
            choose(scene, address, "Sun 08:00", is_together=True)
        for address in EVERYBODY[:2] if some != EVERYBODY[:2] else ():
            choose(scene, address, None)
        scene.now += timedelta(days=5)
        one.look()
        scene.now += timedelta(days=2)
        statements()
        mails = one.look()
        counted.append((mails, len([one for one in statements() if one.lstrip().startswith(("SELECT", "WITH"))])))

    (few, asked_of_few), (many, asked_of_many) = counted
    assert (few, many) == (2, 6)
    assert asked_of_many <= asked_of_few + 2


def test_workers_that_end_the_same_moment_at_once_end_it_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read that it is not done when the first writes that it is."""
    scene = Scene(database)
    together, met = threading.Barrier(2, timeout=20), threading.local()
    ended: list[str] = []

    def done_row(*given: Any) -> Any:
        found = real(*given)
        # SQLite has one writer: the other cannot have read.
        if given[1] is None and not hasattr(met, "other") and scene.database.file is None:
            met.other = together.wait()
        return found

    def end() -> None:
        with scene.database.writing() as session:
            posting.settle(session, None, "2026-11-30", "Mon 08:00", scene.now)
        ended.append("ended")

    real = posting.store.done_row
    monkeypatch.setattr(posting.store, "done_row", done_row)
    threads = [threading.Thread(target=end) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    assert ended == ["ended", "ended"]
    with database.reading() as session:
        assert posting.store.done_together(session, ["2026-11-30"]) == {("2026-11-30", "Mon 08:00")}
