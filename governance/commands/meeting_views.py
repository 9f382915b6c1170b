"""What is said of a meeting wherever meetings are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from governance.commands.output import instant
from governance.commands.upcoming import is_paused, next_starts
from governance.models.meeting import Meeting
from governance.store import meetings as store


def describe(session: Session, meetings: Sequence[Meeting], moment: datetime) -> list[dict[str, Any]]:
    """What `meeting list` says of each, in four statements for however many there are."""
    series = store.series_of(session, [meeting.id for meeting in meetings])
    live = {
        meeting: [(one.id, one.event_id) for one, _ in pairs if one.gone_at is None]
        for meeting, pairs in series.items()
    }
    nexts = next_starts(session, live, moment)
    pauses = store.all_pauses(session)
    lines = []
    for meeting in meetings:
        lineage = series.get(meeting.id)
        newest, calendar = lineage[-1] if lineage else (None, None)
        lines.append(
            {
                "meeting": meeting.slug,
                "calendar": calendar.google_id if calendar else None,
                "event": newest.event_id if newest else None,
                "subject": calendar.subject if calendar else None,
                "time_zone": meeting.time_zone,
                "cap": meeting.cap,
                "next": instant(nexts.get(meeting.id)),
                "paused": is_paused(meeting, pauses, moment),
            }
        )
    return lines
