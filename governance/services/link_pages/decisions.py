"""Links about decisions: the sponsor's word on what is beyond a mandate, and what a seat that was away will do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.domain.access import Actor
from governance.domain.decisions.committing import pledged
from governance.domain.decisions.ratifying import effect_on_customers, wording
from governance.domain.decisions.values import Decision, Elector, Pledge
from governance.domain.department import fold_department
from governance.domain.people import PersonId
from governance.models import Decision as Row
from governance.models import Ratification
from governance.models.person import Person
from governance.services.decisions import committing, ratifying
from governance.services.decisions.doing import Doing, begin
from governance.services.decisions.reading import decision_value
from governance.services.link_pages.values import SOURCE, About, Field, FieldKind, Use, Verb
from governance.services.mailing.desk import Desk

_RESERVATION = Field(name="reservation", kind=FieldKind.LONG)


def look_ratify(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    """Nothing where it is answered, or is somebody else's to say by now."""
    row = desk.session.get(Ratification, UUID(thing["ratification"]))
    decision, elector = _found(desk, row.decision_id, row.seat_id) if row is not None else (None, None)
    if row is None or row.state != "asked" or decision is None or elector is None or _is_over(decision):
        return None
    if desk.sponsors.get(fold_department(elector.department)) != person.id:
        return None
    seat = desk.roster.seat(row.seat_id)
    day = desk.roster.day_of(decision.decided_at or desk.now)
    mandate = seat.mandate_in_force(PersonId(elector.person), day) if seat is not None else None
    values = _values(decision, elector) | {
        "whose": elector.name or elector.department,
        "decision": {
            "title": decision.title, "text": wording(decision), "effect": effect_on_customers(decision),
            "money": decision.money_minor or None, "limit": elector.limit_minor,
            "scope": mandate.scope if mandate is not None else None, "words": row.words,
        },
    }  # fmt: skip
    why = Field(name="decline_why", kind=FieldKind.LONG, is_required=True)
    return About(values=values, verbs=(Verb(code="ratify"), Verb(code="decline-ratifying", fields=(why,))))


def act_ratify(use: Use) -> str:
    row = use.session.get_one(Ratification, UUID(use.thing["ratification"]))
    is_ratified = use.verb == "ratify"
    ratifying.answer(
        _begin(use, row.decision_id), row.seat_id, use.person.id, is_ratified=is_ratified, words=use.text("decline_why")
    )
    if is_ratified:
        return "Ratified: the chair is told, and can close the decision."
    return "Declined: the chair is told why. The decision waits until it is changed or withdrawn."


def look_commit(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    """Nothing once the seat has answered, elsewhere or by somebody else, or has another holder."""
    decision, elector = _found(desk, UUID(thing["decision"]), UUID(thing["seat"]))
    if decision is None or elector is None or decision.decided_at is None or decision.withdrawn_at is not None:
        return None
    seat = desk.roster.seat(elector.seat)
    said = pledged(decision).get(elector.seat)
    if seat is None or seat.delegate(desk.today) != person.id:
        return None
    if said is not None and said.pledge is not Pledge.NO_ANSWER:
        return None
    values = _values(decision, elector) | {
        "decision": {"title": decision.title, "text": wording(decision), "effect": effect_on_customers(decision)}
    }
    needs = Field(name="needs", kind=FieldKind.LONG, is_required=True)
    escalate = Field(name="escalate", kind=FieldKind.LONG, is_required=True)
    return About(
        values=values,
        verbs=(
            Verb(code="will", fields=(_RESERVATION,)),
            Verb(code="needs", fields=(needs,)),
            Verb(code="escalate", fields=(escalate,)),
        ),
    )


def act_commit(use: Use) -> str:
    pledge = Pledge(use.verb)
    committing.commit_to(
        _begin(use, UUID(use.thing["decision"])), UUID(use.thing["seat"]), pledge, use.person.id,
        words=use.text(pledge.value), reservation=use.text("reservation"),
    )  # fmt: skip
    return "Noted what you will do. The chair and the seats see it on the page of the decision."


def _begin(use: Use, decision_id: UUID) -> Doing:
    return begin(
        use.session, use.meeting, str(decision_id), actor=use.actor, who=Actor(use.person.id), source=SOURCE,
        now=use.now,
    )  # fmt: skip


def _found(desk: Desk, decision_id: UUID, seat_id: UUID) -> tuple[Decision | None, Elector | None]:
    row = desk.session.get(Row, decision_id)
    decision = decision_value(desk.session, row) if row is not None and row.meeting_id == desk.meeting.id else None
    return decision, decision.elector(seat_id) if decision is not None else None


def _is_over(decision: Decision) -> bool:
    return decision.closed_at is not None or decision.withdrawn_at is not None or decision.decided_at is None


def _values(decision: Decision, elector: Elector) -> dict[str, Any]:
    return {"department": elector.department, "title": decision.title}
