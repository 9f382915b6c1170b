"""What people do in Google's own pages and mail programs, behind the product's back (items 31, 33, 57, 59, 60).

Every act names the organiser's calendar and an event in it: a series, one instance, or a
single event. Acts on an instance make it an exception, as a click in the calendar does.
"""

from __future__ import annotations

from typing import Any

from . import changing, guests, rendering, writing
from .calls import Call
from .copies import Calendar, Copy
from .finding import found, is_stored
from .guest_writing import leave
from .spreading import spread
from .world import Access, World

Act = dict[str, Any]


def guest_adds(world: World, calendar: str, event: str, by: str, email: str) -> Act:
    """A guest adds somebody: to the event when its flags allow it, else to his own copy alone."""
    copy = _target(world, calendar, event)
    shared = copy.shared
    if shared.get("guestsCanInviteOthers", True) or shared.get("guestsCanModify", False):
        return _invite(world, copy, email, by=by, act="guest-adds")
    own = _target(world, world.canonical(by), event)
    listed = {**own.shared, **own.local}.get("attendees", [])
    own.local = {**own.local, "attendees": [*listed, _new_guest(email)]}
    return _shown(world, world.keep(own))


def forward(world: World, calendar: str, event: str, by: str, to: str) -> Act:
    """A forwarded invitation that is answered: whoever got it is on the event, whatever the flags say."""
    return _invite(world, _target(world, calendar, event), to, by=by, act="forward")


def organizer_edits(world: World, calendar: str, event: str, patch: Act, by: str | None = None) -> Act:
    """The organiser (or a writer of his calendar) edits in Google's pages, with a patch's meaning."""
    home = world.calendar(calendar)
    call = _call(world, by or home.owner or home.id, patch)
    if patch.get("status") == "cancelled":
        return _cancel(world, home, found(world, home, event), by=call.by)
    copy = found(world, home, event)
    return _shown(world, writing.change_as_organizer(call, home, copy, call.content(), replaces=False))


def answers(world: World, calendar: str, event: str, guest: str, response: str, comment: str | None = None) -> Act:
    """Items 33 and 59: the answer changes the organiser's etag; to one instance, it makes an exception."""
    given = {"responseStatus": response} | ({"comment": comment} if comment else {})
    copy = _target(world, calendar, event)
    return _shown(world, changing.answer(world, copy, guest, given, by=world.canonical(guest)))


def flip_flags(world: World, calendar: str, event: str, by: str | None = None, **flags: bool) -> Act:
    return organizer_edits(world, calendar, event, dict(flags), by)


def drop_guest(world: World, calendar: str, event: str, email: str, by: str | None = None) -> Act:
    copy = _target(world, calendar, event)
    folded = world.canonical(email)
    rest = [g for g in copy.shared.get("attendees", ()) if world.canonical(g.get("email", "")) != folded]
    return _with_guests(world, copy, rest, by=by or copy.calendar, act="drop-guest")


def cancel_instance(world: World, calendar: str, event: str, by: str | None = None) -> Act:
    home = world.calendar(calendar)
    return _cancel(world, home, found(world, home, event), by=by or home.id)


def restore_instance(world: World, calendar: str, event: str, by: str | None = None) -> Act:
    copy = found(world, world.calendar(calendar), event)
    changing.commit(world, copy, copy.shared, by=by or copy.calendar, act="restore")
    return _shown(world, copy)


def delete_event(world: World, calendar: str, event: str, by: str | None = None) -> Act:
    """Of the organiser: for everybody. Of a guest (`calendar` is his own): a decline."""
    home = world.calendar(calendar)
    return _cancel(world, home, found(world, home, event), by=by or home.id)


def move_instance(world: World, calendar: str, event: str, start: str, end: str) -> Act:
    """Drag an event, or one instance, to another time; zone and kind of time stay."""
    copy = found(world, world.calendar(calendar), event)
    zone = copy.shared["start"].get("timeZone")
    patch = {"start": event_time(start, zone), "end": event_time(end, zone)}
    return organizer_edits(world, calendar, event, patch)


def transfer(world: World, calendar: str, event: str, to: str) -> Act:
    """Item 60: an administrator hands an event over to another organiser."""
    copy = found(world, world.calendar(calendar), event)
    return _shown(world, changing.hand_over(world, copy, world.calendar(to), by="admin", act="transfer"))


def suspend(world: World, email: str, suspended: bool = True) -> Act:
    """A suspended user gets no tokens; his copies stay."""
    user = world.users[world.canonical(email)]
    user.suspended = suspended
    if suspended:
        for token in [t for t, a in world.accesses.items() if a.subject == user.email]:
            del world.accesses[token]
    return {}


def rename_user(world: World, email: str, to: str) -> Act:
    """The old address stays as an alias; the id and the calendar stay the same."""
    user = world.users.pop(world.canonical(email))
    old, user.email = user.email, to.lower()
    user.aliases.append(old)
    world.users[user.email] = world.by_address[user.email] = user
    home = world.calendars.pop(old)
    home.id = home.owner = user.email
    world.calendars[user.email] = home
    _rename_everywhere(world, old, user.email)
    return {}


def alias(world: World, email: str, alias: str) -> Act:
    user = world.users[world.canonical(email)]
    user.aliases.append(alias.lower())
    world.by_address[alias.lower()] = user
    _forget_rendered(world)
    return {}


def set_members(world: World, group: str, members: list[str], follow: bool = True) -> Act:
    """Item 57: calendars notice new members at once, or only at the next `follow_groups`."""
    world.groups[group.lower()].members = [m.lower() for m in members]
    return follow_groups(world) if follow else {}


def follow_groups(world: World) -> Act:
    for group in world.groups.values():
        group.followed = list(group.members)
    for home in list(world.calendars.values()):
        for copy in list(home.copies.values()):
            if copy.is_organizer and guests.holds_group(world, copy.shared.get("attendees", [])):
                spread(world, copy)
    return {}


def expand_group(world: World, calendar: str, event: str, group: str) -> Act:
    """Somebody clicks on a group guest: its members take its place in the list."""
    copy = _target(world, calendar, event)
    before = copy.shared.get("attendees", [])
    known = {world.canonical(g.get("email", "")) for g in before} | {group.lower()}
    members = [m for m in world.recipients(group) if m not in known]
    rest = [g for g in before if g.get("email", "").lower() != group.lower()]
    return _with_guests(world, copy, [*rest, *map(_new_guest, members)], by=calendar, act="expand-group")


def mark(world: World, calendar: str, event: str, **fields: Any) -> Act:
    """Set what no client may write: `locked`, `privateCopy`, a guest without address, and so on."""
    copy = _target(world, calendar, event)
    changing.commit(world, copy, {**copy.shared, **fields}, by="admin", act="mark")
    return _shown(world, copy)


def event_time(value: str, zone: str | None) -> Act:
    if len(value) == 10:
        return {"date": value}
    return {"dateTime": value, "timeZone": zone} if zone else {"dateTime": value}


def create_series(world: World, calendar: str, **wanted: Any) -> Act:
    """A recurring (or single) event as its organiser would make it."""
    home = world.calendar(calendar)
    copy = writing.insert(_call(world, home.owner or home.id, _body(wanted), "ui.insert"), home)
    return _shown(world, copy)


def create_many(world: World, events: list[Act]) -> list[str]:
    """For benchmarks: the ids of many new events, without showing them."""
    made = []
    for wanted in events:
        wanted = dict(wanted)
        home = world.calendar(wanted.pop("calendar"))
        call = _call(world, home.owner or home.id, _body(wanted), "ui.insert")
        made.append(writing.insert(call, home).id)
    world.outbox.clear()
    return made


def _body(wanted: Act) -> Act:
    zone = wanted.pop("time_zone", None)
    body = {
        "id": wanted.pop("event_id", None),
        "summary": wanted.pop("summary", None),
        "start": event_time(wanted.pop("start"), zone),
        "end": event_time(wanted.pop("end"), zone),
        "recurrence": wanted.pop("recurrence", None),
        "attendees": [_new_guest(g) if isinstance(g, str) else g for g in wanted.pop("guests", None) or ()],
        "extendedProperties": wanted.pop("extended_properties", None),
        **wanted,
    }
    if isinstance(body["recurrence"], str):
        body["recurrence"] = [body["recurrence"]]
    return {name: value for name, value in body.items() if value is not None}


def _call(world: World, by: str, body: Act, route: str = "ui.edit") -> Call:
    return Call(world, Access(by, None, None), {}, {}, body, route)


def _target(world: World, calendar: str, event: str) -> Copy:
    """The stored copy, or an unmodified instance about to become an exception."""
    home = world.calendar(calendar)
    copy = found(world, home, event)
    if is_stored(home, copy):
        return copy
    return Copy(copy.calendar, copy.id, copy.shared, dict(copy.private), dict(copy.local))


def _shown(world: World, copy: Copy) -> Act:
    return rendering.event(world, world.calendars[copy.calendar], copy)


def _invite(world: World, copy: Copy, email: str, *, by: str, act: str) -> Act:
    listed = copy.shared.get("attendees", [])
    if any(world.canonical(g.get("email", "")) == world.canonical(email) for g in listed):
        return _shown(world, copy)
    return _with_guests(world, copy, [*listed, _new_guest(email)], by=by, act=act)


def _with_guests(world: World, copy: Copy, listed: list[Act], *, by: str, act: str) -> Act:
    shared = {name: value for name, value in copy.shared.items() if name != "attendees"}
    if listed:
        shared["attendees"] = listed
    changing.commit(world, copy, shared, by=world.canonical(by), act=act)
    return _shown(world, copy)


def _new_guest(email: str) -> Act:
    return {"email": email, "responseStatus": "needsAction"}


def _cancel(world: World, home: Calendar, copy: Copy, *, by: str) -> Act:
    target = copy if is_stored(home, copy) else _target(world, home.id, copy.id)
    if target.is_organizer:
        changing.cancel(world, target, by=by, act="cancel")
    else:
        leave(_call(world, by, {}), target)
    return rendering.bare(target)


def _rename_everywhere(world: World, old: str, new: str) -> None:
    for home in world.calendars.values():
        for copy in home.copies.values():
            copy.calendar = new if copy.calendar == old else copy.calendar
            copy.spread = {new if c == old else c for c in copy.spread}
            if copy.shared["organizer"]["email"] == old:
                copy.shared = {**copy.shared, "organizer": {**copy.shared["organizer"], "email": new}}
    _forget_rendered(world)


def _forget_rendered(world: World) -> None:
    for home in world.calendars.values():
        for copy in home.copies.values():
            copy.rendered.clear()
