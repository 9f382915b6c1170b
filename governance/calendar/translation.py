"""From Google's spelling to ours and back.

Google leaves fields at their default out: without a flag guests may invite others, may not modify, an
event is confirmed, a guest has not answered (Calendar API, events). A field that is there with the
wrong type is no default, and the event is not believed.
"""

from __future__ import annotations

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


def observed_event(raw: dict[str, Any], *, time_zone: str) -> ObservedEvent:
    """The event, or the bare form of a cancelled one. `time_zone` is the calendar's, for all-day events.

    Raises Contradiction.
    """
    start, original = _object(raw, "start"), _object(raw, "originalStartTime")
    placed = start or original
    zone = _text(placed, "timeZone") or time_zone
    organizer = _object(raw, "organizer")
    return ObservedEvent(
        id=raw["id"],
        etag=_text(raw, "etag"),
        status=_text(raw, "status") or "confirmed",
        summary=_text(raw, "summary"),
        recurrence=_texts(raw, "recurrence"),
        series_id=_text(raw, "recurringEventId") or None,
        original_start=_instant(original, zone),
        start=_instant(start, zone),
        end=_instant(_object(raw, "end"), zone),
        all_day="date" in placed,
        time_zone=zone,
        organizer=fold_address(_text(organizer, "email")) or None,
        organizer_is_calendar=_flag(organizer, "self"),
        guests=_guests(raw),
        guests_omitted=_flag(raw, "attendeesOmitted"),
        guests_can_invite=_flag(raw, "guestsCanInviteOthers", absent=True),
        guests_can_modify=_flag(raw, "guestsCanModify"),
        description=_text(raw, "description"),
        private_properties=_properties(raw),
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
    return any("date" in _object(raw, name) for name in ("start", "originalStartTime"))


def _guests(raw: dict[str, Any]) -> tuple[Guest, ...]:
    entries = raw.get("attendees", [])
    if not isinstance(entries, list):
        raise Contradiction("a guest list is no list")
    return tuple(_guest(entry) for entry in entries)


def _guest(entry: Any) -> Guest:
    if not isinstance(entry, dict):
        raise Contradiction("a guest is no object")
    return Guest(
        address=fold_address(_text(entry, "email")) or None,
        name=_text(entry, "displayName") or None,
        answer=_text(entry, "responseStatus") or "needsAction",
        optional=_flag(entry, "optional"),
        resource=_flag(entry, "resource"),
        organizer=_flag(entry, "organizer"),
        plus_ones=_count(entry, "additionalGuests"),
        received=entry,
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


def _properties(raw: dict[str, Any]) -> dict[str, str]:
    found = _object(_object(raw, "extendedProperties"), "private")
    if not all(isinstance(value, str) for value in found.values()):
        raise Contradiction("a property is no text")
    return found


def _object(raw: dict[str, Any], name: str) -> dict[str, Any]:
    found = raw.get(name)
    if found is None and name not in raw:
        return {}
    if not isinstance(found, dict):
        raise Contradiction(f"{name} is no object")
    return found


def _text(raw: dict[str, Any], name: str) -> str:
    found = raw.get(name, "")
    if not isinstance(found, str):
        raise Contradiction(f"{name} is no text")
    return found


def _texts(raw: dict[str, Any], name: str) -> tuple[str, ...]:
    found = raw.get(name, [])
    if not isinstance(found, list) or not all(isinstance(line, str) for line in found):
        raise Contradiction(f"{name} is no list of texts")
    return tuple(found)


def _flag(raw: dict[str, Any], name: str, *, absent: bool = False) -> bool:
    found = raw.get(name, absent)
    if not isinstance(found, bool):
        raise Contradiction(f"{name} is neither true nor false")
    return found


def _count(raw: dict[str, Any], name: str) -> int:
    found = raw.get(name, 0)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise Contradiction(f"{name} is no count")
    return found
