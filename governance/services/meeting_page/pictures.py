"""The invitation as it was last read, for pages: one statement for all series of a meeting."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from governance.reconcile.observed import ObservedEvent
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.received import stored_event
from governance.store.roster_page import living_events


def pictures_of(session: Session, meeting_id: UUID) -> list[SeriesPicture]:
    events: dict[tuple[UUID, str], list[ObservedEvent]] = {}
    for series_id, event_id, body in living_events(session, meeting_id):
        events.setdefault((series_id, event_id), []).append(stored_event(body))
    return [
        SeriesPicture(
            id=series_id,
            event_id=event_id,
            series=next((one for one in seen if one.series_id is None), None),
            exceptions=tuple(one for one in seen if one.series_id is not None),
        )
        for (series_id, event_id), seen in events.items()
    ]
