"""What whoever leads reads besides. Pure.

The facts: repaired (what, who, on), held (a number), mandates (department, who, last_day, days), at_risk (department,
who, late, absent), silent (department, times), say_do (department, kept, made; of a chair only), suggestion (code,
text, evidence, path, and weight and about, by which it is known again; or None). The suggestion is the same for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from governance.domain.findings_of_roster import WARNED_AT
from governance.domain.limits import Standing
from governance.domain.promises import day_for_chair, say_do, window_start
from governance.domain.roster import Term
from governance.domain.summaries.suggesting import Told, suggest
from governance.services.attendance.reading import SeatTerms, day_of
from governance.services.attendance.values import AttendancePage
from governance.services.promises.reading import counted_promises
from governance.services.standing import held_of
from governance.services.summaries.decided import Known, silences
from governance.services.summaries.evidence import Material, looked
from governance.services.summaries.values import Facts, Period

ENDING = timedelta(days=max(WARNED_AT))
"""So long before its last day a mandate is spoken of: as long as the rule M02 says it."""


def lead_facts(material: Material, told: Sequence[Told]) -> Facts:
    modes, zone = material.settings.modes, material.meeting.time_zone
    ending = ending_mandates(material.people.open_seats, material.around["mandates"], material.today)
    ending = ending if modes.is_on("M02") else []
    suggestion = suggest(looked(material, ending), told)
    return {
        "repaired": repaired_lines(material.around["repaired"], zone),
        "held": held_of(material.meeting.plan_json),
        "mandates": ending,
        "at_risk": _at_risk(material.attended) if modes.is_on("A03") else [],
        "silent": _silent(material.known, material.period, material.now) if modes.is_on("D03") else [],
        "say_do": [],
        "suggestion": asdict(suggestion) if suggestion else None,
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


def repaired_lines(rows: Iterable[Any], zone: str) -> list[Facts]:
    """Once a day for each person, on however many occurrences, the latest first; no stand-in or visitor of a day."""
    found: dict[tuple[str, str, str], Facts] = {}
    for row in rows:
        on = day_of(row.at, zone).isoformat()
        who = (row.name or row.target) if row.kind in _OF_SOMEBODY else None
        found.setdefault((row.kind, row.target, on), {"what": _DONE[row.kind], "who": who, "on": on})
    return list(found.values())


_OF_SOMEBODY = {"add-guest", "remove-guest", "require-guest", "clear-plus-ones"}

_DONE = {
    "add-guest": "put on the invitation",
    "remove-guest": "taken off the invitation",
    "require-guest": "made required",
    "clear-plus-ones": "brings nobody without an address any more",
    "set-flag": "guests can no longer invite or change",
    "restore-charter": "the text of the charter is back",
}


def ending_mandates(seats: Iterable[SeatTerms], mandates: Iterable[Any], today: date) -> list[Facts]:
    """Of who sits today; one that another follows without a gap goes on."""
    terms: dict[tuple[UUID, UUID], list[Term]] = {}
    for row in mandates:
        terms.setdefault((row.seat_id, row.person_id), []).append(Term(row.first_day, row.last_day))
    found = []
    for seat in seats:
        delegate = seat.delegate(today)
        last = _last_day(terms.get((seat.id, delegate.id), []), today) if delegate else None
        if delegate is not None and last is not None and last <= today + ENDING:
            found.append(
                {
                    "department": seat.department,
                    "who": delegate.name,
                    "last_day": last.isoformat(),
                    "days": (last - today).days,
                }
            )
    return sorted(found, key=lambda one: (one["days"], one["department"]))


def _last_day(terms: Iterable[Term], today: date) -> date | None:
    """The last day covered from today on; None without a mandate in force, and for one without an end."""
    covered: date | None = today - timedelta(days=1)
    for term in sorted(terms, key=lambda one: one.first_day):
        if covered is not None and term.first_day <= covered + timedelta(days=1):
            covered = max(covered, term.last_day) if term.last_day is not None else None
    return covered if covered is None or covered >= today else None


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
