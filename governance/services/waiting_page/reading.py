"""From the rows to the page of the waiting lists: four statements at most, whatever the number of seats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.roster import Roster, Seat
from governance.domain.waiting import (
    Asking,
    Offered,
    OfferState,
    Place,
    expected_after,
    free_from,
    in_order,
    last_day_of,
    next_step,
)
from governance.models.meeting import Meeting
from governance.services.meeting_page import PersonLine
from governance.services.meeting_page.seats import by_department, person_line
from governance.services.waiting_page.values import NoteLine, OfferLine, OwnPlace, PlaceLine, WaitingPage, WaitingSeat
from governance.store import waiting as store
from governance.store.roster_page import RosterRows, roster_rows
from governance.store.waiting import NoteRow, WaitingRow

REMEMBERED = timedelta(days=30)
"""So long it is said what became of the last offer to somebody who waits no more.

Of an open application every offer is read, however old: whoever still waits was offered the seat before."""


def waiting_page(
    session: Session, meeting: Meeting, now: datetime, *, reader: UUID | None = None, noted_seats: Collection[UUID] = ()
) -> WaitingPage:
    """Everything, for nobody in particular but for `own`, which is the reader's; to be cut.

    Args:
        noted_seats: whose notes are read: the seats that the reader is the delegate of.
    """
    rows = roster_rows(session, meeting)
    of_seat: Mapping[UUID, list[WaitingRow]] = defaultdict(list)
    for row in store.waiting_rows(session, meeting.id, now - REMEMBERED):
        of_seat[row.seat_id].append(row)
    notes = store.notes_on(session, noted_seats) if noted_seats else []
    roster = rows.roster
    today = roster.day_of(now)
    return WaitingPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        today=today,
        seats=tuple(_seat(rows, seat, of_seat[seat.id], now, reader) for seat in by_department(roster.seats)),
        notes=tuple(_note(roster, one) for one in notes if _is_to(roster, one, reader, now)),
        names={address: str(roster.people[owner]) for address, owner in roster.address_owner.items()},
    )


def waiting_of_seat(session: Session, meeting: Meeting, seat_id: UUID, now: datetime) -> tuple[PlaceLine, ...]:
    """The waiting list of one seat, for a form."""
    rows = [one for one in store.waiting_rows(session, meeting.id, now) if one.seat_id == seat_id]
    return _places(rows, in_order(_askings(rows)))


def _seat(
    rows: RosterRows, seat: Seat, waiting: Sequence[WaitingRow], now: datetime, reader: UUID | None
) -> WaitingSeat:
    roster = rows.roster
    today = roster.day_of(now)
    order = in_order(_askings(waiting))
    places = _places(waiting, order)
    offers = [one for row in waiting if (one := _offered(row)) is not None]
    newest = _newest(roster, waiting, now)
    delegate = seat.delegate(today)
    sponsor = next((who for who, term in reversed(rows.sponsors.get(seat.id, ())) if term.holds_on(today)), None)
    free = free_from(seat.tenures, today)
    own = next((one for one in places if one.person_id == reader), None)
    return WaitingSeat(
        id=seat.id,
        department=seat.department,
        delegate_id=delegate,
        delegate=person_line(roster, delegate) if delegate else None,
        sponsor_id=sponsor,
        sponsor=person_line(roster, sponsor) if sponsor else None,
        expected=expected_after(seat, today, room_is_full=roster.held_seats(today) >= roster.cap),
        free_from=free,
        places=places,
        many=len(places),
        offer=newest,
        next=next_step(order, offers, free, now),
        own=_own(own, len(places), newest) if own else None,
    )


def _own(place: PlaceLine, of: int, newest: OfferLine | None) -> OwnPlace:
    offer = newest if newest is not None and newest.application == place.application else None
    return OwnPlace(place.application, place.number, of, place.since, place.is_supported, offer)


def _askings(rows: Iterable[WaitingRow]) -> list[Asking]:
    """Each once, however many offers were made to them; those who wait no more are not among them."""
    found = {row.application_id: row for row in rows if row.closed_at is None}
    return [Asking(row.application_id, row.person_id, row.at, row.endorsed_at) for row in found.values()]


def _places(rows: Iterable[WaitingRow], order: Iterable[Place]) -> tuple[PlaceLine, ...]:
    by_id = {row.application_id: row for row in rows}
    return tuple(_place(by_id[one.asking.id], one) for one in order)


def _place(row: WaitingRow, place: Place) -> PlaceLine:
    return PlaceLine(
        row.application_id, row.person_id, place.number, _person(row.name, row.address), row.at, row.endorsed_by,
        row.endorsed_at, place.why,
    )  # fmt: skip


def _offered(row: WaitingRow) -> Offered | None:
    if row.offered_at is None or row.ends_at is None or row.first_day is None:
        return None
    return Offered(row.application_id, row.offered_at, row.ends_at, row.first_day, row.answer)


def _newest(roster: Roster, rows: Iterable[WaitingRow], now: datetime) -> OfferLine | None:
    made = [(offered, row) for row in rows if (offered := _offered(row)) is not None]
    if not made:
        return None
    offered, row = max(made, key=lambda pair: pair[0].at)
    if row.offer_id is None:
        return None
    state = offered.state(now)
    return OfferLine(
        id=row.offer_id,
        application=row.application_id,
        person_id=row.person_id,
        person=_person(row.name, row.address),
        at=offered.at,
        last_day=last_day_of(offered.ends_at, roster.time_zone),
        first_day=max(offered.first_day, roster.day_of(now)) if state is OfferState.OPEN else offered.first_day,
        state=state,
        why=row.why,
        closed_at=row.answered_at,
    )


def _is_to(roster: Roster, note: NoteRow, reader: UUID | None, now: datetime) -> bool:
    """A note was written to whoever sat there at the time: who follows on the seat does not get it."""
    seat, today = roster.seat(note.seat_id), roster.day_of(now)
    tenure = next((one for one in seat.tenures if one.term.holds_on(today)), None) if seat is not None else None
    return tenure is not None and tenure.person == reader and tenure.term.first_day <= roster.day_of(note.at)


def _note(roster: Roster, note: NoteRow) -> NoteLine:
    seat = roster.seat(note.seat_id)
    department = seat.department if seat is not None else ""
    return NoteLine(
        note.id, note.seat_id, department, _person(note.name, note.address), note.text, note.at, note.read_at
    )  # fmt: skip


def _person(name: str, address: str) -> PersonLine:
    return PersonLine(name or address, address)
