"""What is stored comes back as the same value, whichever database it lay in."""

from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import StatementError

from governance.database import Database
from governance.models import Meeting, Person, Role, Worker

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
# Compared in UTC: Python calls equal instants unequal where one is a local time that the clocks skip or repeat.
instants = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 – Hypothesis wants its bounds without a zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
)
per_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)


class Kind(StrEnum):
    CHAIR = "chair"


def worker(name: str, instant: datetime) -> Worker:
    return Worker(name=name, started_at=instant, heartbeat_at=instant)


@given(given_instants=st.lists(instants, min_size=1, max_size=20))
@per_database
def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database, given_instants: list[datetime]) -> None:
    with database.writing() as session:
        session.execute(text("DELETE FROM worker"))
        session.add_all(worker(str(number), instant) for number, instant in enumerate(given_instants))

    with database.reading() as session:
        found = dict(session.execute(select(Worker.name, Worker.started_at)).all())

    assert found == {str(number): instant.astimezone(UTC) for number, instant in enumerate(given_instants)}
    assert {instant.tzinfo for instant in found.values()} == {UTC}


@given(given_instants=st.lists(instants, min_size=2, max_size=20))
@per_database
def test_the_database_orders_and_compares_instants_as_time_does(
    database: Database, given_instants: list[datetime]
) -> None:
    expected = sorted(instant.astimezone(UTC) for instant in given_instants)
    limit = expected[len(expected) // 2]
    with database.writing() as session:
        session.execute(text("DELETE FROM worker"))
        session.add_all(worker(str(number), instant) for number, instant in enumerate(given_instants))

    with database.reading() as session:
        ordered = session.scalars(select(Worker.started_at).order_by(Worker.started_at)).all()
        not_later = session.scalar(select(func.count()).where(Worker.started_at <= limit))

    assert ordered == expected
    assert not_later == sum(instant <= limit for instant in expected)


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match=r"Give the instant .* a time zone"), database.writing() as session:
        session.add(worker("w", datetime(2026, 1, 5, 9)))  # noqa: DTZ001 – that is the point


def test_in_sqlite_an_instant_can_be_read_by_a_person(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        session.add(worker("w", NINE.astimezone(timezone(timedelta(hours=5, minutes=30)))))

    with sqlite_database.reading() as session:
        assert session.scalar(text("SELECT started_at FROM worker")) == "2026-01-05T09:00:00.000000Z"


def test_no_document_is_the_absence_of_one(database: Database) -> None:
    with database.writing() as session:
        session.add_all([worker("none", NINE), Worker(name="some", started_at=NINE, heartbeat_at=NINE, detail_json=[])])

    with database.reading() as session:
        assert session.scalars(select(Worker.name).where(Worker.detail_json.is_(None))).all() == ["none"]


def test_a_word_may_be_given_as_an_enumeration(database: Database) -> None:
    person, meeting = Person(name="Ada"), Meeting(slug="board", name="Board", time_zone="UTC")
    with database.writing() as session:
        role = Role(meeting_id=meeting.id, person_id=person.id, kind=Kind.CHAIR, first_day=date(2026, 1, 5))
        session.add_all([person, meeting, role])

    with database.reading() as session:
        assert session.scalars(select(Role.kind)).all() == [Kind.CHAIR]
