"""Which events of its calendar a meeting may go on in; of all others nothing is said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from governance.calendar.series_ahead import RecurringEvent, successors
from governance.database import Sessions
from governance.store import meetings
from governance.store.seen_series import load_pictures


def offered_to(
    sessions: Sessions, meeting_id: UUID, google_id: str, ahead: Iterable[RecurringEvent], now: datetime
) -> tuple[RecurringEvent, ...]:
    """Those that are called as the meeting's own, or come from it by a split, and that are nobody's yet."""
    with sessions.reading() as session:
        own = load_pictures(session, meeting_id, now)
        calendar = meetings.calendar_by_google_id(session, google_id)
        not_free = meetings.events_not_free_for(session, meeting_id, calendar.id) if calendar else frozenset()
    return successors(
        ahead,
        summaries=[one.last_summary for one in own],
        event_ids=[one.event_id for one in own],
        not_free=not_free,
    )
