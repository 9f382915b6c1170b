"""The parameters of a list, understood or refused (items 37, 39, 43 and 46)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from . import clock, times, tokens
from .calls import Call
from .copies import Calendar
from .errors import Refusal, bad_request, full_sync_required, invalid_parameter

_NOT_WITH_TOKEN = (
    "iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty",
    "timeMin", "timeMax", "updatedMin",
)  # fmt: skip
_SAME_WITH_TOKEN = ("singleEvents", "maxAttendees", "eventTypes", "timeZone", "showHiddenInvitations")
_TYPES = ("birthday", "default", "focusTime", "fromGmail", "outOfOffice", "workingLocation")


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


def understood(call: Call, calendar: Calendar, *, free_busy_only: bool) -> Query:
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
        time_min=instant("timeMin", window[0]) if in_window else None,
        time_max=instant("timeMax", window[1]) if in_window else None,
        updated_min=instant("updatedMin", call.text("updatedMin")),
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


def lasting(call: Call) -> str:
    """What a sync token is bound to."""
    return repr([call.query.get(name) for name in _SAME_WITH_TOKEN])


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
    if call.world.switches.token_parameters == "strict" and identity != lasting(call):
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


def instant(name: str, value: str | None) -> datetime | None:
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
