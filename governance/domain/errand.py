"""What pages may want of Google, who may want it, and what the answers say. Pure.

    a page writes an errand ─► a worker claims it, asks Google, writes the answer ─► the page shows it

Pages never call Google themselves: they would be as slow as it is, and a page that is looked at could write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.errors import GovernanceError

LIFE = timedelta(hours=1)
"""So long an errand is kept, and with it what Google said of an event that nobody may have adopted."""

MOST_FOUND = 300
"""Events of one calendar that an answer names at most, the next ones first."""


class ErrandKind(StrEnum):
    """`find` lists a calendar's recurring events, `look` reads one of them with its guests; the others act on it."""

    FIND = "find"
    LOOK = "look"
    ADOPT = "adopt"
    RELINK = "relink"
    RELEASE = "release"


class ErrandRefused(GovernanceError):
    """Why an errand came to nothing, as the page is to say it."""


READING = frozenset({ErrandKind.FIND, ErrandKind.LOOK})
"""These change nothing."""

_NEEDS = {
    ErrandKind.FIND: (Act.ADOPT, Kind.SITE),
    ErrandKind.LOOK: (Act.ADOPT, Kind.SITE),
    ErrandKind.ADOPT: (Act.ADOPT, Kind.SITE),
    ErrandKind.RELINK: (Act.RELINK, Kind.MEETING),
    ErrandKind.RELEASE: (Act.RELEASE, Kind.MEETING),
}


def act_of(kind: ErrandKind, meeting: UUID | None = None) -> tuple[Act, Kind]:
    """What somebody must be allowed to do who sends such an errand. For a meeting only its own calendar is read, to
    find in which event it goes on.
    """
    return _NEEDS[ErrandKind.RELINK] if meeting is not None and kind in READING else _NEEDS[kind]


def may_send(actor: Actor, kind: ErrandKind, meeting: UUID | None = None) -> bool:
    act, thing = act_of(kind, meeting)
    return may(actor, act, Thing(thing, meeting))


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEvent:
    """A recurring event of a calendar, for whoever chooses one to adopt."""

    event: str
    summary: str
    organizer: str | None
    is_own: bool
    """Whether the calendar organises it: only then can it be kept in order."""
    next_start: datetime | None
    guests: int
    time_zone: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "event": self.event,
            "summary": self.summary,
            "organizer": self.organizer,
            "is_own": self.is_own,
            "next_start": self.next_start.isoformat() if self.next_start else None,
            "guests": self.guests,
            "time_zone": self.time_zone,
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        start = written["next_start"]
        return cls(**{**written, "next_start": datetime.fromisoformat(start) if start else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to `find`: the calendar as Google knows it, and its recurring events, the next one first."""

    google_id: str
    subject: str
    time_zone: str
    events: tuple[FoundEvent, ...]
    left_out: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "google_id": self.google_id,
            "subject": self.subject,
            "time_zone": self.time_zone,
            "events": [one.to_json() for one in self.events],
            "left_out": self.left_out,
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        return cls(**{**written, "events": tuple(FoundEvent.from_json(one) for one in written["events"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the Directory says of a guest; `addresses` are all of theirs."""

    kind: str
    name: str | None = None
    department: str | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """The answer to `look`: one event with its guests, and what the Directory says of them.

    `event` is an `ObservedEvent` as JSON, without its description and the properties of others: nobody asked for them.
    """

    google_id: str
    subject: str
    time_zone: str
    access_role: str
    event: Mapping[str, Any]
    known: Mapping[str, Known]

    def to_json(self) -> dict[str, Any]:
        known = {
            address: {"kind": one.kind, "name": one.name, "department": one.department, "addresses": one.addresses}
            for address, one in self.known.items()
        }
        return {
            "google_id": self.google_id,
            "subject": self.subject,
            "time_zone": self.time_zone,
            "access_role": self.access_role,
            "event": dict(self.event),
            "known": known,
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        known = {
            address: Known(**{**one, "addresses": tuple(one["addresses"])}) for address, one in written["known"].items()
        }
        return cls(**{**written, "known": known})


def first_of(events: Iterable[FoundEvent]) -> tuple[tuple[FoundEvent, ...], int]:
    """As many as an answer holds, and how many were left out."""
    listed = tuple(events)
    return listed[:MOST_FOUND], max(len(listed) - MOST_FOUND, 0)
