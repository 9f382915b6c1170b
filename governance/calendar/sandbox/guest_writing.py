"""What a guest's write on his own copy does, and what of it reaches the organiser (items 16, 33, 52)."""

from __future__ import annotations

from typing import Any

from . import changing, composing, guests
from .calls import Call
from .copies import Calendar, Copy
from .errors import Refusal
from .finding import found, is_stored
from .world import World

_FLAGS = {"guestsCanInviteOthers": True, "guestsCanModify": False, "guestsCanSeeOtherGuests": True}
_SHARED = ("summary", "description", "location", "start", "end", "recurrence", "visibility")


def change_as_guest(call: Call, calendar: Calendar, copy: Copy, body: dict[str, Any], *, replaces: bool) -> Copy:
    _refuse_shared(copy, body, replaces=replaces)
    _keep_private(call, calendar, copy, body, replaces=replaces)
    origin = organizers_copy(call.world, copy)
    if origin is not None:
        _pass_on(call, calendar, copy, origin, body)
    elif not body.get("attendeesOmitted") or "attendees" in body:
        _answer_alone(call, calendar, copy, body)
    if call.world.switches.guest_writes == "local":
        _keep_local(call, calendar, copy, body)
    return found(call.world, calendar, copy.id)


def leave(call: Call, copy: Copy) -> None:
    """A guest who deletes his copy has declined."""
    origin = organizers_copy(call.world, copy)
    copy.cancelled = True
    call.world.keep(copy)
    call.world.record_effect(by=call.by, act=call.route, copy=copy, before=copy.shared, cancelled=True)
    if origin is not None and origin.shared.get("attendees"):
        shared = origin.shared
        changing.answer(call.world, origin, copy.calendar, {"responseStatus": "declined"}, by=call.by)
        mine = call.world.calendars[copy.calendar].copies[copy.id]
        if origin.shared is not shared and not mine.cancelled:
            mine.cancelled = True
            call.world.keep(mine)


def organizers_copy(world: World, copy: Copy) -> Copy | None:
    """The authoritative copy of a guest's one, stored or made up; None when it is out of reach."""
    calendar = world.calendars.get(copy.shared["organizer"]["email"])
    if calendar is None:
        return None
    try:
        origin = found(world, calendar, copy.id)
    except Refusal:
        return None
    return origin if origin.is_organizer and not origin.cancelled else None


def _refuse_shared(copy: Copy, body: dict[str, Any], *, replaces: bool) -> None:
    """Item 52: guest flags are the organiser's; a PUT that omits shared fields would reset them."""
    wanted = {name: body[name] for name in _FLAGS if name in body}
    if replaces:
        wanted = {name: body.get(name, default) for name, default in _FLAGS.items()}
    changes_flag = any(value != copy.shared.get(name, _FLAGS[name]) for name, value in wanted.items())
    omits = replaces and any(name in copy.shared and name not in body for name in _SHARED)
    if changes_flag or omits:
        raise Refusal(
            403,
            "forbiddenForNonOrganizer",
            "Shared properties can only be changed by the organizer of the event.",
            "calendar",
        )


def _keep_private(call: Call, calendar: Calendar, copy: Copy, body: dict[str, Any], *, replaces: bool) -> None:
    wanted = composing.merged({} if replaces else composing.writable(copy), body)
    private = composing.private_part(copy, wanted)
    if private == copy.private:
        return
    target = _stored(call.world, calendar, copy)
    target.private = private
    call.world.keep(target, bump_updated="reminders" not in body)


def _pass_on(call: Call, calendar: Calendar, copy: Copy, origin: Copy, body: dict[str, Any]) -> None:
    """The own answer always; new guests and changes as far as the organiser allows them."""
    shared = dict(origin.shared)
    may_modify = shared.get("guestsCanModify", False)
    before = shared.get("attendees", [])
    given = body.get("attendees")
    if isinstance(given, list):
        shared["attendees"] = _guests_after(call, calendar, shared, before, given)
    if may_modify:
        wanted = composing.merged(composing.writable(origin), _only_shared(body))
        home = call.world.calendars[origin.calendar]
        shared = composing.composed(call, home, origin, wanted, _only_shared(body))[0]
    if shared != origin.shared:
        changing.commit(call.world, _as_stored(call.world, origin), shared, by=call.by, act=call.route)


def _guests_after(
    call: Call, calendar: Calendar, shared: dict[str, Any], before: list[Any], given: list[Any]
) -> list[Any]:
    answered = guests.own_answer(call.world, given, before, calendar.id)
    if not (shared.get("guestsCanInviteOthers", True) or shared.get("guestsCanModify", False)):
        return answered
    known = {call.world.canonical(guest.get("email", "")) for guest in before}
    new = [g for g in given if call.world.canonical(g.get("email", "")) not in known]
    return guests.written(call.world, [*answered, *new], answered, shared["organizer"]["email"])


def _only_shared(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in (*_SHARED, "attendees") if name in body}


def _answer_alone(call: Call, calendar: Calendar, copy: Copy, body: dict[str, Any]) -> None:
    """The organiser is elsewhere (or external): the answer stays visible on this copy."""
    before = copy.shared.get("attendees", [])
    after = guests.own_answer(call.world, body.get("attendees"), before, calendar.id)
    if after != before:
        target = _stored(call.world, calendar, copy)
        target.shared = {**target.shared, "attendees": after}
        call.world.keep(target)


def _keep_local(call: Call, calendar: Calendar, copy: Copy, body: dict[str, Any]) -> None:
    present = {**copy.shared, **copy.local}
    differing = {n: body[n] for n in _SHARED if n in body and body[n] != present.get(n)}
    if differing:
        target = _stored(call.world, calendar, copy)
        target.local = {**target.local, **differing}
        call.world.keep(target)


def _stored(world: World, calendar: Calendar, copy: Copy) -> Copy:
    stored = calendar.copies.get(copy.id)
    if stored is not None:
        return stored
    return world.keep(_as_stored(world, copy))


def _as_stored(world: World, copy: Copy) -> Copy:
    calendar = world.calendars[copy.calendar]
    if is_stored(calendar, copy):
        return copy
    return Copy(copy.calendar, copy.id, copy.shared, dict(copy.private))
