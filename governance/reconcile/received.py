"""What a calendar sent, from Google's spelling to our values, and kept as it came where nobody has asked yet.

A first listing brings thousands of events, and most of them are not looked at before something changes. So
a listing is *checked* event by event, with all that reading would refuse, and stored as it was received;
whoever judges a meeting reads its few events (`stored_event`). That is why this lies beside `observed`
and not in `governance/calendar/`, which is where everything else that Google has its own way with is known.

Google leaves fields at their default out: without a flag guests may invite others, may not modify, an
event is confirmed, a guest has not answered (Calendar API, events). A field that is there with the
wrong type is no default, and the event is not believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from governance.domain.people import fold_address
from governance.reconcile.observed import Guest, ObservedEvent


class Contradiction(Exception):
    """Why an answer cannot be true, as the end of a sentence."""


class ReceivedEvent(NamedTuple):
    """An event as a listing brought it: it can be read, and what decides whether to keep it is read already.

    A tuple, because a listing makes thousands of them. `stored` is JSON from which `stored_event` reads it: the
    event's own, as it was received, and the zone of its calendar.
    """

    id: str
    etag: str
    status: str
    series_id: str | None
    original_start: datetime | None
    end: datetime | None
    is_recurring: bool
    organizer_is_calendar: bool
    stored: str

    @property
    def is_cancelled(self) -> bool:
        return self.status == "cancelled"

    def read(self) -> ObservedEvent:
        return stored_event(json.loads(self.stored))

    def to_stored(self) -> str:
        return self.stored


ListedEvent = ReceivedEvent | ObservedEvent
"""Both can be stored, and tell enough for that; `read` is what a judgement needs."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A complete answer to one listing of a calendar: every page was believed."""

    events: tuple[ListedEvent, ...]
    sync_token: str
    is_full: bool
    access_role: str
    had_items: bool
    """Whether Google sent any item at all, ours or not: only then the new token is worth storing."""
    passed_over: frozenset[str] = frozenset()
    """Governed events that were among the items and cannot be read."""


def stored_event(body: Mapping[str, Any]) -> ObservedEvent:
    """The event of a stored picture: as a listing brought it, or translated where it was read by itself."""
    if "received" in body:
        return observed_event(body["received"], time_zone=body["time_zone"])
    return ObservedEvent.from_json(body)


def received_event(raw: dict[str, Any], text: str, *, time_zone: str) -> ReceivedEvent:
    """The event unread, after everything that `observed_event` would refuse was looked for.

    Raises Contradiction.
    """
    get = _checked(raw, _EVENT_TYPES).get
    original_start, _, end, _ = _times(get, time_zone)
    organizer = _checked(get("organizer", _NOTHING), _ORGANIZER_TYPES)
    _check_guests(get("attendees", ()))
    _properties(get("extendedProperties", _NOTHING))
    return ReceivedEvent(
        raw["id"],
        get("etag", ""),
        get("status", "confirmed"),
        get("recurringEventId"),
        original_start,
        end,
        bool(_texts(get("recurrence", ()))),
        organizer.get("self", False),
        f'{{"time_zone": {_quoted(time_zone)}, "received": {text}}}',
    )


def observed_event(raw: dict[str, Any], *, time_zone: str) -> ObservedEvent:
    """The event, or the bare form of a cancelled one. `time_zone` is the calendar's, for all-day events.

    Raises Contradiction.
    """
    get = _checked(raw, _EVENT_TYPES).get
    original_start, start, end, zone = _times(get, time_zone)
    organizer = _checked(get("organizer", _NOTHING), _ORGANIZER_TYPES)
    return ObservedEvent(
        id=raw["id"],
        etag=get("etag", ""),
        status=get("status", "confirmed"),
        summary=get("summary", ""),
        recurrence=_texts(get("recurrence", ())),
        series_id=get("recurringEventId"),
        original_start=original_start,
        start=start,
        end=end,
        all_day="date" in _placed(get),
        time_zone=zone,
        organizer=fold_address(organizer.get("email", "")) or None,
        organizer_is_calendar=organizer.get("self", False),
        guests=tuple([_guest(entry) for entry in get("attendees", ())]),
        guests_omitted=get("attendeesOmitted", False),
        guests_can_invite=get("guestsCanInviteOthers", True),
        guests_can_modify=get("guestsCanModify", False),
        description=get("description", ""),
        private_properties=_properties(get("extendedProperties", _NOTHING)),
    )


def is_all_day(raw: dict[str, Any]) -> bool:
    return any("date" in (raw.get(name) or _NOTHING) for name in ("start", "originalStartTime"))


_quoted = lru_cache(maxsize=256)(json.dumps)
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
_GUEST_NUMBERS = frozenset(name for name, kind in _GUEST_TYPES.items() if kind is not str)
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


def _check_guests(entries: Sequence[Any]) -> None:
    """Refuse what `_guest` would. Most of what a calendar sends are guests, and most of them are texts alone."""
    for entry in entries:
        if type(entry) is not dict:
            raise Contradiction("a guest is no object")
        for name, value in entry.items():
            if type(value) is not str or name in _GUEST_NUMBERS:
                _guest(entry)
                break


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


def _placed(get: Callable[..., Any]) -> dict[str, Any]:
    """What says where the event lies: a cancelled one has its original start alone."""
    placed: dict[str, Any] = get("start") or get("originalStartTime", _NOTHING)
    return placed


def _times(get: Callable[..., Any], time_zone: str) -> tuple[datetime | None, datetime | None, datetime | None, str]:
    """Original start, start and end, and the zone of the event."""
    zone = _checked(_placed(get), _TIME_TYPES).get("timeZone") or time_zone
    return (
        _instant(get("originalStartTime", _NOTHING), zone),
        _instant(get("start", _NOTHING), zone),
        _instant(get("end", _NOTHING), zone),
        zone,
    )


def _instant(when: dict[str, Any], zone: str) -> datetime | None:
    """In UTC; an all-day date is its midnight in the zone."""
    if not when:
        return None
    try:
        return _midnight(when["date"], zone) if "date" in when else _moment(when["dateTime"], zone)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Contradiction("a time cannot be read") from None


# Remembered, because most exceptions lie where they were: they begin at their original start.
@lru_cache(maxsize=256)
def _midnight(written: str, zone: str) -> datetime:
    day = date.fromisoformat(written)
    return datetime(day.year, day.month, day.day, tzinfo=_zone(zone)).astimezone(UTC)


@lru_cache(maxsize=256)
def _moment(written: str, zone: str) -> datetime:
    instant = datetime.fromisoformat(written)
    return (instant if instant.tzinfo else instant.replace(tzinfo=_zone(zone))).astimezone(UTC)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Contradiction("a time zone is unknown") from None


def _texts(lines: Sequence[Any]) -> tuple[str, ...]:
    if lines and not all(map(_is_text, lines)):
        raise Contradiction("a rule is no text")
    return tuple(lines)


def _properties(extended: dict[str, Any]) -> dict[str, str]:
    if not extended:
        return {}
    found: dict[str, str] = _checked(extended, _PROPERTY_TYPES).get("private", {})
    if not all(map(_is_text, found.values())):
        raise Contradiction("a property is no text")
    return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
