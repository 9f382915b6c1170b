"""Offers of a seat: made to one who waits for it, answered by them, taken back, or over by their time.

Accepting is an appointment like any other: the cap and *one seat a person* are judged again when somebody accepts,
not only when the seat was offered.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.domain.days import said_day
from governance.domain.errors import GovernanceError
from governance.domain.waiting import LONGEST_OFFER, OfferState, ends_at, free_from, in_order, needs_reason
from governance.models.application import Application, Offer
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services import seats
from governance.services.applications import close_application
from governance.services.ledger import record
from governance.services.mailing.announcing import SeatOffered, announce
from governance.services.offer_ends import close_offer, reason_of
from governance.services.recording import COMMAND, named, today_of
from governance.store import waiting as store
from governance.store.meetings import lock_meeting
from governance.store.rosters import load_roster
from governance.store.seats import department_of

WORKER = "worker"


class OfferRefused(GovernanceError):
    """The seat cannot be offered like that, or the offer is over."""


class ReasonMissing(OfferRefused):
    """Somebody out of turn is offered a seat for a reason only."""


class WrongEnd(OfferRefused):
    """Not a day until which somebody can answer."""


def offer_seat(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    application: Application,
    *,
    last_day: date,
    why: str | None,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> Offer:
    """Offer the seat until the end of `last_day`: to the first of the waiting list or, for a reason, to another.

    Raises:
        OfferRefused: there is an open offer, the seat has a holder without a last day, or the person does not wait.
    """
    lock_meeting(session, meeting)
    today, reason = today_of(meeting, now), reason_of(why, OfferRefused)
    if application.closed_at is not None or application.seat_id != seat.id:
        raise OfferRefused("Choose somebody of the waiting list", "this person does not wait for the seat any more")
    _close_what_ended(session, meeting, seat, now)
    if store.open_offer(session, seat.id) is not None:
        raise OfferRefused("Wait for the answer, or withdraw that offer first", "the seat is offered to somebody")
    if not today <= last_day <= today + LONGEST_OFFER:
        raise WrongEnd(f"Choose a day from {said_day(today)} until {said_day(today + LONGEST_OFFER)}")
    value = load_roster(session, meeting).seat(seat.id)
    first_day = free_from(value.tenures, today) if value is not None else None
    if first_day is None:
        raise OfferRefused("Vacate the seat first, or say when its delegate leaves", "it has a holder without an end")
    if reason is None and needs_reason(in_order(store.askings(session, seat.id)), application.id):
        raise ReasonMissing("Say why it goes to somebody else than the first of the waiting list")
    row = Offer(
        seat_id=seat.id, application_id=application.id, offered_by=actor, at=now,
        ends_at=ends_at(last_day, meeting.time_zone), first_day=first_day, why=reason,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(
        session, at=now, actor=actor, source=source, act="seat-offered", subject=f"offer:{row.id}",
        meeting_id=meeting.id, why=reason,
        after={"department": department_of(session, seat).name, "until": last_day.isoformat(),
               "person": named(session, application.person_id)},
    )  # fmt: skip
    announce(session, SeatOffered(meeting_id=meeting.id, offer_id=row.id, at=now))
    return row


def accept(
    session: Session, meeting: Meeting, offer: Offer, *, actor: str, now: datetime, source: str = COMMAND
) -> None:
    """The applicant takes the seat: from the offer's first day on, or from today.

    Raises:
        OfferRefused: the offer is over.
        SeatRefused: the person sits elsewhere by now, the room is full, or the seat has another holder.
    """
    _lock_open(session, meeting, offer, now)
    application = session.get_one(Application, offer.application_id)
    seat, person = session.get_one(Seat, offer.seat_id), session.get_one(Person, application.person_id)
    close_offer(session, meeting, offer, OfferState.ACCEPTED, actor=actor, now=now, source=source)
    seats.appoint(
        session, meeting, seat, person, first_day=max(offer.first_day, today_of(meeting, now)), actor=actor, now=now,
        source=source, why="Accepted the offer of the seat",
    )  # fmt: skip


def decline(
    session: Session, meeting: Meeting, offer: Offer, *, actor: str, now: datetime, source: str = COMMAND
) -> None:
    """The applicant does not want the seat: they wait for it no more, and may ask again at any time.

    Raises:
        OfferRefused: the offer is over.
    """
    _lock_open(session, meeting, offer, now)
    application = session.get_one(Application, offer.application_id)
    close_offer(session, meeting, offer, OfferState.DECLINED, actor=actor, now=now, source=source)
    close_application(
        session, meeting, session.get_one(Seat, offer.seat_id), session.get_one(Person, application.person_id),
        "withdrawn", actor=actor, now=now, source=source,
    )  # fmt: skip


def withdraw_offer(
    session: Session,
    meeting: Meeting,
    offer: Offer,
    *,
    why: str | None,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """Whoever leads takes the offer back; the applicant keeps their place, and is told with these words.

    Raises:
        OfferRefused: the offer is over.
    """
    _lock_open(session, meeting, offer, now)
    close_offer(
        session, meeting, offer, OfferState.WITHDRAWN, actor=actor, now=now, source=source,
        why=reason_of(why, OfferRefused),
    )  # fmt: skip


def end_offer(session: Session, meeting: Meeting, offer: Offer, now: datetime) -> bool:
    """Close an offer whose time is over; whether it was still to be closed. The applicant keeps their place."""
    lock_meeting(session, meeting)
    session.refresh(offer)
    if offer.closed_at is not None or now < offer.ends_at:
        return False
    close_offer(session, meeting, offer, OfferState.ENDED, actor=WORKER, now=now, source=WORKER)
    return True


def _close_what_ended(session: Session, meeting: Meeting, seat: Seat, now: datetime) -> None:
    present = store.open_offer(session, seat.id)
    if present is not None:
        end_offer(session, meeting, present, now)


def _lock_open(session: Session, meeting: Meeting, offer: Offer, now: datetime) -> None:
    """Read again under the lock: its end, another answer or another appointment may have come first."""
    lock_meeting(session, meeting)
    session.refresh(offer)
    if offer.closed_at is not None or now >= offer.ends_at:
        raise OfferRefused("Tell the chair what you wish", "the offer is over")
