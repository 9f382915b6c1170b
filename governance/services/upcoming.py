"""When meetings take place next and whether they rest, for many of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.reconcile.picture import SeriesPicture
from governance.reconcile.received import stored_event
from governance.store.installation import event_bodies

LiveSeries = Mapping[UUID, Sequence[tuple[UUID, str]]]
"""Id and event id of each meeting's series that are not gone."""


def next_starts(session: Session, live: LiveSeries, now: datetime) -> dict[UUID, datetime]:
    """Start of each meeting's running or next occurrence, as last seen; one statement for all."""
    seen = event_bodies(session, [series_id for some in live.values() for series_id, _ in some])
    found: dict[UUID, datetime] = {}
    for meeting, some in live.items():
        pictures = [picture_of(series_id, event_id, seen.get(series_id, ())) for series_id, event_id in some]
        starts = [upcoming.start for one in pictures if (upcoming := one.next_occurrence(now)) is not None]
        if starts:
            found[meeting] = min(starts)
    return found


def picture_of(series_id: UUID, event_id: str, bodies: Iterable[Mapping[str, Any]]) -> SeriesPicture:
    events = [stored_event(body) for body in bodies]
    return SeriesPicture(
        id=series_id,
        event_id=event_id,
        series=next((event for event in events if event.series_id is None), None),
        exceptions=tuple(event for event in events if event.series_id is not None),
    )


def is_paused(meeting: Any, pauses: Sequence[Any], moment: datetime) -> bool:
    """Whether a pause of this meeting or of all covers the meeting's day."""
    on = moment.astimezone(ZoneInfo(meeting.time_zone)).date()
    return any(
        pause.meeting_id in (None, meeting.id)
        and (pause.first_day is None or pause.first_day <= on)
        and (pause.last_day is None or on <= pause.last_day)
        for pause in pauses
    )
