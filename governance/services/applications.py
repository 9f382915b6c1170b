"""Who wants a seat, and what they leave for the delegate who has it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.domain.people import PersonId
from governance.domain.waiting import OfferState
from governance.models.application import Application, DelegateNote
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services.ledger import record
from governance.services.mailing.announcing import ApplicationDeclined, NoteWritten, SeatAskedFor, announce
from governance.services.offer_ends import close_offer_of, reason_of
from governance.services.recording import COMMAND, named, today_of
from governance.store import applications as store
from governance.store.meetings import lock_meeting
from governance.store.rosters import load_roster
from governance.store.seats import department_of

LONGEST_NOTE = 2000

_OFFER_THEN = {
    "seated": OfferState.WITHDRAWN,
    "declined": OfferState.WITHDRAWN,
    "withdrawn": OfferState.DECLINED,
}
"""What becomes of the applicant's open offer, by how the application ends; who accepts has closed it before."""


class ApplicationRefused(GovernanceError):
    """The person cannot ask for the seat, or nobody asks for it any more."""


class NoteRefused(GovernanceError):
    """The note cannot be left."""


def apply_for(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
    is_told: bool = True,
) -> Application:
    """Put the person on the seat's waiting list; who is on it already keeps the place.

    Args:
        is_told: whether chair and sponsor hear of it; not where somebody puts a whole list there.

    Raises:
        ApplicationRefused: the person holds a seat of the meeting, or the seat is closed.
    """
    lock_meeting(session, meeting)
    held = load_roster(session, meeting).seat_held_by(PersonId(person.id), today_of(meeting, now))
    if held is not None:
        raise ApplicationRefused("Choose somebody without a seat", f"this person is the delegate of {held.department}")
    if seat.closed_on is not None:
        raise ApplicationRefused("Choose another seat", "this one is closed")
    present = store.open_application_of(session, seat.id, person.id)
    if present is not None:
        return present
    row = Application(seat_id=seat.id, person_id=person.id, at=now)
    session.add(row)
    session.flush()
    _note(session, meeting, seat, row, person, "seat-asked-for", actor, now, source)
    if is_told:
        announce(session, SeatAskedFor(meeting_id=meeting.id, application_id=row.id, at=now))
    return row


def endorse(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    application: Application,
    by: Person,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """The sponsor speaks for the applicant; again changes nothing.

    Raises:
        ApplicationRefused: the person does not wait any more.
    """
    lock_meeting(session, meeting)
    _still_waits(application)
    if application.endorsed_at is not None:
        return
    application.endorsed_at, application.endorsed_by = now, by.id
    person = session.get_one(Person, application.person_id)
    _note(session, meeting, seat, application, person, "application-endorsed", actor, now, source)


def close_application(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    outcome: str,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
    why: str | None = None,
) -> Application | None:
    """The person waits for the seat no more (`seated`, `declined` or `withdrawn`); who does not wait stays so."""
    row = store.open_application_of(session, seat.id, person.id)
    if row is None:
        return None
    # The person who declines or leaves need not be told; whoever offered them the seat must be.
    close_offer_of(
        session, meeting, row, _OFFER_THEN[outcome], actor=actor, now=now, source=source,
        is_told=outcome == "withdrawn",
    )  # fmt: skip
    row.closed_at, row.outcome = now, outcome
    _note(session, meeting, seat, row, person, f"application-{outcome}", actor, now, source, why)
    return row


def decline_application(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    application: Application,
    *,
    why: str | None,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """Whoever leads takes the applicant off the waiting list; they are told, with these words.

    Raises:
        ApplicationRefused: the person does not wait any more.
    """
    lock_meeting(session, meeting)
    reason = reason_of(why, ApplicationRefused)
    _still_waits(application)
    person = session.get_one(Person, application.person_id)
    close_application(
        session, meeting, seat, person, "declined", actor=actor, now=now, source=source, why=reason
    )  # fmt: skip
    announce(
        session,
        ApplicationDeclined(meeting_id=meeting.id, application_id=application.id, at=now, why=reason),
    )


def withdraw_application(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    application: Application,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """The applicant takes themselves off the waiting list.

    Raises:
        ApplicationRefused: they do not wait any more.
    """
    lock_meeting(session, meeting)
    _still_waits(application)
    person = session.get_one(Person, application.person_id)
    close_application(session, meeting, seat, person, "withdrawn", actor=actor, now=now, source=source)


def leave_note(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    text: str,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> DelegateNote:
    """What the delegate of the seat is to know; its words are kept from everybody else.

    Raises:
        NoteRefused: without words or with too many, or where the seat has no delegate.
    """
    words = text.strip()
    if not words or len(words) > LONGEST_NOTE or "\0" in words:
        raise NoteRefused(f"Write a note of at most {LONGEST_NOTE} characters")
    value = load_roster(session, meeting).seat(seat.id)
    delegate = value.delegate(today_of(meeting, now)) if value is not None else None
    if delegate is None or delegate == person.id:
        raise NoteRefused("Wait until the seat has another holder", "there is nobody to read the note")
    row = DelegateNote(seat_id=seat.id, person_id=person.id, text=words, at=now)
    session.add(row)
    session.flush()
    record(
        session, at=now, actor=actor, source=source, act="note-left", subject=f"note:{row.id}",
        meeting_id=meeting.id, confidentiality=Confidentiality.PRIVATE,
        after={"department": department_of(session, seat).name, "from": named(session, person)},
    )  # fmt: skip
    announce(session, NoteWritten(meeting_id=meeting.id, note_id=row.id, at=now))
    return row


def read_note(session: Session, note: DelegateNote, now: datetime) -> None:
    """The delegate has read it; again changes nothing. It is theirs alone, so no record says when."""
    note.read_at = note.read_at or now


def _still_waits(application: Application) -> None:
    if application.closed_at is not None:
        raise ApplicationRefused("Look at the waiting list", f"this application was {application.outcome} already")


def _note(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    row: Application,
    person: Person,
    act: str,
    actor: str,
    now: datetime,
    source: str,
    why: str | None = None,
) -> None:
    """In the ledger; the invitation does not depend on it, so it is not looked at again."""
    record(
        session, at=now, actor=actor, source=source, act=act, subject=f"application:{row.id}", meeting_id=meeting.id,
        why=why,
        after={"department": department_of(session, seat).name, "person": named(session, person)},
    )  # fmt: skip
