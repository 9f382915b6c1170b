"""events.list and events.instances (items 28, 35 to 46).

Every list has one order, told by a sort key per item; a page token carries the key of the last
item given out. So pages neither skip nor repeat what stands still while others write, and what
changed meanwhile has a change number above the one the sync token will carry.
"""

from __future__ import annotations

import bisect
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from . import clock, fields, finding, rendering, times, tokens
from .calls import Call
from .choosing import chosen_by, overlaps
from .copies import Calendar, Copy
from .errors import Refusal
from .fields import Mask
from .queries import Query, instant, lasting, understood
from .world import World

_NO_TOKEN_WITH = ("iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "updatedMin")
_MOST_INSTANCES = 730
_BEGUN: list[Any] = [-1]
"""The position after a first page that was empty (item 35)."""


Keyed = tuple[list[Any], Copy]


def listed(call: Call, calendar: Calendar, role: str, mask: Mask | None, mask_name: str) -> bytes:
    """The encoded answer of events.list."""
    query = understood(call, calendar, free_busy_only=role == "freeBusyReader")
    position, upto = _position(call, calendar, query)
    candidates = _candidates(call.world, calendar, query, position, upto)
    page, last = _page(call.world, candidates, query, position)
    envelope = _envelope(call.world, calendar, role)
    if last is not None:
        envelope["nextPageToken"] = tokens.page_token(call.world, calendar, query.identity, last, upto)
    elif not any(call.query.get(name) for name in _NO_TOKEN_WITH):
        envelope["nextSyncToken"] = tokens.sync_token(call.world, calendar, upto, lasting(call), list(query.window))
    return _encoded(call, calendar, envelope, page, query, role, (mask, mask_name))


def instances(call: Call, calendar: Calendar, event_id: str, role: str, mask: Mask | None, mask_name: str) -> bytes:
    """Item 28; an instance's id gives that instance alone, and nothing when it is cancelled."""
    query = understood(call, calendar, free_busy_only=False)
    copy = finding.found(call.world, calendar, event_id)
    if copy.cancelled and not copy.is_exception:
        raise Refusal(410, "deleted", "Resource has been deleted")
    position, upto = _position(call, calendar, query)
    of_series = finding.instances(calendar, copy, after=query.time_min) if copy.is_series else iter([copy])
    chosen = (c for c in of_series if _is_chosen_instance(call, calendar, query, c))
    keyed = (([i], c) for i, c in enumerate(islice(_until(chosen, query, calendar), 2 * _MOST_INSTANCES)))
    page, last = _page(call.world, (k for k in keyed if not position or k[0] > position), query, position)
    envelope = _envelope(call.world, calendar, role)
    if last is not None:
        envelope["nextPageToken"] = tokens.page_token(call.world, calendar, query.identity, last, upto)
    return _encoded(call, calendar, envelope, page, query, role, (mask, mask_name))


def _position(call: Call, calendar: Calendar, query: Query) -> tuple[list[Any], int]:
    token = call.text("pageToken")
    if token is None:
        return [], call.world.seq
    return tokens.read_page_token(call.world, calendar, query.identity, token)


def _candidates(world: World, calendar: Calendar, query: Query, position: list[Any], upto: int) -> Iterator[Keyed]:
    """The items of the list after `position`, in its order."""
    source: Iterable[Copy]
    if query.sync_seq is not None:
        source = _changes(calendar, query.sync_seq, upto)
    else:
        source = _everything(world, calendar, query, position)
    if query.single:
        source = _expanded(world, calendar, query, source)
        keyed = ((_key(query, calendar, copy), copy) for copy in source)
        ordered: Iterable[Keyed] = sorted(keyed, key=lambda k: k[0])
    elif query.order == "updated" or world.switches.exceptions_first:
        keyed = ((_key(query, calendar, copy), copy) for copy in source)
        ordered = sorted(keyed, key=lambda k: k[0])
    else:
        by_change = query.sync_seq is not None
        ordered = (([copy.seq if by_change else copy.born], copy) for copy in source)
    accepts = chosen_by(world, calendar, query)
    for key, copy in ordered:
        if (position in ([], _BEGUN) or key > position) and accepts(copy):
            yield key, copy


def _changes(calendar: Calendar, since: int, upto: int) -> list[Copy]:
    """Item 38: the latest state of each changed copy; what changes during paging is for the next run."""
    changed = [copy for copy in calendar.changed_since(since) if copy.seq <= upto]
    changed.reverse()
    return changed


def _everything(world: World, calendar: Calendar, query: Query, position: list[Any]) -> Iterator[Copy]:
    births = calendar.births
    plain = not query.single and query.order is None and not world.switches.exceptions_first
    first = bisect.bisect_right(births, position[0], key=lambda c: c.born) if plain and position else 0
    for index in range(first, len(births)):
        yield births[index]


def _expanded(world: World, calendar: Calendar, query: Query, source: Iterable[Copy]) -> Iterator[Copy]:
    """Series become their instances; a changed series brings all of them again (item 38)."""
    for copy in source:
        if not copy.is_series:
            yield copy
        elif copy.cancelled:
            if query.sync_seq is not None:
                yield copy
        else:
            yield from _unmodified(calendar, query, copy)


def _unmodified(calendar: Calendar, query: Query, series: Copy) -> Iterator[Copy]:
    given = finding.instances(calendar, series, after=query.time_min)
    for instance in islice(_until(given, query, calendar), _MOST_INSTANCES):
        if not finding.is_stored(calendar, instance):
            yield instance


def _until(given: Iterator[Copy], query: Query, calendar: Calendar) -> Iterator[Copy]:
    for copy in given:
        original = times.moment(copy.shared["originalStartTime"], calendar.time_zone) if copy.is_exception else None
        if query.time_max and original and original >= query.time_max:
            return
        yield copy


def _key(query: Query, calendar: Calendar, copy: Copy) -> list[Any]:
    if query.order == "startTime":
        return [finding.moment_of(copy, "start", calendar).timestamp(), copy.id]
    if query.order == "updated":
        return [copy.updated, copy.seq, copy.id]
    # Item 44: exceptions before their series, whichever was made first.
    return [0 if copy.is_exception else 1, copy.born, copy.id]


def _is_chosen_instance(call: Call, calendar: Calendar, query: Query, copy: Copy) -> bool:
    if copy.cancelled and not query.show_deleted:
        return False
    wanted = call.text("originalStart")
    if wanted is not None and not _is_original(copy, wanted, calendar):
        return False
    return overlaps(calendar, query, copy)


def _is_original(copy: Copy, wanted: str, calendar: Calendar) -> bool:
    original = copy.shared["originalStartTime"]
    if times.is_all_day(original):
        return bool(original["date"] == wanted)
    return times.moment(original, calendar.time_zone) == instant("originalStart", wanted)


def _page(
    world: World, candidates: Iterator[Keyed], query: Query, position: list[Any]
) -> tuple[list[Copy], list[Any] | None]:
    """The copies of this page, and the key to go on after, None on the last page."""
    most = query.most
    if world.switches.short_pages:
        # Item 35: the first page is empty, the others hold half of what was asked for.
        if not position:
            return [], _BEGUN
        most = max(1, most // 2)
    taken = list(islice(candidates, most + 1))
    page = [copy for _, copy in taken[:most]]
    return page, taken[most - 1][0] if len(taken) > most else None


def _envelope(world: World, calendar: Calendar, role: str) -> dict[str, Any]:
    newest = next(calendar.changed_since(-1), None)
    return {
        "kind": "calendar#events",
        "etag": f'"p{newest.etag[1:-1] if newest else 0}"',
        "summary": calendar.summary,
        "description": calendar.description,
        "updated": newest.updated if newest else clock.stamp(world.clock.now()),
        "timeZone": calendar.time_zone,
        "accessRole": role,
        "defaultReminders": [],
    }


def _encoded(
    call: Call,
    calendar: Calendar,
    envelope: dict[str, Any],
    page: list[Copy],
    query: Query,
    role: str,
    masks: tuple[Mask | None, str],
) -> bytes:
    """Items are joined from JSON kept with each copy; the envelope alone is written anew."""
    mask, mask_name = masks
    head = json.dumps(fields.masked(envelope, mask), ensure_ascii=False, separators=(",", ":")).encode()
    wanted, item_mask = fields.below(mask, "items")
    if not wanted:
        return head
    items = b",".join(_item(call.world, calendar, copy, query, role, item_mask, mask_name) for copy in page)
    comma = b"," if len(head) > 2 else b""
    return head[:-1] + comma + b'"items":[' + items + b"]}"


def _item(world: World, calendar: Calendar, copy: Copy, query: Query, role: str, mask: Mask | None, name: str) -> bytes:
    if copy.cancelled and _is_bare(query, copy):
        shown = rendering.bare(copy)
    elif query.zone is None and query.max_attendees is None and role != "freeBusyReader":
        return rendering.encoded(world, calendar, copy, mask, name)
    else:
        shown = rendering.event(world, calendar, copy, zone=query.zone, max_attendees=query.max_attendees)
        shown = rendering.busy(shown) if role == "freeBusyReader" else shown
    return json.dumps(fields.masked(shown, mask), ensure_ascii=False, separators=(",", ":")).encode()


def _is_bare(query: Query, copy: Copy) -> bool:
    """Item 42: details survive on the organiser's copy, and only where deleted events were asked for."""
    asked = query.show_deleted and query.sync_seq is None
    return copy.is_exception or not copy.is_organizer or not asked
