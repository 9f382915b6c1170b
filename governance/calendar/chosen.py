"""Reads the event that somebody chose to govern: by its id, by an occurrence of it, or by the link in their browser."""

from __future__ import annotations

from governance.calendar.client import CalendarFacts, GoogleCalendar
from governance.calendar.links import event_id_from
from governance.domain.errors import GovernanceError
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.ports import CalendarAddress


class NoSuchEvent(GovernanceError):
    """The calendar does not have the event."""

    def __init__(self, event: str, calendar: str) -> None:
        remedy = f"Choose one that `governance meeting find --calendar {calendar}` lists"
        super().__init__(remedy, f"there is no event {event[:80]}")


def writable(calendar: GoogleCalendar, address: CalendarAddress) -> CalendarFacts:
    """What the calendar says of itself.

    Raises:
        CalendarTrouble: it cannot be read, or we may not write to it.
    """
    facts = calendar.calendar_of(address)
    if facts.trouble is not None:
        raise facts.trouble
    return facts


def chosen_series(
    calendar: GoogleCalendar, address: CalendarAddress, named: str
) -> tuple[CalendarFacts, ObservedEvent]:
    """The calendar and the series that was named.

    Raises:
        NotAnEvent: the text names none.
        NoSuchEvent: the calendar has none of that name.
        CalendarTrouble: it cannot be read, or we may not write to it.
    """
    event_id = event_id_from(named)
    facts = writable(calendar, address)
    own = CalendarAddress(facts.google_id, address.subject)
    event = calendar.get_event(own, event_id)
    if event is not None and event.series_id is not None:
        event = calendar.get_event(own, event.series_id)
    if event is None:
        raise NoSuchEvent(named, address.google_id)
    return facts, event
