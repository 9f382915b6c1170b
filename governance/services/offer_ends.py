"""How an offer of a seat ends, whoever ends it: answered, withdrawn, overtaken by the roster, or by its time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.roster import Tenure
from governance.domain.waiting import OfferState, is_free_from
from governance.models.application import Application, Offer
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services.ledger import record
from governance.services.links import Purpose, revoke
from governance.services.mailing.announcing import OfferOver, announce
from governance.services.recording import named
from governance.store import waiting as store
from governance.store.seats import department_of

LONGEST_REASON = 500
ANSWERS = (Purpose.ACCEPT_OFFER, Purpose.DECLINE_OFFER)


def reason_of(why: str | None, refused: type[GovernanceError]) -> str | None:
    """What somebody is told along with an offer or a refusal, tidied; `refused` is raised where it is too long."""
    words = (why or "").strip()
    if len(words) > LONGEST_REASON or "\0" in words:
        raise refused(f"Write a reason of at most {LONGEST_REASON} characters")
    return words or None


def close_offer(
    session: Session,
    meeting: Meeting,
    offer: Offer,
    answer: OfferState,
    *,
    actor: str,
    now: datetime,
    source: str,
    why: str | None = None,
    is_told: bool = True,
) -> None:
    """The offer is over, and its links do nothing any more; one that is over stays as it ended."""
    if offer.closed_at is not None:
        return
    offer.closed_at, offer.answer = now, answer.value
    session.flush()
    revoke(session, meeting, ANSWERS, now, offer={str(offer.id)})
    application = session.get_one(Application, offer.application_id)
    record(
        session, at=now, actor=actor, source=source, act=f"offer-{answer.value}", subject=f"offer:{offer.id}",
        meeting_id=meeting.id, why=why,
        after={"department": department_of(session, session.get_one(Seat, offer.seat_id)).name,
               "person": named(session, session.get_one(Person, application.person_id))},
    )  # fmt: skip
    if is_told:
        announce(session, OfferOver(meeting_id=meeting.id, offer_id=offer.id, actor=actor, at=now, why=why))


def close_offer_of(
    session: Session,
    meeting: Meeting,
    application: Application,
    answer: OfferState,
    *,
    actor: str,
    now: datetime,
    source: str,
    is_told: bool = True,
) -> None:
    """Whoever waits no more has no open offer either."""
    offer = store.open_offer(session, application.seat_id)
    if offer is not None and offer.application_id == application.id:
        close_offer(session, meeting, offer, answer, actor=actor, now=now, source=source, is_told=is_told)


def withdraw_where_taken(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    tenures: Iterable[Tenure],
    *,
    actor: str,
    now: datetime,
    source: str,
) -> None:
    """Somebody else has the seat by now: whom it was offered to is told that it is not to be had."""
    offer = store.open_offer(session, seat.id)
    if offer is not None and not is_free_from(tenures, offer.first_day):
        close_offer(session, meeting, offer, OfferState.WITHDRAWN, actor=actor, now=now, source=source)


def withdraw_open(session: Session, meeting: Meeting, seat: Seat, *, actor: str, now: datetime, source: str) -> None:
    """The seat is given up."""
    offer = store.open_offer(session, seat.id)
    if offer is not None:
        close_offer(session, meeting, offer, OfferState.WITHDRAWN, actor=actor, now=now, source=source)
