"""Those without a seat leave earlier than was said: a visitor's day is taken back, a standing guest's time ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.services.recording import COMMAND, iso, named, note, today_of
from governance.store import seats as store
from governance.store.meetings import lock_meeting


def dismiss_visitor(
    session: Session,
    meeting: Meeting,
    occurrence: Occurrence,
    person: Person,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """The person is no visitor of that occurrence; who was none stays so."""
    lock_meeting(session, meeting)
    row = next((one for one in store.visitors_of(session, occurrence.id) if one.person_id == person.id), None)
    if row is None:
        return
    subject, reason = f"visitor:{row.id}", row.reason
    session.delete(row)
    session.flush()
    note(
        session, meeting, "visitor-dismissed", subject, actor=actor, source=source, now=now,
        before={"visitor": named(session, person), "on": iso(today_of(meeting, occurrence.start)), "why": reason},
    )  # fmt: skip


def end_standing_guest(
    session: Session, meeting: Meeting, person: Person, *, actor: str, now: datetime, source: str = COMMAND
) -> None:
    """From today on the person is no standing guest; who is none stays so."""
    lock_meeting(session, meeting)
    today = today_of(meeting, now)
    rows = store.standing_guests_of(session, meeting.id)
    row = next((one for one in rows if one.person_id == person.id and one.last_day >= today), None)
    if row is None:
        return
    before = {
        "guest": named(session, person), "until": iso(row.last_day), "why": row.reason,
        "counts_in_limit": row.counts_in_limit,
    }  # fmt: skip
    row.last_day = today - timedelta(days=1)
    session.flush()
    note(
        session, meeting, "standing-guest-dismissed", f"standing-guest:{row.id}", actor=actor, source=source, now=now,
        before=before,
    )  # fmt: skip
