"""Attendance to take along: one line a seat and occurrence, days and instants in ISO, and no reason of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from governance.services.attendance.values import AttendancePage

COLUMNS = (
    *("day", "start", "department", "delegate", "state", "arrived", "minutes_late", "left", "made_up"),
    *("counts_late", "counts_absent"),
)


def as_rows(page: AttendancePage) -> Iterator[list[str]]:
    for one in _lines(page):
        yield [_text(one[name]) for name in COLUMNS]


def as_document(page: AttendancePage) -> dict[str, Any]:
    return {"schema": 1, "meeting": page.slug, "attendance": list(_lines(page))}


def _lines(page: AttendancePage) -> Iterator[dict[str, Any]]:
    for number, column in enumerate(page.columns):
        for row in page.rows:
            found, sat = row.cells[number], row.sat[number]
            yield {
                "day": column.day.isoformat(),
                "start": _iso(column.start),
                "department": row.department,
                "delegate": sat.name if sat else None,
                "state": found.state.value,
                "arrived": _iso(found.arrived_at),
                "minutes_late": found.late_minutes,
                "left": _iso(found.left_at),
                "made_up": found.is_made_up,
                "counts_late": found.counts_as_late,
                "counts_absent": found.counts_as_absent,
            }


def _iso(instant: datetime | None) -> str | None:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if instant else None


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
