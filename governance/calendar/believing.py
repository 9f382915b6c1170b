"""Which successes are believed.

A wrong guest list that looks right would be compared with the right roster, and people would be taken
off. So an answer counts only when it is of the right kind, complete, and contradicts nothing known;
otherwise it is as if it had not come, and says why. Reasons name no event and nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from governance.calendar.cutting import Item
from governance.domain.people import fold_address
from governance.reconcile.ports import OpenedChannel
from governance.reconcile.received import Contradiction

MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Page:
    """One believed page of a listing; exactly one of the tokens is there."""

    items: list[Item]
    next_page: str | None
    sync_token: str | None
    access_role: str
    time_zone: str


class PageTokens:
    """The page tokens of one listing: none comes twice, and there are not endlessly many."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def take(self, token: str) -> str:
        if token in self._seen:
            raise Contradiction("the same page came again")
        self._seen.add(token)
        if len(self._seen) >= MOST_PAGES:
            raise Contradiction(f"it does not end after {MOST_PAGES} pages")
        return token


def believed_page(answer: Any, *, other_calendars: Collection[str]) -> Page:
    """The page an `events.list` answered with. Raises Contradiction."""
    envelope = _of_kind(answer, "calendar#events")
    next_page, sync_token = _text(envelope, "nextPageToken"), _text(envelope, "nextSyncToken")
    if (next_page is None) == (sync_token is None):
        raise Contradiction("it has two continuations" if next_page else "it has no continuation")
    items = envelope.get("items", [])
    if not isinstance(items, list):
        raise Contradiction("its items are no list")
    for item in items:
        if type(item) is not tuple:
            raise Contradiction("its items cannot be told apart")
        _check_item(item[0], other_calendars)
    role, zone = _text(envelope, "accessRole"), _text(envelope, "timeZone")
    return Page(items, next_page, sync_token, role or "none", zone or "UTC")


def believed_event(answer: Any, *, event_id: str, other_calendars: Collection[str]) -> dict[str, Any]:
    """The event that a get or a patch answered with. Raises Contradiction."""
    event = _of_kind(answer, "calendar#event")
    if event.get("id") != event_id:
        raise Contradiction("it is another event")
    if not _text(event, "etag"):
        raise Contradiction("it has no version")
    _check_item(event, other_calendars)
    return event


def believed_channel(answer: Any, *, channel_id: str) -> OpenedChannel:
    """The channel that a watch answered with. Raises Contradiction."""
    channel = _of_kind(answer, "api#channel")
    if channel.get("id") != channel_id:
        raise Contradiction("it is another channel")
    resource_id, expiration = _text(channel, "resourceId"), _text(channel, "expiration")
    if resource_id is None:
        raise Contradiction("it names no resource")
    if expiration is None or not expiration.isascii() or not expiration.isdigit():
        raise Contradiction("it has no end")
    try:
        # Milliseconds since 1970, as text (Calendar API, push guide).
        return OpenedChannel(resource_id, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(expiration)))
    except (OverflowError, ValueError):
        raise Contradiction("its end is beyond all calendars") from None


def _of_kind(answer: Any, kind: str) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise Contradiction("it is no object")
    if answer.get("kind") != kind:
        raise Contradiction("it is of another kind")
    return answer


def _text(found: dict[str, Any], name: str) -> str | None:
    value = found.get(name)
    if value is not None and (not isinstance(value, str) or not value):
        raise Contradiction(f"its {name} is no text")
    return value


def _check_item(item: Any, other_calendars: Collection[str]) -> None:
    if type(item) is not dict or type(item.get("id")) is not str:
        raise Contradiction("an item has no id")
    if type(item.get("recurringEventId", "")) is not str:
        raise Contradiction("an item does not say whose occurrence it is")
    if not other_calendars:
        return
    organizer = item.get("organizer")
    # `self` is relative to the calendar in the path: it says whose copy this is (Calendar API, events).
    if isinstance(organizer, dict) and organizer.get("self") is True:
        email = organizer.get("email")
        if isinstance(email, str) and fold_address(email) in other_calendars:
            raise Contradiction("it belongs to another calendar")
