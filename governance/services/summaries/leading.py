"""What whoever leads reads besides. Pure.

The facts: repaired (what, who, on), held (a number), mandates (department, who, last_day, days), at_risk (department,
who, late, absent), silent (department, times), say_do (department, kept, made; of a chair only), suggestion (code,
text, evidence, path; or None).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from governance.domain.limits import Standing
from governance.domain.promises import day_for_chair, say_do, window_start
from governance.models import Meeting
from governance.services.attendance.reading import SeatTerms, day_of
from governance.services.attendance.values import AttendancePage
from governance.services.promises.reading import counted_promises
from governance.services.standing import held_of
from governance.services.summaries.decided import Known, silences
from governance.services.summaries.values import Facts, Period

ENDING = timedelta(days=42)
"""So long before its last day a mandate is spoken of: as long as the rule M02 says it."""


def lead_facts(
    meeting: Meeting, around: Any, seats: Sequence[SeatTerms], attended: AttendancePage, known: Iterable[Known],
    period: Period, now: datetime,
) -> Facts:  # fmt: skip
    today = day_of(now, meeting.time_zone)
    return {
        "repaired": [_repaired(row, meeting.time_zone) for row in around["repaired"]],
        "held": held_of(meeting.plan_json),
        "mandates": _ending(seats, around["mandates"], today),
        "at_risk": _at_risk(attended),
        "silent": _silent(known, period, now),
        "say_do": [],
        "suggestion": None,
    }


def say_do_lines(
    counted: Iterable[Any], starts: Iterable[datetime], seats: Iterable[SeatTerms], zone: str, today: date
) -> tuple[tuple[UUID, Facts], ...]:
    """By seat, as it stood seven days ago; departments of which nothing was due then are left out."""
    before = day_for_chair(today)
    since = window_start([day_of(one, zone) for one in starts], before)
    rows, found = list(counted), []
    for seat in seats:
        figure = say_do(counted_promises(rows, zone, seat.id, before), since, before)
        if figure.due:
            found.append((seat.id, {"department": seat.department, "kept": figure.kept, "made": figure.due}))
    return tuple(found)


def _repaired(row: Any, zone: str) -> Facts:
    return {"what": row.kind, "who": row.name or row.target, "on": day_of(row.at, zone).isoformat()}


def _ending(seats: Iterable[SeatTerms], mandates: Iterable[Any], today: date) -> list[Facts]:
    """Of who sits today; one that is renewed by then is not ending."""
    lasts: dict[tuple[UUID, UUID], list[date | None]] = {}
    for row in mandates:
        lasts.setdefault((row.seat_id, row.person_id), []).append(row.last_day)
    found = []
    for seat in seats:
        delegate = seat.delegate(today)
        days = lasts.get((seat.id, delegate.id), []) if delegate else []
        ends = [one for one in days if one is not None]
        if delegate is None or not ends or len(ends) < len(days) or max(ends) > today + ENDING:
            continue
        last = max(ends)
        left = (last - today).days
        found.append(
            {"department": seat.department, "who": delegate.name, "last_day": last.isoformat(), "days": left}
        )  # fmt: skip
    return sorted(found, key=lambda one: (one["days"], one["department"]))


def _at_risk(attended: AttendancePage) -> list[Facts]:
    return [
        {
            "department": row.department,
            "who": row.delegate.name if row.delegate else None,
            "late": row.tally.late,
            "absent": row.tally.absent,
        }
        for row in attended.rows
        if row.tally.standing is Standing.AT_RISK
    ]


def _silent(known: Iterable[Known], period: Period, now: datetime) -> list[Facts]:
    times = Counter(silences(known, period, now))
    found = [{"department": department, "times": number} for (_, department), number in times.items()]
    return sorted(found, key=lambda one: (-one["times"], one["department"]))
