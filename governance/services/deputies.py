"""Deputies named in advance, and the stand-in who sits on a seat for one occurrence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from governance.domain import roster as values
from governance.domain.errors import GovernanceError
from governance.domain.people import PersonId
from governance.domain.roster import MandateState, StandInCause
from governance.domain.seating import Law, breaches
from governance.models.deputy import Deputy, KeptSeat, StandIn
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services.mandates import record_mandate
from governance.services.people import end_terms
from governance.services.recording import COMMAND, iso, named, note, today_of, touch
from governance.store import seats as store
from governance.store.meetings import lock_meeting
from governance.store.rosters import load_roster
from governance.store.standing import kept_seat_of, stand_in_of


class DeputyRefused(GovernanceError):
    """The person cannot be the deputy or stand in."""


def name_deputy(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """The person becomes the last of the seat's deputies.

    Who is a deputy already stays where they are. Being named entitles to nothing: the mandate is recorded apart.

    Raises:
        DeputyRefused: when the person is the delegate.
    """
    lock_meeting(session, meeting)
    _refuse_delegate(session, meeting, seat, person, now)
    put_deputy(session, meeting, seat, person, actor=actor, now=now, source=source)


def put_deputy(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    *,
    actor: str,
    now: datetime,
    instead_of_first: bool = False,
    source: str = COMMAND,
) -> None:
    """Write the deputy, whom the caller has judged, behind the others or in the first one's place."""
    today = today_of(meeting, now)
    rows = [row for row in store.deputies_of(session, seat.id) if row.last_day is None or row.last_day >= today]
    mine = next((row for row in rows if row.person_id == person.id), None)
    if mine is not None and (not instead_of_first or mine is rows[0]):
        return
    gone = [row for row in (mine, rows[0] if rows and instead_of_first else None) if row is not None]
    rank = rows[0].rank if rows and instead_of_first else max((row.rank for row in rows), default=0) + 1
    before = [named(session, row.person_id) for row in rows]
    end_terms(session, gone, today)
    new = Deputy(seat_id=seat.id, person_id=person.id, first_day=today, rank=rank)
    session.add(new)
    touch(seat)
    session.flush()
    note(
        session, meeting, "deputy-named", f"deputy:{new.id}", actor=actor, source=source, now=now,
        before={"deputies": before},
        after={"department": store.department_of(session, seat).name, "deputy": named(session, person), "rank": rank},
    )  # fmt: skip


def withdraw_deputy(
    session: Session, meeting: Meeting, seat: Seat, person: Person, *, actor: str, now: datetime, source: str = COMMAND
) -> None:
    """The person is no deputy of the seat from today on; who is none stays so."""
    lock_meeting(session, meeting)
    today = today_of(meeting, now)
    rows = [
        row
        for row in store.deputies_of(session, seat.id)
        if row.person_id == person.id and (row.last_day is None or row.last_day >= today)
    ]
    if not rows:
        return
    subject = f"deputy:{rows[0].id}"
    end_terms(session, rows, today)
    touch(seat)
    note(
        session, meeting, "deputy-withdrawn", subject, actor=actor, source=source, now=now,
        before={"department": store.department_of(session, seat).name, "deputy": named(session, person)},
    )  # fmt: skip


def stand_in(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    occurrence: Occurrence,
    person: Person,
    *,
    actor: str,
    now: datetime,
    cause: StandInCause = StandInCause.NAMED,
    by: str | None = None,
    source: str = COMMAND,
) -> None:
    """The person sits on the seat in that occurrence, in the place of an earlier stand-in.

    Without a mandate for the day the person is not added to the invitation (I03) until one is recorded.

    Args:
        by: whose act it was, as it is shown; the actor when not given.

    Raises:
        DeputyRefused: the occurrence is over, the person holds this or another seat, or stands in elsewhere.
    """
    lock_meeting(session, meeting)
    present = stand_in_of(session, seat.id, occurrence.id)
    if present is not None and present.person_id == person.id and present.cause == cause.value:
        return
    _judge_stand_in(session, meeting, seat, occurrence, person, now)
    if present is not None and present.cause == StandInCause.DECLINE.value and cause is StandInCause.NAMED:
        cause = StandInCause.DECLINE  # somebody else sits, but still because the delegate declined
    before = named(session, present.person_id) if present is not None else None
    if (kept := kept_seat_of(session, seat.id, occurrence.id)) is not None:
        session.delete(kept)
    row = present or StandIn(seat_id=seat.id, occurrence_id=occurrence.id)
    row.person_id, row.cause, row.by, row.at = person.id, cause.value, by or actor, now
    session.add(row)
    touch(seat)
    session.flush()
    note(
        session, meeting, "stand-in-named", f"stand-in:{row.id}", actor=actor, source=source, now=now,
        before={"stand_in": before},
        after={"department": store.department_of(session, seat).name, "stand_in": named(session, person),
               "cause": cause.value, "on": iso(today_of(meeting, occurrence.start))},
    )  # fmt: skip


def withdraw_stand_in(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    occurrence: Occurrence,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
    why: str | None = None,
) -> None:
    """The delegate sits again; nothing changes where nobody stands in.

    A decline that still stands in the calendar swaps nobody in again: somebody has looked at it.
    """
    lock_meeting(session, meeting)
    row = stand_in_of(session, seat.id, occurrence.id)
    if row is None:
        return
    before = named(session, row.person_id)
    _keep(session, seat, occurrence, "withdrawn", actor, now)
    session.delete(row)
    touch(seat)
    session.flush()
    note(
        session, meeting, "stand-in-withdrawn", f"stand-in:{row.id}", actor=actor, source=source, now=now, why=why,
        before={"department": store.department_of(session, seat).name, "stand_in": before,
                "on": iso(today_of(meeting, occurrence.start))},
    )  # fmt: skip


def come_after_all(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    occurrence: Occurrence,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """*I can come after all*: the delegate sits that day, whatever their answer in the calendar still says.

    Raises:
        DeputyRefused: the occurrence is over.
    """
    if occurrence.end <= now:
        raise DeputyRefused("Choose an occurrence to come", "this one is over")
    lock_meeting(session, meeting)
    present = stand_in_of(session, seat.id, occurrence.id)
    kept = kept_seat_of(session, seat.id, occurrence.id)
    if present is None and kept is not None:
        return
    before = named(session, present.person_id) if present is not None else None
    if present is not None:
        session.delete(present)
    _keep(session, seat, occurrence, "after-all", actor, now)
    touch(seat)
    session.flush()
    note(
        session, meeting, "seat-kept", f"seat:{seat.id}", actor=actor, source=source, now=now,
        before={"stand_in": before},
        after={"department": store.department_of(session, seat).name,
               "on": iso(today_of(meeting, occurrence.start))},
    )  # fmt: skip


def grant_for_day(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    occurrence: Occurrence,
    deputy: Person,
    sponsor: Person,
    *,
    scope: str,
    limit_minor: int | None,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """The sponsor's one click: a mandate for that day alone, and the deputy sits.

    Raises:
        MandateRefused: what is granted cannot be a mandate.
        DeputyRefused: the deputy cannot sit that day.
    """
    lock_meeting(session, meeting)
    day = today_of(meeting, occurrence.start)
    value = load_roster(session, meeting).seat(seat.id)
    if value is None or value.mandate_in_force(PersonId(deputy.id), day) is None:
        record_mandate(
            session, meeting, seat, deputy, scope=scope, limit_minor=limit_minor, first_day=day, last_day=day,
            sponsor=sponsor, state=MandateState.CONFIRMED, actor=actor, now=now, source=source,
        )  # fmt: skip
    stand_in(
        session, meeting, seat, occurrence, deputy, cause=StandInCause.DECLINE, actor=actor, now=now, source=source
    )


def _keep(session: Session, seat: Seat, occurrence: Occurrence, cause: str, actor: str, now: datetime) -> None:
    row = kept_seat_of(session, seat.id, occurrence.id) or KeptSeat(seat_id=seat.id, occurrence_id=occurrence.id)
    row.cause, row.by, row.at = cause, actor, now
    session.add(row)


def _refuse_delegate(session: Session, meeting: Meeting, seat: Seat, person: Person, now: datetime) -> None:
    value = load_roster(session, meeting).seat(seat.id)
    if value is not None and value.delegate(today_of(meeting, now)) == PersonId(person.id):
        raise DeputyRefused("Name somebody else", f"this person is the delegate of {value.department}")


def _judge_stand_in(
    session: Session, meeting: Meeting, seat: Seat, occurrence: Occurrence, person: Person, now: datetime
) -> None:
    if occurrence.end <= now:
        raise DeputyRefused("Choose an occurrence to come", "this one is over")
    roster = load_roster(session, meeting)
    day = roster.day_of(occurrence.original_start)
    value = roster.seat(seat.id)
    if value is not None and value.delegate(day) == PersonId(person.id):
        raise DeputyRefused("Name somebody else", f"this person is the delegate of {value.department} that day")
    others = tuple(one for one in roster.stand_ins.get(occurrence.original_start, ()) if one.seat_id != seat.id)
    if any(one.person == PersonId(person.id) for one in others):
        raise DeputyRefused("Name somebody else", "this person stands in for another seat that day")
    wanted = (*others, values.StandIn(seat.id, PersonId(person.id), StandInCause.NAMED))
    after = replace(roster, stand_ins={**roster.stand_ins, occurrence.original_start: wanted})
    for breach in breaches(roster, after, day):
        if breach.law is Law.NOT_BESIDE_STANDING_IN and breach.day == day:
            raise DeputyRefused("Name somebody else", breach.reason)
