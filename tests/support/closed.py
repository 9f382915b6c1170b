"""A closed decision as rows, with one of everything that is said about one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, update

from governance.database import Database
from governance.models import (
    Commitment,
    Decision,
    DecisionOption,
    Department,
    Elector,
    Meeting,
    ObjectionAnswer,
    Person,
    Position,
    Ratification,
    Seat,
)
from governance.models.identifiers import new_id

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


class Closed:
    """A decision with a row of everything, closed."""

    def __init__(self, database: Database, slug: str = "weekly") -> None:
        self.meeting = Meeting(slug=slug, name="Weekly", time_zone="UTC")
        self.person, department = Person(name="Ada"), Department(name="Legal", folded=f"legal of {slug}")
        self.seat = Seat(meeting_id=self.meeting.id, department_id=department.id, opened_on=date(2026, 1, 1))
        self.decision = Decision(meeting_id=self.meeting.id, title="Refunds", by="chair", at=AT)
        common = {"decision_id": self.decision.id, "by": "chair", "at": AT}
        self.option = DecisionOption(**common, rank=0, text="Do nothing")
        of_seat = {"seat_id": self.seat.id, "person_id": self.person.id}
        self.elector = Elector(
            decision_id=self.decision.id, **of_seat, department="Legal", is_stand_in=False, is_empowered=True
        )
        self.position = Position(**common, **of_seat, round=1, stance="object", source="own", interest="Trust")
        self.answer = ObjectionAnswer(position_id=self.position.id, answer="declined", words="No.", by="chair", at=AT)
        self.commitment = Commitment(**common, **of_seat, pledge="will")
        self.ratification = Ratification(**common, seat_id=self.seat.id, cause="money", state="ratified")
        with database.writing() as session:
            session.add_all([self.meeting, self.person, department, self.seat, self.decision])
            session.flush()
            session.add_all([self.option, self.elector, self.position, self.commitment, self.ratification])
            session.flush()
            session.add(self.answer)
        with database.writing() as session:
            values = {"state": "closed", "closed_at": AT, "number": "D-2026-001", "number_year": 2026, "number_seq": 1}
            session.execute(update(Decision).where(Decision.id == self.decision.id).values(**values))

    def late(self, model: Any, **values: Any) -> Any:
        base = {"id": new_id(), "decision_id": self.decision.id, "seat_id": self.seat.id, "by": "x", "at": AT}
        return insert(model).values(**base | values)
