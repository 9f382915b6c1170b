"""What people hear of seats, mandates, applications and notes: from what was announced, and from what is true now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.people import PersonId
from governance.domain.roster import MandateState
from governance.domain.roster import Seat as SeatValue
from governance.domain.waiting import place_of
from governance.mail import facts
from governance.models.application import Application, DelegateNote, Offer
from governance.models.mandate import Mandate
from governance.models.meeting import Meeting
from governance.services.links import Purpose
from governance.services.mailing import closing_mails, offer_mails
from governance.services.mailing.announcing import (
    Announced,
    ApplicationDeclined,
    CommitmentsAsked,
    DecisionClosed,
    FirstPlanApproved,
    MandateGiven,
    MandateRefused,
    MandateTaken,
    MandateWanted,
    NoteWritten,
    OfferOver,
    PositionEntered,
    RatificationAnswered,
    RatificationAsked,
    SeatAskedFor,
    SeatJudged,
    SeatOffered,
    SeatTaken,
)
from governance.services.mailing.at_risk import tell_of_risk
from governance.services.mailing.decision_mails import position_entered
from governance.services.mailing.desk import Desk, actor_id
from governance.services.mailing.letters import LinkWish, Post
from governance.services.mailing.posting import post_all
from governance.store.people import people_by_id
from governance.store.waiting import askings


def post_facts(session: Session, announced: Iterable[Announced]) -> None:
    """Post what people are to hear of what was announced in this transaction, for one meeting after the other."""
    of_meeting: dict[UUID, list[Announced]] = {}
    for fact in announced:
        of_meeting.setdefault(fact.meeting_id, []).append(fact)
    for meeting_id, those in of_meeting.items():
        meeting = session.get(Meeting, meeting_id)
        if meeting is not None and meeting.released_at is None:
            desk = Desk(session, meeting, max(one.at for one in those))
            for judged in [fact for fact in those if isinstance(fact, SeatJudged)]:
                tell_of_risk(desk, judged)
            posts = [post for fact in those for post in _posts(desk, fact)]
            post_all(session, meeting, posts, now=desk.now)


def _posts(desk: Desk, fact: Announced) -> Iterator[Post]:
    match fact:
        case SeatTaken():
            yield from _seat_taken(desk, fact)
        case FirstPlanApproved():
            yield from _all_seats(desk)
        case MandateGiven():
            yield from _mandate_given(desk, fact)
        case MandateRefused():
            yield from _mandate_refused(desk, fact)
        case MandateTaken():
            yield from _mandate_taken(desk, fact)
        case MandateWanted():
            yield from _mandate_wanted(desk, fact)
        case SeatAskedFor():
            yield from _asked_for(desk, fact)
        case SeatOffered():
            yield from offer_mails.offered(desk, fact)
        case OfferOver():
            yield from offer_mails.over(desk, fact)
            yield from _mandate_of_new_delegate(desk, fact)
        case ApplicationDeclined():
            yield from offer_mails.declined(desk, fact)
        case NoteWritten():
            yield from _note(desk, fact)
        case PositionEntered() if desk.meeting.first_plan_approved:
            yield position_entered(fact)
        case RatificationAsked():
            yield from closing_mails.ratification_asked(desk, fact)
        case RatificationAnswered():
            yield from closing_mails.ratification_answered(desk, fact)
        case CommitmentsAsked() if desk.meeting.first_plan_approved:
            yield from closing_mails.commitments_asked(desk, fact)
        case DecisionClosed() if desk.meeting.first_plan_approved:
            yield from closing_mails.decision_closed(desk, fact)


# --- Seats


def _seat_taken(desk: Desk, fact: SeatTaken) -> Iterator[Post]:
    """Until the first plan is approved nobody is told: a chair who still tries rosters would mail a whole company."""
    seat = desk.roster.seat(fact.seat_id)
    if seat is None or not desk.meeting.first_plan_approved:
        return
    if any(one.person == fact.person_id and one.term.first_day == fact.first_day for one in seat.tenures):
        yield _seat(desk, seat, fact.person_id, fact.first_day.isoformat())


def _all_seats(desk: Desk) -> Iterator[Post]:
    on = desk.roster.day_of(desk.next.seen.start) if desk.next else desk.today
    for seat in desk.roster.seats:
        for tenure in seat.tenures:
            if tenure.term.holds_on(on) or tenure.term.first_day > on:
                yield _seat(desk, seat, tenure.person, tenure.term.first_day.isoformat())


def _seat(desk: Desk, seat: SeatValue, person: UUID, first_day: str) -> Post:
    upcoming = desk.next.seen if desk.next else None
    on = desk.roster.day_of(upcoming.start) if upcoming else desk.today
    mandate = seat.mandate_in_force(PersonId(person), on)
    deputies = [desk.name(one.person) for one in seat.deputies_on(on) if one.person != person]
    return Post(
        facts=facts.Seat(
            department=seat.department,
            first_day=first_day,
            next=upcoming.start.isoformat() if upcoming else None,
            next_end=upcoming.end.isoformat() if upcoming else None,
            purpose=desk.charter.purpose or None,
            rules=desk.charter.rules or None,
            sponsor=desk.name(mandate.sponsor if mandate and mandate.sponsor else desk.sponsor_of(seat)),
            scope=mandate.scope if mandate else None,
            limit=None,
            deputies=[name for name in deputies if name],
        ),
        limit_minor=mandate.limit_minor if mandate else None,
        about=f"{seat.id}:{first_day}",
        to=person,
    )


# --- Mandates


def _mandate_given(desk: Desk, fact: MandateGiven) -> Iterator[Post]:
    mandate, seat = _found(desk, fact.mandate_id)
    if mandate is None or seat is None or _is_over(mandate, desk):
        return
    sponsor = mandate.sponsor_person_id
    if mandate.state == MandateState.RECORDED.value and sponsor is not None and sponsor != mandate.person_id:
        yield mandate_requested(desk, seat, mandate.person_id, sponsor, mandate)
    elif mandate.state == MandateState.CONFIRMED.value and sponsor is not None and desk.meeting.first_plan_approved:
        yield Post(
            facts=facts.MandateConfirmed(
                department=seat.department,
                person=desk.name(mandate.person_id) or "",
                sponsor=desk.name(sponsor) or "",
                scope=mandate.scope,
                limit=None,
                first_day=mandate.first_day.isoformat(),
                last_day=mandate.last_day.isoformat() if mandate.last_day else None,
                changed=fact.is_changed,
            ),
            limit_minor=mandate.limit_minor,
            about=str(mandate.id),
            to=mandate.person_id,
        )


def _mandate_wanted(desk: Desk, fact: MandateWanted) -> Iterator[Post]:
    """The same mail that a reminder of a missing mandate would be: by its key it is sent once."""
    seat = desk.roster.seat(fact.seat_id)
    sponsor = desk.sponsor_of(seat) if seat is not None else None
    if seat is not None and sponsor is not None and sponsor != fact.person_id:
        about = f"{seat.id}:{fact.person_id}:{fact.since}"
        yield mandate_requested(desk, seat, fact.person_id, sponsor, None, about)


def mandate_requested(
    desk: Desk, seat: SeatValue, person: UUID, sponsor: UUID, mandate: Mandate | None, about: str | None = None
) -> Post:
    """Asks the sponsor for their word: on the mandate that somebody recorded, or for one where there is none."""
    is_delegate = seat.delegate(desk.today) == person
    thing = {"mandate": str(mandate.id) if mandate else None, "seat": str(seat.id), "person": str(person)}
    return Post(
        facts=facts.MandateRequested(
            department=seat.department,
            delegate=desk.name(person) or "",
            scope=mandate.scope if mandate else None,
            limit=None,
            first_day=mandate.first_day.isoformat() if mandate else None,
            last_day=mandate.last_day.isoformat() if mandate and mandate.last_day else None,
            recorded_by=desk.said_actor(mandate.recorded_by) if mandate else None,
            purpose=desk.charter.purpose or None,
            is_deputy=not is_delegate and any(one.person == person for one in seat.deputies),
        ),
        limit_minor=mandate.limit_minor if mandate else None,
        about=about or str(seat.id if mandate is None else mandate.id),
        to=sponsor,
        links=(LinkWish(name="answer", purpose=Purpose.CONFIRM_MANDATE, thing=thing),),
    )


def _mandate_of_new_delegate(desk: Desk, fact: OfferOver) -> Iterator[Post]:
    """At once, as the reminder that would ask for the same within a minute: so the sponsor is asked once."""
    offer = desk.session.get(Offer, fact.offer_id)
    seat = desk.roster.seat(offer.seat_id) if offer is not None else None
    if offer is None or seat is None or offer.answer != "accepted" or not desk.meeting.first_plan_approved:
        return
    person = PersonId(desk.session.get_one(Application, offer.application_id).person_id)
    tenure = next((one for one in seat.tenures if one.person == person and one.term.last_day is None), None)
    if tenure is not None and seat.mandate_in_force(person, tenure.term.first_day) is None:
        since = tenure.term.first_day
        yield from _mandate_wanted(
            desk, MandateWanted(meeting_id=fact.meeting_id, seat_id=seat.id, person_id=person, since=since, at=fact.at)
        )


def _mandate_refused(desk: Desk, fact: MandateRefused) -> Iterator[Post]:
    mandate, seat = _found(desk, fact.mandate_id)
    if mandate is None or seat is None:
        return
    for to, is_chair in _person_and_chairs(desk, mandate.person_id, mandate.sponsor_person_id):
        yield Post(
            facts=facts.MandateDeclined(
                department=seat.department,
                person=desk.name(mandate.person_id) or "",
                sponsor=desk.name(mandate.sponsor_person_id) or "",
                scope=mandate.scope,
                why=fact.why,
                to_chair=is_chair,
            ),
            about=str(mandate.id),
            to=to,
        )


def _mandate_taken(desk: Desk, fact: MandateTaken) -> Iterator[Post]:
    mandate, seat = _found(desk, fact.mandate_id)
    if mandate is None or seat is None or not desk.meeting.first_plan_approved:
        return
    for to, is_chair in _person_and_chairs(desk, mandate.person_id, actor_id(fact.actor)):
        yield Post(
            facts=facts.MandateWithdrawn(
                department=seat.department,
                person=desk.name(mandate.person_id) or "",
                scope=mandate.scope,
                by=desk.said_actor(fact.actor),
                why=fact.why,
                to_chair=is_chair,
            ),
            about=str(mandate.id),
            to=to,
        )


def _person_and_chairs(desk: Desk, person: UUID, actor: UUID | None) -> Iterator[tuple[UUID, bool]]:
    """Whose mandate it is and the chairs, but for whoever did it."""
    if person != actor and desk.meeting.first_plan_approved:
        yield person, False
    for chair in desk.chairs:
        if chair.person_id not in (person, actor):
            yield chair.person_id, True


def _found(desk: Desk, mandate_id: UUID) -> tuple[Mandate | None, SeatValue | None]:
    mandate = desk.session.get(Mandate, mandate_id)
    return mandate, desk.roster.seat(mandate.seat_id) if mandate is not None else None


def _is_over(mandate: Mandate, desk: Desk) -> bool:
    return mandate.last_day is not None and mandate.last_day < desk.today


# --- Who has no seat


def _asked_for(desk: Desk, fact: SeatAskedFor) -> Iterator[Post]:
    application = desk.session.get(Application, fact.application_id)
    seat = desk.roster.seat(application.seat_id) if application is not None else None
    if application is None or seat is None or application.closed_at is not None:
        return
    applicant = people_by_id(desk.session, [application.person_id])[PersonId(application.person_id)]
    told = facts.ApplicationMade(
        department=seat.department,
        name=str(applicant),
        address=applicant.address,
        delegate=desk.name(seat.delegate(desk.today)),
        place=place_of(askings(desk.session, seat.id), application.id) or 1,
    )
    sponsor = desk.sponsor_of(seat)
    endorse = LinkWish(name="endorse", purpose=Purpose.ENDORSE, thing={"application": str(application.id)})
    if sponsor is not None and sponsor != application.person_id:
        yield Post(facts=told, about=str(application.id), to=sponsor, links=(endorse,))
    for chair in desk.chairs:
        yield Post(facts=told, about=str(application.id), to=chair.person_id)


def _note(desk: Desk, fact: NoteWritten) -> Iterator[Post]:
    written = desk.session.get(DelegateNote, fact.note_id)
    seat = desk.roster.seat(written.seat_id) if written is not None else None
    delegate = seat.delegate(desk.today) if seat is not None else None
    if written is None or seat is None or delegate is None:
        return
    writer = people_by_id(desk.session, [written.person_id])[PersonId(written.person_id)]
    yield Post(
        facts=facts.NoteLeft(department=seat.department, name=str(writer), address=writer.address, text=written.text),
        about=str(written.id),
        to=delegate,
    )
