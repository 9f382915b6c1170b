"""Whose address is somebody's who has, or will have, anything to do with a meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from governance.models import Address, Deputy, Occurrence, Role, Sponsor, StandIn, Tenure
from governance.models.application import Application

_A_DAY = timedelta(days=1)
"""Somewhere it is still yesterday; what they may do there is asked again with every page."""


def has_a_role(session: Session, folded: str, now: datetime) -> bool:
    """Whether the address belongs to a chair, scribe, leadership, delegate, deputy, stand-in, sponsor or applicant.

    A term that is yet to begin counts: whoever gets a seat next week is told so today. One statement.
    """
    is_theirs = [_term(table, now) for table in (Role, Tenure, Deputy, Sponsor)]
    stands_in = (
        exists()
        .where(StandIn.person_id == Address.person_id, StandIn.occurrence_id == Occurrence.id)
        .where(Occurrence.end > now - _A_DAY)
    )
    applies = exists().where(Application.person_id == Address.person_id, Application.closed_at.is_(None))
    query = select(Address.id).where(Address.folded == folded, or_(*is_theirs, stands_in, applies))
    return session.scalar(query) is not None


def _term(table: Any, now: datetime) -> Any:
    yesterday = (now - _A_DAY).date()
    is_running = or_(table.last_day.is_(None), table.last_day >= yesterday)
    return exists().where(table.person_id == Address.person_id, is_running)
