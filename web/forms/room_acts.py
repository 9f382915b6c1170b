"""Acts on the room: its size, and who may come without a seat."""

from __future__ import annotations

from datetime import date

from governance.services import guests, leaving, occurrences, seats
from governance.services.guests import GuestRefused
from governance.services.occurrences import NoOccurrence
from governance.services.people import known_person
from governance.services.seats import WrongCap
from web.forms.acts import WEB, Asked, Doing, RosterAct, person_fields, person_of, said
from web.forms.fields import Field, Kind, Typed
from web.forms.seat_acts import days_choice
from web.wording.times import day, short_day

_REASON = Field(
    "reason", "Why", Kind.WORDS, longest=guests.LONGEST_REASON, hint="Shown to everybody who sees the roster."
)


def _visitor_fields(asked: Asked) -> tuple[Field, ...]:
    return (*person_fields(asked, "Who visits"), days_choice(asked), _REASON)


def _visitor(doing: Doing, typed: Typed) -> tuple[str, ...]:
    on = date.fromisoformat(typed.values["day"])
    occurrence = occurrences.occurrence_on(doing.session, doing.meeting, on, now=doing.now)
    person = person_of(doing, typed)
    guests.admit_visitor(
        doing.session, doing.meeting, occurrence, person, reason=typed.values["reason"], by=doing.by,
        actor=doing.actor, now=doing.now, source=WEB,
    )  # fmt: skip
    return (f"{said(person, typed)} visits on {short_day(on)}",)


def _dismiss_visitor_fields(asked: Asked) -> tuple[Field, ...]:
    choices = tuple(
        (f"{one.day.isoformat()} {one.person.address}", f"{one.person.name}, {day(one.day)}")
        for one in asked.page.visits
    )
    first = choices[0][0] if len(choices) == 1 else ""
    return (Field("visit", "Which visit", Kind.CHOICE, choices=choices, value=first),)


def _dismiss_visitor(doing: Doing, typed: Typed) -> tuple[str, ...]:
    iso, _, address = typed.values["visit"].partition(" ")
    on, person = date.fromisoformat(iso), known_person(doing.session, address)
    occurrence = occurrences.occurrence_on(doing.session, doing.meeting, on, now=doing.now)
    leaving.dismiss_visitor(
        doing.session, doing.meeting, occurrence, person, actor=doing.actor, now=doing.now, source=WEB
    )
    return (f"{said(person, typed)} does not visit on {short_day(on)}",)


def _guest_fields(asked: Asked) -> tuple[Field, ...]:
    until = Field("until", "Until", Kind.DAY, earliest=asked.page.today, latest=asked.latest)
    return (*person_fields(asked, "Who may come"), until, _REASON)


def _guest(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person, until = person_of(doing, typed), typed.values["until"]
    guests.admit_standing_guest(
        doing.session, doing.meeting, person, last_day=until, reason=typed.values["reason"], by=doing.by,
        actor=doing.actor, now=doing.now, source=WEB,
    )  # fmt: skip
    return (f"{said(person, typed)} is a standing guest until {short_day(until)}",)


def _end_guest_fields(asked: Asked) -> tuple[Field, ...]:
    present = asked.page.standing_guests
    choices = tuple((one.person.address or "", one.person.name) for one in present)
    return (
        Field(
            "person", "Whose time ends", Kind.CHOICE, choices=choices, value=choices[0][0] if len(choices) == 1 else ""
        ),
    )


def _end_guest(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person = known_person(doing.session, typed.values["person"])
    leaving.end_standing_guest(
        doing.session, doing.meeting, person, actor=doing.actor, now=doing.now, source=WEB
    )  # fmt: skip
    return (f"{said(person, typed)} is no standing guest from today on",)


def _cap_fields(asked: Asked) -> tuple[Field, ...]:
    return (
        Field(
            "cap", "At most this many seats", Kind.NUMBER, value=str(asked.page.cap),
            hint=f"{asked.page.held_seats} are held now. A cap below that takes nobody’s seat: you choose who leaves.",
        ),
    )  # fmt: skip


def _cap(doing: Doing, typed: Typed) -> tuple[str, ...]:
    cap = typed.values["cap"]
    seats.set_cap(doing.session, doing.meeting, cap, actor=doing.actor, now=doing.now, source=WEB)
    return (f"The cap is {cap}",)


_ABOUT_GUESTS = {GuestRefused: "email", NoOccurrence: "day"}

ROOM_ACTS = (
    RosterAct(
        "visitor", lambda a: "Admit a visitor", "Admit", _visitor_fields, _visitor, of_seat=False, blame=_ABOUT_GUESTS,
        intro="For one day, without a seat, a position or a place under the cap.",
    ),
    RosterAct(
        "dismiss-visitor", lambda a: "Take back a visit", "Take it back", _dismiss_visitor_fields, _dismiss_visitor,
        of_seat=False,
    ),
    RosterAct(
        "guest", lambda a: "Admit a standing guest", "Admit", _guest_fields, _guest, of_seat=False, blame=_ABOUT_GUESTS,
        intro="Until a last day, without a seat, a position or a place under the cap.",
    ),
    RosterAct(
        "end-guest", lambda a: "End a standing guest’s time", "End it", _end_guest_fields, _end_guest, of_seat=False
    ),
    RosterAct(
        "cap", lambda a: "Change the cap", "Change the cap", _cap_fields, _cap, of_seat=False, blame={WrongCap: "cap"}
    ),
)  # fmt: skip
