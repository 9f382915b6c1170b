"""The worker and its outbox: at once, beside the calendars, and stopped in time."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from governance import cli
from governance.mail.facts import RemovedOutsider, UndeliverableAddress
from governance.models.outbox import Outbox
from governance.seed import cast
from governance.services import adoption, outbox, sign_in
from governance.services.people import person_named
from tests.jobs.conftest import Office, opened_office, wait_until
from tests.support import copies
from tests.support.mail_server import MailServer, mail_server
from tests.support.sandbox import SandboxForTests

ALPHA = "alpha"
NOTE = RemovedOutsider(when=None, contact="chair@example.com")


@pytest.fixture(scope="module")
def server_process() -> Iterator[MailServer]:
    with mail_server() as started:
        yield started


@pytest.fixture
def server(server_process: MailServer) -> MailServer:
    server_process.reset()
    return server_process


@pytest.fixture
def office(migrated_sqlite_url: str, sandbox: SandboxForTests, server: MailServer, tmp_path: Path) -> Iterator[Office]:
    mail = {"transport": "smtp", "sender": "Decisions <meetings@example.com>"}
    smtp = {"host": "127.0.0.1", "port": server.port, "security": "none"}
    with opened_office(migrated_sqlite_url, sandbox, tmp_path, mail=mail, **{"mail.smtp": smtp}) as opened:
        yield opened


def post(office: Office, *addresses: str, facts: RemovedOutsider = NOTE) -> None:
    with office.database.writing() as session:
        for address in addresses:
            outbox.post(session, facts, about="x", to=address, now=office.now)


def ask_to_sign_in(office: Office, address: str) -> None:
    key, now = office.config.site.secret_key, datetime.now(UTC)
    with office.database.writing() as session:
        sign_in.mail_link(session, address=address, admins=(address,), secret_key=key, now=now)


def states(office: Office) -> Counter[str]:
    with office.database.reading() as session:
        return Counter(session.scalars(select(Outbox.state)))


def test_an_idle_worker_connects_to_nobody_and_writes_nothing(office: Office, server: MailServer) -> None:
    post(office, "a@example.com")
    office.work_off()
    before, connections = office.tables(), server.counts["connections"]

    office.work_off()

    assert office.tables() == before
    assert server.counts["connections"] == connections


def test_once_sends_what_is_due(office: Office, server: MailServer) -> None:
    post(office, "a@example.com", "b@example.com")

    office.work_off()

    assert server.recipients == {"a@example.com": 1, "b@example.com": 1}


def test_whoever_asks_to_sign_in_has_the_mail_within_a_second(office: Office, server: MailServer) -> None:
    with office.working():
        post(office, "first@example.com")
        wait_until(lambda: len(server.mails) == 1)

        begun = time.monotonic()
        ask_to_sign_in(office, "ops@example.com")
        wait_until(lambda: len(server.mails) == 2)

        assert time.monotonic() - begun < 1.0


def test_a_mail_server_that_hangs_delays_no_calendar(office: Office, server: MailServer) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    server.order("RCPT", "silence", count=None)
    post(office, "a@example.com")
    with office.working():
        wait_until(lambda: server.counts["RCPT"] > 0)
        office.forward(ALPHA)

        wait_until(lambda: office.is_put_right(ALPHA))


def test_a_calendar_that_hangs_delays_no_mail(office: Office, server: MailServer) -> None:
    scene = office.open_meeting(ALPHA, cast.CHAIR)
    office.control.fault("hang", route="events.list", calendar=scene.calendar, count=None, seconds=600)
    with office.working():
        post(office, "a@example.com")

        wait_until(lambda: len(server.mails) == 1)
    office.control.clear_faults()


@pytest.mark.parametrize("point", ["greeting", "MAIL", "DATA", "kept"])
def test_a_stop_ends_within_five_seconds_at_any_point_of_a_conversation(
    office: Office, server: MailServer, point: str
) -> None:
    post(office, "a@example.com", "b@example.com")
    server.order(point, "silence")
    with copies.start(cli.main, ["--config", str(office.config.path), "worker"], stderr=copies.DEVNULL) as worker:
        met = {"greeting": "connections", "kept": "DATA"}.get(point, point)
        wait_until(lambda: server.counts[met] > 0)
        begun = time.monotonic()
        worker.send_signal(signal.SIGTERM)

        assert worker.wait(10) == 0

    assert time.monotonic() - begun < 5.0
    expected = {"kept": {"unclear": 1, "waiting": 1}}.get(point, {"waiting": 2})
    assert states(office) == expected


def test_a_dead_address_is_set_aside_and_the_chair_is_told_once(office: Office, server: MailServer) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    server.order("RCPT", "reply", text="550 5.1.1 no such user", recipient=cast.AMARA.address, count=None)
    with office.database.writing() as session:
        meeting = adoption.meeting_named(session, ALPHA)
        for about in ("one", "two"):
            amara = person_named(session, cast.AMARA.address, cast.AMARA.name)
            outbox.post(session, NOTE, about=about, to=amara, now=office.now, meeting=meeting)

    office.work_off()

    with office.database.reading() as session:
        rows = list(session.scalars(select(Outbox).order_by(Outbox.id)))
    told = [row for row in rows if row.kind == UndeliverableAddress.KIND]
    first, *rest = (row.problem_code for row in rows if row.address == cast.AMARA.address)
    assert first == "smtp-550"
    assert set(rest) == {"address-set-aside"}
    assert [(row.address, row.state) for row in told] == [(cast.CHAIR.address, "sent")]
    assert told[0].facts_json["facts"]["address"] == cast.AMARA.address
    assert json.dumps(told[0].facts_json).count("5.1.1") == 1


def test_a_chair_who_cannot_be_written_to_is_not_told_of_that_by_mail(office: Office, server: MailServer) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    server.order("RCPT", "reply", text="550 5.1.1 no such user", recipient=cast.CHAIR.address, count=None)
    with office.database.writing() as session:
        meeting = adoption.meeting_named(session, ALPHA)
        chair = person_named(session, cast.CHAIR.address, cast.CHAIR.name)
        outbox.post(session, NOTE, about="one", to=chair, now=office.now, meeting=meeting)

    office.work_off()

    assert cast.CHAIR.address not in server.recipients
    assert states(office)["failed"] == 1
    with office.database.reading() as session:
        kinds = Counter(session.scalars(select(Outbox.kind)))
    assert kinds[UndeliverableAddress.KIND] == 0
