"""Departments as they change: opened, renamed, merged, split and closed. What was stays as it was.

A seat outlives its holders, and its row outlives the seat: who sat for whom on a day gone by reads the same after any
of these. A department is the organisation's, not the meeting's, so its name changes only where no other meeting has a
seat of it, and it is closed when its last seat is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.domain import roster as values
from governance.domain.department import fold_department, tidy_name
from governance.domain.errors import GovernanceError
from governance.domain.people import PersonId
from governance.models.department import Department
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services import seats
from governance.services.deputies import name_deputy, withdraw_deputy
from governance.services.guests import admit_visitor
from governance.services.mandates import record_mandate
from governance.services.recording import COMMAND, named, note, today_of, touch
from governance.store import seats as store
from governance.store.meetings import lock_meeting
from governance.store.people import department_by_name
from governance.store.rosters import load_roster


class DepartmentRefused(GovernanceError):
    """The department cannot be changed that way; nothing was changed."""


@dataclass(frozen=True, slots=True)
class By:
    """On whose word something is done, and when; `said` is how people see them."""

    actor: str
    now: datetime
    source: str = COMMAND
    said: str | None = None


def open_department(session: Session, meeting: Meeting, name: str, by: By) -> Seat:
    """A vacant seat for the department, also for one that had a seat and gave it up.

    Raises:
        DepartmentRefused: when it has a seat already.
    """
    lock_meeting(session, meeting)
    if store.open_seat_of(session, meeting.id, fold_department(name)) is not None:
        raise DepartmentRefused("Name another department", f"{tidy_name(name)} has a seat already")
    seat = seats.open_seat(session, meeting, name, actor=by.actor, now=by.now, source=by.source)
    store.department_of(session, seat).closed_on = None
    session.flush()
    return seat


def rename_department(session: Session, meeting: Meeting, seat: Seat, name: str, by: By) -> None:
    """Another name for the same department: seat, people and mandates stay.

    Raises:
        DepartmentRefused: when the name is taken, or another meeting has a seat of the department too.
    """
    lock_meeting(session, meeting)
    department, tidy = store.department_of(session, seat), tidy_name(name)
    if department.name == tidy:
        return
    other = department_by_name(session, fold_department(tidy))
    if other is not None and other.id != department.id:
        raise DepartmentRefused(
            "Choose another name, or merge the two", f"there is a department called {other.name} already"
        )
    if store.has_open_seat_elsewhere(session, department.id, meeting.id):
        raise DepartmentRefused("Ask an administrator to rename it everywhere", "it has a seat in another meeting too")
    seats.check_department_name(tidy)
    before, department.name, department.folded = department.name, tidy, fold_department(tidy)
    touch(seat)
    session.flush()
    note(
        session, meeting, "department-renamed", f"department:{department.id}", actor=by.actor, source=by.source,
        now=by.now, before={"department": before}, after={"department": tidy},
    )  # fmt: skip


def merge_departments(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    joining: Seat,
    *,
    joining_delegate_stays: bool,
    overlap: Occurrence | None,
    by: By,
) -> None:
    """The department of `joining` becomes part of the seat's: one seat stays, with one of the two delegates.

    Deputies of both deputise for the seat that stays. Whoever takes it over, or deputises for it now, keeps the mandate
    they had, recorded for this seat. In the overlap the other delegate comes once more, as a visitor.

    Raises:
        DepartmentRefused: when both are one.
        GovernanceError: what seats, deputies or visitors refuse.
    """
    lock_meeting(session, meeting)
    if seat.id == joining.id:
        raise DepartmentRefused("Choose another department", "a department cannot join itself")
    today = today_of(meeting, by.now)
    roster = load_roster(session, meeting)
    stays, goes = _value(roster, seat), _value(roster, joining)
    present, leaving = stays.delegate(today), goes.delegate(today)
    holder = leaving if joining_delegate_stays else present
    if holder is None and (present or leaving):
        raise DepartmentRefused("Choose the other delegate", "that seat is vacant")
    other = present if joining_delegate_stays else leaving
    carried = list(_carried(goes, holder if joining_delegate_stays else None, today))
    _close(session, meeting, joining, by)
    if joining_delegate_stays and holder is not None:
        person = _person(session, holder)
        seats.hand_over(session, meeting, seat, person, actor=by.actor, now=by.now, source=by.source)
    for deputy in goes.deputies_on(today):
        if deputy.person != holder:
            person = _person(session, deputy.person)
            name_deputy(session, meeting, seat, person, actor=by.actor, now=by.now, source=by.source)
    for mandate in carried:
        _carry(session, meeting, seat, stays, mandate, by)
    if overlap is not None and other is not None:
        reason = f"Hands over: {goes.department} is part of {stays.department} now"
        admit_visitor(
            session, meeting, overlap, _person(session, other), reason=reason, actor=by.actor, by=by.said,
            now=by.now, source=by.source,
        )  # fmt: skip
    note(
        session, meeting, "departments-merged", f"seat:{seat.id}", actor=by.actor, source=by.source, now=by.now,
        before={"department": goes.department, "delegate": named(session, other) if other else None},
        after={"department": stays.department, "delegate": named(session, holder) if holder else None},
    )  # fmt: skip


def split_department(session: Session, meeting: Meeting, seat: Seat, name: str, person: Person | None, by: By) -> Seat:
    """A part of the department gets a seat of its own; the seat that was there stays as it is.

    The person takes the new seat; a deputy of the old one then deputises there no longer.

    Raises:
        DepartmentRefused: when a department of that name has a seat already.
        SeatRefused: when the person sits elsewhere, or the cap is reached.
    """
    lock_meeting(session, meeting)
    before = store.department_of(session, seat).name
    new = open_department(session, meeting, name, by)
    if person is not None:
        withdraw_deputy(session, meeting, seat, person, actor=by.actor, now=by.now, source=by.source)
        seats.appoint(session, meeting, new, person, actor=by.actor, now=by.now, source=by.source)
    touch(seat)
    note(
        session, meeting, "department-split", f"seat:{seat.id}", actor=by.actor, source=by.source, now=by.now,
        before={"department": before}, after={"department": store.department_of(session, new).name},
    )  # fmt: skip
    return new


def close_department(session: Session, meeting: Meeting, seat: Seat, by: By) -> None:
    """The department gives its seat in this meeting up, today."""
    lock_meeting(session, meeting)
    _close(session, meeting, seat, by)


def _close(session: Session, meeting: Meeting, seat: Seat, by: By) -> None:
    seats.close_seat(session, meeting, seat, actor=by.actor, now=by.now, source=by.source)
    department: Department = store.department_of(session, seat)
    if not store.has_open_seat_elsewhere(session, department.id, meeting.id):
        department.closed_on = today_of(meeting, by.now)
    session.flush()


def _carried(goes: values.Seat, holder: PersonId | None, today: date) -> Iterator[values.Mandate]:
    """Mandates in force of those who come along: the delegate who stays, and the deputies."""
    people = dict.fromkeys([holder, *(one.person for one in goes.deputies_on(today))])
    for person in people:
        mandate = goes.mandate_in_force(person, today) if person is not None else None
        if mandate is not None:
            yield mandate


def _carry(session: Session, meeting: Meeting, seat: Seat, stays: values.Seat, mandate: values.Mandate, by: By) -> None:
    """Who has a mandate for the seat already keeps that one."""
    today = today_of(meeting, by.now)
    if stays.mandate_in_force(mandate.person, today) is not None:
        return
    record_mandate(
        session, meeting, seat, _person(session, mandate.person), scope=mandate.scope,
        limit_minor=mandate.limit_minor, first_day=today, last_day=mandate.term.last_day, sponsor=mandate.sponsor,
        actor=by.actor, now=by.now, source=by.source,
    )  # fmt: skip


def _value(roster: values.Roster, seat: Seat) -> values.Seat:
    found = roster.seat(seat.id)
    if found is None:
        raise DepartmentRefused("Choose a department with a seat", "this one has given its seat up")
    return found


def _person(session: Session, person: PersonId) -> Person:
    return session.get_one(Person, person)
