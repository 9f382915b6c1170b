"""What the rules of the suggestion look at, made from what was gathered; and what was suggested last. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from governance.domain.agenda import MUST_CHOOSE_FROM, Planned, planned
from governance.domain.attendance import Attendance, State
from governance.domain.summaries.suggesting import Looked, Stuck, Told, Vacant, next_quarter
from governance.models import Meeting
from governance.services.agenda.values import AgendaLine
from governance.services.attendance.reading import SeatTerms, Settings
from governance.services.attendance.values import AttendancePage, SeatRow
from governance.services.summaries.ahead import Ahead
from governance.services.summaries.decided import TO_DECIDE, Known, lacking_fields
from governance.services.summaries.people import KnownSeat, People
from governance.services.summaries.values import Facts, Owed, Period
from governance.store.together import Answers

_LACKS = {
    "D01": "a quorum",
    "D02": "options",
    "D03": "the word of each seat",
    "D04": "the sponsor’s word",
    "D06": "the commitments",
}
"""What a decision lacks, by the rule that remarks it; of D05 it is the field."""

_NOT_THERE = (State.APOLOGY, State.ABSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What was read, and what was made of it already."""

    meeting: Meeting
    settings: Settings
    people: People
    around: Answers
    attended: AttendancePage
    known: Sequence[Known]
    promises: Iterable[Owed]
    agenda: Sequence[AgendaLine]
    to_come: Ahead
    period: Period
    today: date
    now: datetime


def looked(material: Material, ending: Iterable[Facts]) -> Looked:
    """`ending` are the mandates of the leads' own list."""
    attended, seats, today = material.attended, material.people.open_seats, material.today
    quarter = next_quarter(today).isoformat()
    return Looked(
        vacant=tuple(_vacant(material.people.seats, material.around, today)),
        has_room=sum(one.delegate(today) is not None for one in seats) < material.meeting.cap,
        ending=tuple(one["department"] for one in ending if one["last_day"] < quarter),
        stuck=tuple(_stuck(material)),
        late=_late(material.promises, seats, today),
        returning=tuple(one.item.title for one in material.agenda if one.returns >= MUST_CHOOSE_FROM),
        planned=_planned(material.agenda, material.to_come),
        without_agenda=_without_agenda(attended, material.around["items"]),
        brought=_brought(material.around["items"]),
        away=_away(attended, material.around["deputies"], today),
        late_starts=_late_starts(attended) if material.settings.modes.is_on("A01") else 0,
        unmeasured=_unmeasured(material),
    )


def told_before(rows: Iterable[Any], meeting: UUID, period: Period) -> tuple[Told, ...]:
    """What the summaries of earlier occurrences suggested, the newest first; one that suggested nothing ends it."""
    by_start: dict[str, Told | None] = {}
    own = (period.start or period.until).astimezone(UTC).isoformat()
    for facts in (one for row in rows for one in _facts_in(row, meeting)):
        start, lead = facts.get("start"), facts.get("lead")
        if start and lead is not None and start < own:
            one = lead.get("suggestion")
            by_start[start] = Told(one["code"], one["about"], one["weight"]) if one else None
    return tuple(one or _NOTHING for _, one in sorted(by_start.items(), reverse=True))


_NOTHING = Told("", "", 0)


def _facts_in(row: Any, meeting: UUID) -> Iterator[Facts]:
    facts = row.facts_json["facts"]
    if row.kind == "summary":
        yield facts
    else:
        yield from (one["facts"] for one in facts["meetings"] if one["meeting"] == str(meeting))


def _vacant(seats: Iterable[KnownSeat], around: Answers, today: date) -> Iterator[Vacant]:
    """A seat that somebody takes later is not one to be filled."""
    waiting = Counter(row.seat_id for row in around["waiting"])
    offered = {row.seat_id for row in around["offered"]}
    for known in seats:
        seat = known.terms
        if known.closed_on or any(term.last_day is None or term.last_day >= today for _, term in seat.tenures):
            continue
        ends = [term.last_day + timedelta(days=1) for _, term in seat.tenures if term.last_day is not None]
        since = max(ends, default=known.opened_on)
        yield Vacant(seat.department, (today - since).days, waiting[seat.id], seat.id in offered)


def _stuck(material: Material) -> Iterator[Stuck]:
    held = [one.start for one in material.attended.columns if not one.is_cancelled]
    for one in material.known:
        opened, decided = one.row.opened_at, one.value.decided_at
        if one.value.closed_at is not None or opened is None:
            continue
        asked = min(one.timing.start, opened) if one.timing else opened
        for remark in one.lacking:
            # What the closing needs is asked for only once it is decided.
            since = asked if remark.rule in TO_DECIDE else decided or opened
            meetings = sum(start >= since for start in held)
            for missing in lacking_fields(remark) or (_LACKS[remark.rule],):
                yield Stuck(missing, meetings)


def _planned(agenda: Iterable[AgendaLine], to_come: Ahead) -> Planned | None:
    first = to_come.first
    return planned([one.item.minutes for one in agenda], first.start, first.end) if first else None


def _late(promises: Iterable[Owed], seats: Iterable[SeatTerms], today: date) -> Mapping[str, int]:
    names = {one.id: one.department for one in seats}
    late = (one.seat for one in promises if one.due_on is not None and one.due_on < today)
    return Counter(names[seat] for seat in late if seat in names)


def _without_agenda(attended: AttendancePage, items: Iterable[Any]) -> int:
    """The newest that took place, until one that had an item."""
    had = {row.occurrence_id for row in items}
    number = 0
    for column in reversed([one for one in attended.columns if not one.is_cancelled]):
        if column.occurrence_id in had:
            break
        number += 1
    return number


def _brought(items: Iterable[Any]) -> Mapping[str, int]:
    """Each item once, however often it came back; what was brought without a seat is the chair's."""
    return Counter({row.item_id: row.department or "the chair" for row in items}.values())


def _away(attended: AttendancePage, deputies: Iterable[Any], today: date) -> Mapping[str, int]:
    """Of the present delegate, at meetings at which nobody stood in."""
    named = {row.seat_id for row in deputies if row.first_day <= today}
    return {
        row.department: times
        for row in attended.rows
        if row.id not in named and row.delegate is not None and (times := sum(map(_was_empty, _own(row))))
    }


def _own(row: SeatRow) -> list[Attendance]:
    return [cell for cell, sat in zip(row.cells, row.sat, strict=True) if sat == row.delegate]


def _was_empty(cell: Attendance) -> bool:
    return cell.state in _NOT_THERE and not cell.is_stood_in


def _late_starts(attended: AttendancePage) -> int:
    number = 0
    for place in reversed(range(len(attended.columns))):
        if attended.columns[place].is_cancelled:
            continue
        came = [cell for row in attended.rows if (cell := row.cells[place]).is_present]
        if 2 * sum(not one.late_minutes for one in came) >= len(came):
            break
        number += 1
    return number


def _unmeasured(material: Material) -> int | None:
    """Without any value it is counted from the first meeting that is known."""
    if not material.settings.charter.measures:
        return None
    days = [row.day for row in material.around["measures"]] or [one.day for one in material.attended.columns[:1]]
    return (material.today - max(days)).days // 7 if days else 0
