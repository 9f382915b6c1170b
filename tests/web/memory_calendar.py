"""A calendar in memory that keeps what it is told: enough for pages, whose subject is not what Google does."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from governance.domain.people import fold_address
from governance.reconcile.observed import Guest, ObservedEvent
from governance.reconcile.ports import CalendarAddress, Concerns, EventWrite
from governance.reconcile.received import Listing


@dataclass(slots=True)
class MemoryCalendar:
    """Every listing is complete, so nothing depends on what was asked before."""

    events: dict[str, ObservedEvent] = field(default_factory=dict)
    changes: int = 0

    def put(self, event: ObservedEvent) -> None:
        self.changes += 1
        guests = tuple(_as_received(guest) for guest in event.guests)
        self.events[event.id] = dataclasses.replace(event, guests=guests, etag=f'"{self.changes}"')

    def change(self, event_id: str, **fields: object) -> None:
        """What somebody does to the event in the calendar itself."""
        self.put(dataclasses.replace(self.events[event_id], **fields))

    def forward(self, event_id: str, *guests: Guest) -> None:
        self.change(event_id, guests=(*self.events[event_id].guests, *guests))

    def list_changes(
        self,
        calendar: CalendarAddress,
        *,
        sync_token: str | None,
        concerns: Concerns,
        passing_over: frozenset[str] = frozenset(),
        is_probe: bool = False,
    ) -> Listing:
        events = tuple(one for one in self.events.values() if concerns(one.id, one.series_id))
        return Listing(events, str(self.changes), is_full=True, access_role="owner", had_items=True)

    def get_event(
        self, calendar: CalendarAddress, event_id: str, *, deadline_seconds: float = 30
    ) -> ObservedEvent | None:
        return self.events.get(event_id) or self._unmodified(event_id)

    def write_event(self, calendar: CalendarAddress, write: EventWrite) -> ObservedEvent:
        event = self.events.get(write.event_id) or self._unmodified(write.event_id)
        assert event is not None
        self.events[event.id] = event
        fields: dict[str, object] = {}
        if write.guests is not None:
            known = {guest.address: guest for guest in event.guests}
            fields["guests"] = tuple(_written(entry, known) for entry in write.guests)
        for name in ("guests_can_invite", "guests_can_modify", "description"):
            if getattr(write, name) is not None:
                fields[name] = getattr(write, name)
        kept = {key: value for key, value in write.private_properties.items() if value is not None}
        self.change(event.id, private_properties={**event.private_properties, **kept}, **fields)
        return self.events[event.id]

    def _unmodified(self, event_id: str) -> ObservedEvent | None:
        """An occurrence that is still as its series says; its id ends with its start."""
        series_id, _, stamp = event_id.rpartition("_")
        series = self.events.get(series_id)
        if series is None or series.start is None or series.end is None:
            return None
        start = datetime.strptime(stamp, "%Y%m%dT%H%M%S%z")
        end = start + (series.end - series.start)
        return dataclasses.replace(
            series, id=event_id, series_id=series_id, original_start=start, start=start, end=end, recurrence=()
        )


def _as_received(guest: Guest) -> Guest:
    """With the calendar's own form of it, which a write sends back unchanged."""
    return dataclasses.replace(guest, received={"email": guest.address, "optional": guest.optional})


def _written(entry: Mapping[str, object], known: Mapping[str | None, Guest]) -> Guest:
    address = fold_address(str(entry["email"]))
    guest = known.get(address, Guest(address=address))
    more = int(str(entry.get("additionalGuests", 0)))
    return dataclasses.replace(guest, optional=bool(entry.get("optional")), plus_ones=more)
