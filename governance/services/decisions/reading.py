"""From the rows to a decision as a value: two statements, however much was said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Said
from sqlalchemy.orm import Session

from governance.domain.charter import Way
from governance.domain.decisions.values import (
    Answer,
    Cause,
    Checklist,
    Commitment,
    Decision,
    Elector,
    ObjectionAnswer,
    Option,
    Pledge,
    Position,
    Quorum,
    Ratification,
    RatificationState,
    Source,
    Stance,
)
from governance.models import Decision as Row
from governance.store import decisions as store


def decision_value(session: Session, row: Row) -> Decision:
    """Everything that was said about it until now."""
    return decision_from(row, store.said_about(session, row.id))


def decision_from(row: Row, said: Iterable[Said[Any]]) -> Decision:
    """The same where this was read already."""
    options: list[Option] = []
    electors: list[Elector] = []
    positions: list[Position] = []
    answers: dict[UUID, ObjectionAnswer] = {}
    commitments: list[Commitment] = []
    ratifications: list[Ratification] = []
    for one in said:
        if one.what == store.OPTION:
            options.append(
                Option(
                    one.id, one.text_1, one.text_2, one.text_3, one.text_4, is_nothing=one.number == 0,
                    is_proposed=bool(one.flag), rank=one.number, version=one.version, seat=one.seat_id,
                )
            )  # fmt: skip
        elif one.what == store.ELECTOR:
            electors.append(
                Elector(
                    one.seat_id, one.text_1, one.person_id, one.name or "", is_stand_in=bool(one.flag),
                    is_empowered=bool(one.flag_2), limit_minor=one.number,
                )
            )  # fmt: skip
        elif one.what == store.POSITION:
            positions.append(
                Position(
                    one.id, one.seat_id, Stance(one.kind), one.number, one.at, Source(one.word), one.person_id,
                    one.text_1, one.text_2, one.text_3, one.later,
                )
            )  # fmt: skip
            if one.answer:
                answers[one.id] = ObjectionAnswer(one.id, Answer(one.answer), one.answer_words, one.answered_at)
        elif one.what == store.COMMITMENT:
            commitments.append(Commitment(one.seat_id, Pledge(one.kind), one.at, one.text_1, one.text_2, one.person_id))
        else:
            ratifications.append(
                Ratification(
                    one.seat_id, Cause(one.kind), RatificationState(one.word), one.text_1, one.person_id, one.id,
                    sponsor_name=one.name or "", answer_words=one.text_2 or "", answered_at=one.later,
                )
            )  # fmt: skip
    return Decision(
        id=row.id,
        title=row.title,
        way=Way(row.way),
        round=row.round,
        is_show_of_hands=row.is_show_of_hands,
        why_few_options=row.why_few_options,
        money_minor=row.money_minor,
        payer=row.payer_seat_id,
        checklist=_checklist(row),
        options=tuple(sorted(options, key=lambda one: one.rank)),
        electors=tuple(sorted(electors, key=lambda one: one.department.casefold())),
        positions=tuple(positions),
        answers=answers,
        commitments=tuple(commitments),
        ratifications=tuple(ratifications),
        opened_at=row.opened_at,
        revealed_at=row.revealed_at,
        decided_at=row.decided_at,
        closed_at=row.closed_at,
        withdrawn_at=row.withdrawn_at,
        quorum=_quorum(row),
        number=row.number,
        shut_rounds=frozenset(int(one) for one in row.shut_rounds.split()),
    )


def _checklist(row: Row) -> Checklist:
    return Checklist(
        text=row.text,
        owner=row.owner_person_id,
        due_on=row.due_on,
        customer_effect=row.customer_effect,
        teller=row.teller,
        review_on=row.review_on,
        informed=row.informed,
        read_back_at=row.read_back_at,
    )


def _quorum(row: Row) -> Quorum | None:
    if row.held is None or row.needed is None or row.present is None:
        return None
    return Quorum(row.held, row.needed, row.present)
