"""From Google's spelling to ours and back.

Google leaves fields at their default out: without a flag guests may invite others, may not modify, an
event is confirmed, a guest has not answered (Calendar API, events). A field that is there with the
wrong type is no default, and the event is not believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from governance.calendar.believing import Contradiction
from governance.domain.people import fold_address
from governance.reconcile.observed import Guest, ObservedEvent
from governance.reconcile.ports import EventWrite

EVENT_FIELDS = (
    "kind,id,etag,status,summary,description,recurrence,recurringEventId,originalStartTime,start,end,"
    "organizer(email,self),attendees,attendeesOmitted,guestsCanInviteOthers,guestsCanModify,"
    "extendedProperties/private"
)
LIST_FIELDS = f"kind,accessRole,timeZone,nextPageToken,nextSyncToken,items({EVENT_FIELDS})"


class GuestEntries:
    """Guests by their entries, for one listing: a few people sit on thousands of its events, and are translated once.

    Entries are the same when they are spelled the same: compared as values, 1 would pass for true.
    """

    def __init__(self) -> None:
        self._known: dict[str, Guest] = {}

    def guest(self, entry: Any) -> Guest:
        spelling = repr(entry)
        known = self._known.get(spelling)
        if known is None:
            known = self._known[spelling] = _guest(entry)
        return known


def observed_event(raw: dict[str, Any], *, time_zone: str, entries: GuestEntries | None = None) -> ObservedEvent:
    """The event, or the bare form of a cancelled one. `time_zone` is the calendar's, for all-day events.

    Raises Contradiction.
    """
    guest = (entries or GuestEntries()).guest
    get = _checked(raw, _EVENT_TYPES).get
    start, original = get("start", _NOTHING), get("originalStartTime", _NOTHING)
    placed = start or original
    zone = _checked(placed, _TIME_TYPES).get("timeZone") or time_zone
    organizer = _checked(get("organizer", _NOTHING), _ORGANIZER_TYPES)
    return ObservedEvent(
        id=raw["id"],
        etag=get("etag", ""),
        status=get("status", "confirmed"),
        summary=get("summary", ""),
        recurrence=_texts(get("recurrence", ())),
        series_id=get("recurringEventId"),
        original_start=_instant(original, zone),
        start=_instant(start, zone),
        end=_instant(get("end", _NOTHING), zone),
        all_day="date" in placed,
        time_zone=zone,
        organizer=fold_address(organizer.get("email", "")) or None,
        organizer_is_calendar=organizer.get("self", False),
        guests=tuple([guest(entry) for entry in get("attendees", ())]),
        guests_omitted=get("attendeesOmitted", False),
        guests_can_invite=get("guestsCanInviteOthers", True),
        guests_can_modify=get("guestsCanModify", False),
        description=get("description", ""),
        private_properties=_properties(get("extendedProperties", _NOTHING)),
    )


def written_fields(write: EventWrite) -> dict[str, Any]:
    """The body of the PATCH: what the write names, and nothing else (what it leaves out, Google keeps)."""
    body: dict[str, Any] = {}
    if write.guests is not None:
        body["attendees"] = [dict(guest) for guest in write.guests]
    if write.guests_can_invite is not None:
        body["guestsCanInviteOthers"] = write.guests_can_invite
    if write.guests_can_modify is not None:
        body["guestsCanModify"] = write.guests_can_modify
    if write.description is not None:
        body["description"] = write.description
    if write.private_properties:
        body["extendedProperties"] = {"private": dict(write.private_properties)}
    return body


def is_all_day(raw: dict[str, Any]) -> bool:
    return any("date" in (raw.get(name) or _NOTHING) for name in ("start", "originalStartTime"))


_NOTHING: dict[str, Any] = {}

_EVENT_TYPES: dict[str, type] = {
    "id": str,
    "etag": str,
    "status": str,
    "summary": str,
    "description": str,
    "recurrence": list,
    "recurringEventId": str,
    "originalStartTime": dict,
    "start": dict,
    "end": dict,
    "organizer": dict,
    "attendees": list,
    "attendeesOmitted": bool,
    "guestsCanInviteOthers": bool,
    "guestsCanModify": bool,
    "extendedProperties": dict,
}
_GUEST_TYPES: dict[str, type] = {
    "email": str,
    "displayName": str,
    "responseStatus": str,
    "optional": bool,
    "resource": bool,
    "organizer": bool,
    "additionalGuests": int,
}
_TIME_TYPES: dict[str, type] = {"date": str, "dateTime": str, "timeZone": str}
_ORGANIZER_TYPES: dict[str, type] = {"email": str, "self": bool}
_PROPERTY_TYPES: dict[str, type] = {"private": dict}


def _checked(raw: Any, types: dict[str, type]) -> dict[str, Any]:
    """One pass over what is there, instead of a question for everything that might be: most of it never is."""
    if type(raw) is not dict:
        raise Contradiction("a part of an event is no object")
    for name, value in raw.items():
        if name in types and type(value) is not types[name]:
            raise Contradiction(f"{name} is of another type")
    return raw


def _guest(entry: Any) -> Guest:
    get = _checked(entry, _GUEST_TYPES).get
    plus_ones = get("additionalGuests", 0)
    if plus_ones < 0:
        raise Contradiction("a count is negative")
    return Guest(
        fold_address(get("email", "")) or None,
        get("displayName"),
        get("responseStatus", "needsAction"),
        get("optional", False),
        get("resource", False),
        get("organizer", False),
        plus_ones,
        entry,
    )


def _instant(when: dict[str, Any], zone: str) -> datetime | None:
    """In UTC; an all-day date is its midnight in the zone."""
    if not when:
        return None
    try:
        if "date" in when:
            day = date.fromisoformat(when["date"])
            return datetime(day.year, day.month, day.day, tzinfo=_zone(zone)).astimezone(UTC)
        instant = datetime.fromisoformat(when["dateTime"])
        return (instant if instant.tzinfo else instant.replace(tzinfo=_zone(zone))).astimezone(UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Contradiction("a time cannot be read") from None


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Contradiction("a time zone is unknown") from None


def _texts(lines: Sequence[Any]) -> tuple[str, ...]:
    if not all(isinstance(line, str) for line in lines):
        raise Contradiction("a rule is no text")
    return tuple(lines)


def _properties(extended: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = _checked(extended, _PROPERTY_TYPES).get("private", {})
    if not all(isinstance(value, str) for value in found.values()):
        raise Contradiction("a property is no text")
    return found
