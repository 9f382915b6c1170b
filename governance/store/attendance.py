"""What is stored of attendance and of the question of the week; each question is one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from governance.models import (
    AttendanceMark,
    CharterVersion,
    ChosenQuestion,
    Department,
    KeptAnswer,
    MakeUp,
    Occurrence,
    Person,
    RuleMode,
    Seat,
    Series,
    StandIn,
    SuggestedQuestion,
    Tenure,
    Turn,
)
from governance.models.types import UtcDateTime

MARK, STAND_IN, MADE_UP, TURN, QUESTION = "mark", "stand-in", "made-up", "turn", "question"
OCCURRENCE, CHARTER = "occurrence", "charter"


def seats_with_tenures(session: Session, meeting_id: UUID, on: date | None = None) -> Sequence[Any]:
    """Open seats with everybody who ever held them; a seat that nobody ever held is one row without a person.

    With a day also those that were closed after it: they were in the room.
    """
    is_open = Seat.closed_on.is_(None) if on is None else or_(Seat.closed_on.is_(None), Seat.closed_on > on)
    return session.execute(
        select(
            Seat.id,
            Department.name.label("department"),
            Tenure.person_id,
            Person.name,
            Tenure.first_day,
            Tenure.last_day,
        )
        .join(Department, Department.id == Seat.department_id)
        .outerjoin(Tenure, Tenure.seat_id == Seat.id)
        .outerjoin(Person, Person.id == Tenure.person_id)
        .where(Seat.meeting_id == meeting_id, is_open)
        .order_by(Department.folded, Seat.id, Tenure.first_day)
    ).all()


def marked_occurrences(session: Session, meeting_id: UUID, until: datetime, limit: int) -> list[Occurrence]:
    """Those that began and about which something was marked, or that did not take place: the newest, oldest first."""
    marked = select(AttendanceMark.occurrence_id).where(AttendanceMark.occurrence_id == Occurrence.id).exists()
    rows = session.scalars(
        select(Occurrence)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == meeting_id, Occurrence.start <= until, or_(Occurrence.cancelled, marked))
        .order_by(Occurrence.start.desc(), Occurrence.id)
        .limit(limit)
    )
    return list(rows)[::-1]


def occurrence_from(session: Session, meeting_id: UUID, original_start: datetime) -> Occurrence | None:
    return session.scalars(
        select(Occurrence)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == meeting_id, Occurrence.original_start == original_start)
        .limit(1)
    ).first()


def all_of(session: Session, occurrences: Sequence[UUID]) -> Sequence[Row[Any]]:
    """All that hangs on these occurrences: marks, stand-ins, what was made up for, the question and its turns.

    No kept answer is read.
    """
    return session.execute(_all(), {"occurrences": list(occurrences)}).all()


@cache
def _all() -> CompoundSelect[Any]:
    """Built once: that takes longer than asking it."""
    return union_all(*_parts(bindparam("occurrences", expanding=True), None)).order_by("at", "id")


def from_then(original_start: datetime) -> ColumnElement[bool]:
    """The occurrence that a series had there, wherever it was moved."""
    return Occurrence.original_start == original_start


def between(since: datetime, before: datetime) -> ColumnElement[bool]:
    """Those that start then as last kept: a day has what takes place on it."""
    return and_(Occurrence.start >= since, Occurrence.start < before)


def one_with_all(
    session: Session, meeting_id: UUID, meant: ColumnElement[bool], viewer: UUID | None
) -> Sequence[Row[Any]]:
    """The same of the meeting's occurrences that are meant, a row for each of themselves, and the charter in force.

    Of the kept answers only the viewer's own is read.
    """
    found = (
        select(Occurrence.id)
        .join(Series, Series.id == Occurrence.series_id)
        .where(Series.meeting_id == meeting_id, meant)
    )  # fmt: skip
    uuid, text = cast(null(), Uuid()), cast(null(), String())
    themselves = select(
        *_labelled(
            Occurrence.id, literal(OCCURRENCE), Occurrence.id, uuid, uuid, text,
            case((Occurrence.cancelled, literal("cancelled")), else_=literal("")), text, Occurrence.start,
            Occurrence.end, text, Occurrence.original_start,
        )
    ).where(Occurrence.id.in_(found))  # fmt: skip
    newest = (
        select(CharterVersion.id, CharterVersion.at, CharterVersion.source)
        .where(CharterVersion.meeting_id == meeting_id)
        .order_by(CharterVersion.number.desc())
        .limit(1)
        .subquery()
    )
    instant = cast(null(), UtcDateTime())
    charter = select(
        *_labelled(
            newest.c.id, literal(CHARTER), uuid, uuid, uuid, text, text, text, newest.c.at, instant, newest.c.source,
            instant,
        )
    )  # fmt: skip
    return session.execute(union_all(themselves, *_parts(found, viewer), charter).order_by("at", "id")).all()


def _parts(occurrences: Any, viewer: UUID | None) -> tuple[Select[Any], ...]:
    instant, text, uuid = cast(null(), UtcDateTime()), cast(null(), String()), cast(null(), Uuid())
    own = select(KeptAnswer.text).where(KeptAnswer.turn_id == Turn.id, Turn.person_id == viewer).scalar_subquery()
    return (
        _part(
            AttendanceMark, MARK, occurrences, AttendanceMark.seat_id, AttendanceMark.kind, AttendanceMark.source,
            AttendanceMark.at, AttendanceMark.recorded_at, AttendanceMark.reason,
        ),
        _part(StandIn, STAND_IN, occurrences, StandIn.seat_id, StandIn.cause, text, StandIn.at, instant, text),
        _part(MakeUp, MADE_UP, occurrences, MakeUp.seat_id, text, text, MakeUp.at, instant, MakeUp.commitments),
        _part(
            Turn, TURN, occurrences, Turn.seat_id, Turn.kind, Turn.outcome, Turn.since, Turn.settled_at,
            own if viewer else text,
        ),
        select(
            *_labelled(
                ChosenQuestion.id, literal(QUESTION), ChosenQuestion.occurrence_id, uuid, uuid, text,
                ChosenQuestion.question_key, ChosenQuestion.why, ChosenQuestion.at, instant, SuggestedQuestion.text,
                instant,
            )
        )
        .outerjoin(SuggestedQuestion, SuggestedQuestion.id == ChosenQuestion.suggested_id)
        .where(ChosenQuestion.occurrence_id.in_(occurrences)),
    )  # fmt: skip


def charter_and_modes(session: Session, meeting_id: UUID) -> tuple[str | None, dict[str, str]]:
    """The TOML of the charter in force and the modes that the meeting has set itself."""
    newest = (
        select(literal("").label("code"), CharterVersion.source.label("value"))
        .where(CharterVersion.meeting_id == meeting_id)
        .order_by(CharterVersion.number.desc())
        .limit(1)
        .subquery()
    )
    modes = select(RuleMode.code, RuleMode.mode).where(RuleMode.meeting_id == meeting_id)
    found = {row.code: row.value for row in session.execute(union_all(select(newest.c.code, newest.c.value), modes))}
    return found.pop("", None), found


def _part(model: Any, what: str, occurrences: Any, *values: Any) -> Select[Any]:
    seat, *others = values
    instant = cast(null(), UtcDateTime())
    found = select(
        *_labelled(model.id, literal(what), model.occurrence_id, seat, model.person_id, Person.name, *others, instant)
    )
    return found.outerjoin(Person, Person.id == model.person_id).where(model.occurrence_id.in_(occurrences))


def _labelled(*values: Any) -> list[Any]:
    names = (
        "id", "what", "occurrence_id", "seat_id", "person_id", "person", "kind", "word", "at", "later", "text",
        "original_start",
    )  # fmt: skip
    return [value.label(name) for name, value in zip(names, values, strict=True)]


def has_mark(session: Session, seat_id: UUID, occurrence_id: UUID, source: str, kind: str) -> bool:
    found = session.scalars(
        select(AttendanceMark.id).where(
            AttendanceMark.seat_id == seat_id,
            AttendanceMark.occurrence_id == occurrence_id,
            AttendanceMark.source == source,
            AttendanceMark.kind == kind,
        )
    ).first()
    return found is not None


def open_turns(session: Session, occurrence_id: UUID) -> list[Turn]:
    """Those of late arrivals that nobody has answered or passed."""
    query = select(Turn).where(Turn.occurrence_id == occurrence_id, Turn.kind == "late", Turn.outcome.is_(None))
    return list(session.scalars(query.order_by(Turn.id)))
