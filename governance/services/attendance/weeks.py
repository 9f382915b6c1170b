"""Seats by occurrences: the page of attendance, and all there is for the export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.attendance import Attendance, State
from governance.domain.limits import SeatHistory, findings, last_day_to_make_up, may_make_up, tally, window_of
from governance.models import Meeting, Occurrence
from governance.services.attendance.reading import (
    Happened,
    SeatTerms,
    Settings,
    day_of,
    happened,
    seat_attendance,
    seat_terms,
    settings_of,
    timing_of,
)
from governance.services.attendance.values import AttendancePage, Column, MadeUp, OwnMiss, SeatRow
from governance.store import attendance as store


def attendance_page(session: Session, meeting: Meeting, now: datetime, *, viewer: UUID | None) -> AttendancePage:
    settings = settings_of(session, meeting.id)
    occurrences = store.marked_occurrences(session, meeting.id, now, settings.charter.window)
    return _page(session, meeting, occurrences, settings, now, viewer)


def every_attendance(session: Session, meeting: Meeting, now: datetime) -> AttendancePage:
    """All there is, for the export."""
    occurrences = store.marked_occurrences(session, meeting.id, now, 10_000)
    return _page(session, meeting, occurrences, settings_of(session, meeting.id), now, None)


@dataclass(frozen=True, slots=True)
class _Weeks:
    """The occurrences of a page, and what is the same for every seat."""

    meeting: Meeting
    occurrences: Sequence[Occurrence]
    of_all: Happened
    settings: Settings
    now: datetime
    days: Sequence[date]

    def cells(self, seat: SeatTerms) -> list[Attendance]:
        charter = self.settings.charter
        return [
            seat_attendance(seat, self.of_all, one.id, timing_of(one, charter), day, self.now)
            for one, day in zip(self.occurrences, self.days, strict=True)
        ]


def _page(
    session: Session,
    meeting: Meeting,
    occurrences: Sequence[Occurrence],
    settings: Settings,
    now: datetime,
    viewer: UUID | None,
) -> AttendancePage:
    of_all = happened(session, [one.id for one in occurrences])
    return page_from(meeting, occurrences, of_all, seat_terms(session, meeting.id), settings, now, viewer)


def page_from(
    meeting: Meeting, occurrences: Sequence[Occurrence], of_all: Happened, seats: Iterable[SeatTerms],
    settings: Settings, now: datetime, viewer: UUID | None = None,
) -> AttendancePage:  # fmt: skip
    """The page where all of it was read already."""
    days = [day_of(one.start, meeting.time_zone) for one in occurrences]
    weeks = _Weeks(meeting, occurrences, of_all, settings, now, days)
    rows = tuple(_row(seat, weeks) for seat in seats)
    histories = [SeatHistory(row.department, row.delegate.name, _own(row, weeks)) for row in rows if row.delegate]
    return AttendancePage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        charter=settings.charter,
        columns=tuple(_column(number, rows, weeks) for number in range(len(occurrences))),
        rows=rows,
        findings=tuple(findings(histories, settings.charter, settings.modes)),
        misses=tuple(miss for row in rows for miss in _misses(row, weeks, viewer)),
        made_up=tuple(made for row in rows for made in _made_up(row, weeks)),
    )


def _row(seat: SeatTerms, weeks: _Weeks) -> SeatRow:
    row = SeatRow(
        id=seat.id,
        department=seat.department,
        delegate=seat.delegate(day_of(weeks.now, weeks.meeting.time_zone)),
        cells=tuple(weeks.cells(seat)),
        sat=tuple(seat.delegate(day) for day in weeks.days),
        reasons=tuple(weeks.of_all.reasons.get((one.id, seat.id), "") for one in weeks.occurrences),
        tally=tally((), weeks.settings.charter, weeks.settings.modes),
    )
    counted = tally((cell for _, cell in _own(row, weeks)), weeks.settings.charter, weeks.settings.modes)
    return replace(row, tally=counted)


def _own(row: SeatRow, weeks: _Weeks) -> Sequence[tuple[datetime, Attendance]]:
    """What is the present delegate's own, within the window."""
    starts = (one.original_start for one in weeks.occurrences)
    window = window_of(list(zip(starts, row.cells, row.sat, strict=True)), weeks.settings.charter)
    return [(start, cell) for start, cell, sat in window if sat is not None and sat == row.delegate]


def _column(number: int, rows: Iterable[SeatRow], weeks: _Weeks) -> Column:
    one, cells = weeks.occurrences[number], [row.cells[number] for row in rows]
    return Column(
        occurrence_id=one.id,
        start=one.start,
        day=weeks.days[number],
        is_cancelled=one.cancelled,
        number_here=sum(cell.is_present for cell in cells),
        number_expected=sum(cell.state not in (State.VACANT, State.CANCELLED) for cell in cells),
    )


def _misses(row: SeatRow, weeks: _Weeks, viewer: UUID | None) -> Iterator[OwnMiss]:
    """What the reader missed and can still make up for."""
    zone, charter = weeks.meeting.time_zone, weeks.settings.charter
    for number, one in enumerate(weeks.occurrences):
        sat, cell = row.sat[number], row.cells[number]
        if sat is None or sat.id != viewer or not may_make_up(cell, one.start, zone, charter, weeks.now):
            continue
        chosen = weeks.of_all.questions.get(one.id)
        yield OwnMiss(
            seat_id=row.id,
            key=one.original_start.isoformat(),
            day=weeks.days[number],
            until=last_day_to_make_up(one.start, zone, charter),
            question=chosen.question if chosen else None,
        )


def _made_up(row: SeatRow, weeks: _Weeks) -> Iterator[MadeUp]:
    for one, day in zip(weeks.occurrences, weeks.days, strict=True):
        words = weeks.of_all.made_up.get((one.id, row.id))
        if words is not None:
            yield MadeUp(row.id, row.department, day, words)
