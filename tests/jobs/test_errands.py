"""What pages want of Google, done by the worker against the sandbox calendar and a real database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.errand import LIFE, ErrandKind, Found, LookedAt
from governance.models.errand import Errand
from governance.seed import cast
from governance.services import errands, workers
from governance.services.adoption import meeting_named
from governance.store.clock import database_now
from governance.store.meetings import all_slugs, pauses
from governance.store.workers import all_workers
from tests.jobs.conftest import PATIENCE, Office, wait_until
from tests.jobs.test_worker import running

ALPHA = "alpha"
ADMIN = "ops@example.com"
CALENDAR = cast.CHAIR.address


@pytest.fixture
def with_event(office: Office) -> Office:
    """Nothing is adopted; the chair's calendar has one weekly event."""
    start = office.now.replace(microsecond=0) + timedelta(days=2)
    office.control.create_series(
        CALENDAR,
        "Steering",
        start.isoformat(),
        (start + timedelta(hours=1)).isoformat(),
        "Europe/Berlin",
        ["RRULE:FREQ=WEEKLY"],
        [cast.AMARA.address, cast.WALTER.address],
        event_id="steering",
        description="Nobody asked for this text.",
    )
    return office


def ask(office: Office, kind: ErrandKind, asked: Mapping[str, Any], *, meeting: str | None = None) -> UUID:
    with office.database.writing() as session:
        about = meeting_named(session, meeting) if meeting else None
        sent = errands.send(session, kind, asked, by=ADMIN, actor="administrator", now=office.now, meeting=about)
        return sent.id


def errand(office: Office, errand_id: UUID) -> Errand:
    with office.database.reading() as session:
        found = session.get(Errand, errand_id)
        assert found is not None
        return found


def slugs(office: Office) -> list[str]:
    with office.database.reading() as session:
        return all_slugs(session)


# Nothing changes


def test_looking_at_an_event_writes_nothing_down_but_the_answer(with_event: Office) -> None:
    asked = ask(with_event, ErrandKind.LOOK, {"calendar": CALENDAR, "event": "steering"})
    before = with_event.tables()

    with_event.work_off()

    after = with_event.tables()
    assert {name for name in before if before[name] != after[name]} == {"errand"}
    assert errand(with_event, asked).state == "done"
    assert {one["route"] for one in with_event.control.log()} <= {"events.list", "events.get", "token"}


def test_what_cannot_be_adopted_leaves_nothing_but_the_sentence(with_event: Office) -> None:
    with_event.open_meeting(ALPHA, cast.SCRIBE)

    asked = ask(with_event, ErrandKind.ADOPT, {"calendar": CALENDAR, "event": "steering", "slug": ALPHA})
    with_event.work_off()

    assert errand(with_event, asked).refusal == "Choose another short name: alpha is taken."
    assert slugs(with_event) == [ALPHA]


def test_a_release_that_google_refuses_leaves_the_meeting_as_it_was(office: Office) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    office.forward(ALPHA)
    office.work_off()  # from here on there is something of ours on the event
    office.control.fault("forbidden", route="events.patch", count=None)

    asked = ask(office, ErrandKind.RELEASE, {}, meeting=ALPHA)
    office.work_off()

    assert errand(office, asked).state == "refused"
    with office.database.reading() as session:
        meeting = meeting_named(session, ALPHA)
        assert (meeting.released_at, pauses(session, meeting.id)) == (None, [])


# What is answered


def test_finding_names_the_recurring_events_of_the_calendar(with_event: Office) -> None:
    asked = ask(with_event, ErrandKind.FIND, {"calendar": "primary", "subject": CALENDAR})

    with_event.work_off()

    found = Found.from_json(errand(with_event, asked).answer_json)
    assert (found.google_id, found.subject, found.left_out) == (CALENDAR, CALENDAR, 0)
    assert [(one.event, one.summary, one.organizer, one.is_own, one.guests) for one in found.events] == [
        ("steering", "Steering", CALENDAR, True, 2)
    ]


def test_looking_brings_the_guests_and_not_the_description(with_event: Office) -> None:
    asked = ask(with_event, ErrandKind.LOOK, {"calendar": CALENDAR, "event": "steering"})

    with_event.work_off()

    answer = errand(with_event, asked).answer_json
    guests = {guest[0] for guest in LookedAt.from_json(answer).event["guests"]}
    assert {cast.AMARA.address, cast.WALTER.address} <= guests
    assert "Nobody asked" not in str(answer)


def test_a_calendar_that_is_not_shared_is_answered_with_how_to_share_it(office: Office) -> None:
    office.control.seed(users=[{"email": "eve@example.com"}])

    asked = ask(office, ErrandKind.FIND, {"calendar": CALENDAR, "subject": "eve@example.com"})
    office.work_off()

    assert f"Share calendar {CALENDAR} with eve@example.com" in str(errand(office, asked).refusal)


def test_a_meeting_is_adopted_relinked_and_released(with_event: Office) -> None:
    office = with_event
    adopted = ask(office, ErrandKind.ADOPT, {"calendar": CALENDAR, "event": "steering", "slug": "steering", "cap": 5})
    office.work_off()
    assert errand(office, adopted).answer_json == {"slug": "steering"}

    relinked = ask(office, ErrandKind.RELINK, {"event": "steering"}, meeting="steering")
    office.work_off()
    released = ask(office, ErrandKind.RELEASE, {}, meeting="steering")
    office.work_off()

    assert [errand(office, one).state for one in (relinked, released)] == ["done", "done"]
    with office.database.reading() as session:
        meeting = meeting_named(session, "steering")
        assert (meeting.cap, meeting.released_at is None) == (5, False)


# Several workers, and dead ones


def test_who_takes_an_errand_has_it_alone(database: Database) -> None:
    with database.writing() as session:
        now = database_now(session)
        for name in ("one", "other"):
            workers.enter(session, name, now=now)
        errands.send(session, ErrandKind.FIND, {"calendar": CALENDAR}, by=ADMIN, actor="administrator", now=now)

    with database.writing() as first:
        taken = errands.claim(first, "one", now)
        if session.get_bind().dialect.name == "postgresql":
            with database.writing() as second:  # in the middle of the first
                assert errands.claim(second, "other", now) is None
    with database.writing() as third:
        again = errands.claim(third, "other", now)

    assert (taken is None, again) == (False, None)


def test_what_a_dead_worker_began_is_the_next_ones_and_a_late_answer_is_not_kept(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        now = database_now(session)
        workers.enter(session, "dead", now=now - timedelta(minutes=1))
        workers.enter(session, "next", now=now)
        errands.send(session, ErrandKind.FIND, {"calendar": CALENDAR}, by=ADMIN, actor="administrator", now=now)
    first = _claimed(sqlite_database, "dead")

    second = _claimed(sqlite_database, "next")

    assert second.claim.fence > first.claim.fence
    with sqlite_database.writing() as session:
        assert errands.own(session, first.claim) is None
        assert errands.own(session, second.claim) is not None


def test_an_errand_that_no_worker_survives_is_given_up(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        now = database_now(session)
        sent = errands.send(session, ErrandKind.FIND, {}, by=ADMIN, actor="administrator", now=now)
    for _ in range(errands.MOST_TAKEN):
        _claimed(sqlite_database, "nobody alive")

    with sqlite_database.writing() as session:
        assert errands.claim(session, "nobody alive", now) is None

    with sqlite_database.reading() as session:
        row = session.get(Errand, sent.id)
        assert row is not None
        assert (row.state, row.refusal) == ("refused", errands.GIVEN_UP)


def _claimed(database: Database, worker: str) -> errands.Taken:
    with database.writing() as session:
        taken = errands.claim(session, worker, database_now(session))
    assert taken is not None
    return taken


def test_a_worker_killed_while_it_adopts_leaves_it_to_the_next(with_event: Office) -> None:
    office = with_event
    office.control.pause_at("events.get")
    asked = ask(office, ErrandKind.ADOPT, {"calendar": CALENDAR, "event": "steering", "slug": "steering"})
    with running(office) as process:
        assert office.control.wait_until_paused(PATIENCE)
        process.kill()
        process.wait(PATIENCE)
    office.control.resume()
    assert (errand(office, asked).state, slugs(office)) == ("waiting", [])
    with office.database.writing() as session:
        _silence(session)

    office.work_off()

    assert (errand(office, asked).state, slugs(office)) == ("done", ["steering"])


def _silence(session: Session) -> None:
    """As if it had been dead for longer than anybody waits."""
    [row] = all_workers(session)
    row.heartbeat_at -= timedelta(seconds=workers.LEASE_SECONDS + 1)


def test_an_errand_that_hangs_delays_no_calendar(office: Office) -> None:
    office.open_meeting(ALPHA, cast.SCRIBE)
    office.control.pause_at("events.get")

    with office.working():
        asked = ask(office, ErrandKind.LOOK, {"calendar": CALENDAR, "event": "steering"})
        wait_until(lambda: errand(office, asked).taken == 1)
        office.forward(ALPHA)

        wait_until(lambda: office.is_put_right(ALPHA))
        office.control.resume()


# What is kept


def test_an_answer_is_erased_after_an_hour(with_event: Office) -> None:
    asked = ask(with_event, ErrandKind.LOOK, {"calendar": CALENDAR, "event": "steering"})
    with_event.work_off()
    with with_event.database.writing() as session:
        row = session.get(Errand, asked)
        assert row is not None
        row.asked_at -= LIFE

    with_event.work_off()

    assert with_event.tables()["errand"] == []


# The first roster


def test_a_roster_of_which_one_line_is_refused_leaves_no_meeting(with_event: Office) -> None:
    roster = {"seats": [_line("Finance", cast.AMARA.address), _line("Legal", "no address")]}

    asked = ask(with_event, ErrandKind.ADOPT, {**STEERING, "roster": roster})
    with_event.work_off()

    assert str(errand(with_event, asked).refusal).startswith("Legal: Enter an e-mail address")
    assert slugs(with_event) == []
    with with_event.database.reading() as session:
        assert session.scalars(text("SELECT name FROM department")).all() == []


def test_the_sponsors_are_asked_at_once_and_nobody_else_is_mailed_before_the_first_plan(with_event: Office) -> None:
    office = with_event
    finance = _line("Finance", cast.AMARA.address, sponsor=cast.BEATRICE.address, scope="Credits")
    legal = _line("Legal", cast.HENRIK.address, sponsor=cast.ARJUN.address, waiting=[cast.LUCJA.address])
    roster = {"seats": [finance, legal], "let_go": [{"address": cast.MEI.address, "name": "Mei"}]}

    ask(office, ErrandKind.ADOPT, {**STEERING, "roster": roster})
    office.work_off()
    office.work_off()  # its reminders ask nobody a second time

    with office.database.reading() as session:
        mails = sorted((kind, to) for kind, to in session.execute(text("SELECT kind, address FROM outbox")))
        waiting = session.scalars(
            text("SELECT folded FROM address JOIN application ON application.person_id = address.person_id")
        ).all()
    assert [mail for mail in mails if mail[0] != "held"] == [
        ("mandate-requested", cast.ARJUN.address),
        ("mandate-requested", cast.BEATRICE.address),
    ]
    assert waiting == [cast.LUCJA.address]


STEERING = {"calendar": CALENDAR, "event": "steering", "slug": "steering", "cap": 5}


def _line(
    department: str, delegate: str, *, sponsor: str | None = None, scope: str | None = None, waiting: Sequence[str] = ()
) -> dict[str, Any]:
    return {
        "department": department,
        "delegate": {"address": delegate, "name": ""},
        "sponsor": sponsor,
        "scope": scope,
        "waiting": [{"address": one, "name": ""} for one in waiting],
    }
