"""Channels: who wants to hear that a calendar changed, until when, and the messages for them (items 61, 62, 64).

A message says that something changed, never what. Numbers rise with gaps. Channels end by the
sandbox's clock and say nothing when they do; nobody can list them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlsplit

from .calls import Call
from .clock import stamp
from .copies import Calendar
from .errors import Refusal, bad_request, invalid, not_found, required
from .world import Access, World

_ID = re.compile(r"[A-Za-z0-9_+/=-]{1,64}")
_LONGEST_TOKEN = 256
_UNSUPPORTED = "@group.v.calendar.google.com"
"""How the ids of Google's own calendars end, such as those of holidays."""


@dataclass(slots=True, eq=False)
class Channel:
    id: str
    calendar: str
    resource_id: str
    address: str
    token: str | None
    expires: datetime
    opener: str
    event_types: list[str] = field(default_factory=list)
    """None named: all."""
    number: int = 0
    """Of the last message."""
    stopped: bool = False

    def is_live(self, now: datetime) -> bool:
        return not self.stopped and now < self.expires

    def described(self) -> dict[str, Any]:
        described = {
            "kind": "api#channel",
            "id": self.id,
            "resourceId": self.resource_id,
            "resourceUri": self.resource_uri,
            "expiration": str(round(self.expires.timestamp() * 1000)),
        }
        return described if self.token is None else {**described, "token": self.token}

    @property
    def resource_uri(self) -> str:
        return f"https://www.googleapis.com/calendar/v3/calendars/{quote(self.calendar, safe='')}/events?alt=json"


@dataclass(slots=True, eq=False)
class Message:
    """One notification on its way; `answers` holds the receiver's statuses, or the name of what went wrong."""

    channel: Channel
    state: str
    number: int
    when: str
    headers: dict[str, str]
    answers: list[int | str] = field(default_factory=list)
    outcome: str = "waiting"
    """Then `delivered`, `lost` (refused or never answered), `dropped` (as ordered) or `withdrawn` (by a reset)."""

    def described(self) -> dict[str, Any]:
        return {
            "channel": self.channel.id,
            "calendar": self.channel.calendar,
            "address": self.channel.address,
            "state": self.state,
            "number": self.number,
            "when": self.when,
            "headers": self.headers,
            "answers": self.answers,
            "outcome": self.outcome,
        }


def watch(call: Call, calendar: Calendar) -> dict[str, Any]:
    """Open a channel. Its first message, `sync`, may arrive before this answer does."""
    body = _body(call)
    if calendar.id.endswith(_UNSUPPORTED):
        message = "Push notifications are not supported by this resource."
        raise Refusal(400, "pushNotSupportedForRequestedResource", message, "calendar")
    channel = Channel(
        id=_id(call.world, body),
        calendar=calendar.id,
        resource_id=hashlib.blake2s(calendar.id.encode(), digest_size=10).hexdigest(),
        address=_address(call.world, body),
        token=_token(body),
        expires=_expires(call.world, body),
        opener=_opener(call.access),
        event_types=call.texts("eventTypes"),
    )
    call.world.channels[channel.id] = channel
    call.world.messages.append(message_of(call.world, channel, "sync"))
    return channel.described()


def stop(call: Call) -> None:
    """Item 64: 404 for whoever did not open it, and for what is over already."""
    body = _body(call)
    for name in ("id", "resourceId"):
        if not body.get(name):
            raise required(f"channel {name}")
    channel = call.world.channels.get(str(body["id"]))
    if channel is None or not channel.is_live(call.world.clock.now()):
        raise not_found()
    if channel.resource_id != body["resourceId"] or channel.opener != _opener(call.access):
        raise not_found()
    channel.stopped = True


def message_of(world: World, channel: Channel, state: str) -> Message:
    """The next message of a channel, with the whole set of headers."""
    channel.number += 2 + world.seq % 5 if channel.number else 1
    headers = {
        "Accept": "*/*",
        "User-Agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
        "X-Goog-Channel-ID": channel.id,
        "X-Goog-Message-Number": str(channel.number),
        "X-Goog-Resource-ID": channel.resource_id,
        "X-Goog-Resource-State": state,
        "X-Goog-Resource-URI": channel.resource_uri,
    }
    if world.switches.push_names_expiration:
        headers["X-Goog-Channel-Expiration"] = format_datetime(channel.expires, usegmt=True)
    if channel.token is not None:
        headers["X-Goog-Channel-Token"] = channel.token
    return Message(channel, state, channel.number, stamp(world.clock.now()), headers)


def news(world: World) -> list[Message]:
    """The messages that have become due since the last time: of new channels, and one a changed calendar."""
    due, world.messages = world.messages, []
    now = world.clock.now()
    for channel in world.channels.values() if world.touched else ():
        if channel.is_live(now) and _concerned(world, channel):
            due += _in_order(world, message_of(world, channel, "exists"))
    world.touched.clear()
    return [message for planned in due for message in _disturbed(world, planned)]


def _concerned(world: World, channel: Channel) -> bool:
    types = {kind for calendar, kind in world.touched if calendar == channel.calendar}
    return bool(types & set(channel.event_types) if channel.event_types else types)


def _in_order(world: World, message: Message) -> Iterator[Message]:
    """Item 63: with the switch every second message is sent before the one that it follows."""
    earlier = world.held_back.pop(message.channel.id, None)
    if world.switches.push_swaps and earlier is None:
        world.held_back[message.channel.id] = message
        return
    yield message
    if earlier is not None:
        yield earlier


def _disturbed(world: World, message: Message) -> Iterator[Message]:
    """Item 63: what becomes of one message, by the switches."""
    if message in world.delayed:
        world.delayed.discard(message)
        yield message
        return
    world.announced += 1
    every = world.switches.push_drops_every
    if every and world.announced % every == 0:
        message.outcome = "dropped"
    elif world.switches.push_delay_seconds > 0:
        world.delayed.add(message)
        world.later(world.switches.push_delay_seconds, lambda: world.messages.append(message))
        return
    yield message
    if world.switches.push_doubles and message.outcome == "waiting":
        yield Message(message.channel, message.state, message.number, message.when, message.headers)


def _body(call: Call) -> dict[str, Any]:
    if not isinstance(call.body, dict):
        raise bad_request("Parse Error" if call.body is not None else "Missing channel.")
    return call.body


def _id(world: World, body: dict[str, Any]) -> str:
    chosen = body.get("id")
    if not chosen:
        raise required("channel id")
    if not isinstance(chosen, str) or not _ID.fullmatch(chosen):
        raise invalid("Channel id must be up to 64 letters, digits and -_+/=.")
    if chosen in world.channels:
        raise Refusal(400, "channelIdNotUnique", f"Channel id {chosen} not unique")
    return chosen


def _address(world: World, body: dict[str, Any]) -> str:
    if body.get("type") not in ("web_hook", "webhook"):
        raise Refusal(400, "push.channelTypeNotSupported", f"Channel type {body.get('type')} not supported")
    address = body.get("address")
    if not address:
        raise required("channel address")
    parts = urlsplit(str(address))
    if parts.scheme != "https" and not (parts.scheme == "http" and world.switches.push_over_http):
        raise Refusal(400, "push.webhookUrlNotHttps", f"WebHook callback must be HTTPS: {address}")
    if not parts.hostname:
        raise invalid(f"Invalid WebHook callback: {address}")
    return str(address)


def _token(body: dict[str, Any]) -> str | None:
    token = body.get("token")
    if token is not None and (not isinstance(token, str) or len(token) > _LONGEST_TOKEN):
        raise invalid(f"Channel token must be at most {_LONGEST_TOKEN} characters.")
    return token


def _expires(world: World, body: dict[str, Any]) -> datetime:
    """The earliest of what is asked for in either way and what is allowed."""
    now = world.clock.now()
    latest = now + timedelta(seconds=world.switches.channel_seconds)
    try:
        ttl, expiration = (body.get("params") or {}).get("ttl"), body.get("expiration")
        wanted = [latest if ttl is None else now + min(timedelta(seconds=int(ttl)), latest - now)]
        if expiration is not None:
            wanted.append(datetime.fromtimestamp(int(expiration) / 1000, UTC))
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise invalid("Channel expiration and ttl must be numbers.") from None
    expires = min(latest, *wanted).replace(microsecond=0)
    if expires <= now:
        raise invalid("Channel expiration must be in the future.")
    return expires


def _opener(access: Access) -> str:
    """Item 64: a person's channel is the person's and the client's, a service account's its own whoever it acts as."""
    return access.account or f"{access.client} {access.subject}"
