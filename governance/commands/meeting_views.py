"""What is said of a meeting wherever meetings are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from governance.commands.output import instant
from governance.models.calendar import Calendar, Series
from governance.models.meeting import Meeting
from governance.services.upcoming import is_paused, next_starts
from governance.store import meetings as store


def describe(session: Session, meetings: Sequence[Meeting], moment: datetime) -> list[dict[str, Any]]:
    """What `meeting list` says of each, in four statements for however many there are."""
    series = {
        meeting: [pair for pair in pairs if pair[0].retired_at is None]
        for meeting, pairs in store.series_of(session, [meeting.id for meeting in meetings]).items()
    }
    live = {
        meeting: [(one.id, one.event_id) for one, _ in pairs if not one.gone_at] for meeting, pairs in series.items()
    }
    nexts = next_starts(session, live, moment)
    pauses = store.all_pauses(session)
    return [
        {
            "meeting": meeting.slug,
            **_event(series.get(meeting.id, ())),
            "time_zone": meeting.time_zone,
            "cap": meeting.cap,
            "next": instant(nexts.get(meeting.id)),
            "paused": is_paused(meeting, pauses, moment),
        }
        for meeting in meetings
    ]


def _event(lineage: Sequence[tuple[Series, Calendar]]) -> dict[str, str | None]:
    """The newest part of the series, and whom it is acted for as."""
    if not lineage:
        return {"calendar": None, "event": None, "subject": None}
    series, calendar = lineage[-1]
    return {"calendar": calendar.google_id, "event": series.event_id, "subject": calendar.subject}
