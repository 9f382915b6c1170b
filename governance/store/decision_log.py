"""The log of a meeting's decisions: a page of it by key, searched and narrowed, and what is marked on them.

Whatever the length of the log, a page reads as many rows as it shows: the index on the numbers gives the order, and
what narrows the log is looked at on the way (`python3 dev.py bench`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    String,
    Uuid,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from governance.models import Decision, DecisionMark, Department, Person, Seat

OWNER, DEPARTMENT, FIRST_YEAR, LAST_YEAR = "owner", "department", "first-year", "last-year"

UNDER_WAY = ("draft", "open", "decided", "awaiting", "committed")
"""Not closed, and not withdrawn."""

KEPT, NOT_KEPT, SUPERSEDED, REVIEWED = "kept", "not-kept", "superseded", "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which decisions of the log; none of it given means all.

    `words` are folded, and looked for in what `reads_drafts` may read. `became` is what a closed one became, `due_on`
    the day by which its review is due; the first one counts only for who `reads_positions`.
    """

    words: Sequence[str] = ()
    customer: Sequence[str] = ()
    became: str | None = None
    owner: UUID | None = None
    department: UUID | None = None
    year: int | None = None
    due_on: date | None = None
    reads_drafts: bool = False
    reads_positions: bool = False


def closed_page(
    session: Session, meeting_id: UUID, wanted: Wanted, limit: int, below: tuple[int, int] | None = None
) -> Sequence[Row[Any]]:
    """Closed ones, the latest number first; `below` is year and sequence of the last one that was shown."""
    number = tuple_(Decision.number_year, Decision.number_seq)
    query = _lines(meeting_id, wanted).where(Decision.number_seq.is_not(None), *_of_closed(wanted))
    if wanted.year is not None:
        query = query.where(Decision.number_year == wanted.year)
    if below is not None:
        query = query.where(number < tuple_(*(literal(one) for one in below)))
    query = query.order_by(Decision.number_year.desc(), Decision.number_seq.desc())
    return _all(session, query.limit(limit))


def unclosed_page(
    session: Session, meeting_id: UUID, wanted: Wanted, states: Collection[str], limit: int, below: UUID | None = None
) -> Sequence[Row[Any]]:
    """Those of these states that have no number, the latest first; `below` is the last one that was shown."""
    key = tuple_(Decision.at, Decision.id)
    query = _lines(meeting_id, wanted).where(Decision.state.in_(sorted(states)))
    if below is not None:
        last = aliased(Decision)
        shown = select(last.at, last.id).where(last.id == below, last.meeting_id == meeting_id)
        query = query.where(key < shown.scalar_subquery())
    return _all(session, query.order_by(Decision.at.desc(), Decision.id.desc()).limit(limit))


def marks_of(session: Session, ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """What is marked on these decisions, oldest first, and which of them took the place of another."""
    earlier, later = aliased(Decision), aliased(Decision)
    query = (
        select(
            *(DecisionMark.decision_id, DecisionMark.kind, DecisionMark.words, DecisionMark.at),
            *(DecisionMark.review_on, DecisionMark.later_decision_id),
            *(earlier.number.label("number"), later.number.label("later_number")),
        )
        .join(earlier, earlier.id == DecisionMark.decision_id)
        .outerjoin(later, later.id == DecisionMark.later_decision_id)
        .where(or_(DecisionMark.decision_id.in_(ids), DecisionMark.later_decision_id.in_(ids)))
    )
    return _all(session, query.order_by(DecisionMark.at, DecisionMark.id))


def choices(session: Session, meeting_id: UUID, *, reads_drafts: bool) -> Sequence[Row[Any]]:
    """What the log can be narrowed to: owners, departments, the first and the last year; one statement.

    Owners are asked for person by person, so that it takes as long for many decisions as for few: of an EXISTS
    PostgreSQL makes a join that reads every decision, of a scalar with a limit it does not.
    """
    owned = select(Decision.id).where(Decision.meeting_id == meeting_id, Decision.owner_person_id == Person.id)
    owned = owned if reads_drafts else owned.where(Decision.number_year.is_not(None))
    owns = owned.limit(1).correlate(Person).scalar_subquery().is_not(None)
    no_id, no_name = cast(null(), Uuid()), cast(null(), String())
    no_year = cast(null(), Integer())
    owners = select(
        literal(OWNER).label("what"), Person.id.label("id"), Person.name.label("name"), no_year.label("year")
    ).where(owns)
    departments = (
        select(literal(DEPARTMENT), Department.id, Department.name, no_year)
        .join(Seat, Seat.department_id == Department.id)
        .where(Seat.meeting_id == meeting_id)
        .distinct()
    )
    years = (
        select(literal(what), no_id, no_name, of(Decision.number_year)).where(Decision.meeting_id == meeting_id)
        for what, of in ((FIRST_YEAR, func.min), (LAST_YEAR, func.max))
    )
    return _all(session, union_all(owners, departments, *years))


def names_for(session: Session, row: Decision) -> tuple[str, str, str]:
    """The owner's name, the department that brought the decision, and the one that bears its money."""
    owner = session.scalar(select(Person.name).where(Person.id == row.owner_person_id)) if row.owner_person_id else ""
    seats = [one for one in (row.seat_id, row.payer_seat_id) if one]
    query = (
        select(Seat.id, Department.name).join(Department, Department.id == Seat.department_id).where(Seat.id.in_(seats))
    )
    names: dict[UUID | None, str] = {row.id: row.name for row in session.execute(query)} if seats else {}
    return owner or "", names.get(row.seat_id, ""), names.get(row.payer_seat_id, "")


def write_search_texts(session: Session, row: Decision, **texts: str) -> None:
    """Nothing where they are the same; the row's version is left alone."""
    changed = {name: text for name, text in texts.items() if getattr(row, name) != text}
    if not changed:
        return
    statement = update(Decision).where(Decision.id == row.id).values(changed)
    session.execute(statement.execution_options(synchronize_session=False))
    for name, text in changed.items():
        set_committed_value(row, name, text)


def _all(session: Session, query: Any) -> Sequence[Row[Any]]:
    """Rows are read by the names of their columns; which types they have is known where they become values."""
    found: Sequence[Row[Any]] = session.execute(query).all()
    return found


def _lines(meeting_id: UUID, wanted: Wanted) -> Any:
    columns = (Decision.id, Decision.number, Decision.number_year, Decision.number_seq, Decision.state)
    more = (Decision.title, Decision.customer, Decision.at, Decision.closed_at, Decision.review_on)
    query = select(*columns, *more, Person.name.label("owner"))
    query = query.outerjoin(Person, Person.id == Decision.owner_person_id).where(Decision.meeting_id == meeting_id)
    text = Decision.search_text if wanted.reads_drafts else Decision.open_search_text
    query = query.where(*_with_words(text, wanted.words), *_with_words(Decision.customer_folded, wanted.customer))
    if wanted.owner is not None:
        query = query.where(Decision.owner_person_id == wanted.owner)
    if wanted.department is not None:
        query = query.where(_of_department(meeting_id, wanted.department, reads_drafts=wanted.reads_drafts))
    return query


def _with_words(column: Any, words: Iterable[str]) -> list[ColumnElement[bool]]:
    """Every one of them somewhere in it; what `LIKE` would take for more than itself is escaped."""
    return [column.contains(word, autoescape=True) for word in words]


def _of_department(meeting_id: UUID, department_id: UUID, *, reads_drafts: bool) -> ColumnElement[bool]:
    """What it brought; for who may read who pays also what it bears."""
    seats = select(Seat.id).where(Seat.meeting_id == meeting_id, Seat.department_id == department_id)
    brought = Decision.seat_id.in_(seats)
    return or_(brought, Decision.payer_seat_id.in_(seats)) if reads_drafts else brought


def _of_closed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.became == SUPERSEDED:
        found.append(_is_marked(SUPERSEDED))
    elif wanted.became is not None:
        found.append(_latest_of(DecisionMark.kind, KEPT, NOT_KEPT) == wanted.became)
    if wanted.due_on is not None:
        found += [review_day(reads_positions=wanted.reads_positions) <= wanted.due_on, ~_is_marked(SUPERSEDED)]
    return found


def _is_marked(kind: str) -> ColumnElement[bool]:
    return exists().where(and_(DecisionMark.decision_id == Decision.id, DecisionMark.kind == kind))


def _latest_of(column: Any, *kinds: str) -> Any:
    query = select(column).where(DecisionMark.decision_id == Decision.id, DecisionMark.kind.in_(kinds))
    latest = query.order_by(DecisionMark.at.desc(), DecisionMark.id.desc()).limit(1)
    return latest.correlate(Decision).scalar_subquery()


def review_day(*, reads_positions: bool) -> Any:
    """Of the last review the day of the next, where there is to be one; else the one set at closing."""
    first = Decision.review_on if reads_positions else null()
    return case((_is_marked(REVIEWED), _latest_of(DecisionMark.review_on, REVIEWED)), else_=first)
