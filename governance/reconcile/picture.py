"""The stored picture of a governed series: the series itself, its exceptions, and what follows from them.

Unmodified occurrences are not stored anywhere: the rules of the series give them, an exception takes
its place by original start, a cancelled one takes it away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from governance.domain.event_ids import occurrence_id
from governance.domain.recurrence import Recurrence
from governance.reconcile.observed import ObservedEvent

_LONGEST_MEETING = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SeenOccurrence:
    """One occurrence as people see it; `exception` is None while it is as the series says."""

    event_id: str
    original_start: datetime
    start: datetime
    end: datetime
    exception: ObservedEvent | None = None

    def is_running(self, now: datetime) -> bool:
        return self.start <= now < self.end


@dataclass(frozen=True, slots=True)
class SeriesPicture:
    """What is known of one governed series.

    Attributes:
        id: our own id of the series.
        series: the series' event, or None where Google does not have it any more.
        exceptions: every known exception, cancelled ones too, by original start.
        baseline: addresses on the series when a cycle last ended with nothing left to do.
        accepted_block: our block as Google returned it after our write, folded.
        written_block: our block as we last wrote it, folded.
        known_rules: the recurrence lines that the chair last saw and accepted.
        blocked: why nothing is written on which event (by event id): an address nobody confirmed, or an event
            that cannot be read.
        set_aside: why nothing is written on any event of the meeting: one of its series cannot be read.
        last_summary: the series' title as last seen, also where Google does not have it any more.
    """

    id: UUID
    event_id: str
    series: ObservedEvent | None
    exceptions: tuple[ObservedEvent, ...] = ()
    baseline: frozenset[str] | None = None
    accepted_block: str | None = None
    written_block: str | None = None
    known_rules: tuple[str, ...] | None = None
    blocked: dict[str, str] = field(default_factory=dict)
    set_aside: str | None = None
    last_summary: str = ""

    def why_blocked(self, event_id: str) -> str | None:
        return self.set_aside or self.blocked.get(event_id)

    @property
    def is_live(self) -> bool:
        return self.series is not None and not self.series.is_cancelled and self.series.start is not None

    @property
    def recurrence(self) -> Recurrence:
        series = self.series
        if series is None or series.start is None or series.end is None:
            raise ValueError("a series that is gone has no recurrence")
        return Recurrence(series.recurrence, series.start, series.end, series.time_zone or "UTC")

    def upcoming(self, now: datetime) -> Iterator[SeenOccurrence]:
        """Occurrences that are not over, by start; a moved one stands where it was moved to."""
        if not self.is_live:
            return
        by_start = {one.original_start: one for one in self.exceptions if one.original_start}
        moved = sorted(
            (seen for one in by_start.values() if (seen := self._seen(one)) and seen.end > now),
            key=lambda seen: seen.start,
        )
        for slot in self.recurrence.slots_ending_after(now - _LONGEST_MEETING):
            while moved and moved[0].start <= slot.original_start:
                yield moved.pop(0)
            if slot.original_start not in by_start and slot.end > now:
                event_id = self.event_id_of(slot.original_start)
                yield SeenOccurrence(event_id, slot.original_start, slot.original_start, slot.end)
        yield from moved

    def next_occurrence(self, now: datetime) -> SeenOccurrence | None:
        return next(self.upcoming(now), None)

    def occurrence_at(self, original_start: datetime) -> SeenOccurrence | None:
        """The occurrence of that original start, or None where it is cancelled or was never one."""
        for one in self.exceptions:
            if one.original_start == original_start:
                return self._seen(one)
        if not self.is_live or not self.recurrence.has(original_start):
            return None
        length = self.recurrence.end - self.recurrence.start
        return SeenOccurrence(self.event_id_of(original_start), original_start, original_start, original_start + length)

    def event_id_of(self, original_start: datetime) -> str:
        series = self.series
        return occurrence_id(
            self.event_id,
            original_start,
            all_day=bool(series and series.all_day),
            time_zone=(series.time_zone if series else None) or "UTC",
        )

    def _seen(self, exception: ObservedEvent) -> SeenOccurrence | None:
        if exception.is_cancelled or not exception.start or not exception.end or not exception.original_start:
            return None
        return SeenOccurrence(exception.id, exception.original_start, exception.start, exception.end, exception)
