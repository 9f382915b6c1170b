"""From the rows to the room and to the page; the number of statements does not depend on what there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row
from sqlalchemy.orm import Session

from governance.domain.attendance import Attendance, Mark, MarkKind, Timing, attendance
from governance.domain.charter import Charter, read_charter
from governance.domain.people import PersonId
from governance.domain.question_bank import OUR_QUESTIONS
from governance.domain.questions import Question, Tag
from governance.domain.roster import Term
from governance.domain.rules import Mode, Modes
from governance.models import Meeting, Occurrence
from governance.reconcile.picture import SeenOccurrence, SeriesPicture
from governance.services.attendance.values import (
    PersonName,
    Room,
    RoomSeat,
    TurnLine,
    WeekQuestion,
)
from governance.services.upcoming import picture_of
from governance.store import attendance as store
from governance.store.meeting_page import living_series

LINGERS = timedelta(hours=3)
"""For how long after its end an occurrence still has the room, so that what was left open can be marked."""


@dataclass(frozen=True, slots=True)
class Settings:
    charter: Charter
    modes: Modes


@dataclass(frozen=True, slots=True)
class Stored:
    """An occurrence as it was last kept."""

    id: UUID
    original_start: datetime
    start: datetime
    end: datetime
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """What hangs on some occurrences, by occurrence and seat; `charter` is the TOML of the one in force."""

    marks: Mapping[tuple[UUID, UUID], Sequence[Mark]]
    reasons: Mapping[tuple[UUID, UUID], str]
    stand_ins: Mapping[tuple[UUID, UUID], PersonName]
    made_up: Mapping[tuple[UUID, UUID], str]
    questions: Mapping[UUID, WeekQuestion]
    turns: Mapping[UUID, Sequence[TurnLine]]
    occurrences: tuple[Stored, ...] = ()
    charter: str | None = None


@dataclass(frozen=True, slots=True)
class SeatTerms:
    """An open seat and who held it when."""

    id: UUID
    department: str
    tenures: tuple[tuple[PersonName, Term], ...] = field(default=())

    def delegate(self, on: date) -> PersonName | None:
        return next((person for person, term in self.tenures if term.holds_on(on)), None)


def settings_of(session: Session, meeting_id: UUID) -> Settings:
    source, own = store.charter_and_modes(session, meeting_id)
    modes = Modes({code: Mode(mode) for code, mode in own.items()})
    return Settings(read_charter(source) if source else Charter(), modes)


def timing_of(occurrence: Occurrence, charter: Charter) -> Timing:
    return Timing(occurrence.start, occurrence.end, timedelta(minutes=charter.grace_minutes), occurrence.cancelled)


def seat_terms(session: Session, meeting_id: UUID, on: date | None = None) -> tuple[SeatTerms, ...]:
    found: dict[UUID, SeatTerms] = {}
    for row in store.seats_with_tenures(session, meeting_id, on):
        seat = found.get(row.id) or SeatTerms(row.id, row.department)
        tenures = seat.tenures
        if row.person_id is not None:
            tenures = (*tenures, (PersonName(row.person_id, row.name), Term(row.first_day, row.last_day)))
        found[row.id] = replace(seat, tenures=tenures)
    return tuple(found.values())


def happened(session: Session, occurrences: Iterable[UUID]) -> Happened:
    wanted = list(occurrences)
    return _sorted_out(store.all_of(session, wanted) if wanted else ())


def happened_at(session: Session, meeting_id: UUID, meant: ColumnElement[bool]) -> Happened:
    """The same of the meeting's occurrences that are meant, with themselves and the charter in force; no answers."""
    return _sorted_out(store.one_with_all(session, meeting_id, meant, None))


def room(session: Session, meeting: Meeting, now: datetime, *, day: date | None = None, viewer: UUID | None) -> Room:
    """The room of the occurrence that runs, lingers or comes next; with a day, of that day's."""
    seen = _seen(session, meeting, now, day)
    of_it = _of_it(session, meeting, seen, day, viewer)
    stored = min(of_it.occurrences, key=lambda one: one.start, default=None)
    charter = read_charter(of_it.charter) if of_it.charter else Charter()
    timing = _timing(seen, stored, charter, now)
    seats = seat_terms(session, meeting.id, day)
    occurrence_id = stored.id if stored else UUID(int=0)
    lines = room_seats(seats, of_it, occurrence_id, timing, meeting.time_zone, now) if timing else ()
    turns = tuple(of_it.turns.get(occurrence_id, ()))
    own = next((one for one in lines if viewer and viewer in {p.id for p in (one.stand_in, one.delegate) if p}), None)
    return Room(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        timing=timing,
        key=known.original_start.isoformat() if (known := seen or stored) else "",
        is_this_day=day is None,
        seats=lines,
        question=of_it.questions.get(occurrence_id),
        turns=turns,
        own_seat=own,
        own_turn=next((one for one in turns if one.person.id == viewer), None),
    )


def is_open(session: Session, meeting_id: UUID, now: datetime) -> bool:
    """Whether one can go to the room now, by the calendar alone."""
    running = (one.next_occurrence(now) for one in pictures_of(session, meeting_id))
    return any(Timing(seen.start, seen.end).is_open(now) for seen in running if seen)


def room_seats(
    seats: Iterable[SeatTerms], of_it: Happened, occurrence_id: UUID, timing: Timing, zone: str, now: datetime
) -> tuple[RoomSeat, ...]:
    """Every seat with its state, and the arrivals numbered in their order."""
    on = day_of(timing.start, zone)
    lines = [_room_seat(seat, of_it, occurrence_id, timing, on, now) for seat in seats]
    arrived = sorted(
        (one for one in lines if one.attendance.arrived_at is not None and one.attendance.is_present),
        key=lambda one: (one.attendance.arrived_at, one.department),
    )
    order = {one.id: number for number, one in enumerate(arrived, start=1)}
    return tuple(replace(one, order=order.get(one.id)) for one in lines)


def seat_attendance(
    seat: SeatTerms, of_it: Happened, occurrence_id: UUID, timing: Timing, on: date, now: datetime
) -> Attendance:
    key = (occurrence_id, seat.id)
    delegate, stand_in = seat.delegate(on), of_it.stand_ins.get(key)
    return attendance(
        timing,
        of_it.marks.get(key, ()),
        now,
        delegate=PersonId(delegate.id) if delegate else None,
        stand_in=PersonId(stand_in.id) if stand_in else None,
        is_made_up=key in of_it.made_up,
    )


def _room_seat(
    seat: SeatTerms, of_it: Happened, occurrence_id: UUID, timing: Timing, on: date, now: datetime
) -> RoomSeat:
    key = (occurrence_id, seat.id)
    return RoomSeat(
        id=seat.id,
        department=seat.department,
        delegate=seat.delegate(on),
        stand_in=of_it.stand_ins.get(key),
        attendance=seat_attendance(seat, of_it, occurrence_id, timing, on, now),
        reason=of_it.reasons.get(key, ""),
    )


def _sorted_out(rows: Iterable[Row[Any]]) -> Happened:
    marks: dict[tuple[UUID, UUID], list[Mark]] = defaultdict(list)
    reasons: dict[tuple[UUID, UUID], tuple[datetime, str]] = {}
    stand_ins: dict[tuple[UUID, UUID], PersonName] = {}
    made_up: dict[tuple[UUID, UUID], str] = {}
    questions: dict[UUID, WeekQuestion] = {}
    turns: dict[UUID, list[TurnLine]] = defaultdict(list)
    occurrences: list[Stored] = []
    charter = None
    for row in rows:
        key = (row.occurrence_id, row.seat_id)
        if row.what == store.MARK:
            marks[key].append(Mark(MarkKind(row.kind), row.word, row.at, row.later, row.person_id))
            if row.text and (key not in reasons or reasons[key][0] <= row.later):
                reasons[key] = (row.later, row.text)
        elif row.what == store.STAND_IN:
            stand_ins[key] = PersonName(row.person_id, row.person)
        elif row.what == store.MADE_UP:
            made_up[key] = row.text
        elif row.what == store.QUESTION:
            questions[row.occurrence_id] = WeekQuestion(question_of(row.kind, row.text), row.word)
        elif row.what == store.OCCURRENCE:
            occurrences.append(Stored(row.id, row.original_start, row.at, row.later, row.kind == "cancelled"))
        elif row.what == store.CHARTER:
            charter = row.text
        else:
            person = PersonName(row.person_id, row.person)
            line = TurnLine(row.id, person, row.seat_id, row.kind, row.at, row.word, row.text or "")
            turns[row.occurrence_id].append(line)
    why = {key: text for key, (_, text) in reasons.items()}
    return Happened(marks, why, stand_ins, made_up, questions, turns, tuple(occurrences), charter)


def question_of(key: str, text: str | None) -> Question:
    """One of ours by its key, else a member's by its text."""
    return OUR_QUESTIONS.get(key) or Question(key, text or "", Tag.OPEN)


def _seen(session: Session, meeting: Meeting, now: datetime, day: date | None) -> SeenOccurrence | None:
    """As the calendar shows it: of that day, else the one that lingers, runs or comes next."""
    since = now - LINGERS if day is None else _midnight(day, meeting.time_zone)
    found = [seen for one in pictures_of(session, meeting.id) if (seen := one.next_occurrence(since))]
    if day is not None:
        found = [seen for seen in found if day_of(seen.start, meeting.time_zone) == day]
    return min(found, key=lambda seen: seen.start, default=None)


def pictures_of(session: Session, meeting_id: UUID) -> list[SeriesPicture]:
    """The meeting's series as last seen, in one statement."""
    bodies: dict[UUID, list[Any]] = defaultdict(list)
    series = {}
    for row, body in living_series(session, [meeting_id]):
        if row.retired_at is None:
            series[row.id] = row.event_id
            bodies[row.id].append(body)
    return [picture_of(one, event_id, bodies[one]) for one, event_id in series.items()]


def _of_it(
    session: Session, meeting: Meeting, seen: SeenOccurrence | None, day: date | None, viewer: UUID | None
) -> Happened:
    """What hangs on the occurrence that was seen; where the calendar has none that day, on the one that is stored."""
    if seen is not None:
        meant = store.from_then(seen.original_start)
    elif day is not None:
        since = _midnight(day, meeting.time_zone)
        meant = store.between(since, since + timedelta(days=1))
    else:
        return _sorted_out(())
    return _sorted_out(store.one_with_all(session, meeting.id, meant, viewer))


def _timing(seen: SeenOccurrence | None, stored: Stored | None, charter: Charter, now: datetime) -> Timing | None:
    """As the calendar has it now; of what is over, as it was recorded, unless it was moved to a later time since."""
    grace = timedelta(minutes=charter.grace_minutes)
    if stored is not None and (seen is None or max(stored.end, seen.end) < now):
        return Timing(stored.start, stored.end, grace, stored.is_cancelled)
    if seen is None:
        return None
    return Timing(seen.start, seen.end, grace, stored.is_cancelled if stored else False)


def day_of(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))
