"""What the first page asks besides the meetings themselves: one statement each, for any number of meetings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, cast, literal, null, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from governance.models import Approval, Department, Deputy, Mandate, Meeting, Person, Seat, Tenure
from governance.store.own_duties import Duty, duties_question
from governance.store.ratifications import Awaited, awaited_question
from governance.store.together import Together
from governance.store.waiting import AskedFor, asked_question


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody who sits or deputes for a department, with one of their mandates or none."""

    meeting_id: UUID
    time_zone: str
    seat_id: UUID
    department: str
    person_id: UUID
    name: str
    is_deputy: bool
    first_day: date
    last_day: date | None
    mandate_state: str | None
    mandate_first: date | None
    mandate_last: date | None


def decided_and_seated(
    session: Session, wanted: Collection[tuple[UUID, str]], meeting_ids: Collection[UUID], now: datetime
) -> tuple[set[tuple[UUID, str]], set[UUID]]:
    """Those of the held sets, by meeting and checksum, on which somebody has given a verdict that still stands; and
    those of the meetings that have an open seat, held or vacant.
    """
    seated = select(Seat.meeting_id, cast(null(), String()).label("checksum")).where(
        Seat.meeting_id.in_(list(meeting_ids)), Seat.closed_on.is_(None)
    )
    stands = or_(Approval.verdict == "rejected", Approval.expires_at > now)
    verdicts = select(Approval.meeting_id, Approval.checksum).where(
        tuple_(Approval.meeting_id, Approval.checksum).in_(list(wanted)), stands
    )
    found = session.execute(union_all(seated.distinct(), verdicts) if wanted else seated.distinct()).all()
    return (
        {(meeting, checksum) for meeting, checksum in found if checksum is not None},
        {meeting for meeting, checksum in found if checksum is None},
    )


_WISHES = Together(asked=asked_question(), awaited=awaited_question(), duties=duties_question())


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Of whom wishes are asked: the meetings they lead, the seats they sponsor, hold and stand in for, who they are.

    `applicant` is None for who has applied for nothing.
    """

    led: Collection[UUID]
    sponsored: Collection[UUID]
    held: Collection[UUID]
    stood_in: Collection[UUID]
    person: UUID | None
    applicant: UUID | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for, the words of sponsors that decisions wait for, and what one has still to do oneself."""

    asked: list[AskedFor] = field(default_factory=list)
    awaited: list[Awaited] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)


def wishes(session: Session, whose: Whose, now: datetime, *, soon: timedelta) -> Wishes:
    """The oldest first; promises that are due as soon as that."""
    found = _WISHES.ask(
        session, UUID(int=0), led=list(whose.led), sponsored=list(whose.sponsored), person=whose.applicant,
        held_seats=list(whose.held), stood_in_seats=list(whose.stood_in), owner=whose.person, on=now.date(),
        soon=now.date() + soon, midnight=now.replace(hour=0, minute=0, second=0, microsecond=0),
    )  # fmt: skip
    return Wishes(
        [AskedFor(*row) for row in found["asked"]],
        [replace(Awaited(*row), has_sponsor=bool(row.has_sponsor)) for row in found["awaited"]],
        [Duty(*row) for row in found["duties"]],
    )


def sittings(session: Session, seat_ids: Collection[UUID], since: date) -> list[Sitting]:
    """Everybody who sits or deputes on these seats that day or later, once with each of their mandates."""
    parts = [
        select(
            model.seat_id, model.person_id, model.first_day, model.last_day, literal(is_deputy).label("is_deputy")
        ).where(model.seat_id.in_(list(seat_ids)), or_(model.last_day.is_(None), model.last_day >= since))
        for model, is_deputy in ((Tenure, False), (Deputy, True))
    ]
    sits = union_all(*parts).subquery()
    own = and_(Mandate.seat_id == sits.c.seat_id, Mandate.person_id == sits.c.person_id)
    rows: Iterable[Any] = session.execute(
        select(
            Seat.meeting_id,
            Meeting.time_zone,
            Seat.id,
            Department.name,
            sits.c.person_id,
            Person.name,
            sits.c.is_deputy,
            sits.c.first_day,
            sits.c.last_day,
            Mandate.state,
            Mandate.first_day,
            Mandate.last_day,
        )
        .join_from(sits, Seat, Seat.id == sits.c.seat_id)
        .join(Meeting, Meeting.id == Seat.meeting_id)
        .join(Department, Department.id == Seat.department_id)
        .join(Person, Person.id == sits.c.person_id)
        .outerjoin(Mandate, own)
        .where(Seat.closed_on.is_(None))
        .order_by(Department.folded, Seat.id, sits.c.is_deputy, Person.name, sits.c.person_id, Mandate.first_day)
    )
    return [Sitting(*row) for row in rows]
