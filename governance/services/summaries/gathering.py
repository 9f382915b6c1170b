"""Everything a summary says about one period of one meeting: read in a fixed number of statements, however much it is.

people · what is around it · decisions and what was said of them · promises · attendance · agenda → Gathered
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import Session

from governance.domain.attendance import State, Timing
from governance.domain.charter import Charter, read_charter
from governance.domain.ledger import chain_of
from governance.domain.measures import measure_lines
from governance.domain.promises import WINDOW, day_for_chair, window_start
from governance.domain.promises import State as PromiseState
from governance.models import Meeting, Occurrence
from governance.services.agenda.reading import items_of, upcoming
from governance.services.attendance.reading import (
    Happened,
    SeatTerms,
    Settings,
    Stored,
    day_of,
    happened_at,
    pictures_of,
    room_seats,
)
from governance.services.attendance.values import RoomSeat
from governance.services.attendance.weeks import page_from
from governance.services.links import Purpose
from governance.services.summaries import decided
from governance.services.summaries.ahead import agenda_ahead, next_of
from governance.services.summaries.leading import lead_facts, say_do_lines
from governance.services.summaries.people import key_of, people_of, readers_among
from governance.services.summaries.roster import roster_lines
from governance.services.summaries.values import Facts, Gathered, Owed, Period, Reader
from governance.store import attendance as attendance_store
from governance.store import decisions as decision_store
from governance.store import promises as promise_store
from governance.store import summaries as store
from governance.store.charters import values_from
from governance.store.standing import modes_from

MOST_PROMISES = 5_000
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def readers(session: Session, meeting: Meeting, period: Period, now: datetime) -> tuple[Reader, ...]:
    """Who gets a summary of the period, whoever leads first; one statement."""
    return readers_among(people_of(session, meeting, period, now), meeting)


def gather(session: Session, meeting: Meeting, period: Period, now: datetime) -> Gathered:
    zone, today = meeting.time_zone, day_of(now, meeting.time_zone)
    people = people_of(session, meeting, period, now)
    around = store.around(session, meeting.id, chain_of(meeting.id), period.since, today)
    settings = _settings(around)
    seats = people.open_seats
    coming = upcoming(pictures := pictures_of(session, meeting.id), now)
    rows = store.decisions_since(session, meeting.id, period.since)
    said = decision_store.outline_of(session, [row.Decision.id for row in rows])
    marked = attendance_store.marked_occurrences(session, meeting.id, now, settings.charter.window)
    of_all = _attended(session, meeting, period, [coming[0].key] if coming else [], marked, rows)
    known = decided.known_decisions(rows, said, seats, of_all, settings, meeting, now)
    items = items_of(session, meeting.id, Occurrence.original_start.in_([one.key for one in coming[:1]]), pictures, now)
    lines = agenda_ahead(items, coming, now)
    held = _of_period(of_all, period)
    attended = page_from(meeting, marked, of_all, seats, settings, now)
    return Gathered(
        meeting=meeting.id,
        period=period,
        today=today,
        actors=people.actors,
        promises=_promises(session, meeting),
        commitments=decided.commitments_owed(known, settings, today, period),
        closed=decided.closed_lines(known, period),
        open=decided.open_lines(known, meeting, settings, now),
        committed=decided.committed_lines(known, period),
        attendance=_attendance(people.open_seats, of_all, held, settings.charter, zone, now),
        question=of_all.questions[held.id].question.text if held and held.id in of_all.questions else None,
        turns=tuple(of_all.turns.get(held.id, ())) if held else (),
        roster=roster_lines(people.seats, day_of(period.since, zone), day_of(period.until, zone), _touched(around)),
        next=next_of(coming, lines, seats, of_all, zone, now),
        measures=_measures(settings.charter, around["measures"]),
        heads=next(({"chain": row.chain, "seq": row.seq, "hash": row.hash} for row in around["heads"]), None),
        lead=lead_facts(meeting, around, seats, attended, known, period, now),
        say_do=_say_do(session, meeting, seats, today, now),
    )


def _settings(around: Mapping[str, list[Any]]) -> Settings:
    source = next((row.source for row in around["charter"]), None)
    return Settings(read_charter(source) if source else Charter(), modes_from(around["modes"]))


def _attended(
    session: Session, meeting: Meeting, period: Period, ahead: Sequence[datetime], marked: Iterable[Occurrence],
    rows: Iterable[Any],
) -> Happened:  # fmt: skip
    """What hangs on the occurrences of the window, of the decisions, of the period and on the next one."""
    ids = {one.id for one in marked} | {row.Occurrence.id for row in rows if row.Occurrence}
    key = key_of(period)
    keys = [*ahead, *([key] if key else [])]
    return happened_at(session, meeting.id, or_(Occurrence.id.in_(ids), Occurrence.original_start.in_(keys)))


def _of_period(of_all: Happened, period: Period) -> Stored | None:
    return next((one for one in of_all.occurrences if one.original_start == key_of(period)), None)


def _promises(session: Session, meeting: Meeting) -> Mapping[UUID, tuple[Owed, ...]]:
    """The open ones by their owner."""
    rows = promise_store.lines(session, meeting.id, settled_since=_NEVER, limit=MOST_PROMISES)
    found: dict[UUID, list[Owed]] = defaultdict(list)
    for row in rows:
        if row.state == PromiseState.OPEN.value:
            found[row.owner_person_id].append(
                Owed(
                    kind="promise", text=row.text, due_on=row.due_on, number=row.number, path=f"/promises/{row.id}",
                    purpose=Purpose.SETTLE_PROMISE, thing={"promise": str(row.id)}, seat=row.seat_id,
                )
            )  # fmt: skip
    return {person: tuple(owed) for person, owed in found.items()}


def _attendance(
    seats: Sequence[SeatTerms], of_all: Happened, held: Stored | None, charter: Charter, zone: str, now: datetime
) -> tuple[tuple[UUID, Facts], ...]:
    if held is None or held.is_cancelled:
        return ()
    timing = Timing(held.start, held.end, timedelta(minutes=charter.grace_minutes))
    lines = room_seats(seats, of_all, held.id, timing, zone, now)
    return tuple((one.id, _attended_line(one)) for one in lines if one.attendance.state is not State.VACANT)


def _attended_line(seat: RoomSeat) -> Facts:
    person = seat.came if seat.attendance.is_present else seat.expected
    return {
        "department": seat.department,
        "who": person.name if person else None,
        "state": seat.attendance.state.value,
        "minutes": seat.attendance.late_minutes or None,
    }


def _touched(around: Mapping[str, list[Any]]) -> frozenset[UUID]:
    return frozenset(UUID(row.subject.removeprefix("seat:")) for row in around["touched"])


def _measures(charter: Charter, rows: Iterable[Any]) -> tuple[Facts, ...]:
    return tuple(
        {
            "name": one.name,
            "unit": one.unit,
            "target": one.target,
            "values": [{"day": value.day.isoformat(), "value": value.value} for value in one.values],
        }
        for one in measure_lines(charter, values_from(rows))
    )


def _say_do(
    session: Session, meeting: Meeting, seats: Sequence[SeatTerms], today: date, now: datetime
) -> tuple[tuple[UUID, Facts], ...]:
    starts = promise_store.starts_of(session, meeting.id, now, WINDOW + 2)
    since = window_start([day_of(one, meeting.time_zone) for one in starts], day_for_chair(today))
    counted = promise_store.counted(session, meeting.id, since)
    return say_do_lines(counted, starts, seats, meeting.time_zone, today)
