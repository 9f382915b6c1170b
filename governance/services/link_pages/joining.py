"""Links of those without a seat: ask for one, brief the delegate; and the sponsor's word for an applicant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.domain.people import PersonId
from governance.models.application import Application
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services import applications
from governance.services.link_pages.values import SOURCE, About, Field, FieldKind, Use, Verb
from governance.services.mailing.desk import Desk
from governance.store.applications import open_application_of


def look_apply(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    seat = desk.roster.seat(UUID(thing["seat"]))
    holds = desk.roster.seat_held_by(PersonId(person.id), desk.today)
    if seat is None or holds is not None or open_application_of(desk.session, seat.id, person.id) is not None:
        return None
    values = {"department": seat.department, "delegate": desk.name(seat.delegate(desk.today))}
    return About(values=values, verbs=(Verb(code="apply"),))


def act_apply(use: Use) -> str:
    seat = use.session.get_one(Seat, UUID(use.thing["seat"]))
    applications.apply_for(
        use.session, use.meeting, seat, use.person, actor=use.actor, now=use.now, source=SOURCE
    )  # fmt: skip
    return "Asked for the seat: chair and sponsor have been told."


def look_note(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    seat = desk.roster.seat(UUID(thing["seat"]))
    delegate = seat.delegate(desk.today) if seat is not None else None
    if seat is None or delegate is None or delegate == person.id:
        return None
    text = Field(name="text", kind=FieldKind.LONG, is_required=True)
    values = {"department": seat.department, "delegate": desk.name(delegate)}
    return About(values=values, verbs=(Verb(code="note", fields=(text,)),))


def act_note(use: Use) -> str:
    seat = use.session.get_one(Seat, UUID(use.thing["seat"]))
    applications.leave_note(
        use.session, use.meeting, seat, use.person, use.given.get("text", ""), actor=use.actor, now=use.now,
        source=SOURCE,
    )  # fmt: skip
    return "Left the note for the delegate."


def look_endorse(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    application = desk.session.get(Application, UUID(thing["application"]))
    seat = desk.roster.seat(application.seat_id) if application is not None else None
    if application is None or seat is None or desk.sponsor_of(seat) != person.id:
        return None
    if application.closed_at is not None or application.endorsed_at is not None:
        return None
    values = {"department": seat.department, "whose": desk.name(application.person_id)}
    return About(values=values, verbs=(Verb(code="endorse"),))


def act_endorse(use: Use) -> str:
    application = use.session.get_one(Application, UUID(use.thing["application"]))
    seat = use.session.get_one(Seat, application.seat_id)
    applications.endorse(
        use.session, use.meeting, seat, application, use.person, actor=use.actor, now=use.now, source=SOURCE
    )  # fmt: skip
    return "Endorsed the application."
