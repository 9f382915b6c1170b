"""When each of many meetings takes place next, with one statement for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models import Meeting, Series
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.received import stored_event
from governance.store.meeting_page import living_series


def next_starts(session: Session, meetings: Iterable[Meeting], now: datetime) -> dict[UUID, datetime]:
    """Start of the occurrence that runs or comes next, by meeting; meetings without one are missing."""
    events: dict[Series, list[ObservedEvent]] = defaultdict(list)
    for series, body in living_series(session, [one.id for one in meetings]):
        events[series].append(stored_event(body))
    starts: dict[UUID, datetime] = {}
    for series, seen in events.items():
        upcoming = _picture(series, seen).next_occurrence(now)
        if upcoming is not None:
            starts[series.meeting_id] = min(upcoming.start, starts.get(series.meeting_id, upcoming.start))
    return starts


def _picture(series: Series, events: list[ObservedEvent]) -> SeriesPicture:
    return SeriesPicture(
        id=series.id,
        event_id=series.event_id,
        series=next((event for event in events if event.series_id is None), None),
        exceptions=tuple(event for event in events if event.series_id is not None),
    )
