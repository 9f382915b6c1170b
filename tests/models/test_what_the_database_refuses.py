"""Rows that make no sense are refused by the database itself, whoever writes them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, insert, inspect, select
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from governance.database import Database
from governance.models import (
    Address,
    AppliedChange,
    Approval,
    Base,
    Calendar,
    CharterVersion,
    Department,
    Deputy,
    DirectoryAnswer,
    EventPicture,
    Mandate,
    Meeting,
    Occurrence,
    Person,
    Role,
    RuleMode,
    Seat,
    Series,
    Sponsor,
    StandIn,
    Tenure,
    Visitor,
)

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 1, 5, 10, tzinfo=UTC)
MONDAY, SUNDAY = date(2026, 1, 5), date(2026, 1, 4)


class Rows:
    """One sound row of each table a case needs, and the ways to make another."""

    def __init__(self) -> None:
        self.ada, self.bob = Person(name="Ada"), Person(name="Bob")
        self.meeting = Meeting(slug="board", name="Board", time_zone="Europe/Berlin")
        self.department = Department(name="Legal", folded="legal")
        self.calendar = Calendar(google_id="c@example.com", subject="chair@example.com")
        self.series = Series(calendar_id=self.calendar.id, event_id="e1", meeting_id=self.meeting.id)
        self.occurrence = self.another_occurrence(AT)
        self.seat = self.another_seat()
        self.address = self.another_address("ada@example.com", is_primary=True)
        self.tenure = self.another_tenure()

    def all(self) -> list[Base]:
        return list(vars(self).values())

    def another_meeting(self, slug: str = "other", **values: Any) -> Meeting:
        return Meeting(slug=slug, name="Other", time_zone="UTC", **values)

    def another_address(self, folded: str, **values: Any) -> Address:
        return Address(folded=folded, person_id=self.ada.id, as_given=folded, **values)

    def another_seat(self, **values: Any) -> Seat:
        days = {"opened_on": MONDAY} | values
        return Seat(meeting_id=self.meeting.id, department_id=self.department.id, **days)

    def another_tenure(self, **values: Any) -> Tenure:
        return Tenure(**({"seat_id": self.seat.id, "person_id": self.ada.id, "first_day": MONDAY} | values))

    def another_occurrence(self, original: datetime, **values: Any) -> Occurrence:
        return Occurrence(
            **({"series_id": self.series.id, "original_start": original, "start": AT, "end": LATER} | values)
        )

    def mandate(self, **values: Any) -> Mandate:
        common = {"seat_id": self.seat.id, "person_id": self.ada.id, "scope": "prices", "state": "recorded"}
        return Mandate(**(common | {"first_day": MONDAY, "recorded_by": "import", "at": AT} | values))

    def role(self, **values: Any) -> Role:
        common = {"meeting_id": self.meeting.id, "person_id": self.ada.id, "kind": "chair", "first_day": MONDAY}
        return Role(**(common | values))

    def deputy(self, **values: Any) -> Deputy:
        return Deputy(**({"seat_id": self.seat.id, "person_id": self.bob.id, "first_day": MONDAY, "rank": 1} | values))

    def stand_in(self, **values: Any) -> StandIn:
        common = {"seat_id": self.seat.id, "occurrence_id": self.occurrence.id, "person_id": self.bob.id, "by": "ada"}
        return StandIn(**(common | {"cause": "named", "at": AT} | values))

    def visitor(self) -> Visitor:
        return Visitor(occurrence_id=self.occurrence.id, person_id=self.bob.id, reason="asked", by="chair", at=AT)

    def picture(self) -> EventPicture:
        common = {"event_id": "e1", "is_series": True, "etag": "1", "status": "confirmed"}
        return EventPicture(series_id=self.series.id, body_json={"id": "e1"}, seen_at=AT, **common)

    def approval(self, **values: Any) -> Approval:
        common = {"meeting_id": self.meeting.id, "checksum": "c", "keys_json": [], "verdict": "approved", "by": "chair"}
        return Approval(**(common | {"at": AT, "expires_at": LATER} | values))

    def applied(self, counted_as: str) -> AppliedChange:
        common = {"event_id": "e1", "scope": "series", "kind": "add-guest", "target": "a", "rule": "I05", "at": AT}
        return AppliedChange(meeting_id=self.meeting.id, counted_as=counted_as, **common)

    def directory_answer(self, **values: Any) -> DirectoryAnswer:
        return DirectoryAnswer(**({"address": "x@example.com", "kind": "user", "read_at": AT} | values))


ACCEPTED: dict[str, Callable[[Rows], list[Base]]] = {
    "nothing but the sound rows": lambda rows: [],
    "a closed seat and an open one of the same department": lambda rows: [rows.another_seat(closed_on=MONDAY)],
    "a tenure that ended and the one in force": lambda rows: [rows.another_tenure(first_day=SUNDAY, last_day=SUNDAY)],
    "a second address that is not the primary one": lambda rows: [rows.another_address("a.l@example.com")],
    "an acting chair beside the chair": lambda rows: [rows.role(), rows.role(person_id=rows.bob.id, last_day=MONDAY)],
    "the same person as chair of old and chair again": lambda rows: [rows.role(), rows.role(last_day=MONDAY)],
    "a mandate of one day without money": lambda rows: [rows.mandate(last_day=MONDAY, limit_minor=0)],
    "a limit beyond 32 bits": lambda rows: [rows.mandate(limit_minor=9_000_000_000_000)],
    "a slug of every kind of letter": lambda rows: [rows.another_meeting("a-0-z-9" + "x" * 33)],
    "a cap of one": lambda rows: [rows.another_meeting(cap=1)],
}

REFUSED: dict[str, Callable[[Rows], list[Base]]] = {
    "an address of two people": lambda rows: [rows.another_address("ada@example.com")],
    "two primary addresses of a person": lambda rows: [rows.another_address("a@example.com", is_primary=True)],
    "an empty address": lambda rows: [rows.another_address("")],
    "an address with surrounding space": lambda rows: [rows.another_address(" a@example.com")],
    "an address of nobody": lambda rows: [Address(folded="n@example.com", person_id=rows.seat.id, as_given="n")],
    "a department twice": lambda rows: [Department(name="LEGAL", folded="legal")],
    "a sponsor who ends before the start": lambda rows: [
        Sponsor(department_id=rows.department.id, person_id=rows.ada.id, first_day=MONDAY, last_day=SUNDAY)
    ],
    "a slug twice": lambda rows: [rows.another_meeting("board")],
    "a slug of one letter": lambda rows: [rows.another_meeting("b")],
    "a slug of 41 letters": lambda rows: [rows.another_meeting("b" * 41)],
    "a slug in capitals": lambda rows: [rows.another_meeting("Board-2")],
    "a slug with a slash": lambda rows: [rows.another_meeting("board/2")],
    "a slug with a letter outside ASCII": lambda rows: [rows.another_meeting("büro")],
    "a slug that ends in a line break": lambda rows: [rows.another_meeting("board2\n")],
    "a cap of nobody": lambda rows: [rows.another_meeting(cap=0)],
    "a charter number twice": lambda rows: [
        CharterVersion(meeting_id=rows.meeting.id, number=1, source="", at=AT, by="chair") for _ in range(2)
    ],
    "a rule twice": lambda rows: [RuleMode(meeting_id=rows.meeting.id, code="I01", mode="off") for _ in range(2)],
    "a mode nobody knows": lambda rows: [RuleMode(meeting_id=rows.meeting.id, code="I01", mode="strict")],
    "a role nobody knows": lambda rows: [rows.role(kind="owner")],
    "the same role twice without an end": lambda rows: [rows.role(), rows.role()],
    "a calendar twice": lambda rows: [Calendar(google_id="c@example.com", subject="x")],
    "a series twice": lambda rows: [Series(calendar_id=rows.calendar.id, event_id="e1", meeting_id=rows.meeting.id)],
    "a picture twice": lambda rows: [rows.picture(), rows.picture()],
    "an occurrence twice": lambda rows: [rows.another_occurrence(AT)],
    "an occurrence that ends before it starts": lambda rows: [rows.another_occurrence(LATER, start=LATER, end=AT)],
    "two open seats of a department": lambda rows: [rows.another_seat()],
    "a seat closed before it was opened": lambda rows: [rows.another_seat(closed_on=SUNDAY)],
    "two tenures without an end": lambda rows: [rows.another_tenure(person_id=rows.bob.id)],
    "a tenure that ends before it starts": lambda rows: [rows.another_tenure(last_day=SUNDAY)],
    "a mandate in a state nobody knows": lambda rows: [rows.mandate(state="maybe")],
    "a mandate that ends before it starts": lambda rows: [rows.mandate(last_day=SUNDAY)],
    "a limit below nothing": lambda rows: [rows.mandate(limit_minor=-1)],
    "a deputy who ends before the start": lambda rows: [rows.deputy(last_day=SUNDAY)],
    "two stand-ins on a seat that day": lambda rows: [rows.stand_in(), rows.stand_in(person_id=rows.ada.id)],
    "a stand-in for a cause nobody knows": lambda rows: [rows.stand_in(cause="whim")],
    "a visitor twice": lambda rows: [rows.visitor(), rows.visitor()],
    "a verdict nobody knows": lambda rows: [rows.approval(verdict="perhaps")],
    "an approval that expires before it was given": lambda rows: [rows.approval(expires_at=AT.replace(year=2025))],
    "a change counted as something else": lambda rows: [rows.applied("whatever")],
    "a directory answer twice": lambda rows: [rows.directory_answer(), rows.directory_answer()],
    "a directory answer of another kind": lambda rows: [rows.directory_answer(kind="robot")],
}


@pytest.mark.parametrize("more", ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(database: Database, more: Callable[[Rows], list[Base]]) -> None:
    rows = Rows()

    with database.writing() as session:
        session.add_all(rows.all() + more(rows))

    with database.reading() as session:
        assert session.get(Seat, rows.seat.id) is not None


@pytest.mark.parametrize("more", REFUSED.values(), ids=REFUSED)
def test_refused(database: Database, more: Callable[[Rows], list[Base]]) -> None:
    rows = Rows()
    with database.writing() as session:
        session.add_all(rows.all())

    with pytest.raises(IntegrityError), database.writing() as session:
        session.add_all(more(rows))


def test_a_new_object_has_its_identifier_and_its_defaults_at_once() -> None:
    meeting = Meeting(slug="board", name="Board", time_zone="UTC", cap=5)

    known = (meeting.id.version, meeting.cap, meeting.first_plan_approved, meeting.dirty, meeting.failures)
    assert known == (7, 5, False, False, 0)


def test_an_attribute_that_does_not_exist_is_refused_when_an_object_is_made() -> None:
    with pytest.raises(TypeError, match="Person has no attribute 'nmae'"):
        Person(nmae="Ada")


def test_rows_inserted_in_bulk_get_identifiers_and_defaults_too(database: Database) -> None:
    with database.writing() as session:
        session.execute(insert(Meeting), [{"slug": f"m-{n}", "name": "M", "time_zone": "UTC"} for n in range(3)])

    with database.reading() as session:
        meetings = session.scalars(select(Meeting)).all()

    assert len({meeting.id for meeting in meetings}) == 3
    assert {(meeting.cap, meeting.dirty, meeting.version) for meeting in meetings} == {(12, False, 1)}


def test_rows_are_written_in_the_order_their_references_need(database: Database) -> None:
    rows = Rows()

    with database.writing() as session:
        session.add_all(reversed([*rows.all(), rows.mandate(), rows.stand_in(), rows.visitor(), rows.picture()]))

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Mandate)) == 1


def test_a_reference_that_was_not_loaded_is_not_fetched_one_by_one(database: Database) -> None:
    rows = Rows()
    with database.writing() as session:
        session.add_all(rows.all())

    with database.reading() as session:
        tenure = session.scalars(select(Tenure)).one()
        with pytest.raises(InvalidRequestError, match="raise_on_sql"):
            _ = tenure.person


def test_every_editable_row_counts_its_versions() -> None:
    versioned = {
        mapper.class_.__name__ for mapper in Base.registry.mappers if inspect(mapper.class_).version_id_col is not None
    }

    assert versioned == {
        *("Action", "AdoptionDraft", "AgendaItem", "AgendaPlace", "Brief", "Calendar", "Challenge", "Decision"),
        *("DecisionOption", "Department", "MeasureValue", "Meeting", "Person", "Seat"),
    }
