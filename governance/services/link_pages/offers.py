"""Links of those to whom a seat is offered: they take it, or they do not want it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.domain.waiting import last_day_of
from governance.models.application import Application, Offer
from governance.models.person import Person
from governance.services import offers
from governance.services.link_pages.values import SOURCE, About, Use, Verb
from governance.services.mailing.desk import Desk


def look_accept(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    return _look(desk, person, thing, "accept")


def act_accept(use: Use) -> str:
    offer = use.session.get_one(Offer, UUID(use.thing["offer"]))
    offers.accept(use.session, use.meeting, offer, actor=use.actor, now=use.now, source=SOURCE)
    return "Accepted the seat: the chair is told, and the sponsor is asked what you may decide."


def look_decline(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    return _look(desk, person, thing, "decline-offer")


def act_decline(use: Use) -> str:
    offer = use.session.get_one(Offer, UUID(use.thing["offer"]))
    offers.decline(use.session, use.meeting, offer, actor=use.actor, now=use.now, source=SOURCE)
    return "Declined the seat: the chair is told. You can ask for it again at any time."


def _look(desk: Desk, person: Person, thing: Mapping[str, Any], verb: str) -> About | None:
    """Nothing where it is over: answered by the other link, withdrawn, or ended."""
    offer = desk.session.get(Offer, UUID(thing["offer"]))
    seat = desk.roster.seat(offer.seat_id) if offer is not None else None
    if offer is None or seat is None or offer.closed_at is not None or desk.now >= offer.ends_at:
        return None
    if desk.session.get_one(Application, offer.application_id).person_id != person.id:
        return None
    values = {
        "department": seat.department,
        "ends": last_day_of(offer.ends_at, desk.meeting.time_zone),
        "first_day": max(offer.first_day, desk.today),
    }
    return About(values=values, verbs=(Verb(code=verb),))
