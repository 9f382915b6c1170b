"""Who is somebody here: every part that a person can have in a meeting, and none that is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from governance.database import Database
from governance.models import (
    Address,
    Application,
    Calendar,
    Department,
    Deputy,
    Meeting,
    Occurrence,
    Person,
    Role,
    Seat,
    Series,
    Sponsor,
    StandIn,
    StandingGuest,
    Tenure,
    Visitor,
)
from governance.services.sign_in import may_sign_in

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
ADA = "ada@example.com"


class Stage:
    """A meeting with one seat and one occurrence, and Ada, who has no part in it yet."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.ada = Person(name="Ada")
        self.meeting = Meeting(slug="leadership", name="Leadership", time_zone="Europe/Berlin")
        self.department = Department(name="Finance", folded="finance")
        calendar = Calendar(google_id="chair@example.com", subject="chair@example.com")
        session.add_all([self.ada, self.meeting, self.department, calendar])
        session.flush()
        session.add(Address(folded=ADA, person_id=self.ada.id, as_given=ADA, is_primary=True))
        self.seat = Seat(meeting_id=self.meeting.id, department_id=self.department.id, opened_on=TODAY)
        series = Series(calendar_id=calendar.id, meeting_id=self.meeting.id, event_id="event")
        session.add_all([self.seat, series])
        session.flush()
        self.series_id = series.id

    def occurrence(self, end: datetime) -> UUID:
        start = end - timedelta(hours=1)
        row = Occurrence(series_id=self.series_id, original_start=start, start=start, end=end)
        self.session.add(row)
        self.session.flush()
        return row.id

    def role(self, kind: str, **more: object) -> Role:
        values = {"first_day": TODAY - 9 * DAY} | more
        return Role(meeting_id=self.meeting.id, person_id=self.ada.id, kind=kind, **values)

    def tenure(self, **more: object) -> Tenure:
        return Tenure(seat_id=self.seat.id, person_id=self.ada.id, **({"first_day": TODAY} | more))

    def stand_in(self, end: datetime) -> StandIn:
        occurrence = self.occurrence(end)
        return StandIn(
            seat_id=self.seat.id, occurrence_id=occurrence, person_id=self.ada.id, by="test", cause="named", at=NOW
        )

    def visitor(self, end: datetime) -> Visitor:
        occurrence = self.occurrence(end)
        return Visitor(occurrence_id=occurrence, person_id=self.ada.id, reason="shows something", by="test", at=NOW)

    def standing_guest(self) -> StandingGuest:
        return StandingGuest(
            meeting_id=self.meeting.id, person_id=self.ada.id, last_day=TODAY, reason="helps", by="test", at=NOW
        )

    def application(self, **more: object) -> Application:
        return Application(seat_id=self.seat.id, person_id=self.ada.id, at=NOW, **more)


SOMEBODY: dict[str, Callable[[Stage], object]] = {
    "chair": lambda stage: stage.role("chair"),
    "scribe": lambda stage: stage.role("scribe"),
    "leadership": lambda stage: stage.role("leadership"),
    "acting chair until today": lambda stage: stage.role("chair", last_day=TODAY),
    "chair from next week": lambda stage: stage.role("chair", first_day=TODAY + 7 * DAY),
    "delegate": lambda stage: stage.tenure(),
    "delegate from next week": lambda stage: stage.tenure(first_day=TODAY + 7 * DAY),
    "deputy": lambda stage: Deputy(seat_id=stage.seat.id, person_id=stage.ada.id, first_day=TODAY, rank=1),
    "stand-in": lambda stage: stage.stand_in(NOW + DAY),
    "sponsor": lambda stage: Sponsor(department_id=stage.department.id, person_id=stage.ada.id, first_day=TODAY),
    "applicant": lambda stage: stage.application(),
}
NOBODY: dict[str, Callable[[Stage], object]] = {
    "known, without a part": lambda stage: None,
    "former chair": lambda stage: stage.role("chair", last_day=TODAY - 2 * DAY),
    "former delegate": lambda stage: stage.tenure(first_day=TODAY - 9 * DAY, last_day=TODAY - 2 * DAY),
    "stand-in of the past": lambda stage: stage.stand_in(NOW - 2 * DAY),
    "applicant who got an answer": lambda stage: stage.application(closed_at=NOW, outcome="declined"),
    "visitor": lambda stage: stage.visitor(NOW + DAY),
    "standing guest": lambda stage: stage.standing_guest(),
}


@pytest.mark.parametrize("part", NOBODY.values(), ids=NOBODY)
def test_whoever_has_no_part_is_nobody(sqlite_database: Database, part: Callable[[Stage], object]) -> None:
    assert is_somebody(sqlite_database, part) is False


@pytest.mark.parametrize("part", SOMEBODY.values(), ids=SOMEBODY)
def test_whoever_has_a_part_is_somebody(sqlite_database: Database, part: Callable[[Stage], object]) -> None:
    assert is_somebody(sqlite_database, part) is True


def test_it_is_one_statement_on_either_database(database: Database, statements: Callable[[], list[str]]) -> None:
    with database.writing() as session:
        session.add(Stage(session).tenure())
    with database.reading() as session:
        statements()

        found = [may_sign_in(session, address, (), NOW) for address in (ADA, "nobody@example.com")]

        assert found == [True, False]
        assert len([one for one in statements() if one.startswith("SELECT")]) == 2


def is_somebody(database: Database, part: Callable[[Stage], object]) -> bool:
    with database.writing() as session:
        row = part(Stage(session))
        if row is not None:
            session.add(row)
    with database.reading() as session:
        return may_sign_in(session, ADA, (), NOW)
