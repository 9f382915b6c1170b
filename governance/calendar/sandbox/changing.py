"""What every change does, whoever makes it: store, record, pass on, follow up (items 15, 17, 29, 30)."""

from __future__ import annotations

from typing import Any

from . import guests, recurrence
from .copies import Copy
from .spreading import spread
from .world import World

_MOVES = ("start", "end", "recurrence")
_FLAGS = ("guestsCanInviteOthers", "guestsCanModify", "guestsCanSeeOtherGuests")


def commit(
    world: World,
    copy: Copy,
    shared: dict[str, Any],
    private: dict[str, Any] | None = None,
    *,
    by: str,
    act: str,
    cancelled: bool = False,
) -> Copy:
    """Make the organiser's copy look like this; nothing happens when it already does (item 18)."""
    stored = copy.id in world.calendars[copy.calendar].copies
    before = copy.shared if stored or copy.is_exception else None
    private = copy.private if private is None else private
    same_shared = before is not None and shared == copy.shared and cancelled == copy.cancelled
    if same_shared and private == copy.private and not world.switches.noop_changes_etag:
        return copy
    if before is not None and not same_shared:
        shared = _followed_by_answers(world, before, shared)
    was_cancelled, copy.cancelled = copy.cancelled, cancelled
    copy.shared, copy.private = shared, private
    world.keep(copy, bump_updated=not (same_shared and _only_reminders(copy, private)))
    if not same_shared or was_cancelled != cancelled:
        world.record_effect(by=by, act=act, copy=copy, before=before, cancelled=cancelled)
        spread(world, copy)
        _expand_groups(world, copy, before)
        _follow_up(world, copy, before, by=by)
    return copy


def cancel(world: World, copy: Copy, *, by: str, act: str, quietly: bool = False) -> None:
    """Delete an event, or one instance of a series; `quietly` leaves it with the guests (item 56)."""
    calendar = world.calendars[copy.calendar]
    copy.cancelled = True
    world.keep(copy)
    world.record_effect(by=by, act=act, copy=copy, before=copy.shared, cancelled=True)
    if copy.is_organizer and not quietly:
        spread(world, copy)
    for exception in list(calendar.exceptions.get(copy.id, {}).values()):
        if not exception.cancelled:
            cancel(world, exception, by=by, act=act, quietly=quietly)


def answer(world: World, copy: Copy, who: str, given: dict[str, Any], *, by: str) -> Copy:
    """Items 33 and 59: a guest's answer reaches the organiser's copy and changes its etag."""
    before = copy.shared.get("attendees", [])
    if world.switches.many_guests == "unanswered" and len(before) > 200:
        return copy
    after = guests.own_answer(world, [{"email": who, **given}], before, world.canonical(who))
    return commit(world, copy, {**copy.shared, "attendees": after}, by=by, act="answer")


def _followed_by_answers(world: World, before: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """Item 49, and the sequence number that goes up with a move."""
    if all(before.get(name) == shared.get(name) for name in _MOVES):
        return shared
    moved = {**shared, "sequence": shared.get("sequence", 0) + 1}
    if world.switches.time_change_resets_answers and "attendees" in shared:
        organizer = shared["organizer"]["email"]
        moved["attendees"] = guests.reset(world, shared["attendees"], organizer)
    return moved


def _only_reminders(copy: Copy, private: dict[str, Any]) -> bool:
    return "reminders" in private or "reminders" in copy.private


def _expand_groups(world: World, copy: Copy, before: dict[str, Any] | None) -> None:
    """Item 57: a group just invited is being expanded for a while."""
    now = copy.shared.get("attendees", [])
    if now != (before or {}).get("attendees", []) and guests.holds_group(world, now):
        copy.expanding_reads = world.switches.expanding_reads


def _follow_up(world: World, copy: Copy, before: dict[str, Any] | None, *, by: str) -> None:
    if before is None or not copy.is_series:
        return
    calendar = world.calendars[copy.calendar]
    for exception in list(calendar.exceptions.get(copy.id, {}).values()):
        _follow_series(world, exception, copy, before, by=by)


def _follow_series(world: World, exception: Copy, series: Copy, before: dict[str, Any], *, by: str) -> None:
    """Items 29 and 30: what an exception takes over from its changed series."""
    if world.switches.orphans_dropped and not _still_in(series, exception):
        if not exception.cancelled:
            cancel(world, exception, by=by, act="orphaned")
        return
    after = dict(exception.shared)
    if world.switches.exceptions_follow_guests:
        _follow_guests(world, after, before, series.shared)
    if world.switches.exceptions_follow_flags:
        for flag in _FLAGS:
            if before.get(flag) != series.shared.get(flag):
                after[flag] = series.shared.get(flag, flag != "guestsCanModify")
    if after != exception.shared and not exception.cancelled:
        commit(world, exception, after, by=by, act="follows-series")


def _still_in(series: Copy, exception: Copy) -> bool:
    original = exception.shared["originalStartTime"]
    return recurrence.contains(series.shared["start"], series.shared["recurrence"], original)


def _follow_guests(world: World, after: dict[str, Any], before: dict[str, Any], now: dict[str, Any]) -> None:
    old = {world.canonical(g.get("email", "")): g for g in before.get("attendees", ())}
    new = {world.canonical(g.get("email", "")): g for g in now.get("attendees", ())}
    own = {world.canonical(g.get("email", "")): g for g in after.get("attendees", ())}
    for gone in old.keys() - new.keys():
        own.pop(gone, None)
    for address in new.keys() - old.keys():
        own.setdefault(address, new[address])
    after["attendees"] = list(own.values())


def hand_over(world: World, copy: Copy, destination: Any, *, by: str, act: str) -> Copy:
    """Items 34 and 60: another calendar organises the event; its exceptions go along."""
    moved = _moved(world, copy, destination.id, destination.summary)
    source = world.calendars[copy.calendar]
    for exception in list(source.exceptions.get(copy.id, {}).values()):
        _moved(world, exception, destination.id, destination.summary)
    if copy.calendar not in moved.spread:
        copy.cancelled = True
        world.keep(copy)
    world.record_effect(by=by, act=act, copy=moved, before=copy.shared, cancelled=False)
    return moved


def _moved(world: World, copy: Copy, destination: str, summary: str) -> Copy:
    organizer = {"email": destination}
    if destination not in world.users:
        organizer["displayName"] = summary
    shared = {**copy.shared, "organizer": organizer}
    target = world.calendars[destination].copies.get(copy.id)
    if target is None:
        target = Copy(destination, copy.id, shared, dict(copy.private), cancelled=copy.cancelled)
    target.shared, target.cancelled = shared, copy.cancelled
    target.spread = copy.spread - {destination}
    world.keep(target)
    spread(world, target)
    return target
