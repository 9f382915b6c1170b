"""Everything that is recorded about one person, in three statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, Select, String, Uuid, case, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from governance.models import (
    Action,
    Address,
    AgendaItem,
    Application,
    AttendanceMark,
    Brief,
    BriefRequest,
    CalendarFeed,
    Commitment,
    DelegateNote,
    Department,
    Deputy,
    KeptAnswer,
    MakeUp,
    Mandate,
    Meeting,
    Occurrence,
    Offer,
    Outbox,
    Position,
    PromiseQuestion,
    Role,
    Seat,
    Series,
    Sponsor,
    StandIn,
    StandingGuest,
    SummaryChoice,
    Tenure,
    Turn,
    Visitor,
    WebSession,
)
from governance.models.types import UtcDateTime

NEWEST_MAILS = 50
BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Part:
    """Something that somebody is, was or asked for; `meeting` is None for what holds in all of them."""

    kind: str
    meeting: str | None
    department: str | None
    text: str | None
    state: str | None
    amount: int | None
    first_day: date | None
    last_day: date | None
    at: datetime | None
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class SentMail:
    kind: str
    state: str
    at: datetime


def parts_of(session: Session, person_id: UUID) -> list[Part]:
    """The newest of each kind first."""
    some = _parts(person_id).subquery("parts")
    query = (
        select(
            some.c.kind, Meeting.name, some.c.department, some.c.text, some.c.state, some.c.amount, some.c.first_day,
            some.c.last_day, some.c.at, Meeting.time_zone,
        )
        .outerjoin(Meeting, Meeting.id == some.c.meeting_id)
        .order_by(some.c.kind, some.c.first_day.desc(), some.c.at.desc(), Meeting.name, some.c.department)
    )  # fmt: skip
    return [Part(*row) for row in session.execute(query)]


def mails_to(session: Session, person_id: UUID) -> list[SentMail]:
    rows = session.execute(
        select(Outbox.kind, Outbox.state, Outbox.sent_at, Outbox.queued_at)
        .where(Outbox.person_id == person_id)
        .order_by(Outbox.queued_at.desc(), Outbox.id.desc())
        .limit(NEWEST_MAILS)
    )
    return [SentMail(row.kind, row.state, row.sent_at or row.queued_at) for row in rows]


def ways_in(session: Session, person_id: UUID) -> tuple[list[str], list[datetime]]:
    """The person's addresses, the one written to first, and when each browser that is signed in was last seen."""
    rows = session.execute(
        select(Address.folded, WebSession.seen_at)
        .outerjoin(WebSession, WebSession.address == Address.folded)
        .where(Address.person_id == person_id)
        .order_by(Address.is_primary.desc(), Address.folded, WebSession.seen_at.desc())
    ).all()
    return list(dict.fromkeys(row.folded for row in rows)), [row.seen_at for row in rows if row.seen_at]


_BLANK: Mapping[str, Any] = {
    "meeting_id": cast(null(), Uuid()),
    "department": cast(null(), String()),
    "text": cast(null(), String()),
    "state": cast(null(), String()),
    "amount": cast(null(), BigInteger()),
    "first_day": cast(null(), Date()),
    "last_day": cast(null(), Date()),
    "at": cast(null(), UtcDateTime()),
}


def _part(kind: Any, table: Any, **columns: Any) -> Select[Any]:
    given = {"kind": kind, **_BLANK, **columns}
    return select(*(value.label(name) for name, value in given.items())).select_from(table)


def _parts(person_id: UUID) -> Any:
    of_seat: dict[str, Any] = {"meeting_id": Seat.meeting_id, "department": Department.name}
    roles = _part(Role.kind, Role, meeting_id=Role.meeting_id, **_days(Role))
    sponsors = _part(literal("sponsor"), Sponsor, department=Department.name, **_days(Sponsor))
    guests = _part(
        literal("guest"), StandingGuest, meeting_id=StandingGuest.meeting_id, text=StandingGuest.reason,
        last_day=StandingGuest.last_day, at=StandingGuest.at,
    )  # fmt: skip
    visits = _part(literal("visitor"), Visitor, meeting_id=Series.meeting_id, text=Visitor.reason, at=Occurrence.start)
    mandate: dict[str, Any] = {
        "text": Mandate.scope, "state": Mandate.state, "amount": Mandate.limit_minor, **_days(Mandate), **of_seat,
    }  # fmt: skip
    came: dict[str, Any] = {"text": AttendanceMark.reason, "at": AttendanceMark.at}
    asked: dict[str, Any] = {"state": Application.outcome, "at": Application.at}
    offers = _part(literal("offer"), Offer, **of_seat, state=Offer.answer, at=Offer.at)
    seated: Iterable[tuple[Select[Any], Any]] = (
        (_part(literal("delegate"), Tenure, **of_seat, **_days(Tenure)), Tenure),
        (_part(literal("deputy"), Deputy, **of_seat, **_days(Deputy)), Deputy),
        (_part(literal("mandate"), Mandate, **mandate), Mandate),
        (_part(literal("applicant"), Application, **of_seat, **asked), Application),
        (_part(literal("note"), DelegateNote, **of_seat, text=DelegateNote.text, at=DelegateNote.at), DelegateNote),
        (_part(literal("stand-in"), StandIn, **of_seat, at=Occurrence.start), StandIn),
        (_part(literal("arrival"), AttendanceMark, **of_seat, state=AttendanceMark.kind, **came), AttendanceMark),
        (_part(literal("make-up"), MakeUp, **of_seat, text=MakeUp.commitments, at=Occurrence.start), MakeUp),
        (_part(literal("position"), Position, **of_seat, **_said(Position)), Position),
        (_part(literal("commitment"), Commitment, **of_seat, **_pledged(Commitment)), Commitment),
    )
    turns = _part(
        literal("turn"), Turn, meeting_id=Series.meeting_id, text=KeptAnswer.text, state=Turn.outcome,
        at=Occurrence.start,
    )  # fmt: skip
    return union_all(
        roles.where(Role.person_id == person_id),
        sponsors.join(Department, Department.id == Sponsor.department_id).where(Sponsor.person_id == person_id),
        guests.where(StandingGuest.person_id == person_id),
        visits.join(Occurrence, Occurrence.id == Visitor.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Visitor.person_id == person_id),
        turns.join(Occurrence, Occurrence.id == Turn.occurrence_id)
        .join(Series, Series.id == Occurrence.series_id)
        .outerjoin(KeptAnswer, KeptAnswer.turn_id == Turn.id)
        .where(Turn.person_id == person_id),
        *(_of_seat(part, table, person_id) for part, table in seated),
        offers.join(Seat, Seat.id == Offer.seat_id)
        .join(Department, Department.id == Seat.department_id)
        .join(Application, Application.id == Offer.application_id)
        .where(Application.person_id == person_id),
        *_of_meetings(person_id),
        *_of_calendar_and_mails(person_id),
    )


def _of_meetings(person_id: UUID) -> Iterable[Select[Any]]:
    """What somebody promised, asked and brought: of a meeting, with or without a seat."""
    promises = _part(
        literal("promise"), Action, meeting_id=Action.meeting_id, text=_joined(Action.text, Action.evidence),
        state=Action.state, last_day=Action.due_on,
    )  # fmt: skip
    items = _part(
        literal("agenda-item"), AgendaItem, meeting_id=AgendaItem.meeting_id,
        text=_joined(AgendaItem.title, AgendaItem.customer, AgendaItem.papers), at=AgendaItem.at,
    )  # fmt: skip
    asked = _part(
        literal("promise-question"), PromiseQuestion, meeting_id=Action.meeting_id, text=PromiseQuestion.text,
        at=PromiseQuestion.at,
    )  # fmt: skip
    requests = _part(
        literal("brief-request"), BriefRequest, meeting_id=Brief.meeting_id, text=BriefRequest.text,
        at=BriefRequest.at,
    )  # fmt: skip
    return (
        promises.where(Action.owner_person_id == person_id),
        items.where(AgendaItem.person_id == person_id),
        asked.join(Action, Action.id == PromiseQuestion.action_id).where(PromiseQuestion.person_id == person_id),
        requests.join(Brief, Brief.id == BriefRequest.brief_id).where(BriefRequest.person_id == person_id),
    )


def _of_calendar_and_mails(person_id: UUID) -> Iterable[Select[Any]]:
    """What somebody chose for themselves, about all meetings."""
    is_revoked = case((CalendarFeed.revoked_at.is_not(None), "revoked"), else_="in-use")
    feeds = _part(literal("feed"), CalendarFeed, state=is_revoked, at=CalendarFeed.made_at)
    is_together = case((SummaryChoice.is_together, "together"), else_="apart")
    choices = _part(
        literal("summary-choice"), SummaryChoice, text=SummaryChoice.at, state=is_together, at=SummaryChoice.chosen_at
    )
    return feeds.where(CalendarFeed.person_id == person_id), choices.where(SummaryChoice.person_id == person_id)


def _said(table: Any) -> dict[str, Any]:
    return {"state": table.stance, "text": _joined(table.reason, table.removes, table.interest), "at": table.at}


def _pledged(table: Any) -> dict[str, Any]:
    return {"state": table.pledge, "text": _joined(table.words, table.reservation), "at": table.at}


def _joined(first: Any, *others: Any) -> Any:
    """Texts one after the other; what is blank leaves no gap but one before the first."""
    for one in others:
        first = first + case((one != "", literal(BETWEEN) + one), else_="")
    return first


def _days(table: Any) -> dict[str, Any]:
    return {"first_day": table.first_day, "last_day": table.last_day}


def _of_seat(part: Select[Any], table: Any, person_id: UUID) -> Select[Any]:
    found = part.join(Seat, Seat.id == table.seat_id).join(Department, Department.id == Seat.department_id)
    if table in (StandIn, MakeUp):
        found = found.join(Occurrence, Occurrence.id == table.occurrence_id)
    return found.where(table.person_id == person_id)
