"""From the present event and a request's body to the event that shall be (items 22, 23, 47, 53 to 55)."""

from __future__ import annotations

import secrets
from typing import Any

from . import guests, recurrence, times
from .calls import Call
from .copies import Calendar, Copy
from .errors import forbidden, invalid

Body = dict[str, Any]

_FIXED = (
    "iCalUID", "created", "creator", "organizer", "recurringEventId", "originalStartTime",
    "eventType", "locked", "privateCopy", "hangoutLink", "conferenceData", "sequence",
)  # fmt: skip
_TEXTS = ("summary", "description", "location", "visibility", "status")
_FLAGS = {"guestsCanInviteOthers": True, "guestsCanModify": False, "guestsCanSeeOtherGuests": True}
_LOCKED = ("summary", "description", "location", "start", "end", "recurrence")
_PRIVATE = ("reminders", "colorId", "transparency")
_CODE = "abcdefghijkmnopqrstuvwxyz"


def merged(present: Body, change: Body) -> Body:
    """Item 47: objects are merged, arrays and values replaced, `null` deletes."""
    result = dict(present)
    for name, value in change.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            inner = result.get(name)
            result[name] = merged(inner if isinstance(inner, dict) else {}, value)
        else:
            result[name] = value
    return result


def writable(copy: Copy) -> Body:
    """The event as a request would write it."""
    shared = copy.shared
    body = {
        name: shared[name]
        for name in (*_TEXTS, *_FLAGS, "start", "end", "recurrence", "attendees", "attachments", "source")
        if name in shared
    }
    body.update({name: copy.private[name] for name in _PRIVATE if name in copy.private})
    body["extendedProperties"] = {
        "shared": shared.get("properties", {}),
        "private": copy.private.get("properties", {}),
    }
    return body


def composed(
    call: Call, calendar: Calendar, copy: Copy, wanted: Body, given: Body
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(shared, private) of the organiser's copy after the write, validated; `given` is the raw body."""
    shared = {name: copy.shared[name] for name in _FIXED if name in copy.shared}
    _refuse_fixed(copy, given)
    _add_simple(shared, wanted)
    _add_times(shared, wanted, calendar)
    _add_guests(call, shared, copy, wanted, given)
    _add_attachments(call, shared, copy, wanted)
    _add_conference(call, shared, given)
    _refuse_locked(copy, shared)
    private = private_part(copy, wanted)
    both = wanted.get("extendedProperties") or {}
    if properties := _properties(both.get("shared")):
        shared["properties"] = properties
    _refuse_crowd(shared, private)
    return shared, private


def private_part(copy: Copy, wanted: Body) -> dict[str, Any]:
    """Item 16: what belongs to this copy alone."""
    private = {name: wanted[name] for name in _PRIVATE if name in wanted}
    both = wanted.get("extendedProperties") or {}
    if properties := _properties(both.get("private")):
        private["properties"] = properties
    overrides = (private.get("reminders") or {}).get("overrides", [])
    if len(overrides) > 5:
        raise invalid("Too many reminders.", location="reminders")
    return private


def _refuse_fixed(copy: Copy, given: Body) -> None:
    """Item 22: read-only fields are ignored, but these may not even be asked for."""
    for name, default in (("eventType", "default"), ("privateCopy", False)):
        if name in given and given[name] != copy.shared.get(name, default):
            raise invalid(f"Cannot change {name}.", location=name)


def _add_simple(shared: dict[str, Any], wanted: Body) -> None:
    for name in _TEXTS:
        if name in wanted:
            shared[name] = wanted[name]
    for name, default in _FLAGS.items():
        if wanted.get(name, default) != default:
            shared[name] = wanted[name]
    if shared.get("status", "confirmed") not in ("confirmed", "tentative", "cancelled"):
        raise invalid("Invalid status.", location="status")
    if shared.get("status") == "confirmed":
        del shared["status"]
    if "source" in wanted:
        shared["source"] = wanted["source"]


def _add_times(shared: dict[str, Any], wanted: Body, calendar: Calendar) -> None:
    if "start" not in wanted or "end" not in wanted:
        missing = "start" if "start" not in wanted else "end"
        raise invalid(f"Missing {missing} time.", location=missing, reason="required")
    for name in ("start", "end"):
        shared[name] = times.normalised(wanted[name], default_zone=calendar.time_zone)
    times.require_order(shared["start"], shared["end"])
    lines = wanted.get("recurrence")
    if not lines or "recurringEventId" in shared:
        return
    if "dateTime" in shared["start"] and not wanted["start"].get("timeZone"):
        raise invalid("Missing time zone definition for start time.", reason="required")
    recurrence.require_valid(shared["start"], lines)
    shared["recurrence"] = list(lines)


def _add_guests(call: Call, shared: dict[str, Any], copy: Copy, wanted: Body, given: Body) -> None:
    before = copy.shared.get("attendees", [])
    if given.get("attendeesOmitted"):
        # Item 50: the sender has not seen the whole list, so only his own answer is taken.
        after = guests.own_answer(call.world, given.get("attendees"), before, call.by)
    elif "attendees" in given or "attendees" not in wanted:
        organizer = copy.shared["organizer"]["email"]
        after = guests.written(call.world, wanted.get("attendees", []), before, organizer)
    else:
        after = before
    if after:
        shared["attendees"] = after


def _add_attachments(call: Call, shared: dict[str, Any], copy: Copy, wanted: Body) -> None:
    """Item 54: a client that does not say it supports attachments neither makes nor loses any."""
    supported = call.flag("supportsAttachments")
    attachments = (wanted if supported else copy.shared).get("attachments")
    if attachments and len(attachments) > 25:
        raise invalid("Too many attachments.", location="attachments")
    if attachments:
        shared["attachments"] = attachments


def _add_conference(call: Call, shared: dict[str, Any], given: Body) -> None:
    """Item 54: version 0 does not understand conferences and leaves them alone."""
    if call.text("conferenceDataVersion") != "1":
        return
    if "conferenceData" not in given:
        if call.route == "events.update":
            _drop_conference(shared)
        return
    if given["conferenceData"] is None:
        _drop_conference(shared)
        return
    request = given["conferenceData"].get("createRequest")
    if request and request.get("requestId") not in call.world.conference_requests:
        call.world.conference_requests.add(request.get("requestId"))
        _make_conference(shared, request)


def _drop_conference(shared: dict[str, Any]) -> None:
    shared.pop("conferenceData", None)
    shared.pop("hangoutLink", None)


def _make_conference(shared: dict[str, Any], request: Body) -> None:
    letters = "".join(secrets.choice(_CODE) for _ in range(10))
    code = f"{letters[:3]}-{letters[3:7]}-{letters[7:]}"
    link = f"https://meet.google.com/{code}"
    shared["hangoutLink"] = link
    shared["conferenceData"] = {
        "createRequest": {
            "requestId": request.get("requestId"),
            "conferenceSolutionKey": {"type": "hangoutsMeet"},
            "status": {"statusCode": "success"},
        },
        "entryPoints": [{"entryPointType": "video", "uri": link, "label": link[8:]}],
        "conferenceSolution": {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"},
        "conferenceId": code,
    }


def _refuse_locked(copy: Copy, shared: dict[str, Any]) -> None:
    """Item 53."""
    if copy.shared.get("locked") and any(copy.shared.get(name) != shared.get(name) for name in _LOCKED):
        raise forbidden("The event is locked.")


def _properties(given: Any) -> dict[str, str]:
    """Item 55: long keys are dropped, long values cut."""
    return {key: value[:1024] for key, value in (given or {}).items() if len(key) <= 44}


def _refuse_crowd(shared: dict[str, Any], private: dict[str, Any]) -> None:
    every = [*shared.get("properties", {}).items(), *private.get("properties", {}).items()]
    size = sum(len(key.encode()) + len(value.encode()) for key, value in every)
    if len(every) > 300 or size > 32 * 1024:
        raise invalid("Extended properties are too large.", location="extendedProperties")
