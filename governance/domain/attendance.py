"""Who was there, from when to when: the state of a seat at one occurrence, from everything that was marked about it.

    start, end, grace, cancelled + delegate, stand-in + marks → Attendance

Marks are kept, every one of them; this decides what they come to. A person's correction outweighs everything before
it, but whoever comes after being corrected to something else has come. Else the earliest arrival counts, whoever noted
it, and an arrival outweighs a word that somebody would not come. Before an arrival a seat reads *not here yet*, never
late. Where nobody said anything until the end it is *unknown*: doubt counts against nobody, so that only a person's
word makes somebody absent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from governance.domain.people import PersonId

DOORS_OPEN = timedelta(minutes=15)
"""How long before the start one can check in."""


class Source(StrEnum):
    """Who says so. Another source of arrivals, such as Google Meet, is another word here and nothing else."""

    CHECK_IN = "check-in"
    SCRIBE = "scribe"
    CORRECTION = "correction"


class MarkKind(StrEnum):
    """What is said. *Open* takes back what was said about the arrival before: nobody knows."""

    ARRIVED = "arrived"
    LEFT = "left"
    APOLOGY = "apology"
    ABSENT = "absent"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Mark:
    """`at` is when somebody arrived or left, `recorded_at` when it was said; `person` is who arrived."""

    kind: MarkKind
    source: Source | str
    at: datetime
    recorded_at: datetime
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    start: datetime
    end: datetime
    grace: timedelta = timedelta(0)
    is_cancelled: bool = False

    @property
    def opens_at(self) -> datetime:
        return self.start - DOORS_OPEN

    @property
    def late_after(self) -> datetime:
        return self.start + self.grace

    def is_open(self, now: datetime) -> bool:
        """Whether one can check in."""
        return not self.is_cancelled and self.opens_at <= now < self.end


class State(StrEnum):
    CANCELLED = "cancelled"
    VACANT = "vacant"
    NOT_HERE_YET = "not-here-yet"
    EARLY = "early"
    ON_TIME = "on-time"
    LATE = "late"
    LEFT_EARLY = "left-early"
    STAND_IN = "stand-in"
    APOLOGY = "apology"
    ABSENT = "absent"
    UNKNOWN = "unknown"


PRESENT = frozenset({State.EARLY, State.ON_TIME, State.LATE, State.LEFT_EARLY, State.STAND_IN})


@dataclass(frozen=True, slots=True)
class Attendance:
    """`late_minutes` and `left_at` also of a stand-in; `sources` are those that noted the arrival."""

    state: State
    person: PersonId | None = None
    arrived_at: datetime | None = None
    late_minutes: int = 0
    left_at: datetime | None = None
    sources: tuple[str, ...] = ()
    is_corrected: bool = False
    is_stood_in: bool = False
    is_made_up: bool = False

    @property
    def is_present(self) -> bool:
        return self.state in PRESENT

    @property
    def counts_as_late(self) -> bool:
        return self.state is State.LATE

    @property
    def counts_as_absent(self) -> bool:
        """Not where a stand-in was to sit, nor where it was made up for."""
        return self.state is State.ABSENT and not self.is_stood_in and not self.is_made_up


def attendance(
    timing: Timing,
    marks: Iterable[Mark],
    now: datetime,
    *,
    delegate: PersonId | None,
    stand_in: PersonId | None = None,
    is_made_up: bool = False,
) -> Attendance:
    """The state of one seat at one occurrence, as it is known at `now`."""
    if timing.is_cancelled:
        return Attendance(State.CANCELLED)
    if delegate is None and stand_in is None:
        return Attendance(State.VACANT)
    said = sorted(marks, key=lambda mark: mark.recorded_at)
    deciding = _deciding(said)
    if deciding is not None and deciding.kind is MarkKind.ARRIVED:
        return _arrived(timing, deciding, said, stand_in=stand_in)
    states = {MarkKind.APOLOGY: State.APOLOGY, MarkKind.ABSENT: State.ABSENT}
    nobody_said = State.UNKNOWN if now >= timing.end else State.NOT_HERE_YET
    state = states.get(deciding.kind, nobody_said) if deciding else nobody_said
    return Attendance(
        state,
        is_corrected=deciding is not None and deciding.source == Source.CORRECTION,
        is_stood_in=stand_in is not None,
        is_made_up=is_made_up and state is State.ABSENT,
    )


def minutes_late(timing: Timing, arrived_at: datetime) -> int:
    """Minutes after the grace, a begun one counting; 0 for whoever came by then."""
    over = (arrived_at - timing.late_after) / timedelta(minutes=1)
    return math.ceil(over) if over > 0 else 0


def _deciding(said: Sequence[Mark]) -> Mark | None:
    """The mark that decides about presence: the last correction, unless it left room for what was said since."""
    correction = _last_correction(said)
    if correction is not None and correction.kind is MarkKind.ARRIVED:
        return correction
    since = [mark for mark in _since(said, correction) if mark.kind is not MarkKind.LEFT]
    arrivals = [mark for mark in since if mark.kind is MarkKind.ARRIVED]
    if arrivals:
        return min(arrivals, key=lambda mark: (mark.at, mark.recorded_at))
    is_still_open = correction is None or correction.kind is MarkKind.OPEN
    return since[-1] if since and is_still_open else correction


def _last_correction(said: Sequence[Mark]) -> Mark | None:
    about_presence = (mark for mark in reversed(said) if mark.kind is not MarkKind.LEFT)
    return next((mark for mark in about_presence if mark.source == Source.CORRECTION), None)


def _since(said: Sequence[Mark], correction: Mark | None) -> Sequence[Mark]:
    return said if correction is None else [mark for mark in said if mark.recorded_at > correction.recorded_at]


def _arrived(timing: Timing, arrival: Mark, said: Sequence[Mark], *, stand_in: PersonId | None) -> Attendance:
    is_corrected = arrival.source == Source.CORRECTION
    late = minutes_late(timing, arrival.at)
    left_at = _left_at(timing, arrival, said)
    is_stand_in = stand_in is not None and arrival.person == stand_in
    if is_stand_in:
        state = State.STAND_IN
    elif late:
        state = State.LATE
    elif left_at is not None:
        state = State.LEFT_EARLY
    else:
        state = State.EARLY if arrival.at < timing.start else State.ON_TIME
    counted = [arrival] if is_corrected else _since(said, _last_correction(said))
    return Attendance(
        state,
        person=arrival.person,
        arrived_at=arrival.at,
        late_minutes=late,
        left_at=left_at,
        sources=tuple(dict.fromkeys(str(mark.source) for mark in counted if mark.kind is MarkKind.ARRIVED)),
        is_corrected=is_corrected,
        is_stood_in=is_stand_in,
    )


def _left_at(timing: Timing, arrival: Mark, said: Sequence[Mark]) -> datetime | None:
    """When they left before the end; a later correction of the arrival takes that back."""
    left = [mark for mark in said if mark.kind is MarkKind.LEFT and arrival.at <= mark.at < timing.end]
    if not left:
        return None
    was_taken_back = arrival.source == Source.CORRECTION and arrival.recorded_at > left[-1].recorded_at
    return None if was_taken_back else left[-1].at
