"""What a caller may do with a calendar (item 14)."""

from __future__ import annotations

from .auth import owned_only
from .calls import Call
from .copies import Calendar
from .errors import Refusal, forbidden, not_found

_READ = ("reader", "writerWithoutPrivateAccess", "writer", "owner")
_WRITE = ("writerWithoutPrivateAccess", "writer", "owner")


def reached(call: Call, calendar_id: str) -> Calendar:
    """The calendar in a path; `primary` is the caller's own (item 1)."""
    return call.world.calendar(call.by if calendar_id == "primary" else calendar_id)


def role_of(call: Call, calendar: Calendar) -> str:
    """404, as for a calendar that does not exist, when the caller has no access to it."""
    role = "owner" if call.by == calendar.owner else _shared_role(call, calendar)
    if role == "none" or (owned_only(call.access, call.route) and role != "owner"):
        raise not_found()
    return role


def require_reader(call: Call, calendar: Calendar) -> str:
    role = role_of(call, calendar)
    if role not in _READ:
        raise forbidden()
    return role


def require_writer(call: Call, calendar: Calendar) -> str:
    role = role_of(call, calendar)
    if role in _WRITE:
        return role
    message = "You need to have writer access to this calendar."
    if call.world.switches.access_refusal == "requiredAccessLevel":
        raise Refusal(403, "requiredAccessLevel", message, "calendar")
    raise forbidden(message)


def _shared_role(call: Call, calendar: Calendar) -> str:
    domain = call.by.rpartition("@")[2]
    for scope in (call.by, domain, "default"):
        if scope in calendar.acl:
            return calendar.acl[scope]
    return "none"
