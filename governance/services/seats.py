"""Seats and their holders: open, appoint, hand over, vacate, close, and the cap.

Every change is judged by the laws of seats on the roster before and after it, under a lock on the meeting, because
neither the cap nor *one seat a person* is a rule about a single row.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.domain import roster as values
from governance.domain.department import fold_department, tidy_name
from governance.domain.errors import GovernanceError
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Term
from governance.domain.seating import Breach, breaches, cut_tenures
from governance.models.department import Department
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat, Tenure
from governance.services.applications import close_application
from governance.services.mailing.announcing import SeatTaken, announce
from governance.services.offer_ends import withdraw_open, withdraw_where_taken
from governance.services.people import end_terms
from governance.services.recording import COMMAND, iso, named, note, today_of, touch
from governance.store import seats as store
from governance.store.meetings import lock_meeting
from governance.store.people import department_by_name
from governance.store.rosters import load_roster

LARGEST_CAP = 200


class SeatRefused(GovernanceError):
    """The change would break a law of seats; nothing was changed."""

    def __init__(self, breach: Breach) -> None:
        self.breach = breach
        super().__init__(breach.remedy, breach.reason)


class UnknownDepartment(GovernanceError):
    """The meeting has no open seat for the department."""

    def __init__(self, department: str, known: list[str]) -> None:
        self.department = department
        remedy = f"Choose one of {', '.join(known)}" if known else "Import a roster first"
        super().__init__(remedy, f"there is no seat of “{department[:80]}”")


class WrongCap(GovernanceError):
    """Not a number of seats."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        super().__init__(f"Choose a cap from 1 to {LARGEST_CAP}", f"{cap} is none")


class WrongName(GovernanceError):
    """A department without a usable name."""

    def __init__(self) -> None:
        super().__init__("Name the department in at most 200 characters on one line")


def seat_of(session: Session, meeting: Meeting, department: str) -> Seat:
    """The open seat of the department.

    Raises:
        UnknownDepartment: with the departments that have one.
    """
    seat = store.open_seat_of(session, meeting.id, fold_department(department))
    if seat is None:
        raise UnknownDepartment(department, store.open_departments(session, meeting.id))
    return seat


def open_seat(
    session: Session, meeting: Meeting, department: str, *, actor: str, now: datetime, source: str = COMMAND
) -> Seat:
    """A seat for the department, vacant at first; the one there is when it is open already."""
    lock_meeting(session, meeting)
    found = store.open_seat_of(session, meeting.id, fold_department(department))
    if found is not None:
        return found
    row = department_named(session, department)
    seat = Seat(meeting_id=meeting.id, department_id=row.id, opened_on=today_of(meeting, now))
    session.add(seat)
    session.flush()
    note(
        session, meeting, "seat-opened", _subject(seat), actor=actor, source=source, now=now,
        after={"department": row.name},
    )  # fmt: skip
    return seat


def department_named(session: Session, name: str) -> Department:
    """The department, made when first named."""
    tidy = tidy_name(name)
    check_department_name(tidy)
    found = department_by_name(session, fold_department(tidy))
    if found is None:
        found = Department(name=tidy, folded=fold_department(tidy))
        session.add(found)
        session.flush()
    return found


def check_department_name(tidy: str) -> None:
    if not tidy or len(tidy) > 200 or not tidy.isprintable():
        raise WrongName


def close_seat(
    session: Session, meeting: Meeting, seat: Seat, *, actor: str, now: datetime, source: str = COMMAND
) -> None:
    """The department gives its seat up: it is vacated and closed today."""
    vacate(session, meeting, seat, actor=actor, now=now, source=source)
    end_terms(session, store.deputies_of(session, seat.id), today_of(meeting, now))
    withdraw_open(session, meeting, seat, actor=actor, now=now, source=source)
    seat.closed_on = max(today_of(meeting, now), seat.opened_on)
    note(
        session, meeting, "seat-closed", _subject(seat), actor=actor, source=source, now=now,
        before={"department": store.department_of(session, seat).name},
    )  # fmt: skip


def appoint(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    *,
    actor: str,
    now: datetime,
    first_day: date | None = None,
    last_day: date | None = None,
    source: str = COMMAND,
    why: str | None = None,
) -> None:
    """The person takes the vacant seat, from today on unless told otherwise. Who holds it already keeps it as it is.

    Raises:
        SeatRefused: the seat is not vacant, the person sits elsewhere, or the cap is reached.
    """
    lock_meeting(session, meeting)
    term = Term(first_day or today_of(meeting, now), last_day)
    before = load_roster(session, meeting)
    present = _value(before, seat)
    if present.delegate(term.first_day) == PersonId(person.id):
        return
    wanted = (*present.tenures, values.Tenure(PersonId(person.id), term))
    _judge(before, seat, wanted, from_day=min(term.first_day, today_of(meeting, now)))
    put_on_seat(session, meeting, seat, person, wanted, term, actor=actor, now=now, source=source, why=why)


def hand_over(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    *,
    actor: str,
    now: datetime,
    on: date | None = None,
    source: str = COMMAND,
    why: str | None = None,
) -> None:
    """The person takes the seat from that day on; whoever held it does so until the day before.

    Raises:
        SeatRefused: the person sits elsewhere.
    """
    lock_meeting(session, meeting)
    term = Term(on or today_of(meeting, now))
    before = load_roster(session, meeting)
    present = _value(before, seat)
    if present.delegate(term.first_day) == PersonId(person.id):
        return
    wanted = (*cut_tenures(present.tenures, term.first_day), values.Tenure(PersonId(person.id), term))
    _judge(before, seat, wanted, from_day=min(term.first_day, today_of(meeting, now)))
    put_on_seat(session, meeting, seat, person, wanted, term, actor=actor, now=now, source=source, why=why)


def put_on_seat(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    wanted: tuple[values.Tenure, ...],
    term: Term,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
    why: str | None = None,
) -> None:
    """Write the seat's tenures as the caller has judged them, the person's new one among them.

    Whoever holds a seat is neither its deputy nor its stand-in any more.
    """
    holder = next(
        (row.person_id for row in store.tenures_of(session, seat.id) if _term(row).holds_on(term.first_day)), None
    )
    before = {"delegate": named(session, holder)} if holder else None
    department = store.department_of(session, seat).name
    _write_tenures(session, seat, wanted)
    own = [row for row in store.deputies_of(session, seat.id) if row.person_id == person.id]
    end_terms(session, own, term.first_day)
    for row in store.stand_ins_of(session, seat.id, person.id, ending_after=now):
        session.delete(row)
    session.flush()
    note(
        session, meeting, "handed-over" if holder else "appointed", _subject(seat),
        actor=actor, source=source, now=now, why=why, before=before,
        after={"department": department, "delegate": named(session, person),
               "from": iso(term.first_day), "until": iso(term.last_day)},
    )  # fmt: skip
    close_application(session, meeting, seat, person, "seated", actor=actor, now=now, source=source)
    withdraw_where_taken(session, meeting, seat, wanted, actor=actor, now=now, source=source)
    announce(
        session,
        SeatTaken(meeting_id=meeting.id, seat_id=seat.id, person_id=person.id, first_day=term.first_day, at=now),
    )


def vacate(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    *,
    actor: str,
    now: datetime,
    on: date | None = None,
    source: str = COMMAND,
    why: str | None = None,
) -> None:
    """Nobody holds the seat from that day (today) on; a vacant seat stays as it is."""
    lock_meeting(session, meeting)
    day = on or today_of(meeting, now)
    present = tuple(values.Tenure(PersonId(row.person_id), _term(row)) for row in store.tenures_of(session, seat.id))
    wanted = cut_tenures(present, day)
    if wanted == present:
        return
    _write_tenures(session, seat, wanted)
    holder = next((one.person for one in present if one.term.holds_on(day)), None)
    note(
        session, meeting, "vacated", _subject(seat), actor=actor, source=source, now=now, why=why,
        before={"department": store.department_of(session, seat).name,
                "delegate": named(session, holder) if holder else None, "until": iso(day)},
    )  # fmt: skip


def set_cap(session: Session, meeting: Meeting, cap: int, *, actor: str, now: datetime, source: str = COMMAND) -> None:
    """How many seats may have a holder. A cap below the present number takes nobody's seat: the chair chooses (I04)."""
    if not 1 <= cap <= LARGEST_CAP:
        raise WrongCap(cap)
    lock_meeting(session, meeting)
    if meeting.cap == cap:
        return
    before, meeting.cap = meeting.cap, cap
    note(
        session, meeting, "cap-set", f"meeting:{meeting.id}", actor=actor, source=source, now=now,
        before={"cap": before}, after={"cap": cap},
    )  # fmt: skip


def _value(roster: Roster, seat: Seat) -> values.Seat:
    found = roster.seat(seat.id)
    if found is None:
        raise UnknownDepartment("a closed seat", [one.department for one in roster.seats])
    return found


def _judge(before: Roster, seat: Seat, wanted: tuple[values.Tenure, ...], *, from_day: date) -> None:
    seats = tuple(replace(one, tenures=wanted) if one.id == seat.id else one for one in before.seats)
    for breach in breaches(before, replace(before, seats=seats), from_day):
        raise SeatRefused(breach)


def _write_tenures(session: Session, seat: Seat, wanted: tuple[values.Tenure, ...]) -> None:
    """What ends is written first: the database allows a seat one tenure without an end."""
    touch(seat)
    last_days = {(one.person, one.term.first_day): one.term.last_day for one in wanted}
    for row in store.tenures_of(session, seat.id):
        key = (PersonId(row.person_id), row.first_day)
        if key in last_days:
            row.last_day = last_days.pop(key)
        else:
            session.delete(row)
    session.flush()
    for (person, first_day), last_day in last_days.items():
        session.add(Tenure(seat_id=seat.id, person_id=person, first_day=first_day, last_day=last_day))
    session.flush()


def _term(row: Tenure) -> Term:
    return Term(row.first_day, row.last_day)


def _subject(seat: Seat) -> str:
    return f"seat:{seat.id}"
