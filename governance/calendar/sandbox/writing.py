"""insert, patch, update, delete, move and import (items 19, 22, 26, 27, 34, 47 to 52)."""

from __future__ import annotations

import re
from typing import Any

from . import changing, composing, outbox
from .calls import Call
from .clock import stamp
from .copies import Calendar, Copy
from .errors import Refusal, duplicate, gone, invalid, precondition_failed, required
from .finding import found, is_stored
from .guest_writing import change_as_guest, leave

_ID = re.compile(r"^[a-v0-9]{5,1024}$")
_TYPES = ("default", "outOfOffice", "focusTime", "workingLocation", "birthday")


def insert(call: Call, calendar: Calendar, *, imported: bool = False) -> Copy:
    body = composing.merged({}, call.content())
    _refuse_service_account(call, body)
    event_id = _new_id(call, calendar, body)
    if imported and not body.get("iCalUID"):
        raise required("iCalUID")
    draft = Copy(calendar.id, event_id, _identity(call, calendar, event_id, body, imported=imported))
    shared, private = composing.composed(call, calendar, draft, body, body)
    copy = changing.commit(call.world, draft, shared, private, by=call.by, act=call.route)
    _wait_for_conference(call, copy, before=None)
    _notify(call, copy, before=None)
    return copy


def change(call: Call, calendar: Calendar, event_id: str, *, replaces: bool) -> Copy:
    """patch and update: of the organiser's copy, or of a guest's own."""
    body = call.content()
    copy = found(call.world, calendar, event_id)
    require_match(call, copy)
    _refuse_service_account(call, body)
    if body.get("status") == "cancelled":
        _cancel(call, calendar, copy)
        return calendar.copies[event_id]
    if not copy.is_organizer:
        return change_as_guest(call, calendar, copy, body, replaces=replaces)
    return change_as_organizer(call, calendar, copy, body, replaces=replaces)


def change_as_organizer(call: Call, calendar: Calendar, copy: Copy, body: dict[str, Any], *, replaces: bool) -> Copy:
    wanted = composing.merged({} if replaces else composing.writable(copy), body)
    before = copy.shared
    shared, private = composing.composed(call, calendar, copy, wanted, body)
    target = copy if is_stored(calendar, copy) else _own_copy(copy)
    stays_cancelled = copy.cancelled and body.get("status") != "confirmed"
    changing.commit(call.world, target, shared, private, by=call.by, act=call.route, cancelled=stays_cancelled)
    if not is_stored(calendar, target):
        return copy
    _wait_for_conference(call, target, before=before)
    _notify(call, target, before=before)
    return target


def delete(call: Call, calendar: Calendar, event_id: str) -> None:
    copy = found(call.world, calendar, event_id)
    require_match(call, copy)
    if copy.cancelled:
        raise gone()
    _cancel(call, calendar, copy)


def move(call: Call, calendar: Calendar, event_id: str, destination: Calendar) -> Copy:
    """Item 34: the source answers with its cancelled stub; guests follow the new organiser."""
    copy = found(call.world, calendar, event_id)
    require_match(call, copy)
    if copy.shared.get("eventType", "default") != "default" or copy.is_exception:
        raise invalid("The event type cannot be moved.", reason="eventTypeRestriction")
    if not copy.is_organizer:
        raise Refusal(403, "forbiddenForNonOrganizer", "Only the organizer can move an event.", "calendar")
    changing.hand_over(call.world, copy, destination, by=call.by, act=call.route)
    _notify(call, copy, before=copy.shared)
    return copy


def require_match(call: Call, copy: Copy) -> None:
    """Item 51: `If-Match` is the etag of exactly this copy, or `*`."""
    wanted = call.headers.get("if-match")
    if wanted is not None and wanted.strip() not in ("*", copy.etag):
        raise precondition_failed()


def _new_id(call: Call, calendar: Calendar, body: dict[str, Any]) -> str:
    """Item 19."""
    event_id = body.get("id")
    if event_id is None:
        return call.world.new_event_id()
    # Ids that come from elsewhere (imports, the control acts) follow no rule.
    if not isinstance(event_id, str) or (call.route == "events.insert" and not _ID.match(event_id)):
        raise invalid("Invalid resource id value.", location="id")
    if event_id in calendar.copies:
        raise duplicate()
    return event_id


def _identity(call: Call, calendar: Calendar, event_id: str, body: dict[str, Any], *, imported: bool) -> dict[str, Any]:
    organizer: dict[str, Any] = {"email": calendar.id}
    if calendar.id not in call.world.users:
        organizer["displayName"] = calendar.summary
    if imported and isinstance(body.get("organizer"), dict) and body["organizer"].get("email"):
        organizer = {"email": call.world.canonical(body["organizer"]["email"])}
    return {
        "iCalUID": body.get("iCalUID") or f"{event_id}@google.com",
        "created": stamp(call.world.clock.now()),
        "creator": {"email": call.by},
        "organizer": organizer,
        "sequence": 0,
        **_type(body),
    }


def _type(body: dict[str, Any]) -> dict[str, Any]:
    """Item 22: `fromGmail` cannot be made by a request."""
    kind = body.get("eventType", "default")
    if kind not in _TYPES:
        raise invalid("Invalid event type.", location="eventType")
    return {} if kind == "default" else {"eventType": kind}


def _refuse_service_account(call: Call, body: dict[str, Any]) -> None:
    """Item 13."""
    if call.access.service_account and body.get("attendees"):
        raise Refusal(
            403,
            "forbiddenForServiceAccounts",
            "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.",
            "calendar",
        )


def _own_copy(instance: Copy) -> Copy:
    """Item 26: the instance as a stored exception of its own."""
    return Copy(instance.calendar, instance.id, instance.shared, dict(instance.private))


def _cancel(call: Call, calendar: Calendar, copy: Copy) -> None:
    if copy.cancelled:
        return
    before = copy.shared
    target = copy if is_stored(calendar, copy) else _own_copy(copy)
    if not copy.is_organizer:
        leave(call, target)
        return
    quietly = call.world.switches.quiet_delete_keeps_copies and call.text("sendUpdates") in (None, "none")
    changing.cancel(call.world, target, by=call.by, act=call.route, quietly=quietly)
    _notify(call, target, before=before)


def _wait_for_conference(call: Call, copy: Copy, *, before: dict[str, Any] | None) -> None:
    if copy.shared.get("conferenceData") != (before or {}).get("conferenceData"):
        copy.pending_reads = call.world.switches.conference_pending_reads
    copy.rendered.clear()


def _notify(call: Call, copy: Copy, *, before: dict[str, Any] | None) -> None:
    send_updates = call.one_of("sendUpdates", ("all", "externalOnly", "none"))
    if send_updates is None and call.flag("sendNotifications"):
        send_updates = "all"
    outbox.record(call.world, copy, method=call.route, send_updates=send_updates, before=before)
