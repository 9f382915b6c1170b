"""What people hear of offers of a seat, and of applications that were declined: from what is true now."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from governance.domain.people import Person as PersonValue
from governance.domain.people import PersonId
from governance.domain.roster import Seat as SeatValue
from governance.domain.waiting import in_order, last_day_of
from governance.mail import facts
from governance.models.application import Application, Offer
from governance.models.seat import Seat
from governance.services.links import Purpose
from governance.services.mailing.announcing import ApplicationDeclined, OfferOver, SeatOffered
from governance.services.mailing.desk import Desk, actor_id
from governance.services.mailing.letters import LinkWish, Post
from governance.store.people import people_by_id
from governance.store.seats import department_of
from governance.store.waiting import askings


def offered(desk: Desk, fact: SeatOffered) -> Iterator[Post]:
    """Nothing where the offer is over already by the end of the transaction."""
    offer, seat = _found(desk, fact.offer_id)
    if offer is None or seat is None or offer.closed_at is not None:
        return
    upcoming, thing = desk.next.seen if desk.next else None, {"offer": str(offer.id)}
    lasts = offer.ends_at - desk.now
    yield Post(
        facts=facts.OfferMade(
            department=seat.department,
            first_day=offer.first_day.isoformat() if offer.first_day > desk.today else None,
            last_day=last_day_of(offer.ends_at, desk.meeting.time_zone).isoformat(),
            next=upcoming.start.isoformat() if upcoming else None,
            short=desk.charter.short or None,
            sponsor=desk.name(desk.sponsor_of(seat)),
            by=desk.name(actor_id(offer.offered_by)),
        ),
        about=str(offer.id),
        to=desk.session.get_one(Application, offer.application_id).person_id,
        links=(
            LinkWish(name="accept", purpose=Purpose.ACCEPT_OFFER, thing=thing, lasts=lasts),
            LinkWish(name="decline", purpose=Purpose.DECLINE_OFFER, thing=thing, lasts=lasts),
        ),
    )


def over(desk: Desk, fact: OfferOver) -> Iterator[Post]:
    """Whoever leads is told of an answer and of an end, the applicant of an end and of what was taken back."""
    offer = desk.session.get(Offer, fact.offer_id)
    if offer is None or offer.answer is None:
        return
    application = desk.session.get_one(Application, offer.application_id)
    person = _people(desk, application.person_id)
    # Of a seat that was given up as well, which is on no roster any more.
    seat = desk.session.get_one(Seat, offer.seat_id)
    department = department_of(desk.session, seat).name
    if offer.answer in ("ended", "withdrawn"):
        told = facts.OfferOver(
            department=department, name=str(person), how=offer.answer, why=fact.why,
            is_closed=seat.closed_on is not None,
        )  # fmt: skip
        yield Post(facts=told, about=str(offer.id), to=application.person_id)
    if offer.answer == "withdrawn":
        return
    told = facts.OfferOver(
        department=department, name=str(person), how=offer.answer, follows=_first(desk, offer.seat_id), to_chair=True
    )
    for lead in desk.leads:
        if lead not in (application.person_id, actor_id(fact.actor)):
            yield Post(facts=told, about=f"{offer.id}:lead", to=lead)


def declined(desk: Desk, fact: ApplicationDeclined) -> Iterator[Post]:
    application = desk.session.get(Application, fact.application_id)
    seat = desk.roster.seat(application.seat_id) if application is not None else None
    if application is None or seat is None or application.outcome != "declined":
        return
    told = facts.ApplicationDeclined(
        department=seat.department,
        why=fact.why,
        delegate=desk.name(seat.delegate(desk.today)),
        contact=next((one.address for one in desk.chairs), None),
    )
    yield Post(facts=told, about=str(application.id), to=application.person_id)


def _found(desk: Desk, offer_id: UUID) -> tuple[Offer | None, SeatValue | None]:
    offer = desk.session.get(Offer, offer_id)
    return offer, desk.roster.seat(offer.seat_id) if offer is not None else None


def _people(desk: Desk, person_id: UUID) -> PersonValue:
    return people_by_id(desk.session, [person_id])[PersonId(person_id)]


def _first(desk: Desk, seat_id: UUID) -> str | None:
    """Who is first on the waiting list now."""
    places = in_order(askings(desk.session, seat_id))
    return str(_people(desk, places[0].asking.person)) if places else None
