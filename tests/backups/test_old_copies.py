"""The database is put back from a copy of last week: no old mail goes out, and no invitation is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from governance.backups.keeping import back_up, restore
from governance.database import Database
from governance.domain.errand import ErrandKind
from governance.models import Outbox
from governance.reconcile.apply import MARK
from governance.services import errands
from governance.services.approvals import confirm_copy
from tests.backups.conftest import mails, post
from tests.mail.rig import Rig, Way, office
from tests.support.governed import CHAIR, DELEGATES, SERIES, STRANGER, Governed

WEEK = timedelta(days=7)


@pytest.fixture
def restored(governed_on_both: Governed, tmp_path: Path) -> Governed:
    """Since the copy was made Finance has another delegate, and a mail was sent that the copy has as waiting."""
    governed = governed_on_both
    governed.bring_in_order()
    with governed.database.writing() as session:
        meeting = governed.meeting(session)
        post(session, "old", meeting)
        errands.send(session, ErrandKind.RELEASE, {}, by=CHAIR, actor="test", now=governed.now, meeting=meeting)
    copy = tmp_path / "last-week"
    back_up(governed.database, copy, may_replace=False, now=governed.now)
    with governed.database.writing() as session:
        session.query(Outbox).update({"state": "sent"})
    governed.advance(WEEK)
    governed.vacate("Finance")
    governed.appoint("Finance", "new@example.com")
    governed.cycle()
    assert "new@example.com" in governed.guests()

    restore(governed.database, copy, may_replace=True, now=governed.now)
    governed.control.clear_log()
    return governed


def test_nothing_is_written_until_a_person_confirms(restored: Governed) -> None:
    before = restored.event()

    for _ in range(3):
        report = restored.cycle(also=(restored.meeting_id,))
        assert report is not None
        assert (report.applied, report.held > 0) == (0, True)
        restored.advance(timedelta(days=1))

    assert (restored.writes(), restored.event()) == ([], before)


def test_what_a_person_confirms_is_written(restored: Governed) -> None:
    restored.cycle()
    assert restored.writes() == []

    restored.approve()
    restored.cycle()

    assert restored.guests() == {*DELEGATES.values()}
    assert not restored.stored().restored_hold


def test_old_mails_wait_for_a_person_whatever_happens_to_the_meeting(restored: Governed) -> None:
    restored.cycle()
    restored.approve()
    restored.cycle()

    assert mails(restored.database)["old"] == ("held", "restored")
    assert {row.state for row in mails_before(restored.database, restored.now - WEEK)} == {"held"}


def test_a_worker_sends_none_of_the_old_mails_and_does_none_of_the_old_errands(restored: Governed) -> None:
    restored.cycle()
    way = Way()

    Rig(restored.database, office()).deliver(way)

    old = {row.id.hex for row in mails_before(restored.database, restored.now - WEEK)}
    assert old
    assert [one for one in way.sent if one.message_id.strip("<").partition("@")[0] in old] == []
    with restored.database.writing() as session:
        assert errands.claim(session, "worker", restored.now) is None


def test_a_copy_that_agrees_with_the_calendar_is_confirmed_by_going_on(
    governed_on_both: Governed, tmp_path: Path
) -> None:
    governed = governed_on_both
    governed.bring_in_order()
    back_up(governed.database, tmp_path / "copy", may_replace=False, now=governed.now)
    restore(governed.database, tmp_path / "copy", may_replace=True, now=governed.now)
    governed.control.clear_log()
    governed.cycle()
    assert governed.stored().restored_hold

    assert confirm(governed)

    assert not governed.stored().restored_hold
    governed.control.forward(CHAIR, SERIES, DELEGATES["Finance"], STRANGER)
    governed.cycle()
    assert STRANGER not in governed.guests()


def test_a_copy_that_holds_something_is_not_confirmed_by_going_on(restored: Governed) -> None:
    restored.cycle()

    assert not confirm(restored)

    assert restored.stored().restored_hold


def test_where_the_calendar_alone_shows_it_mails_are_held_as_well(governed_on_both: Governed) -> None:
    """Somebody put an older database in place with the tools of the database itself."""
    governed = governed_on_both
    governed.bring_in_order()
    with governed.database.writing() as session:
        post(session, "old", governed.meeting(session))
        post(session, "site", None)
    newer = f"{governed.meeting_id}:1000000"
    governed.control.organizer_edits(CHAIR, SERIES, {"extendedProperties": {"private": {MARK: newer}}})

    governed.cycle()

    found = mails(governed.database)
    assert (found["old"], found["site"]) == (("held", "restored"), ("waiting", None))


def mails_before(database: Database, at: datetime) -> list[Outbox]:
    with database.reading() as session:
        return list(session.query(Outbox).where(Outbox.queued_at <= at))


def confirm(governed: Governed) -> bool:
    plan: Any = governed.look().plan
    with governed.database.writing() as session:
        return confirm_copy(
            session,
            governed.meeting(session),
            plan.keys_for_approval if plan is not None else [],
            source="test",
            now=governed.now,
        )
