"""A database with something in it, and PostgreSQL's own programs where it is one of those."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from governance.database import Database
from governance.mail.facts import Removed
from governance.models import Channel, Lease, Meeting, Outbox, Worker
from governance.models.identifiers import new_id
from governance.services import ledger, outbox
from governance.services.sign_in import make_sign_in_link, use_link
from governance.store import meetings as store
from tests.support.cast import ANN, NOW, adopt_weekly
from tests.support.postgres import client_programs

STATES = ("waiting", "sending", "unclear", "sent", "failed", "held", "dropped")


@pytest.fixture(autouse=True)
def programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "migrated_postgresql_url" in request.fixturenames or "[postgresql" in request.node.name:
        request.getfixturevalue("postgres_server")
        monkeypatch.setenv("PGBIN", str(client_programs()))


@pytest.fixture
def filled(database: Database) -> Database:
    """One meeting, one mail in each state, somebody signed in, and a worker that is gone with a lease in its name."""
    fill(database)
    return database


def fill(database: Database) -> None:
    with database.writing() as session:
        meeting = adopt_weekly(session)
        for state in STATES:
            row = post(session, state, meeting)
            row.state, row.hold = state, "late" if state == "held" else None
            row.leased_by = "gone" if state == "sending" else None
        address = make_sign_in_link(session, address="ops@example.com", now=NOW, public_url="http://localhost")
        use_link(session, address.rpartition("/")[2], now=NOW)
        make_sign_in_link(session, address="ops@example.com", now=NOW, public_url="http://localhost")
        calendar = store.all_calendars(session)[0]
        worker = Worker(id=new_id(), name="gone", started_at=NOW, heartbeat_at=NOW)
        session.add(worker)
        session.flush()
        session.add(Lease(calendar_id=calendar.id, worker_id=worker.id, fence=7, taken_at=NOW))
        session.add(
            Channel(
                calendar_id=calendar.id,
                token_hash="x",
                asked_at=NOW,
                opened_at=NOW,
                confirmed_at=NOW,
                renew_at=NOW + timedelta(days=6),
                expires_at=NOW + timedelta(days=7),
            )
        )


def post(session: Any, about: str, meeting: Meeting | None) -> Outbox:
    facts = Removed(when=None, department=None, delegate=None, delegate_address=None, why="no seat")
    row = outbox.post(session, facts, about=about, to=ANN.address, now=NOW, meeting=meeting)
    assert row is not None
    return row


def mails(database: Database) -> dict[str, tuple[str, str | None]]:
    """State and hold of each mail, by what it is about."""
    with database.reading() as session:
        return {row.about: (row.state, row.hold) for row in session.query(Outbox)}


def counted(database: Database, model: Any) -> int:
    with database.reading() as session:
        return int(session.query(model).count())


def is_whole(database: Database) -> bool:
    with database.reading() as session:
        return all(report.ok for report in ledger.verify(session))


def slugs(database: Database) -> set[str]:
    with database.reading() as session:
        return {meeting.slug for meeting in store.all_meetings(session)}


def left_beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if ".part" in path.name)
