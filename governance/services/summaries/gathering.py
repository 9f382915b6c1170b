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
from governance.reconcile.picture import SeriesPicture
from governance.services.agenda.reading import items_of
from governance.services.agenda.values import Item
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
from governance.services.summaries.ahead import Ahead, agenda_ahead, ahead, next_of
from governance.services.summaries.evidence import Material, told_before
from governance.services.summaries.leading import lead_facts, say_do_lines
from governance.services.summaries.people import People, key_of, people_of, readers_among
from governance.services.summaries.roster import roster_lines
from governance.services.summaries.values import Facts, Gathered, Owed, Period, Reader
from governance.store import attendance as attendance_store
from governance.store import decisions as decision_store
from governance.store import promises as promise_store
from governance.store import summaries as store
from governance.store.charters import values_from
from governance.store.standing import modes_from
from governance.store.together import Answers

MOST_PROMISES = 5_000
QUARTER = timedelta(weeks=13)
_NEWEST_OF_EACH = 4
"""Summaries of each lead that are looked at for what was suggested: this one, the last two, and a week without."""

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def readers(session: Session, meeting: Meeting, period: Period, now: datetime) -> tuple[Reader, ...]:
    """Who gets a summary of the period, whoever leads first; one statement."""
    return readers_among(people_of(session, meeting, period, now), meeting)


def gather(session: Session, meeting: Meeting, period: Period, now: datetime) -> Gathered:
    zone, today = meeting.time_zone, day_of(now, meeting.time_zone)
    people = people_of(session, meeting, period, now)
    pictures = pictures_of(session, meeting.id)
    to_come = ahead(pictures, now)
    around = store.around(session, _asked(meeting, period, to_come, today, now))
    settings, seats = _settings(around), people.open_seats
    rows = store.decisions_since(session, meeting.id, period.since)
    said = decision_store.outline_of(session, [row.Decision.id for row in rows])
    marked = attendance_store.marked_occurrences(session, meeting.id, now, settings.charter.window)
    of_all = _happened(session, meeting, period, to_come, marked, rows)
    known = decided.known_decisions(rows, said, seats, of_all, settings, meeting, now)
    agenda = agenda_ahead(_items(session, meeting, to_come, pictures, now), to_come, now)
    held = _held(of_all, period)
    promises = _promises(session, meeting)
    material = Material(
        meeting=meeting, settings=settings, people=people, around=around, known=known, agenda=agenda, to_come=to_come,
        attended=page_from(meeting, marked, of_all, seats, settings, now), period=period, today=today, now=now,
        promises=tuple(one for some in promises.values() for one in some),
    )  # fmt: skip
    told = store.told_before(session, meeting.id, people.leads, _NEWEST_OF_EACH * len(people.leads))
    return Gathered(
        meeting=meeting.id,
        period=period,
        today=today,
        actors=people.actors,
        promises=promises,
        commitments=decided.commitments_owed(known, settings, today, period),
        closed=decided.closed_lines(known, period),
        open=decided.open_lines(known),
        committed=decided.committed_lines(known, period),
        attendance=_attendance(people, of_all, held, settings.charter, zone, now),
        question=of_all.questions[held.id].question.text if held and held.id in of_all.questions else None,
        turns=tuple(of_all.turns.get(held.id, ())) if held else (),
        roster=roster_lines(people.seats, day_of(period.since, zone), day_of(period.until, zone), _touched(around)),
        next=next_of(to_come, agenda, seats, of_all, _addresses(around), _kept(around), zone, now),
        measures=_measures(settings.charter, around["measures"]),
        heads=next(({"chain": row.chain, "seq": row.seq, "hash": row.hash} for row in around["heads"]), None),
        lead=lead_facts(material, told_before(told, meeting.id, period)),
        say_do=_say_do(session, meeting, seats, today, now),
    )


def _asked(meeting: Meeting, period: Period, to_come: Ahead, today: date, now: datetime) -> store.Asked:
    return store.Asked(
        meeting=meeting.id, chain=chain_of(meeting.id), since=period.since, quarter=now - QUARTER, now=now, today=today,
        next=to_come.first.key if to_come.first else None,
    )  # fmt: skip


def _settings(around: Answers) -> Settings:
    source = next((row.source for row in around["charter"]), None)
    return Settings(read_charter(source) if source else Charter(), modes_from(around["modes"]))


def _happened(
    session: Session, meeting: Meeting, period: Period, to_come: Ahead, marked: Iterable[Occurrence],
    rows: Iterable[Any],
) -> Happened:  # fmt: skip
    """What hangs on the occurrences of the window, of the decisions, of the period and on the next one."""
    ids = {one.id for one in marked} | {row.Occurrence.id for row in rows if row.Occurrence}
    keys = [key for key in (key_of(period), to_come.first.key if to_come.first else None) if key]
    return happened_at(session, meeting.id, or_(Occurrence.id.in_(ids), Occurrence.original_start.in_(keys)))


def _held(of_all: Happened, period: Period) -> Stored | None:
    """The period's occurrence as it was kept; where nobody ever acted on it nothing was."""
    key = key_of(period)
    if key is None or period.start is None or period.end is None:
        return None
    kept = [one for one in of_all.occurrences if one.original_start == key]
    nothing = Stored(UUID(int=0), key, period.start, period.end, period.is_cancelled)
    return min(kept, key=lambda one: (one.is_cancelled, one.start), default=nothing)


def _items(
    session: Session, meeting: Meeting, to_come: Ahead, pictures: Iterable[SeriesPicture], now: datetime
) -> tuple[Item, ...]:
    keys = [one.key for one in to_come.coming[:1]]
    return items_of(session, meeting.id, Occurrence.original_start.in_(keys), pictures, now)


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
    people: People, of_all: Happened, held: Stored | None, charter: Charter, zone: str, now: datetime
) -> tuple[tuple[UUID, Facts], ...]:
    """Of every seat that had a holder that day, those that were closed since too."""
    if held is None or held.is_cancelled:
        return ()
    timing = Timing(held.start, held.end, timedelta(minutes=charter.grace_minutes))
    lines = room_seats(people.seats_on(day_of(held.start, zone)), of_all, held.id, timing, zone, now)
    names = {person.id: person.name for one in people.seats for person, _ in one.terms.tenures}
    return tuple((one.id, _attended_line(one, names)) for one in lines if one.attendance.state is not State.VACANT)


def _attended_line(seat: RoomSeat, names: Mapping[UUID, str]) -> Facts:
    """Who came is who was marked, also where the seat was handed over that day."""
    person = seat.came if seat.attendance.is_present else seat.expected
    came = seat.attendance.person if seat.attendance.is_present else None
    return {
        "department": seat.department,
        "who": (names.get(came) if came else None) or (person.name if person else None),
        "state": seat.attendance.state.value,
        "minutes": seat.attendance.late_minutes or None,
    }


def _addresses(around: Answers) -> Mapping[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in around["addresses"]:
        found[row.person_id].append(row.folded)
    return found


def _kept(around: Answers) -> frozenset[UUID]:
    return frozenset(row.seat_id for row in around["kept"])


def _touched(around: Answers) -> frozenset[UUID]:
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
