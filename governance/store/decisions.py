"""What is stored of decisions; each question is one statement, however much was said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CompoundSelect,
    Row,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from governance.models import (
    Commitment,
    Decision,
    DecisionOption,
    Elector,
    ObjectionAnswer,
    Person,
    Position,
    Ratification,
    Seat,
)
from governance.models.types import UtcDateTime

OPTION, ELECTOR, POSITION, COMMITMENT, RATIFICATION = "option", "elector", "position", "commitment", "ratification"

_TEXT, _UUID, _AT = cast(null(), String()), cast(null(), Uuid()), cast(null(), UtcDateTime())
_NUMBER, _FLAG = cast(null(), BigInteger()), cast(null(), Boolean())


def decision_of(session: Session, meeting_id: UUID, ref: str) -> Decision | None:
    """By its number or identifier; with owner, occurrence and the seat that brought it."""
    query = select(Decision).where(Decision.meeting_id == meeting_id)
    try:
        query = query.where(Decision.id == UUID(ref))
    except ValueError:
        query = query.where(Decision.number == ref)
    brought_by = joinedload(Decision.seat).joinedload(Seat.department)
    return session.scalars(
        query.options(joinedload(Decision.owner), joinedload(Decision.occurrence), brought_by)
    ).one_or_none()


def options_of(session: Session, decision_id: UUID) -> Sequence[DecisionOption]:
    return session.scalars(select(DecisionOption).where(DecisionOption.decision_id == decision_id)).all()


def said_about(session: Session, decision_id: UUID) -> Sequence[Row[Any]]:
    """Options, electorate, positions with their answers, commitments and ratifications, in the order of time."""
    return session.execute(_said(), {"decision": decision_id}).all()


def outline_of(session: Session, decisions: Collection[UUID]) -> Sequence[Row[Any]]:
    """The same of many decisions, as far as everybody may know who reads drafts.

    Of a position it is read that there is one, as a yes, and when it was given; neither what it says nor a reservation
    is, so that nothing made from these rows can tell.
    """
    return session.execute(_outline(), {"decisions": list(decisions)}).all() if decisions else ()


def next_seq(session: Session, meeting_id: UUID, year: int) -> int:
    """The next number of the year; the caller holds the meeting's lock."""
    query = select(func.max(Decision.number_seq)).where(Decision.meeting_id == meeting_id, Decision.number_year == year)
    return (session.scalar(query) or 0) + 1


@cache
def _said() -> CompoundSelect[Any]:
    """Built once: that takes longer than asking it, and every save asks it twice."""
    parts = (*_open_parts(), (_position(), Position), (_commitment(), Commitment))
    return union_all(*(part.where(model.decision_id == bindparam("decision")) for part, model in parts)).order_by(
        "at", "id"
    )


@cache
def _outline() -> CompoundSelect[Any]:
    position = select(
        *_row(
            POSITION, Position, seat_id=Position.seat_id, kind=literal("favour"), word=literal("own"),
            text_1=literal(""), text_2=literal(""), text_3=literal(""), number=Position.round, at=Position.at,
        )
    )  # fmt: skip
    commitment = select(
        *_row(
            COMMITMENT, Commitment, seat_id=Commitment.seat_id, person_id=Commitment.person_id, kind=Commitment.pledge,
            text_1=literal(""), text_2=literal(""), at=Commitment.at,
        )
    )  # fmt: skip
    meant: Any = bindparam("decisions", expanding=True)
    parts = (*_open_parts(), (position, Position), (commitment, Commitment))
    found = (part.add_columns(model.decision_id).where(model.decision_id.in_(meant)) for part, model in parts)
    return union_all(*found).order_by("at", "id")


def _open_parts() -> tuple[tuple[Select[Any], Any], ...]:
    option = select(
        *_row(
            OPTION, DecisionOption, text_1=DecisionOption.text, text_2=DecisionOption.customer_effect,
            text_3=DecisionOption.cost, text_4=DecisionOption.risk, number=DecisionOption.rank,
            flag=DecisionOption.is_proposed, version=DecisionOption.version, seat_id=DecisionOption.seat_id,
            at=DecisionOption.at,
        )
    )  # fmt: skip
    elector = select(
        *_row(
            ELECTOR, Elector, seat_id=Elector.seat_id, person_id=Elector.person_id, name=Person.name,
            text_1=Elector.department, flag=Elector.is_stand_in, flag_2=Elector.is_empowered,
            number=Elector.limit_minor,
        )
    ).outerjoin(Person, Person.id == Elector.person_id)  # fmt: skip
    ratification = select(
        *_row(
            RATIFICATION, Ratification, seat_id=Ratification.seat_id, person_id=Ratification.sponsor_person_id,
            name=Person.name, kind=Ratification.cause, word=Ratification.state, text_1=Ratification.words,
            text_2=Ratification.answer_words, at=Ratification.at, later=Ratification.answered_at,
        )
    ).outerjoin(Person, Person.id == Ratification.sponsor_person_id)  # fmt: skip
    return (option, DecisionOption), (elector, Elector), (ratification, Ratification)


def _position() -> Select[Any]:
    answer = aliased(ObjectionAnswer)
    return (
        select(
            *_row(
                POSITION, Position, seat_id=Position.seat_id, person_id=Position.person_id, name=Person.name,
                kind=Position.stance, word=Position.source, text_1=Position.reason, text_2=Position.removes,
                text_3=Position.interest, number=Position.round, at=Position.at, later=Position.hold_until,
                answer=answer.answer, answer_words=answer.words, answered_at=answer.at,
            )
        )
        .outerjoin(Person, Person.id == Position.person_id)
        .outerjoin(answer, answer.position_id == Position.id)
    )  # fmt: skip


def _commitment() -> Select[Any]:
    return select(
        *_row(
            COMMITMENT, Commitment, seat_id=Commitment.seat_id, person_id=Commitment.person_id, name=Person.name,
            kind=Commitment.pledge, text_1=Commitment.words, text_2=Commitment.reservation, at=Commitment.at,
        )
    ).outerjoin(Person, Person.id == Commitment.person_id)  # fmt: skip


def _row(what: str, model: Any, **values: Any) -> list[Any]:
    """The same columns in every part; what a part does not have is NULL."""
    columns = {
        "what": cast(what, String()), "id": model.id, "seat_id": _UUID, "person_id": _UUID, "name": _TEXT,
        "kind": _TEXT, "word": _TEXT, "text_1": _TEXT, "text_2": _TEXT, "text_3": _TEXT, "text_4": _TEXT,
        "number": _NUMBER, "version": _NUMBER, "flag": _FLAG, "flag_2": _FLAG, "at": _AT, "later": _AT,
        "answer": _TEXT, "answer_words": _TEXT, "answered_at": _AT,
    }  # fmt: skip
    return [value.label(name) for name, value in (columns | values).items()]
