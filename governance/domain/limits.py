"""Strict, and fair: what lateness and absence come to in a rolling window of occurrences.

    one seat's attendance, oldest first + the charter → Tally(late, absent, standing)

Only occurrences count at which the present delegate sat; a cancelled one, an apology, a stand-in and what nobody knows
never do. At the limit the delegate is warned, beyond it the seat is at risk; it is taken from its holder by hand
only. A missed occurrence can be made up for until a last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from governance.domain.attendance import Attendance, State
from governance.domain.charter import Charter
from governance.domain.rules import Finding, Modes

_Occurrence = TypeVar("_Occurrence")


class Standing(StrEnum):
    WELL = "well"
    WARNED = "warned"
    AT_RISK = "at-risk"


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the present delegate in the window; `on_time` of `came` times, stand-ins left out."""

    late: int
    absent: int
    came: int
    on_time: int
    standing: Standing

    @property
    def punctuality(self) -> float | None:
        """The share of arrivals by the grace; unknown is None, never 0."""
        return self.on_time / self.came if self.came else None


@dataclass(frozen=True, slots=True)
class SeatHistory:
    """One seat at the occurrences of the window, oldest first; each with its original start."""

    department: str
    delegate: str
    attendance: Sequence[tuple[datetime, Attendance]]


def window_of(occurrences: Sequence[_Occurrence], charter: Charter) -> Sequence[_Occurrence]:
    """The newest of those that took place, as many as the charter says."""
    return occurrences[-charter.window :]


def tally(history: Iterable[Attendance], charter: Charter, modes: Modes) -> Tally:
    """Rules that are off count nothing."""
    seen = [one for one in history if one.state not in (State.CANCELLED, State.VACANT)]
    late = sum(one.counts_as_late for one in seen) if modes.is_on("A01") else 0
    absent = sum(one.counts_as_absent for one in seen) if modes.is_on("A02") else 0
    own = [one for one in seen if one.is_present and not one.is_stood_in]
    return Tally(late, absent, len(own), sum(not one.late_minutes for one in own), _standing(late, absent, charter))


def findings(seats: Iterable[SeatHistory], charter: Charter, modes: Modes) -> list[Finding]:
    """A01 and A02 of the newest occurrence, A03 of the whole window."""
    found: list[Finding] = []
    for seat in seats:
        if seat.attendance:
            found += _of_the_newest(seat, *seat.attendance[-1], modes)
        counted = tally((one for _, one in seat.attendance), charter, modes)
        if counted.standing is Standing.AT_RISK and modes.is_on("A03"):
            found.append(Finding("A03", beyond(seat, counted, charter)))
    return sorted(found, key=Finding.order)


def beyond(seat: SeatHistory, counted: Tally, charter: Charter) -> str:
    parts = []
    if counted.late > charter.late_limit:
        parts.append(f"late {_times(counted.late)} and the limit is {charter.late_limit}")
    if counted.absent > charter.absent_limit:
        parts.append(f"absent {_times(counted.absent)} and the limit is {charter.absent_limit}")
    return f"{seat.delegate} of {seat.department} was {', '.join(parts)}, in {charter.window} occurrences"


def last_day_to_make_up(start: datetime, time_zone: str, charter: Charter) -> date:
    """Days are the meeting's own."""
    return start.astimezone(ZoneInfo(time_zone)).date() + timedelta(days=charter.make_up_days)


def may_make_up(missed: Attendance, start: datetime, time_zone: str, charter: Charter, now: datetime) -> bool:
    today = now.astimezone(UTC).astimezone(ZoneInfo(time_zone)).date()
    return missed.counts_as_absent and today <= last_day_to_make_up(start, time_zone, charter)


def _standing(late: int, absent: int, charter: Charter) -> Standing:
    if late > charter.late_limit or absent > charter.absent_limit:
        return Standing.AT_RISK
    # A limit of none has no last time to warn at: the first is beyond it.
    is_at_the_limit = 0 < late == charter.late_limit or 0 < absent == charter.absent_limit
    return Standing.WARNED if is_at_the_limit else Standing.WELL


def _of_the_newest(seat: SeatHistory, start: datetime, newest: Attendance, modes: Modes) -> list[Finding]:
    if newest.counts_as_late and modes.is_on("A01"):
        minutes = f"{newest.late_minutes} minute{'' if newest.late_minutes == 1 else 's'}"
        return [
            Finding("A01", f"{seat.delegate} of {seat.department} came {minutes} after the grace", occurrence=start)
        ]
    if newest.counts_as_absent and modes.is_on("A02"):
        return [Finding("A02", f"{seat.department} was absent without apology", occurrence=start)]
    return []


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
