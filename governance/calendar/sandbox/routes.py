"""From a method and a path to what answers it (items 1, 6 and 51)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from . import access, auth, channels, directory, fields, finding, gmail, listing, rendering, vocabulary, writing
from .calls import Call
from .copies import Calendar, Copy
from .errors import forbidden
from .fields import Mask
from .world import World

JSON = "application/json; charset=UTF-8"
_CALENDAR = ("calendar", "v3")
_DIRECTORY = ("admin", "directory", "v1")
_GMAIL = ("gmail", "v1", "users")


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def route_of(method: str, path: str) -> tuple[str, tuple[str, ...]]:
    """(the method's name in Google's documentation, the ids in the path); ("", ()) for none."""
    if path == "/token":
        return ("token" if method == "POST" else ""), ()
    parts = tuple(unquote(part) for part in path.strip("/").split("/"))
    if parts[:2] == _CALENDAR:
        return _calendar_route(method, parts[2:])
    if parts[:3] == _DIRECTORY:
        return _directory_route(method, parts[3:])
    if parts[:3] == _GMAIL:
        return _gmail_route(method, parts[3:])
    return "", ()


def perform(call: Call) -> Answer:
    """Carry the call out; refusals are raised. The caller holds the world's lock."""
    auth.require_scope(call.access, call.route)
    text = call.text("fields")
    mask = vocabulary.selected(call.route, text) if text else None
    result = _HANDLERS[call.route](call, mask, text or "")
    if isinstance(result, Answer):
        return result
    return Answer(200, _json(fields.masked(result, mask)))


def token_answer(world: World, form: bytes) -> Answer:
    try:
        return Answer(200, _json(auth.granted(world, form)))
    except auth.TokenError as refused:
        return Answer(refused.status, refused.body())


def _calendar_route(method: str, parts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    match (method, *parts):
        case ("GET", "calendars", calendar, "events"):
            return "events.list", (calendar,)
        case ("POST", "calendars", calendar, "events"):
            return "events.insert", (calendar,)
        case ("POST", "calendars", calendar, "events", "import"):
            return "events.import", (calendar,)
        case ("POST", "calendars", calendar, "events", "watch"):
            return "events.watch", (calendar,)
        case ("POST", "channels", "stop"):
            return "channels.stop", ()
        case ("GET", "calendars", calendar, "events", event):
            return "events.get", (calendar, event)
        case ("PATCH", "calendars", calendar, "events", event):
            return "events.patch", (calendar, event)
        case ("PUT", "calendars", calendar, "events", event):
            return "events.update", (calendar, event)
        case ("DELETE", "calendars", calendar, "events", event):
            return "events.delete", (calendar, event)
        case ("GET", "calendars", calendar, "events", event, "instances"):
            return "events.instances", (calendar, event)
        case ("POST", "calendars", calendar, "events", event, "move"):
            return "events.move", (calendar, event)
        case ("GET", "calendars", calendar):
            return "calendars.get", (calendar,)
        case ("GET", "calendars", calendar, "acl"):
            return "acl.list", (calendar,)
        case ("GET", "users", "me", "calendarList"):
            return "calendarList.list", ()
        case ("GET", "users", "me", "calendarList", calendar):
            return "calendarList.get", (calendar,)
    return "", ()


def _directory_route(method: str, parts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    match (method, *parts):
        case ("GET", "users"):
            return "users.list", ()
        case ("GET", "users", key):
            return "users.get", (key,)
        case ("GET", "groups"):
            return "groups.list", ()
        case ("GET", "groups", key):
            return "groups.get", (key,)
        case ("GET", "groups", key, "members"):
            return "members.list", (key,)
        case ("GET", "groups", key, "hasMember", member):
            return "members.hasMember", (key, member)
    return "", ()


def _gmail_route(method: str, parts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    match (method, *parts):
        case ("POST", user, "messages", "send"):
            return "messages.send", (user,)
        case ("GET", user, "messages"):
            return "messages.list", (user,)
        case ("GET", user, "messages", message):
            return "messages.get", (user, message)
    return "", ()


def _list(call: Call, mask: Mask | None, text: str) -> Answer:
    calendar = access.reached(call, call.names[0])
    role = access.role_of(call, calendar)
    return Answer(200, listing.listed(call, calendar, role, mask, text))


def _instances(call: Call, mask: Mask | None, text: str) -> Answer:
    calendar = access.reached(call, call.names[0])
    role = access.require_reader(call, calendar)
    return Answer(200, listing.instances(call, calendar, call.names[1], role, mask, text))


def _get(call: Call, mask: Mask | None, text: str) -> Answer:
    calendar = access.reached(call, call.names[0])
    access.require_reader(call, calendar)
    copy = finding.found(call.world, calendar, call.names[1])
    if call.headers.get("if-none-match") == copy.etag:
        return Answer(304, headers={"ETag": copy.etag})
    return _printed(call, calendar, copy, mask, text)


def _insert(call: Call, mask: Mask | None, text: str) -> Answer:
    calendar = _writable(call)
    return _printed(call, calendar, writing.insert(call, calendar), mask, text)


def _import(call: Call, mask: Mask | None, text: str) -> Answer:
    calendar = _writable(call)
    return _printed(call, calendar, writing.insert(call, calendar, imported=True), mask, text)


def _patch(call: Call, mask: Mask | None, text: str) -> Answer:
    return _changed(call, mask, text, replaces=False)


def _update(call: Call, mask: Mask | None, text: str) -> Answer:
    return _changed(call, mask, text, replaces=True)


def _changed(call: Call, mask: Mask | None, text: str, *, replaces: bool) -> Answer:
    calendar = _writable(call)
    copy = writing.change(call, calendar, call.names[1], replaces=replaces)
    return _printed(call, calendar, copy, mask, text)


def _delete(call: Call, mask: Mask | None, text: str) -> Answer:
    calendar = _writable(call)
    writing.delete(call, calendar, call.names[1])
    return Answer(204)


def _move(call: Call, mask: Mask | None, text: str) -> Answer:
    calendar = _writable(call)
    destination = access.reached(call, call.text("destination") or "")
    access.require_writer(call, destination)
    copy = writing.move(call, calendar, call.names[1], destination)
    return _printed(call, calendar, copy, mask, text)


def _watch(call: Call, mask: Mask | None, text: str) -> dict[str, Any]:
    calendar = access.reached(call, call.names[0])
    access.role_of(call, calendar)
    return channels.watch(call, calendar)


def _stop(call: Call, mask: Mask | None, text: str) -> Answer:
    channels.stop(call)
    return Answer(204)


def _printed(call: Call, calendar: Calendar, copy: Copy, mask: Mask | None, text: str) -> Answer:
    most, zone = call.number("maxAttendees", default=None), call.text("timeZone")
    if copy.cancelled and (copy.is_exception or not copy.is_organizer) and call.route == "events.get":
        body = _json(fields.masked(rendering.bare(copy), mask))
    elif most is None and zone is None:
        body = rendering.encoded(call.world, calendar, copy, mask, text and f"get {text}")
    else:
        shown = rendering.event(call.world, calendar, copy, zone=zone, max_attendees=most)
        body = _json(fields.masked(shown, mask))
    return Answer(200, body, headers={"ETag": copy.etag})


def _writable(call: Call) -> Calendar:
    """The calendar of a write whose parameters make sense; nothing is applied before both are sure."""
    call.one_of("sendUpdates", ("all", "externalOnly", "none"))
    call.number("maxAttendees", default=None)
    calendar = access.reached(call, call.names[0])
    access.require_writer(call, calendar)
    return calendar


def _calendar(call: Call, mask: Mask | None, text: str) -> dict[str, Any]:
    calendar = access.reached(call, call.names[0])
    access.role_of(call, calendar)
    return {
        "kind": "calendar#calendar",
        "etag": f'"c{calendar.id}"',
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.time_zone,
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
    }


def _calendar_list(call: Call, mask: Mask | None, text: str) -> dict[str, Any]:
    seen = [_entry(call, c) for c in call.world.calendars.values() if _is_shared(call, c)]
    return {"kind": "calendar#calendarList", "etag": '"l0"', "nextSyncToken": "l0", "items": seen}


def _calendar_list_entry(call: Call, mask: Mask | None, text: str) -> dict[str, Any]:
    calendar = access.reached(call, call.names[0])
    access.role_of(call, calendar)
    return _entry(call, calendar)


def _entry(call: Call, calendar: Calendar) -> dict[str, Any]:
    entry = {
        "kind": "calendar#calendarListEntry",
        "etag": f'"e{calendar.id}"',
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.time_zone,
        "accessRole": access.role_of(call, calendar),
        "defaultReminders": [],
        "selected": True,
    }
    return {**entry, "primary": True} if calendar.id == call.by else entry


def _is_shared(call: Call, calendar: Calendar) -> bool:
    return calendar.owner == call.by or call.by in calendar.acl


def _acl(call: Call, mask: Mask | None, text: str) -> dict[str, Any]:
    calendar = access.reached(call, call.names[0])
    if access.role_of(call, calendar) not in ("owner", "writer"):
        raise forbidden()
    rules = [_rule("user", calendar.owner, "owner")] if calendar.owner else []
    for scope, role in calendar.acl.items():
        kind = "default" if scope == "default" else "user" if "@" in scope else "domain"
        rules.append(_rule(kind, scope, role))
    return {"kind": "calendar#acl", "etag": '"a0"', "items": rules}


def _rule(kind: str, value: str, role: str) -> dict[str, Any]:
    scope = {"type": kind} if kind == "default" else {"type": kind, "value": value}
    name = kind if kind == "default" else f"{kind}:{value}"
    return {"kind": "calendar#aclRule", "etag": '"r0"', "id": name, "scope": scope, "role": role}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


_HANDLERS: dict[str, Callable[[Call, Mask | None, str], Any]] = {
    "events.list": _list,
    "events.get": _get,
    "events.insert": _insert,
    "events.import": _import,
    "events.patch": _patch,
    "events.update": _update,
    "events.delete": _delete,
    "events.instances": _instances,
    "events.move": _move,
    "events.watch": _watch,
    "channels.stop": _stop,
    "calendars.get": _calendar,
    "calendarList.list": _calendar_list,
    "calendarList.get": _calendar_list_entry,
    "acl.list": _acl,
    "users.get": lambda call, mask, text: directory.user(call, call.names[0]),
    "users.list": lambda call, mask, text: directory.users(call),
    "groups.get": lambda call, mask, text: directory.group(call, call.names[0]),
    "groups.list": lambda call, mask, text: directory.groups(call),
    "members.list": lambda call, mask, text: directory.members(call, call.names[0]),
    "messages.send": lambda call, mask, text: gmail.send(call),
    "messages.list": lambda call, mask, text: gmail.listed(call),
    "messages.get": lambda call, mask, text: gmail.message(call, call.names[1]),
    "members.hasMember": lambda call, mask, text: directory.has_member(call, *call.names),
}
