"""Offering a vacant seat to one who waits for it; what is shown to follow is what follows when they accept."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from governance.domain.access import Kind as Thing
from governance.domain.waiting import LONGEST_OFFER, OFFER_LASTS, free_from
from governance.models.application import Application
from governance.models.person import Person
from governance.services import offers, seats
from governance.services.offer_ends import LONGEST_REASON
from governance.services.offers import OfferRefused, ReasonMissing, WrongEnd
from governance.services.seats import SeatRefused
from web.forms.acts import WEB, Asked, Doing, RosterAct, from_day
from web.forms.fields import Field, Kind, Typed
from web.wording.times import short_day


def _fields(asked: Asked) -> tuple[Field, ...]:
    today = asked.page.today
    choices = tuple((str(one.application), f"{one.number}. {one.person.name}, {one.why}") for one in asked.waiting)
    return (
        Field(
            "application", "To whom", Kind.CHOICE, choices=choices, value=choices[0][0] if choices else "",
            hint="In the order of the waiting list.",
        ),
        Field(
            "answer_until", "They can answer until the end of", Kind.DAY, value=(today + OFFER_LASTS).isoformat(),
            earliest=today, latest=today + LONGEST_OFFER,
        ),
        Field(
            "why", "Why somebody else than the first", Kind.WORDS, is_required=False, longest=LONGEST_REASON,
            hint="Only where it is not the first of the list. Whoever may see the list reads it.",
        ),
    )  # fmt: skip


def _first_day(asked: Asked) -> date | None:
    """Of whoever accepts: today, or the day after the last one of the present delegate."""
    roster = asked.page.roster
    seat = roster.seat(asked.seat.line.id) if roster and asked.seat else None
    return free_from(seat.tenures, asked.page.today) if seat else None


def _offer(doing: Doing, typed: Typed) -> tuple[str, ...]:
    application, person = _meant(doing, typed)
    offer = offers.offer_seat(
        doing.session, doing.meeting, doing.own_seat, application, last_day=typed.values["answer_until"],
        why=typed.values["why"], actor=doing.actor, now=doing.now, source=WEB,
    )  # fmt: skip
    until, name = short_day(typed.values["answer_until"]), person.name or "The person"
    begins = from_day(offer.first_day, doing.today).replace("from today on", "from the day on which they accept")
    return (
        f"{name} is offered the seat of {doing.department} and can answer until {until}",
        f"They sit {begins}; if they do not accept, you decide whom to ask next",
    )


def _if_accepted(doing: Doing, typed: Typed) -> tuple[str, ...]:
    application, person = _meant(doing, typed)
    offer = offers.offer_seat(
        doing.session, doing.meeting, doing.own_seat, application, last_day=typed.values["answer_until"],
        why=typed.values["why"], actor=doing.actor, now=doing.now, source=WEB,
    )  # fmt: skip
    seats.appoint(
        doing.session, doing.meeting, doing.own_seat, person, first_day=offer.first_day, actor=doing.actor,
        now=doing.now, source=WEB,
    )  # fmt: skip
    return ()


def _meant(doing: Doing, typed: Typed) -> tuple[Application, Person]:
    application = doing.session.get_one(Application, UUID(typed.values["application"]))
    return application, doing.session.get_one(Person, application.person_id)


OFFER_ACTS = (
    RosterAct(
        "offer", lambda a: f"Offer the seat of {a.department}", "Offer the seat", _fields, _offer,
        intro="To one who waits for it. They get a mail in which they accept or decline.",
        thing=Thing.WAITING_LIST, of_waiting=True, leads_to=_if_accepted, begins=_first_day,
        follows="When they accept; the offer itself changes nothing there", back="waiting.shown",
        blame={SeatRefused: "application", ReasonMissing: "why", WrongEnd: "answer_until", OfferRefused: "application"},
    ),
)  # fmt: skip
