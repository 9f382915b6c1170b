"""What the reconciler asks of the outside, and every answer that is not a success.

Whoever plans gets a `CalendarReader` and cannot write. Errors say what they mean for the caller, not
which status a server sent: `retry_after` and `is_permanent` are values, so nobody parses a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from governance.domain.errors import GovernanceError
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.received import Listing

Concerns = Callable[[str, str | None], bool]
"""Given an event's id and its series' id (or None): whether the event is governed by us."""


@dataclass(frozen=True, slots=True)
class CalendarAddress:
    """A calendar and the account to act as on it."""

    google_id: str
    subject: str


class SendUpdates(StrEnum):
    """Whether Google mails all guests of the event about a write, or nobody."""

    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EventWrite:
    """One conditional write on one event: only what is ours, only what differs.

    `guests` is the whole new list of entries, surviving entries as received; None leaves the list alone.
    `private_properties` maps to None what is to be deleted.
    """

    event_id: str
    etag: str
    guests: tuple[Mapping[str, Any], ...] | None = None
    guests_can_invite: bool | None = None
    guests_can_modify: bool | None = None
    description: str | None = None
    private_properties: Mapping[str, str | None] = field(default_factory=dict)
    send_updates: SendUpdates = SendUpdates.NONE


class CalendarReader(Protocol):
    """Reads of one Google account; every call may raise `CalendarTrouble`."""

    def list_changes(
        self,
        calendar: CalendarAddress,
        *,
        sync_token: str | None,
        concerns: Concerns,
        passing_over: frozenset[str] = frozenset(),
        is_probe: bool = False,
    ) -> Listing:
        """What changed since the token (None: everything), only the events that concern us.

        An event that cannot be read makes the whole answer unbelievable, unless it is among those to be passed
        over. A probe asks once, and leaves it to the caller to ask again.

        Raises `SyncTokenExpired` when the token is refused on whichever page.
        """

    def get_event(self, calendar: CalendarAddress, event_id: str) -> ObservedEvent | None:
        """The event, or None where Google says it does not exist (or is not to be seen)."""


class CalendarWriter(Protocol):
    """Writes to one Google account: one call is sent exactly once."""

    def write_event(self, calendar: CalendarAddress, write: EventWrite) -> ObservedEvent:
        """Send the write and return Google's answer to it.

        Raises `ChangedMeanwhile` when the etag no longer holds, `OutcomeUnclear` when it may or may
        not have been applied.
        """


class CalendarPort(CalendarReader, CalendarWriter, Protocol):
    """Both sides, as the gateway offers them."""


@dataclass(frozen=True, slots=True)
class OpenedChannel:
    """How long Google tells of changes in a calendar, and by which name of its own the channel is stopped."""

    resource_id: str
    expires_at: datetime
    """In UTC; it may be earlier than asked for. Nothing says so when it has come."""


class ChannelPort(Protocol):
    """Notifications of one Google account: that a calendar has changed, never what. One call is sent once."""

    def watch(
        self, calendar: CalendarAddress, *, channel_id: str, token: str, address: str, ttl_seconds: int
    ) -> OpenedChannel:
        """Have every change told to the address, with the token; the first message may come before this returns.

        An id serves once. Raises `OutcomeUnclear` when the channel may be open or not: no call finds out,
        so another is opened under another id, and what comes from this one is of no known channel.
        """

    def stop_channel(self, calendar: CalendarAddress, *, channel_id: str, resource_id: str) -> None:
        """End a channel, acting as whoever opened it; returns also when it had ended already."""


class AddressKind(StrEnum):
    USER = "user"
    GROUP = "group"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """What the Directory says of one address; `addresses` are all folded addresses of that user, primary first."""

    kind: AddressKind
    addresses: tuple[str, ...] = ()
    directory_id: str | None = None
    name: str | None = None
    department: str | None = None
    is_suspended: bool = False


class DirectoryPort(Protocol):
    def look_up(self, addresses: Iterable[str]) -> dict[str, DirectoryEntry]:
        """An entry for every address; an address that cannot be answered now is missing from the answer."""


class CalendarTrouble(GovernanceError):
    """A call to Google that did not succeed.

    Attributes:
        code: a stable word for `status` and the tests.
        is_permanent: whether the same call would fail again until somebody acts.
        retry_after: seconds to wait at least, where Google named them.
    """

    code = "google-trouble"
    is_permanent = False

    def __init__(
        self, remedy: str, reason: str = "", *, code: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(remedy, reason)
        self.code = code or type(self).code
        self.retry_after = retry_after


class Unreachable(CalendarTrouble):
    """No answer, or one that says "later" (5xx, a cut connection on a read, the total deadline)."""

    code = "google-unreachable"


class Throttled(CalendarTrouble):
    """Too many calls (429, 403 rateLimitExceeded and kin)."""

    code = "google-throttled"


class WritesPaused(CalendarTrouble):
    """403 quotaExceeded: this account may not write for hours; reads go on."""

    code = "google-writes-paused"


class Refused(CalendarTrouble):
    """Google says no until somebody acts: credentials, delegation, sharing, scope."""

    code = "google-refused"
    is_permanent = True


class NotFound(Refused):
    """404: it does not exist, or the account may not see it (Google does not say which)."""

    code = "google-not-found"


class SyncTokenExpired(CalendarTrouble):
    """410 on a listing with a token: list everything anew beside the old picture."""

    code = "google-sync-token-expired"


class ChangedMeanwhile(CalendarTrouble):
    """412: the event is not any more the one the write was planned for."""

    code = "google-changed-meanwhile"


class OutcomeUnclear(CalendarTrouble):
    """A write was sent and its answer was lost: read and compare before anything else (channels: see `ChannelPort`)."""

    code = "google-outcome-unclear"


class Unbelievable(CalendarTrouble):
    """A success that cannot be true: not JSON, the wrong kind, no token, another calendar's events.

    `event_ids` are the governed events that cannot be read, when they alone are the cause; `event_id` is the first.
    """

    code = "google-unbelievable"

    def __init__(self, remedy: str, reason: str = "", *, event_ids: tuple[str, ...] = ()) -> None:
        super().__init__(remedy, reason)
        self.event_ids = event_ids

    @property
    def event_id(self) -> str | None:
        return self.event_ids[0] if self.event_ids else None


class Stopping(CalendarTrouble):
    """The process is stopping and cut the call."""

    code = "stopping"


class LeaseLost(Stopping):
    """The calendar is another worker's by now: whatever was planned for it is that one's to plan."""

    code = "lease-lost"
