"""The sandbox's control acts as Python calls, for tests, the demo and its side panel."""

from __future__ import annotations

import http.client
import json
import threading
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

Event = dict[str, Any]


class SandboxError(Exception):
    """The sandbox could not do what it was told; the sentence says why."""


class SandboxControl:
    """One method an act; dates and times may be given as such. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._kept = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    # The world

    def reset(self, *, now: str | datetime | None = None) -> None:
        self._do("reset", now=now)

    def written(self) -> dict[str, Any]:
        """The whole world as a document, to be gone back to with `take`; logs and what is under way are not in it."""
        document: dict[str, Any] = self._do("written")
        return document

    def take(self, document: dict[str, Any]) -> None:
        """Go back to the world that was written; the clock stays as it is."""
        self._do("take", document=document)

    def seed(self, **described: Any) -> list[str]:
        """users, groups, calendars, clients, refresh_tokens, events, any_client; the events' ids."""
        made: list[str] = self._do("seed", **described)
        return made

    def create_series(
        self,
        calendar: str,
        summary: str,
        start: str | datetime | date,
        end: str | datetime | date,
        time_zone: str | None = None,
        recurrence: list[str] | str | None = None,
        guests: list[str | Event] | tuple[str | Event, ...] = (),
        *,
        event_id: str | None = None,
        description: str | None = None,
        extended_properties: Event | None = None,
        **fields: Any,
    ) -> Event:
        """A series (or, without `recurrence`, a single event); `fields` are named as Google's."""
        return self._event(
            "create_series",
            calendar=calendar, summary=summary, start=start, end=end, time_zone=time_zone,
            recurrence=recurrence, guests=list(guests), event_id=event_id, description=description,
            extended_properties=extended_properties, **fields,
        )  # fmt: skip

    def create_many(self, events: list[Event]) -> list[str]:
        """Each with `calendar` and the arguments of create_series; answers with the ids."""
        made: list[str] = self._do("create_many", events=events)
        return made

    def event(self, calendar: str, event: str) -> Event:
        return self._event("event", calendar=calendar, event=event)

    def events(self, calendar: str) -> list[Event]:
        listed: list[Event] = self._do("events", calendar=calendar)
        return listed

    def instances(
        self, calendar: str, event: str, count: int = 10, *, after: str | datetime | None = None
    ) -> list[Event]:
        listed: list[Event] = self._do("instances", calendar=calendar, event=event, count=count, after=after)
        return listed

    def clock(
        self,
        *,
        now: str | datetime | None = None,
        advance: float | None = None,
        frozen: bool | None = None,
    ) -> datetime:
        return datetime.fromisoformat(self._do("clock", now=now, advance=advance, frozen=frozen))

    # What people do

    def guest_adds(self, calendar: str, event: str, by: str, email: str) -> Event:
        return self._event("guest_adds", calendar=calendar, event=event, by=by, email=email)

    def forward(self, calendar: str, event: str, by: str, to: str) -> Event:
        return self._event("forward", calendar=calendar, event=event, by=by, to=to)

    def organizer_edits(self, calendar: str, event: str, patch: Event, by: str | None = None) -> Event:
        return self._event("organizer_edits", calendar=calendar, event=event, patch=patch, by=by)

    def answers(self, calendar: str, event: str, guest: str, response: str, comment: str | None = None) -> Event:
        return self._event("answers", calendar=calendar, event=event, guest=guest, response=response, comment=comment)

    def flip_flags(self, calendar: str, event: str, by: str | None = None, **flags: bool) -> Event:
        return self._event("flip_flags", calendar=calendar, event=event, by=by, **flags)

    def drop_guest(self, calendar: str, event: str, email: str, by: str | None = None) -> Event:
        return self._event("drop_guest", calendar=calendar, event=event, email=email, by=by)

    def cancel_instance(self, calendar: str, event: str, by: str | None = None) -> Event:
        return self._event("cancel_instance", calendar=calendar, event=event, by=by)

    def restore_instance(self, calendar: str, event: str, by: str | None = None) -> Event:
        return self._event("restore_instance", calendar=calendar, event=event, by=by)

    def delete_event(self, calendar: str, event: str, by: str | None = None) -> Event:
        return self._event("delete_event", calendar=calendar, event=event, by=by)

    def move_instance(self, calendar: str, event: str, start: str | datetime, end: str | datetime) -> Event:
        return self._event("move_instance", calendar=calendar, event=event, start=start, end=end)

    def split(self, calendar: str, event: str, at: str | date | datetime, patch: Event | None = None) -> Event:
        """`at`: an instance's id, its day, or its start; answers with the new series."""
        return self._event("split", calendar=calendar, event=event, at=at, patch=patch)

    def transfer(self, calendar: str, event: str, to: str) -> Event:
        return self._event("transfer", calendar=calendar, event=event, to=to)

    def suspend(self, email: str, suspended: bool = True) -> None:
        self._do("suspend", email=email, suspended=suspended)

    def rename_user(self, email: str, to: str) -> None:
        self._do("rename_user", email=email, to=to)

    def alias(self, email: str, alias: str) -> None:
        self._do("alias", email=email, alias=alias)

    def set_members(self, group: str, members: list[str], *, follow: bool = True) -> None:
        self._do("set_members", group=group, members=members, follow=follow)

    def follow_groups(self) -> None:
        self._do("follow_groups")

    def expand_group(self, calendar: str, event: str, group: str) -> Event:
        return self._event("expand_group", calendar=calendar, event=event, group=group)

    def mark(self, calendar: str, event: str, **fields: Any) -> Event:
        return self._event("mark", calendar=calendar, event=event, **fields)

    def share(self, calendar: str, email: str, role: str) -> None:
        self._do("share", calendar=calendar, email=email, role=role)

    # How Google behaves

    def switch(self, name: str, value: object) -> None:
        self._do("switch", name=name, value=value)

    def expire_tokens(self, calendar: str | None = None, *, mid_paging: bool = False) -> None:
        self._do("expire_tokens", calendar=calendar, mid_paging=mid_paging)

    def expire_access(self) -> None:
        self._do("expire_access")

    def revoke(self, token: str) -> None:
        self._do("revoke", token=token)

    def access_token(self, subject: str, scopes: list[str] | None = None) -> str:
        token: str = self._do("access_token", subject=subject, scopes=scopes)
        return token

    def touch(self, calendar: str, event: str) -> str:
        etag: str = self._do("touch", calendar=calendar, event=event)
        return etag

    def fault(self, kind: str, *, route: str = "*", count: int | None = 1, **more: Any) -> None:
        """`kind` as in `faults.KINDS`; `count=None` lasts until `clear_faults`."""
        self._do("fault", kind=kind, route=route, count=count, **more)

    def clear_faults(self) -> None:
        self._do("clear_faults")

    def close_idle(self) -> int:
        closed: int = self._do("close_idle")
        return closed

    def pause_at(self, route: str, count: int = 1, *, when: str = "before", event: str | None = None) -> None:
        """The n-th matching request from now stops, `before` or `after` it is applied."""
        self._do("pause_at", route=route, count=count, when=when, event=event)

    def wait_until_paused(self, timeout: float = 10.0) -> bool:
        paused: bool = self._do("wait_until_paused", timeout=timeout)
        return paused

    def resume(self) -> None:
        self._do("resume")

    # Notifications and quotas

    def channels(self) -> list[dict[str, Any]]:
        """Every channel ever opened: as answered to whoever opened it, and `calendar`, `address`, `live`, `number`."""
        opened: list[dict[str, Any]] = self._do("channels")
        return opened

    def notify(self, channel: str, state: str = "exists") -> int:
        """A message of this channel now, also of one that has ended; answers with its number."""
        number: int = self._do("notify", channel=channel, state=state)
        return number

    def wait_until_pushed(self, timeout: float = 10.0) -> bool:
        """Until every message has been answered or lost, repetitions included."""
        pushed: bool = self._do("wait_until_pushed", timeout=timeout)
        return pushed

    def deliveries(self, channel: str | None = None) -> list[dict[str, Any]]:
        """`outcome`: waiting, delivered, lost or dropped; `answers`: the receiver's, one an attempt."""
        sent: list[dict[str, Any]] = self._do("deliveries", channel=channel)
        return sent

    def quota(self) -> dict[str, Any]:
        """`used` and `peak` units in a sliding minute, of `project` and of each of `users`."""
        used: dict[str, Any] = self._do("quota")
        return used

    # What has happened

    def log(self, route: str | None = None) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self._do("log", route=route)
        return entries

    def clear_log(self) -> None:
        """Requests, effects, mails of both kinds, ended deliveries and the peaks of the quotas."""
        self._do("clear_log")

    def effects(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._do("effects")
        return rows

    def outbox(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._do("outbox")
        return rows

    def mails(self) -> list[dict[str, Any]]:
        """What was sent through Gmail: `message_id`, `to`, `by`, and `raw` as it arrived."""
        rows: list[dict[str, Any]] = self._do("mails")
        return rows

    def close(self) -> None:
        """Close every thread's connection; the next act opens its own again."""
        while self._opened:
            self._opened.pop().close()

    def _event(self, act: str, **arguments: Any) -> Event:
        event: Event = self._do(act, **arguments)
        return event

    def _do(self, act: str, **arguments: Any) -> Any:
        given = {name: value for name, value in arguments.items() if value is not None or name == "count"}
        body = json.dumps(given, default=_as_text).encode()
        status, content = self._send(act, body)
        answer = json.loads(content)
        if status != 200:
            raise SandboxError(answer["error"])
        return answer["result"]

    def _send(self, act: str, body: bytes) -> tuple[int, bytes]:
        try:
            return self._sent(act, body)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The kept connection had been idle for too long and nothing was read from it.
            self._kept.connection.close()
            return self._sent(act, body)

    def _sent(self, act: str, body: bytes) -> tuple[int, bytes]:
        connection = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._kept.connection = http.client.HTTPConnection(*self._address)
        if connection.sock is None:
            self._opened.append(connection)
        connection.request("POST", f"/_sandbox/{act}", body)
        response = connection.getresponse()
        return response.status, response.read()


def _as_text(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be sent")
