"""events.list and events.instances (items 28, 35 to 46).

Every list has one order, told by a sort key per item; a page token carries the key of the last
item given out. So pages neither skip nor repeat what stands still while others write, and what
changed meanwhile has a change number above the one the sync token will carry.
"""

from __future__ import annotations

import bisect
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from . import clock, fields, finding, rendering, times, tokens
from .calls import Call
from .copies import Calendar, Copy
from .errors import Refusal, bad_request, full_sync_required, invalid_parameter
from .fields import Mask
from .world import World

_NOT_WITH_TOKEN = (
    "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty",
    "timeMin", "timeMax", "updatedMin",
)  # fmt: skip
_NO_TOKEN_WITH = ("iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty", "updatedMin")
_SAME_WITH_TOKEN = ("singleEvents", "maxAttendees", "eventTypes", "timeZone", "showHiddenInvitations")
_TYPES = ("birthday", "default", "focusTime", "fromGmail", "outOfOffice", "workingLocation")
_MOST_INSTANCES = 730
_BEGUN: list[Any] = [-1]
"""The position after a first page that was empty (item 35)."""


@dataclass(frozen=True, slots=True)
class Query:
    """The understood parameters of a list."""

    single: bool
    show_deleted: bool
    most: int
    max_attendees: int | None
    order: str | None
    time_min: datetime | None
    time_max: datetime | None
    updated_min: datetime | None
    text: str | None
    ical_uid: str | None
    private: tuple[tuple[str, str], ...]
    shared: tuple[tuple[str, str], ...]
    types: tuple[str, ...]
    zone: str | None
    identity: str
    sync_seq: int | None
    window: tuple[str | None, str | None]


Keyed = tuple[list[Any], Copy]


def listed(call: Call, calendar: Calendar, role: str, mask: Mask | None, mask_name: str) -> bytes:
    """The encoded answer of events.list."""
    query = _understood(call, calendar, free_busy_only=role == "freeBusyReader")
    position, upto = _position(call, calendar, query)
    candidates = _candidates(call.world, calendar, query, position, upto)
    page, last = _page(call.world, candidates, query, position)
    envelope = _envelope(call.world, calendar, role)
    if last is not None:
        envelope["nextPageToken"] = tokens.page_token(call.world, calendar, query.identity, last, upto)
    elif not any(call.query.get(name) for name in _NO_TOKEN_WITH):
        envelope["nextSyncToken"] = tokens.sync_token(
            call.world, calendar, upto, _lasting(call), list(query.window)
        )
    return _encoded(call, calendar, envelope, page, query, role, (mask, mask_name))


def instances(call: Call, calendar: Calendar, event_id: str, role: str, mask: Mask | None, mask_name: str) -> bytes:
    """Item 28; an instance's id gives that instance alone, and nothing when it is cancelled."""
    query = _understood(call, calendar, free_busy_only=False)
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


def _understood(call: Call, calendar: Calendar, *, free_busy_only: bool) -> Query:
    sync = call.text("syncToken")
    seq, window = None, (call.text("timeMin"), call.text("timeMax"))
    if sync is not None:
        seq, kept = _read_sync(call, calendar, sync)
        window = (kept[0], kept[1])
    in_window = sync is None or call.world.switches.window_in_token
    query = Query(
        single=free_busy_only or call.flag("singleEvents"),
        show_deleted=call.flag("showDeleted"),
        most=call.number("maxResults", default=250, most=2500) or 250,
        max_attendees=call.number("maxAttendees", default=call.world.switches.omit_attendees_over),
        order=call.one_of("orderBy", ("startTime", "updated")),
        time_min=_instant("timeMin", window[0]) if in_window else None,
        time_max=_instant("timeMax", window[1]) if in_window else None,
        updated_min=_instant("updatedMin", call.text("updatedMin")),
        text=call.text("q"),
        ical_uid=call.text("iCalUID"),
        private=_properties(call, "privateExtendedProperty"),
        shared=_properties(call, "sharedExtendedProperty"),
        types=tuple(call.texts("eventTypes")),
        zone=_zone(call.text("timeZone")),
        identity=_identity(call),
        sync_seq=seq,
        window=window,
    )
    _refuse(call, query)
    return query


def _read_sync(call: Call, calendar: Calendar, sync: str) -> tuple[int, list[str | None]]:
    """Items 37 and 39."""
    for name in _NOT_WITH_TOKEN:
        if name in call.query:
            raise bad_request("Sync token cannot be used with other query restrictions.")
    if call.text("showDeleted") is not None and not call.flag("showDeleted"):
        raise bad_request("Sync token cannot be used with showDeleted=false.")
    if calendar.expires_mid_paging and call.text("pageToken"):
        calendar.expires_mid_paging = False
        calendar.token_epoch += 1
        raise full_sync_required()
    seq, identity, window = tokens.read_sync_token(call.world, calendar, sync)
    if call.world.switches.token_parameters == "strict" and identity != _lasting(call):
        raise bad_request("Sync token used with other parameters than the initial request.")
    return seq, window


def _refuse(call: Call, query: Query) -> None:
    """Items 39, 43 and 46."""
    if query.order == "startTime" and not query.single:
        raise bad_request("The requested ordering is not available for the particular query.")
    if query.time_min and query.time_max and query.time_min >= query.time_max:
        raise Refusal(400, "timeRangeEmpty", "The specified time range is empty.", "calendar", "timeMax")
    if any(kind not in _TYPES for kind in query.types):
        raise invalid_parameter("eventTypes", ",".join(query.types))
    kept = timedelta(days=call.world.switches.tombstone_days)
    if query.updated_min and call.world.clock.now() - query.updated_min > kept:
        raise Refusal(
            410,
            "updatedMinTooLongAgo",
            "The requested minimum modification time lies too far in the past.",
            "calendar",
            location="updatedMin",
        )


def _instant(name: str, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return clock.instant(value).replace(microsecond=0)
    except ValueError:
        raise bad_request(f"Bad Request: {name}") from None


def _zone(name: str | None) -> str | None:
    if name is not None:
        times.zone(name)
    return name


def _properties(call: Call, name: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for given in call.texts(name):
        key, equals, value = given.partition("=")
        if not equals:
            raise invalid_parameter(name, given)
        pairs.append((key, value))
    return tuple(pairs)


def _identity(call: Call) -> str:
    """What a page token is bound to: every parameter but those that may differ between pages."""
    skipped = ("pageToken", "maxResults", "fields", "alt", "prettyPrint", "quotaUser", "key")
    return repr(sorted((n, v) for n, v in call.query.items() if n not in skipped)) + call.route


def _lasting(call: Call) -> str:
    """What a sync token is bound to."""
    return repr([call.query.get(name) for name in _SAME_WITH_TOKEN])


def _position(call: Call, calendar: Calendar, query: Query) -> tuple[list[Any], int]:
    token = call.text("pageToken")
    if token is None:
        return [], call.world.seq
    return tokens.read_page_token(call.world, calendar, query.identity, token)


def _candidates(
    world: World, calendar: Calendar, query: Query, position: list[Any], upto: int
) -> Iterator[Keyed]:
    """The items of the list after `position`, in its order."""
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
    accepts = _filter(world, calendar, query)
    for key, copy in ordered:
        if (position in ([], _BEGUN) or key > position) and accepts(copy):
            yield key, copy


def _changes(calendar: Calendar, since: int, upto: int) -> list[Copy]:
    """Item 38: the latest state of each changed copy; what changes during paging is for the next run."""
    changed = [copy for copy in calendar.changed_since(since) if copy.seq <= upto]
    changed.reverse()
    return changed


def _everything(
    world: World, calendar: Calendar, query: Query, position: list[Any]
) -> Iterator[Copy]:
    births = calendar.births
    plain = not query.single and query.order is None and not world.switches.exceptions_first
    first = bisect.bisect_right(births, position[0], key=lambda c: c.born) if plain and position else 0
    for index in range(first, len(births)):
        yield births[index]


def _expanded(
    world: World, calendar: Calendar, query: Query, source: Iterable[Copy]
) -> Iterator[Copy]:
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


def _filter(world: World, calendar: Calendar, query: Query) -> Callable[[Copy], bool]:
    def accepts(copy: Copy) -> bool:
        if not _status_fits(world, calendar, query, copy):
            return False
        if copy.cancelled and (query.sync_seq is not None or query.updated_min):
            return _is_recent(query, copy)
        return _is_recent(query, copy) and _content_fits(query, copy) and _in_window(calendar, query, copy)

    return accepts


def _status_fits(world: World, calendar: Calendar, query: Query, copy: Copy) -> bool:
    """Items 40 and 41."""
    if not copy.cancelled:
        return True
    if finding.is_forgotten(world, copy):
        return False
    if query.sync_seq is not None or query.updated_min:
        return True
    if query.show_deleted:
        return not (query.single and copy.is_series)
    return not query.single and copy.is_exception and _series_is_live(calendar, copy)


def _series_is_live(calendar: Calendar, copy: Copy) -> bool:
    series = calendar.copies.get(copy.shared["recurringEventId"])
    return series is not None and not series.cancelled


def _is_recent(query: Query, copy: Copy) -> bool:
    return query.updated_min is None or (copy.changed is not None and copy.changed >= query.updated_min)


def _content_fits(query: Query, copy: Copy) -> bool:
    """Item 46; properties of one kind are alternatives, the two kinds must both fit."""
    shared = copy.shared
    if query.ical_uid and shared["iCalUID"] != query.ical_uid:
        return False
    if query.types and shared.get("eventType", "default") not in query.types:
        return False
    own = copy.private.get("properties", {})
    if query.private and not any(own.get(key) == value for key, value in query.private):
        return False
    public = shared.get("properties", {})
    if query.shared and not any(public.get(key) == value for key, value in query.shared):
        return False
    return query.text is None or _mentions(shared, query.text.lower())


def _mentions(shared: dict[str, Any], text: str) -> bool:
    said = [shared.get(name, "") for name in ("summary", "description", "location")]
    said += [f"{g.get('email', '')} {g.get('displayName', '')}" for g in shared.get("attendees", ())]
    return any(text in part.lower() for part in said)


def _in_window(calendar: Calendar, query: Query, copy: Copy) -> bool:
    """Item 43: `timeMin` bounds the end and `timeMax` the start, both exclusively."""
    if query.time_min is None and query.time_max is None:
        return True
    if copy.is_series and not copy.cancelled:
        given = finding.instances(calendar, copy, after=query.time_min)
        return any(_overlaps(calendar, query, instance) for instance in islice(given, 20))
    return _overlaps(calendar, query, copy)


def _overlaps(calendar: Calendar, query: Query, copy: Copy) -> bool:
    if query.time_min and finding.moment_of(copy, "end", calendar) <= query.time_min:
        return False
    return not (query.time_max and finding.moment_of(copy, "start", calendar) >= query.time_max)


def _is_chosen_instance(call: Call, calendar: Calendar, query: Query, copy: Copy) -> bool:
    if copy.cancelled and not query.show_deleted:
        return False
    wanted = call.text("originalStart")
    if wanted is not None and not _is_original(copy, wanted, calendar):
        return False
    return _overlaps(calendar, query, copy)


def _is_original(copy: Copy, wanted: str, calendar: Calendar) -> bool:
    original = copy.shared["originalStartTime"]
    if times.is_all_day(original):
        return bool(original["date"] == wanted)
    return times.moment(original, calendar.time_zone) == _instant("originalStart", wanted)


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
    items = b",".join(
        _item(call.world, calendar, copy, query, role, item_mask, mask_name) for copy in page
    )
    comma = b"," if len(head) > 2 else b""
    return head[:-1] + comma + b'"items":[' + items + b"]}"


def _item(
    world: World, calendar: Calendar, copy: Copy, query: Query, role: str, mask: Mask | None, name: str
) -> bytes:
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
