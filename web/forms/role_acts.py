"""Acts on who leads: an acting chair for the days on which the chair is away."""

from __future__ import annotations

from governance.domain.access import Kind as Thing
from governance.services import acting_chairs
from governance.services.acting_chairs import ActingChairRefused
from governance.services.people import known_person
from web.forms.acts import WEB, Asked, Doing, RosterAct, person_fields, person_of, said
from web.forms.fields import Field, Kind, Typed
from web.wording.times import short_day


def _name_fields(asked: Asked) -> tuple[Field, ...]:
    today, latest = asked.page.today, asked.latest
    return (
        *person_fields(asked, "Who chairs meanwhile"),
        Field("first_day", "From", Kind.DAY, value=today.isoformat(), earliest=today, latest=latest),
        Field("last_day", "Until", Kind.DAY, earliest=today, latest=latest, hint="That day included."),
    )


def _name(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person, first, last = person_of(doing, typed), typed.values["first_day"], typed.values["last_day"]
    acting_chairs.name_acting_chair(
        doing.session, doing.meeting, person, first_day=first, last_day=last, actor=doing.actor, now=doing.now,
        source=WEB,
    )  # fmt: skip
    return (f"{said(person, typed)} is acting chair from {short_day(first)} until {short_day(last)}",)


def _end_fields(asked: Asked) -> tuple[Field, ...]:
    acting = {one.person.address or "": one.person.name for one in asked.page.leads if one.is_acting}
    first = next(iter(acting), "") if len(acting) == 1 else ""
    return (Field("person", "Who is acting chair no longer", Kind.CHOICE, choices=tuple(acting.items()), value=first),)


def _end(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person = known_person(doing.session, typed.values["person"])
    acting_chairs.end_acting_chair(
        doing.session, doing.meeting, person, actor=doing.actor, now=doing.now, source=WEB
    )  # fmt: skip
    return (f"{said(person, typed)} is acting chair no longer",)


ROLE_ACTS = (
    RosterAct(
        "acting-chair", lambda a: "Name an acting chair", "Name the acting chair", _name_fields, _name, of_seat=False,
        thing=Thing.ROLES, blame={ActingChairRefused: "last_day"},
        intro="They may do what the chair may until their last day, and are not taken off the invitation meanwhile.",
    ),
    RosterAct(
        "end-acting-chair", lambda a: "End an acting chair’s time", "End it", _end_fields, _end, of_seat=False,
        thing=Thing.ROLES,
    ),
)  # fmt: skip
