"""What people hear of decisions: sponsors what waits for their word, seats that were away what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.decisions.ratifying import effect_on_customers, wording
from governance.domain.decisions.values import Cause, Decision, Elector
from governance.domain.department import fold_department
from governance.domain.people import PersonId
from governance.mail import facts
from governance.models import Decision as Row
from governance.models import Ratification
from governance.services.decisions.reading import decision_value
from governance.services.links import Purpose
from governance.services.mailing.announcing import (
    CommitmentsAsked,
    DecisionClosed,
    RatificationAnswered,
    RatificationAsked,
)
from governance.services.mailing.desk import Desk
from governance.services.mailing.letters import LinkWish, Post

AGAIN_AFTER = timedelta(days=7)
"""So often a sponsor who has not answered is asked again."""


def ratification_asked(desk: Desk, fact: RatificationAsked) -> Iterator[Post]:
    row = desk.session.get(Ratification, fact.ratification_id)
    if row is not None and row.state == "asked":
        yield from asked_of(desk, row)


def asked_of(desk: Desk, row: Ratification) -> Iterator[Post]:
    """One mail for each week in which the word is missing, with the decision as it stands then."""
    decision, elector = _about(desk.session, row.decision_id, row.seat_id)
    if decision is None or elector is None or decision.closed_at is not None or decision.withdrawn_at is not None:
        return
    weeks = max(0, (desk.now - row.at) // AGAIN_AFTER)
    seat = desk.roster.seat(row.seat_id)
    day = desk.roster.day_of(decision.decided_at or desk.now)
    mandate = seat.mandate_in_force(PersonId(elector.person), day) if seat is not None else None
    sponsor = desk.sponsors.get(fold_department(elector.department))
    told = facts.RatificationAsked(
        ref=str(decision.id),
        department=elector.department,
        delegate=elector.name or elector.department,
        title=decision.title,
        text=wording(decision),
        customer_effect=effect_on_customers(decision),
        is_money=row.cause == Cause.MONEY.value,
        scope=mandate.scope if mandate is not None else None,
        words=row.words,
        weeks=weeks,
        to_chair=sponsor is None,
    )
    link = LinkWish(name="answer", purpose=Purpose.RATIFY, thing={"ratification": str(row.id)})
    for to in [sponsor] if sponsor is not None else [one.person_id for one in desk.chairs]:
        yield Post(
            facts=told,
            limit_minor=elector.limit_minor,
            money_minor=decision.money_minor or None,
            about=f"{row.id}:{row.at.isoformat()}:{weeks}",
            to=to,
            links=(link,) if sponsor is not None else (),
        )


def ratification_answered(desk: Desk, fact: RatificationAnswered) -> Iterator[Post]:
    """To the chairs and to who sat for the department, unless that is who answered."""
    row = desk.session.get(Ratification, fact.ratification_id)
    decision, elector = _about(desk.session, row.decision_id, row.seat_id) if row is not None else (None, None)
    if row is None or decision is None or elector is None or row.answered_at is None:
        return
    chairs = [one.person_id for one in desk.chairs]
    sat = [elector.person] if desk.meeting.first_plan_approved else []
    for to in dict.fromkeys([*chairs, *sat]):
        if to != row.sponsor_person_id:
            yield Post(
                facts=facts.RatificationAnswered(
                    ref=str(decision.id),
                    department=elector.department,
                    sponsor=desk.name(row.sponsor_person_id) or "The sponsor",
                    title=decision.title,
                    is_ratified=row.state == "ratified",
                    words=row.answer_words or "",
                    to_chair=to in chairs,
                ),
                about=f"{row.id}:{row.answered_at.isoformat()}",
                to=to,
            )


def commitments_asked(desk: Desk, fact: CommitmentsAsked) -> Iterator[Post]:
    """Once for a round of a decision: to who holds the seat today, who answers for it now."""
    row = desk.session.get(Row, fact.decision_id)
    if row is None:
        return
    decision = decision_value(desk.session, row)
    for seat, department, to in _holders(desk, decision, fact.seats):
        yield Post(
            facts=facts.CommitmentAsked(
                department=department,
                title=decision.title,
                text=wording(decision),
                customer_effect=effect_on_customers(decision),
                decided_on=(decision.decided_at or desk.now).isoformat(),
                number=decision.number,
            ),
            about=f"{decision.id}:{decision.round}:{seat}",
            to=to,
            links=(
                LinkWish(
                    name="commit", purpose=Purpose.COMMIT, thing={"decision": str(decision.id), "seat": str(seat)}
                ),
            ),
        )


def decision_closed(desk: Desk, fact: DecisionClosed) -> Iterator[Post]:
    row = desk.session.get(Row, fact.decision_id)
    if row is None or row.number is None:
        return
    decision = decision_value(desk.session, row)
    for seat, department, to in _holders(desk, decision, fact.seats):
        yield Post(
            facts=facts.DecisionClosed(
                department=department,
                number=row.number,
                title=row.title,
                text=wording(decision),
                customer_effect=row.customer_effect,
                owner=desk.name(row.owner_person_id),
                due_on=row.due_on.isoformat() if row.due_on else None,
                teller=row.teller,
                review_on=row.review_on.isoformat() if row.review_on else None,
            ),
            about=f"{decision.id}:{seat}",
            to=to,
        )


def _holders(desk: Desk, decision: Decision, seats: tuple[UUID, ...]) -> Iterator[tuple[UUID, str, UUID]]:
    for elector in decision.electors:
        seat = desk.roster.seat(elector.seat) if elector.seat in seats else None
        holder = seat.delegate(desk.today) if seat is not None else None
        if holder is not None:
            yield elector.seat, elector.department, holder


def _about(session: Session, decision_id: UUID, seat_id: UUID) -> tuple[Decision | None, Elector | None]:
    row = session.get(Row, decision_id)
    decision = decision_value(session, row) if row is not None else None
    return decision, decision.elector(seat_id) if decision is not None else None
