"""An event as one calendar shows it (items 21, 42 and 45)."""

from __future__ import annotations

import base64
import json
from typing import Any

from . import fields, recurrence, times
from .copies import Calendar, Copy
from .fields import Mask
from .world import World

Event = dict[str, Any]

_DEFAULTS = {
    "guestsCanInviteOthers": True,
    "guestsCanModify": False,
    "guestsCanSeeOtherGuests": True,
    "visibility": "default",
    "transparency": "opaque",
    "locked": False,
    "privateCopy": False,
}
_AS_STORED = (
    "summary", "description", "location", "recurrence", "recurringEventId", "sequence",
    "visibility", "guestsCanInviteOthers", "guestsCanModify", "guestsCanSeeOtherGuests",
    "locked", "privateCopy", "attachments", "source", "hangoutLink", "conferenceData",
)  # fmt: skip
_AS_KEPT = ("colorId", "transparency")
_BEFORE_ANSWER = ("email", "displayName", "id")
_AFTER_ANSWER = ("resource", "optional", "responseStatus", "comment", "additionalGuests", "asyncOperation")


def encoded(world: World, calendar: Calendar, copy: Copy, mask: Mask | None, name: str) -> bytes:
    """The JSON of an event under a mask, kept with the copy until it changes; `name` tells masks apart."""
    if copy.pending_reads or copy.expanding_reads:
        return _json(fields.masked(event(world, calendar, copy, counts_as_read=True), mask))
    known = copy.rendered.get(name)
    if known is None:
        known = copy.rendered[name] = _json(fields.masked(event(world, calendar, copy), mask))
    return known


def event(
    world: World,
    calendar: Calendar,
    copy: Copy,
    *,
    zone: str | None = None,
    max_attendees: int | None = None,
    counts_as_read: bool = False,
) -> Event:
    """The whole event; details are kept for a deleted one on its organiser's calendar (item 42)."""
    shared = {**copy.shared, **copy.local}
    zone = zone or calendar.time_zone
    shown: Event = {
        "kind": "calendar#event",
        "etag": copy.etag,
        "id": copy.id,
        "status": "cancelled" if copy.cancelled else shared.get("status", "confirmed"),
        "htmlLink": html_link(copy.id, calendar.id),
        "created": shared["created"],
        "updated": copy.updated,
        "creator": _person(shared["creator"], calendar),
        "organizer": _person(shared["organizer"], calendar),
        "start": times.shown(shared["start"], zone),
        "end": times.shown(shared["end"], zone),
        "iCalUID": shared["iCalUID"],
        "eventType": shared.get("eventType", "default"),
        "reminders": copy.private.get("reminders", {"useDefault": True}),
    }
    for source, names in ((shared, _AS_STORED), (copy.private, _AS_KEPT)):
        for field in names:
            if field in source and source[field] != _DEFAULTS.get(field):
                shown[field] = source[field]
    if "originalStartTime" in shared:
        shown["originalStartTime"] = times.shown(shared["originalStartTime"], zone)
    _add_properties(shown, copy)
    _add_attendees(shown, world, calendar, copy, shared, max_attendees, counts_as_read)
    if counts_as_read and copy.pending_reads:
        _show_pending(shown, copy)
    return shown


def bare(copy: Copy) -> Event:
    """Item 42: what is guaranteed of a cancelled event, and nothing else."""
    shown: Event = {"kind": "calendar#event", "etag": copy.etag, "id": copy.id, "status": "cancelled"}
    if copy.is_exception:
        shown["recurringEventId"] = copy.shared["recurringEventId"]
        shown["originalStartTime"] = copy.shared["originalStartTime"]
    return shown


def busy(shown: Event) -> Event:
    """Item 14: all that a reader of free and busy times learns."""
    names = ("kind", "etag", "id", "status", "start", "end")
    return {name: shown[name] for name in names if name in shown} | {"visibility": "private"}


def instance(series: Copy, original: times.EventTime) -> Copy:
    """An unmodified instance, made up for reading; its etag is the series' (item 25)."""
    shared = {name: value for name, value in series.shared.items() if name != "recurrence"}
    shared["start"] = original
    shared["end"] = recurrence.end_for(series.shared["start"], series.shared["end"], original)
    shared["recurringEventId"] = series.id
    shared["originalStartTime"] = original
    made = Copy(
        calendar=series.calendar,
        id=recurrence.instance_id(series.id, original),
        shared=shared,
        private=series.private,
        local={name: v for name, v in series.local.items() if name not in ("start", "end", "recurrence")},
    )
    made.seq, made.born, made.updated, made.etag = series.seq, series.born, series.updated, series.etag
    made.changed = series.changed
    return made


def html_link(event_id: str, calendar_id: str) -> str:
    eid = base64.urlsafe_b64encode(f"{event_id} {calendar_id}".encode()).decode().rstrip("=")
    return f"https://www.google.com/calendar/event?eid={eid}"


def _add_properties(shown: Event, copy: Copy) -> None:
    properties = {}
    if copy.private.get("properties"):
        properties["private"] = copy.private["properties"]
    if copy.shared.get("properties"):
        properties["shared"] = copy.shared["properties"]
    if properties:
        shown["extendedProperties"] = properties


def _add_attendees(
    shown: Event,
    world: World,
    calendar: Calendar,
    copy: Copy,
    shared: dict[str, Any],
    most: int | None,
    counts_as_read: bool,
) -> None:
    guests = shared.get("attendees")
    if not guests:
        return
    printed = [_guest(world, calendar, shared, guest) for guest in guests]
    hidden = not shared.get("guestsCanSeeOtherGuests", True) and not copy.is_organizer
    if hidden or (most is not None and len(printed) > most):
        shown["attendeesOmitted"] = True
        printed = [guest for guest in printed if guest.get("self")]
    if copy.expanding_reads:
        for guest in printed:
            if world.canonical(guest.get("email", "")) in world.groups:
                guest["asyncOperation"] = "inProgress"
        if counts_as_read:
            copy.expanding_reads -= 1
    if printed:
        shown["attendees"] = printed


def _guest(world: World, calendar: Calendar, shared: dict[str, Any], guest: Event) -> Event:
    printed = {name: guest[name] for name in _BEFORE_ANSWER if name in guest}
    canonical = world.canonical(guest.get("email", ""))
    if canonical == shared["organizer"]["email"]:
        printed["organizer"] = True
    if canonical == calendar.id:
        printed["self"] = True
    for name in _AFTER_ANSWER:
        if name in guest and guest[name] not in (False, 0):
            printed[name] = guest[name]
    return printed


def _person(person: Event, calendar: Calendar) -> Event:
    return {**person, "self": True} if person["email"] == calendar.id else dict(person)


def _show_pending(shown: Event, copy: Copy) -> None:
    """Item 54: a conference that Google is still making has no address yet."""
    copy.pending_reads -= 1
    data = shown.get("conferenceData")
    if data:
        request = {**data.get("createRequest", {}), "status": {"statusCode": "pending"}}
        shown["conferenceData"] = {"createRequest": request}
        shown.pop("hangoutLink", None)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
