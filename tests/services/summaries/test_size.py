"""What a summary is gathered from is read in as many statements for two seats and decisions as for two hundred."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.models import (
    Action,
    AgendaItem,
    AgendaPlace,
    AttendanceMark,
    Commitment,
    Decision,
    Department,
    Elector,
    Meeting,
    Occurrence,
    Person,
    Position,
    Seat,
    Tenure,
)
from governance.models.base import Base
from governance.models.identifiers import new_id
from governance.services import occurrences
from governance.services.summaries.gathering import gather, readers
from tests.services.summaries.weeks import HOUR, meeting, week
from tests.web.attended import start_of
from tests.web.scenes import Scene

MOST = 14


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_two_hundred_seats_and_decisions_take_as_many_statements_as_two(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    scene = Scene(database)
    scene.adopt(cap=200)
    scene.cycle()
    counted = {}
    for number in (2, 200):
        with scene.database.writing() as session:
            fill(session, scene, number)
        counted[number] = asked(scene, statements)

    (few, few_seats), (many, many_seats) = counted[2], counted[200]
    assert (few_seats, many_seats) == (2, 202)
    assert len(many) == len(few)
    assert len(many) <= MOST


def asked(scene: Scene, statements: Callable[[], list[str]]) -> tuple[list[str], int]:
    period = week()
    with scene.database.reading() as session:
        found = meeting(session)
        statements()
        gathered = gather(session, found, period, period.until)
        sent = [one for one in statements() if one.lstrip().upper().startswith(("SELECT", "WITH"))]
        who = readers(session, found, period, period.until)
        again = [one for one in statements() if one.lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(again) == 1
    assert len(gathered.open) == len(gathered.attendance) == len(gathered.promises)
    return sent, len([one for one in who if not one.is_lead])


def fill(session: Session, scene: Scene, number: int) -> None:
    """So many seats that were there, decisions of all of them, promises, and items that came back."""
    found = meeting(session)
    occurrence = session.scalars(select(Occurrence)).first() or occurrences.occurrence_on(
        session, found, start_of(0).date(), now=scene.now
    )
    rows: list[Base] = []
    for one in range(number):
        rows += _one(found, occurrence, f"{number} {one}", scene)
    session.add_all(rows)


def _one(found: Meeting, occurrence: Occurrence, name: str, scene: Scene) -> list[Base]:
    said, day = {"by": "test", "at": start_of(0)}, start_of(0).date() - timedelta(days=1)
    department, person = Department(id=new_id(), name=name, folded=name), Person(id=new_id(), name=f"Delegate {name}")
    seat = Seat(id=new_id(), meeting_id=found.id, department_id=department.id, opened_on=scene.now.date())
    of_seat = {"seat_id": seat.id, "person_id": person.id}
    decision = Decision(
        id=new_id(), meeting_id=found.id, occurrence_id=occurrence.id, title=name, state="decided",
        opened_at=start_of(0), decided_at=start_of(0) + HOUR / 2, present=1, needed=1, held=1, **said,
    )  # fmt: skip
    item = AgendaItem(
        id=new_id(), meeting_id=found.id, seat_id=seat.id, title=name, purpose="decide", papers="", customer="",
        at=scene.now,
    )  # fmt: skip
    return [
        department, person, seat, decision, item, Tenure(**of_seat, first_day=scene.now.date()),
        AttendanceMark(
            **of_seat, occurrence_id=occurrence.id, kind="arrived", source="scribe", at=start_of(0),
            recorded_at=start_of(0), by="test",
        ),
        AgendaPlace(item_id=item.id, occurrence_id=occurrence.id, rank=1),
        Elector(**of_seat, decision_id=decision.id, department=name, is_stand_in=False, is_empowered=True),
        Position(**of_seat, decision_id=decision.id, round=1, stance="object", interest="x", source="own", **said),
        Commitment(**of_seat, decision_id=decision.id, pledge="no-answer", by="test", at=start_of(0) + HOUR),
        Action(
            meeting_id=found.id, seat_id=seat.id, owner_person_id=person.id, text=name, due_on=day, first_due_on=day,
            **said,
        ),
    ]  # fmt: skip
