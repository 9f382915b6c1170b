"""Everything the sandbox knows: people, groups, calendars, tokens, and what has happened."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from .clock import Clock, stamp
from .copies import Calendar, Copy
from .errors import not_found
from .quota import Quotas
from .switches import Switches

if TYPE_CHECKING:
    from .channels import Channel, Message


@dataclass(slots=True, eq=False)
class User:
    email: str
    id: str
    name: str = ""
    aliases: list[str] = field(default_factory=list)
    organizations: list[dict[str, Any]] = field(default_factory=list)
    suspended: bool = False
    archived: bool = False
    admin: bool = False


@dataclass(slots=True, eq=False)
class Group:
    email: str
    id: str
    name: str = ""
    members: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    """Item 57: the members that calendars have already noticed."""


@dataclass(slots=True)
class Client:
    """A service account: which scopes it may ask for in users' names (item 11)."""

    email: str
    public_key: str | None = None
    scopes: list[str] | None = None


@dataclass(slots=True)
class Grant:
    """A refresh token."""

    subject: str
    scopes: list[str] | None = None
    revoked: bool = False


@dataclass(slots=True)
class Access:
    """What an access token stands for (item 12); `service_account` acts for nobody."""

    subject: str
    scopes: frozenset[str] | None
    expires: datetime | None
    service_account: bool = False
    account: str = ""
    """The service account behind the token, also where it acts as somebody."""
    client: str = ""
    """The OAuth client behind a person's token."""


class World:
    """One lock guards all of it; callers hold it while they read or write."""

    def __init__(self, now: datetime | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(now)
        self.reset()

    def reset(self) -> None:
        self.incarnation = secrets.token_hex(4)
        self.seq = 0
        self.switches = Switches()
        self.users: dict[str, User] = {}
        self.by_address: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        self.calendars: dict[str, Calendar] = {}
        self.clients: dict[str, Client] = {}
        self.any_client = True
        self.grants: dict[str, Grant] = {}
        self.accesses: dict[str, Access] = {}
        self.effects: list[dict[str, Any]] = []
        self.outbox: list[dict[str, Any]] = []
        self.mails: list[dict[str, Any]] = []
        """What was sent through Gmail, whoever sent it."""
        self.conference_requests: set[str] = set()
        self._due: list[tuple[datetime, Callable[[], None]]] = []
        self.quotas = Quotas()
        self.channels: dict[str, Channel] = {}
        """Those that have ended too: their ids are used up."""
        self.touched: set[tuple[str, str]] = set()
        """(calendar, type of event) of what has changed since messages were last made."""
        self.messages: list[Message] = []
        self.delayed: set[Message] = set()
        self.held_back: dict[str, Message] = {}
        self.announced = 0

    def add_user(self, user: User, *, time_zone: str = "UTC") -> User:
        """Known people have a primary calendar named after their address."""
        self.users[user.email] = user
        for address in (user.email, *user.aliases):
            self.by_address[address] = user
        if user.email not in self.calendars:
            self.add_calendar(Calendar(user.email, user.email, time_zone, owner=user.email))
        return user

    def add_calendar(self, calendar: Calendar) -> Calendar:
        self.calendars[calendar.id] = calendar
        return calendar

    def calendar(self, calendar_id: str) -> Calendar:
        folded = calendar_id.lower()
        found = self.calendars.get(folded)
        if found is None and folded in self.by_address:
            found = self.calendars.get(self.by_address[folded].email)
        if found is None:
            raise not_found()
        return found

    def canonical(self, address: str) -> str:
        """The user's primary address for any of his, else the folded address itself."""
        folded = address.strip().lower()
        user = self.by_address.get(folded)
        return user.email if user else folded

    def recipients(self, address: str) -> Iterator[str]:
        """Whose calendars an invited address reaches; groups nested in groups included."""
        seen: set[str] = set()
        waiting = [self.canonical(address)]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            if current in self.groups:
                waiting.extend(self.canonical(m) for m in self.groups[current].followed)
            elif current in self.users:
                yield current

    def keep(self, copy: Copy, *, bump_updated: bool = True) -> Copy:
        self.seq += 1
        calendar = self.calendars[copy.calendar]
        self.touched.add((copy.calendar, copy.shared.get("eventType", "default")))
        return calendar.keep(copy, seq=self.seq, now=self.clock.now(), bump_updated=bump_updated)

    def new_event_id(self) -> str:
        """Item 19: 26 characters of base32hex, as Google makes them."""
        return base64.b32hexencode(secrets.token_bytes(16)).decode().lower().rstrip("=")

    def later(self, delay: float, act: Callable[[], None]) -> None:
        """Item 15: do it now, or once the clock has gone on by `delay` seconds."""
        if delay <= 0:
            act()
        else:
            self._due.append((self.clock.now() + timedelta(seconds=delay), act))

    def settle(self) -> None:
        """Do what has become due; called before every request."""
        if not self._due:
            return
        now = self.clock.now()
        ready = [act for due, act in self._due if due <= now]
        self._due = [(due, act) for due, act in self._due if due > now]
        for act in ready:
            act()

    def record_effect(self, *, by: str, act: str, copy: Copy, before: dict[str, Any] | None, cancelled: bool) -> None:
        """One row per change that was really applied to an event."""
        after = copy.shared
        self.effects.append(
            {
                "when": stamp(self.clock.now()),
                "by": by,
                "act": act,
                "calendar": copy.calendar,
                "event": copy.id,
                "cancelled": cancelled,
                "before": guest_addresses(before),
                "after": guest_addresses(after),
                "changed": _differing(before or {}, after),
            }
        )


def guest_addresses(shared: dict[str, Any] | None) -> list[str]:
    return [guest.get("email", "") for guest in (shared or {}).get("attendees", ())]


def profile_id(address: str) -> str:
    """A Directory id: digits only, the same for the same address every time."""
    return str(int(hashlib.sha256(address.encode()).hexdigest()[:16], 16)).zfill(21)[:21]


def _differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
