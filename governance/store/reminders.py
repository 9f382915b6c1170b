"""Which meetings may have something to be reminded of: no object is mapped, because it is asked every minute."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from governance.models.meeting import Meeting


def meetings_at_work(session: Session) -> list[Row[Any]]:
    """Id, zone, and what differs whenever the meeting was judged otherwise, of every meeting that is written to."""
    return list(
        session.execute(
            select(Meeting.id, Meeting.time_zone, Meeting.recorded_digest, Meeting.stirred)
            .where(
                Meeting.released_at.is_(None),
                Meeting.first_plan_approved,
                Meeting.restored_hold.is_(False),
                Meeting.frozen_code.is_(None),
            )
            .order_by(Meeting.id)
        )
    )


def rules_remarked(session: Session, meeting_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """The codes of the last findings of these meetings."""
    wanted = list(meeting_ids)
    if not wanted:
        return {}
    rows = session.execute(select(Meeting.id, Meeting.findings_json).where(Meeting.id.in_(wanted)))
    return {meeting_id: {one["rule"] for one in found or ()} for meeting_id, found in rows}
