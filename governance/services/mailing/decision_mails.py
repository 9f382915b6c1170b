"""What people hear of decisions by mail: never what anybody thinks of one."""

from __future__ import annotations

from governance.domain.decisions.positions import CORRECTABLE
from governance.mail import facts
from governance.services.mailing.announcing import PositionEntered
from governance.services.mailing.letters import Post


def position_entered(fact: PositionEntered) -> Post:
    """To whoever sits for the seat: that something was entered, where to look at it, and until when to correct it."""
    until = (fact.at + CORRECTABLE).isoformat()
    return Post(
        facts=facts.EnteredForYou(
            department=fact.department, decision=fact.title, reference=str(fact.decision_id), until=until
        ),
        about=f"{fact.decision_id}:{fact.seat_id}:{fact.at.isoformat()}",
        to=fact.person_id,
    )  # fmt: skip
