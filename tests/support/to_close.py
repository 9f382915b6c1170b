"""A decision that is decided and not closed yet, as rows: enough to try what becomes of it until it is closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.access import Actor
from governance.domain.attendance import MarkKind
from governance.domain.decisions.values import Checklist
from governance.models import AttendanceMark, Decision, DecisionOption, Elector, Position
from governance.services import occurrences, sponsors
from governance.services.decisions.closing import checklist_to_begin_with
from governance.services.decisions.doing import Doing, begin
from governance.store.meetings import meeting_by_slug
from governance.store.seats import department_of
from tests.support.cast import ANN, BOB, CEM, FAY, SLUG, TUESDAY, Character, Stage, on_stage

AT = datetime(2026, 3, 3, 8, 40, tzinfo=UTC)
"""Tuesday, twenty minutes before the end."""
SEATS = (ANN, BOB, CEM)
LIMIT = 5_000_00
"""Each seat may decide on so much."""


@dataclass(frozen=True, slots=True)
class Made:
    """The decision by its identifier; `seats` by department."""

    ref: str
    seats: Mapping[str, UUID]
    people: Mapping[str, UUID]


def decided(
    database: Database, *, there: tuple[Character, ...] = (ANN, BOB), sponsored: bool = True, **more: Any
) -> Made:
    """Decided on a Tuesday by three seats, of which two were there; `more` are columns of the decision."""
    with on_stage(database) as stage:
        return decided_on(stage, there=there, sponsored=sponsored, **more)


def decided_on(stage: Stage, *, there: tuple[Character, ...] = (ANN, BOB), sponsored: bool = True, **more: Any) -> Made:
    session, meeting = stage.session, stage.meeting
    meeting.first_plan_approved = True
    session.flush()
    seats = {one.department: stage.appoint(one) for one in SEATS}
    people = {one.department: stage.person(one).id for one in SEATS}
    for one in SEATS:
        stage.mandate(one, limit_minor=LIMIT)
    if sponsored:
        sponsors.name_sponsor(
            session, meeting, department_of(session, seats["Finance"]), stage.person(FAY), actor="test", now=stage.now
        )
    kept = occurrences.occurrence_on(session, meeting, TUESDAY, now=stage.now)
    at = kept.start + timedelta(minutes=20)
    for one in there if not session.scalars(select(AttendanceMark.id)).first() else ():
        session.add(
            AttendanceMark(
                seat_id=seats[one.department].id, occurrence_id=kept.id, person_id=people[one.department],
                kind=MarkKind.ARRIVED.value, source="scribe", at=kept.start, recorded_at=kept.start, by="test",
            )
        )  # fmt: skip
    row = Decision(
        meeting_id=meeting.id, occurrence_id=kept.id, by="test", at=at, opened_at=at, decided_at=at,
        held=3, needed=2, present=2, state="decided",
        **{"title": "Credits for late deliveries", "question": "Who pays for being late?"} | more,
    )  # fmt: skip
    session.add(row)
    session.flush()
    said = {"decision_id": row.id, "by": "test", "at": at}
    for rank, text in enumerate(("Do nothing", "Credit the freight", "Credit half of it")):
        session.add(
            DecisionOption(
                **said, rank=rank, text=text, is_proposed=rank == 1, cost="Two customers a month" if not rank else "",
                customer_effect="They need not write to us" if rank else "",
            )
        )  # fmt: skip
    for one in SEATS:
        seat = {"seat_id": seats[one.department].id, "person_id": people[one.department]}
        session.add(
            Elector(
                decision_id=row.id, **seat, department=one.department, is_stand_in=False, is_empowered=True,
                limit_minor=LIMIT,
            )
        )  # fmt: skip
        session.add(Position(**said, **seat, round=1, stance="favour", source="own", interest="We keep our word"))
    session.flush()
    return Made(str(row.id), {name: seat.id for name, seat in seats.items()}, people)


@contextmanager
def doing(database: Database, made: Made, *, now: datetime | None = None, actor: str = "test") -> Iterator[Doing]:
    with database.writing() as session:
        yield begun(session, made, now=now, actor=actor)


def begun(session: Session, made: Made, *, now: datetime | None = None, actor: str = "test") -> Doing:
    meeting = meeting_by_slug(session, SLUG)
    assert meeting is not None
    return begin(session, meeting, made.ref, actor=actor, who=Actor(), source="web", now=now or AT)


def filled(one: Doing, made: Made, **more: Any) -> Checklist:
    """The checklist with its defaults and the fields that somebody has to fill in."""
    typed: dict[str, Any] = {
        "owner": made.people["Finance"], "due_on": date(2026, 3, 24), "teller": "Ann, by mail", "read_back_at": one.now,
    }  # fmt: skip
    return replace(checklist_to_begin_with(one), **typed | more)


def row_of(database: Database, made: Made) -> Decision:
    with database.reading() as session:
        return session.scalars(select(Decision).where(Decision.id == UUID(made.ref))).one()
