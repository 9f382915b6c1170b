"""The chair approves the minutes; whatever is recorded afterwards asks for another look."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.models import Meeting, MinutesApproval
from governance.services.attendance.doing import occurrence_named
from governance.services.ledger import record
from governance.services.minutes.reading import minutes_of
from governance.store.agenda import approval_of
from governance.store.meetings import lock_meeting


class NotToApprove(GovernanceError):
    """There are no minutes of that day, or they can still become others."""


def approve(
    session: Session, meeting: Meeting, day: date, *, by: str, actor: str, source: str, now: datetime
) -> MinutesApproval:
    """As they are now; to approve them again covers what has changed since.

    Raises:
        NotToApprove: the occurrence is not over.
    """
    lock_meeting(session, meeting)
    minutes = minutes_of(session, meeting, day, now)
    if minutes is None or not minutes.is_over:
        raise NotToApprove("Approve the minutes when the occurrence is over", "until then they can become others")
    occurrence = occurrence_named(session, meeting, minutes.key, now)
    row = approval_of(session, occurrence.id)
    if row is None:
        row = MinutesApproval(occurrence_id=occurrence.id, by=by, at=now)
        session.add(row)
    row.by, row.at = by, now
    record(
        session, at=now, actor=actor, source=source, act="minutes-approved", subject=f"occurrence:{occurrence.id}",
        meeting_id=meeting.id, confidentiality=Confidentiality.SEATS, after={"on": day.isoformat(), "by": by},
    )  # fmt: skip
    return row
