"""Calendars and the copies of events in them (items 15 to 20).

An event exists once in every calendar that shows it. The organiser's copy is authoritative;
a guest's copy refers to the same `shared` dict, so that passing a change on costs no copying.
`shared` and `private` are replaced, never changed in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import recurrence
from .clock import stamp


@dataclass(slots=True, eq=False)
class Copy:
    """One event in one calendar."""

    calendar: str
    id: str
    shared: dict[str, Any]
    private: dict[str, Any] = field(default_factory=dict)
    local: dict[str, Any] = field(default_factory=dict)
    """Item 52: what a guest changed on this copy alone."""
    cancelled: bool = False
    seq: int = 0
    born: int = 0
    updated: str = ""
    changed: datetime | None = None
    etag: str = ""
    spread: set[str] = field(default_factory=set)
    """The calendars that hold a guest's copy of it."""
    pending_reads: int = 0
    expanding_reads: int = 0
    rendered: dict[str, bytes] = field(default_factory=dict)

    @property
    def is_organizer(self) -> bool:
        return bool(self.shared["organizer"]["email"] == self.calendar)

    @property
    def is_series(self) -> bool:
        return "recurrence" in self.shared

    @property
    def is_exception(self) -> bool:
        return "recurringEventId" in self.shared

    @property
    def key(self) -> str:
        return recurrence.key(self.shared["originalStartTime"])


@dataclass(slots=True, eq=False)
class Calendar:
    id: str
    summary: str
    time_zone: str = "UTC"
    owner: str = ""
    description: str = ""
    acl: dict[str, str] = field(default_factory=dict)
    copies: dict[str, Copy] = field(default_factory=dict)
    births: list[Copy] = field(default_factory=list)
    recent: dict[str, Copy] = field(default_factory=dict)
    """In the order of their last change."""
    exceptions: dict[str, dict[str, Copy]] = field(default_factory=dict)
    """By series, then by the key of the original start."""
    by_base: dict[str, list[str]] = field(default_factory=dict)
    token_epoch: int = 0
    expires_mid_paging: bool = False

    def keep(self, copy: Copy, *, seq: int, now: datetime, bump_updated: bool = True) -> Copy:
        """Store a new or changed copy: it gets a new etag and its place in the log of changes."""
        if copy.id not in self.copies:
            self._admit(copy, seq)
        copy.seq, copy.changed = seq, now
        copy.etag = f'"{int(now.timestamp() * 1000)}{seq:08d}"'
        if bump_updated or not copy.updated:
            copy.updated = stamp(now)
        copy.rendered.clear()
        self.recent.pop(copy.id, None)
        self.recent[copy.id] = copy
        return copy

    def changed_since(self, seq: int) -> Iterator[Copy]:
        """The copies changed after `seq`, newest change first; costs what has changed."""
        for copy in reversed(self.recent.values()):
            if copy.seq <= seq:
                return
            yield copy

    def series_of_base(self, base: str) -> list[Copy]:
        """The series whose instances are named `{base}_…`, splits included (item 31)."""
        return [self.copies[event_id] for event_id in self.by_base.get(base, ())]

    def restore(self, copy: Copy) -> None:
        """Take in a copy as it was kept before a restart."""
        self._admit(copy, copy.born)

    def _admit(self, copy: Copy, seq: int) -> None:
        copy.born = seq
        self.copies[copy.id] = copy
        self.births.append(copy)
        if copy.is_exception:
            of_series = self.exceptions.setdefault(copy.shared["recurringEventId"], {})
            of_series[copy.key] = copy
        else:
            self.by_base.setdefault(recurrence.base(copy.id), []).append(copy.id)
