"""Google Calendar as the reconciler wants it: complete listings, single events, conditional writes.

`singleEvents` stays false and every filter stays away: a sync token forbids filters, and belongs to the
parameters it was given for (Calendar API, sync guide). Which events concern us is decided here instead,
before anything of the others is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from governance.calendar.believing import Page, PageTokens, believed_channel, believed_event, believed_page
from governance.calendar.calling import Caller
from governance.calendar.cutting import cut_into_items
from governance.calendar.deadlines import DEFAULT_SECONDS
from governance.calendar.denials import Asked
from governance.calendar.quota import PATCH_UNITS
from governance.calendar.refusals import role_trouble, unbelievable, unreadable_events, writing_is_switched_off
from governance.calendar.series_ahead import RecurringEvent, series_ahead
from governance.calendar.translation import EVENT_FIELDS, LIST_FIELDS, written_fields
from governance.domain.people import fold_address
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.ports import (
    CalendarAddress,
    ChangedMeanwhile,
    Concerns,
    EventWrite,
    NotFound,
    OpenedChannel,
    Refused,
)
from governance.reconcile.received import (
    Contradiction,
    Listing,
    ReceivedEvent,
    is_all_day,
    observed_event,
    received_event,
)

PAGE_SIZE = 250
_MOST_QUOTA_USER = 40  # Calendar API, standard parameters
_FACTS_FIELDS = "kind,accessRole,timeZone,nextPageToken,nextSyncToken,items(id,organizer(email,self))"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFacts:
    """What a calendar says of itself; `google_id` is its own id, also where it was asked for as `primary`."""

    google_id: str
    access_role: str
    time_zone: str
    trouble: Refused | None
    """Why it could not be written to, if so."""


class GoogleCalendar:
    """Implements `CalendarPort` and `ChannelPort` for any number of calendars, subjects and threads.

    `other_calendars` names the folded ids of all calendars known; without it, those are known that this
    object was asked for.
    """

    def __init__(
        self,
        caller: Caller,
        *,
        read_only: bool = False,
        other_calendars: Callable[[], Collection[str]] | None = None,
    ) -> None:
        self._caller = caller
        self._read_only = read_only
        self._asked_for: set[str] = set()
        self._known = other_calendars or (lambda: self._asked_for)
        self._time_zones: dict[str, str] = {}

    def list_changes(
        self,
        calendar: CalendarAddress,
        *,
        sync_token: str | None,
        concerns: Concerns,
        passing_over: frozenset[str] = frozenset(),
        is_probe: bool = False,
    ) -> Listing:
        """See `CalendarReader`. Nothing is returned before the last page was believed."""
        asked = self._asked(calendar, with_sync_token=sync_token is not None)
        events: list[ReceivedEvent] = []
        unreadable: dict[str, str] = {}
        had_items = False
        for page in self._pages(calendar, asked, fields=LIST_FIELDS, sync_token=sync_token, is_probe=is_probe):
            had_items = had_items or bool(page.items)
            events += _received(page, concerns, unreadable)
        if causes := {event: why for event, why in unreadable.items() if event not in passing_over}:
            raise unreadable_events(asked, causes)
        self._time_zones[calendar.google_id] = page.time_zone
        return Listing(
            events=tuple(events),
            sync_token=page.sync_token or "",
            is_full=sync_token is None,
            access_role=page.access_role,
            had_items=had_items,
            passed_over=frozenset(unreadable),
        )

    def get_event(
        self, calendar: CalendarAddress, event_id: str, *, deadline_seconds: float = DEFAULT_SECONDS
    ) -> ObservedEvent | None:
        """See `CalendarReader`."""
        asked = self._asked(calendar)
        try:
            answer = self._caller.read(
                lambda client: client.events.get(
                    calendarId=calendar.google_id,
                    eventId=event_id,
                    fields=EVENT_FIELDS,
                    quotaUser=quota_user(calendar.subject),
                ),
                asked,
                seconds=deadline_seconds,
            )
        except NotFound:
            return None
        return self._believed(answer, calendar, event_id, asked)

    def write_event(self, calendar: CalendarAddress, write: EventWrite) -> ObservedEvent:
        """See `CalendarWriter`."""
        if self._read_only:
            raise writing_is_switched_off()
        if not write.etag:
            # An If-Match without a version would make the write unconditional.
            raise ChangedMeanwhile("Wait while the event is read again", "it was read without its version")
        asked = self._asked(calendar, is_write=True)

        def build(client: Any) -> Any:
            request = client.events.patch(
                calendarId=calendar.google_id,
                eventId=write.event_id,
                body=written_fields(write),
                sendUpdates=str(write.send_updates),
                fields=EVENT_FIELDS,
                quotaUser=quota_user(calendar.subject),
            )
            request.headers["if-match"] = write.etag
            return request

        answer = self._caller.write(build, asked, units=PATCH_UNITS)
        return self._believed(answer, calendar, write.event_id, asked)

    def watch(
        self, calendar: CalendarAddress, *, channel_id: str, token: str, address: str, ttl_seconds: int
    ) -> OpenedChannel:
        """See `ChannelPort`. An installation that only looks is told of changes too: a channel is none itself."""
        asked = self._asked(calendar, is_channel=True)
        body = {
            "id": channel_id,
            "type": "web_hook",
            "address": address,
            "token": token,
            "params": {"ttl": str(ttl_seconds)},
        }
        answer = self._caller.write(
            lambda client: client.events.watch(
                calendarId=calendar.google_id, body=body, quotaUser=quota_user(calendar.subject)
            ),
            asked,
        )
        try:
            return believed_channel(answer, channel_id=channel_id)
        except Contradiction as why:
            raise unbelievable(asked, str(why)) from None

    def stop_channel(self, calendar: CalendarAddress, *, channel_id: str, resource_id: str) -> None:
        """See `ChannelPort`."""
        asked = self._asked(calendar, is_channel=True)
        body = {"id": channel_id, "resourceId": resource_id}
        try:
            answer = self._caller.write(
                lambda client: client.channels.stop(body=body, quotaUser=quota_user(calendar.subject)), asked
            )
        except NotFound:
            return
        if answer is not None:
            raise unbelievable(asked, "it has content")

    def calendar_of(self, calendar: CalendarAddress) -> CalendarFacts:
        """The calendar's own id, our role on it and its zone, from the head of a listing.

        The calendar's own resource would need a scope of its own. Its id is read off an event that it
        organises; an empty `primary` is taken for the subject's address.
        """
        asked = self._asked(calendar, remember=False)
        page = next(self._pages(calendar, asked, fields=_FACTS_FIELDS, sync_token=None))
        own = (fold_address(item["organizer"]["email"]) for item, _ in page.items if _is_own(item))
        assumed = calendar.subject if calendar.google_id == "primary" else calendar.google_id
        google_id = next(own, fold_address(assumed))
        self._time_zones[calendar.google_id] = self._time_zones[google_id] = page.time_zone
        return CalendarFacts(
            google_id=google_id,
            access_role=page.access_role,
            time_zone=page.time_zone,
            trouble=role_trouble(page.access_role, replace(asked, calendar=google_id)),
        )

    def recurring_events(self, calendar: CalendarAddress, *, now: datetime) -> tuple[RecurringEvent, ...]:
        """Every series of the calendar that has an occurrence ahead, the next one first."""
        listing = self.list_changes(calendar, sync_token=None, concerns=lambda event_id, series_id: True)
        return series_ahead([event.read() for event in listing.events], now=now)

    def _pages(
        self, calendar: CalendarAddress, asked: Asked, *, fields: str, sync_token: str | None, is_probe: bool = False
    ) -> Iterator[Page]:
        others = self._others(calendar)
        tokens = PageTokens()
        parameters: dict[str, Any] = {
            "calendarId": calendar.google_id,
            "singleEvents": False,
            "maxResults": PAGE_SIZE,
            "fields": fields,
            "quotaUser": quota_user(calendar.subject),
        }
        if sync_token is not None:
            parameters["syncToken"] = sync_token
        while True:
            answer = self._caller.read(lambda client: _page_request(client, parameters), asked, once=is_probe)
            try:
                page = believed_page(answer, other_calendars=others)
                yield page
                if page.next_page is None:
                    return
                page.items.clear()  # the next page is then parsed into memory that is at hand already
                parameters["pageToken"] = tokens.take(page.next_page)
            except Contradiction as why:
                raise unbelievable(asked, str(why)) from None

    def _believed(self, answer: Any, calendar: CalendarAddress, event_id: str, asked: Asked) -> ObservedEvent:
        try:
            raw = believed_event(answer, event_id=event_id, other_calendars=self._others(calendar))
            return observed_event(raw, time_zone=self._time_zone(calendar) if is_all_day(raw) else "UTC")
        except Contradiction as why:
            raise unbelievable(asked, str(why)) from None

    def _time_zone(self, calendar: CalendarAddress) -> str:
        """The calendar's zone, without which the midnight of an all-day event is no instant."""
        if calendar.google_id not in self._time_zones:
            self.calendar_of(calendar)
        return self._time_zones[calendar.google_id]

    def _others(self, calendar: CalendarAddress) -> Collection[str]:
        own = fold_address(calendar.google_id)
        return frozenset() if own == "primary" else frozenset(self._known()) - {own}

    def _asked(
        self,
        calendar: CalendarAddress,
        *,
        is_write: bool = False,
        is_channel: bool = False,
        with_sync_token: bool = False,
        remember: bool = True,
    ) -> Asked:
        if remember:
            self._asked_for.add(fold_address(calendar.google_id))
        known = self._caller.credentials.asked(calendar.subject)
        return replace(
            known,
            calendar=calendar.google_id,
            is_write=is_write,
            is_channel=is_channel,
            with_sync_token=with_sync_token,
        )


def _received(page: Page, concerns: Concerns, unreadable: dict[str, str]) -> Iterator[ReceivedEvent]:
    """Those that concern us; what cannot be read is added to `unreadable` with the reason."""
    for value, text in page.items:
        if concerns(value["id"], value.get("recurringEventId")):
            try:
                yield received_event(value, text, time_zone=page.time_zone)
            except Contradiction as why:
                unreadable[value["id"]] = str(why)


def _page_request(client: Any, parameters: dict[str, Any]) -> Any:
    request = client.events.list(**parameters)
    request.parse = cut_into_items(request.parse)
    return request


def quota_user(subject: str) -> str:
    """Whose quota a call is counted on. With delegation all people would share one account's otherwise."""
    return (
        subject if len(subject) <= _MOST_QUOTA_USER else hashlib.sha256(subject.encode()).hexdigest()[:_MOST_QUOTA_USER]
    )


def _is_own(item: dict[str, Any]) -> bool:
    organizer = item.get("organizer")
    return isinstance(organizer, dict) and organizer.get("self") is True and isinstance(organizer.get("email"), str)
