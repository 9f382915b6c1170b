"""Values of success measures: entered, corrected, taken back, and taken from a charter file.

What was said of a day on a page stands: a file adds days and corrects what only a file has said.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from governance.domain.charter import Charter, Measure, read_charter
from governance.domain.charter_file import write_charter
from governance.domain.errors import GovernanceError
from governance.domain.measures import (
    Known,
    fold_measure,
    measure_lines,
    taken_from_file,
    with_values,
)
from governance.models.measure import MeasureValue
from governance.models.meeting import Meeting
from governance.services.ledger import record
from governance.services.recording import today_of
from governance.store import charters as store
from governance.store import meetings

EARLIEST = date(1990, 1, 1)
"""Whoever means an earlier day has mistyped the year."""


class MeasureRefused(GovernanceError):
    """The value cannot be entered; `is_about` names what is wrong with it: measure, day or value."""

    def __init__(self, remedy: str, reason: str = "", *, is_about: str = "measure") -> None:
        self.is_about = is_about
        super().__init__(remedy, reason)


def enter_value(
    session: Session,
    meeting: Meeting,
    measure: str,
    day: date,
    value: float,
    *,
    actor: str,
    now: datetime,
    source: str,
) -> None:
    """What the measure was that day, also where something else was said of it before.

    Raises:
        MeasureRefused: a measure that the charter does not have, or a day that is still to come.
    """
    named = measure_named(session, meeting, measure)
    today = today_of(meeting, now)
    if day > today:
        raise MeasureRefused("Choose a day until today", "a value is what was measured", is_about="day")
    if day < EARLIEST:
        raise MeasureRefused("Choose a later day", "nothing was measured then", is_about="day")
    if abs(value) >= 1e15:
        raise MeasureRefused("Enter a smaller number", is_about="value")
    row = store.value_row(session, meeting.id, fold_measure(named.name), day)
    before = row.value if row is not None else None
    if row is not None and before == value:
        return
    row = row or MeasureValue(meeting_id=meeting.id, measure=fold_measure(named.name), day=day, by=actor, at=now)
    row.value, row.is_of_file, row.by, row.at = value, False, actor, now
    session.add(row)
    session.flush()
    _note(
        session,
        meeting,
        "measure-entered",
        row,
        actor,
        source,
        now,
        _said(named, day, before),
        _said(named, day, value),
    )


def take_back_value(
    session: Session, meeting: Meeting, measure: str, day: date, *, actor: str, now: datetime, source: str
) -> None:
    """Nothing is known of that day any more, whatever a charter file says of it.

    Raises:
        MeasureRefused: nothing was.
    """
    named = measure_named(session, meeting, measure)
    row = store.value_row(session, meeting.id, fold_measure(named.name), day)
    if row is None or row.value is None:
        raise MeasureRefused("Choose a day that has a value", "there is none to take back", is_about="day")
    before = row.value
    row.value, row.is_of_file, row.by, row.at = None, False, actor, now
    session.flush()
    _note(session, meeting, "measure-taken-back", row, actor, source, now, _said(named, day, before), None)


def value_on(session: Session, meeting: Meeting, measure: str, day: date) -> float | None:
    row = store.value_row(session, meeting.id, fold_measure(measure), day)
    return row.value if row is not None else None


def measure_named(session: Session, meeting: Meeting, name: str) -> Measure:
    """The measure of the charter in force.

    Raises:
        MeasureRefused: it has none of that name.
    """
    version = meetings.charter_in_force(session, meeting.id)
    charter = read_charter(version.source) if version is not None else Charter()
    for one in charter.measures:
        if fold_measure(one.name) == fold_measure(name):
            return one
    raise MeasureRefused("Choose a measure of the charter in force", f"“{name[:60]}” is none of its measures")


def take_values(
    session: Session, meeting: Meeting, charter: Charter, *, actor: str, now: datetime, source: str
) -> None:
    """The values that a charter file brings along, as far as they are news."""
    rows = _rows(session, meeting, charter)
    known = {place: Known(row.value, row.is_of_file) for place, row in rows.items()}
    news = taken_from_file(charter, known)
    if not news:
        return
    names = {fold_measure(one.name): one for one in charter.measures}
    before: list[Any] = []
    for (measure, day), value in news.items():
        row = rows.get((measure, day))
        if row is None:
            row = MeasureValue(meeting_id=meeting.id, measure=measure, day=day, is_of_file=True, by=actor, at=now)
        elif row.value is not None:
            before.append(_said(names[measure], day, row.value))
        row.value, row.by, row.at = value, actor, now
        session.add(row)
    session.flush()
    after = [_said(names[measure], day, value) for (measure, day), value in news.items()]
    record(
        session, at=now, actor=actor, source=source, act="measures-imported", subject=f"meeting:{meeting.id}",
        meeting_id=meeting.id, before=before or None, after={"values": after},
    )  # fmt: skip


def rename_values(session: Session, meeting: Meeting, old: str, new: str) -> bool:
    """The values go along with a measure that gets another name; False where that name has values already."""
    before, after = fold_measure(old), fold_measure(new)
    rows = store.value_rows(session, meeting.id, (before, after))
    if before == after or any(one.measure == after for one in rows):
        return False
    for row in rows:
        row.measure = after
    session.flush()
    return bool(rows)


def charter_with_values(session: Session, meeting: Meeting) -> str | None:
    """The charter in force as a file with every value that is known: as it was given where that says the same."""
    version = meetings.charter_in_force(session, meeting.id)
    if version is None:
        return None
    charter = read_charter(version.source)
    whole = with_values(charter, measure_lines(charter, store.values_by_measure(session, meeting.id)))
    return version.source if whole == charter else write_charter(whole)


def _rows(session: Session, meeting: Meeting, charter: Charter) -> dict[tuple[str, date], MeasureValue]:
    names = [fold_measure(one.name) for one in charter.measures if one.values]
    return {(row.measure, row.day): row for row in store.value_rows(session, meeting.id, names)} if names else {}


def _said(measure: Measure, day: date, value: float | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"measure": measure.name, "on": day.isoformat(), "value": value, "unit": measure.unit}


def _note(
    session: Session, meeting: Meeting, act: str, row: MeasureValue, actor: str, source: str, now: datetime,
    before: Any, after: Any,
) -> None:  # fmt: skip
    """In the record, without having the invitation looked at: no value is ever on it."""
    record(
        session, at=now, actor=actor, source=source, act=act, subject=f"measure-value:{row.id}", meeting_id=meeting.id,
        before=before, after=after,
    )  # fmt: skip
