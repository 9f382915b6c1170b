"""Acts on one seat: who sits on it, who deputises, with which mandate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from governance.domain.days import said_day
from governance.domain.errors import GovernanceError
from governance.domain.money import as_decimal
from governance.domain.roster import Mandate
from governance.services import deputies, mandates, occurrences, seats
from governance.services.meeting_page import PersonLine
from governance.services.occurrences import NoOccurrence
from governance.services.people import known_person
from web.forms.acts import (
    WEB,
    Asked,
    Doing,
    RosterAct,
    from_day,
    give_mandate,
    mandate_fields,
    person_fields,
    person_of,
    said,
)
from web.forms.fields import Field, Kind, Typed
from web.wording.times import day, short_day


def _first_day(asked: Asked, label: str, name: str = "first_day") -> Field:
    return Field(
        name, label, Kind.DAY, value=asked.page.today.isoformat(), earliest=asked.page.today, latest=asked.latest
    )


# --- appoint, hand over, vacate


def _appoint_fields(asked: Asked) -> tuple[Field, ...]:
    return (
        *person_fields(asked, "Who takes the seat"),
        _first_day(asked, "From"),
        Field(
            "last_day", "Last day", Kind.DAY, is_required=False, earliest=asked.page.today, latest=asked.latest,
            hint="Blank is without an end.",
        ),
        *mandate_fields(asked),
    )  # fmt: skip


def _appoint(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person, first = person_of(doing, typed), typed.values["first_day"]
    last = typed.day("last_day")
    if last is not None and last < first:
        raise _LastDayBefore(f"Choose a last day from {said_day(first)} on", f"{said_day(last)} is before it")
    seats.appoint(
        doing.session, doing.meeting, doing.own_seat, person, first_day=first, last_day=last, actor=doing.actor,
        now=doing.now, source=WEB,
    )  # fmt: skip
    until = f", until {short_day(last)}" if last else ""
    sits = f"{said(person, typed)} sits for {doing.department} {from_day(first, doing.today)}{until}"
    return (sits, *give_mandate(doing, typed, person, first))


class _LastDayBefore(mandates.MandateRefused):
    """The last day of a tenure lies before its first."""


def _hand_over_fields(asked: Asked) -> tuple[Field, ...]:
    return (*person_fields(asked, "Who takes over"), _first_day(asked, "From"), *mandate_fields(asked))


def _hand_over(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person, first = person_of(doing, typed), typed.values["first_day"]
    seats.hand_over(
        doing.session, doing.meeting, doing.own_seat, person, on=first, actor=doing.actor, now=doing.now, source=WEB
    )
    sits = f"{said(person, typed)} sits for {doing.department} {from_day(first, doing.today)}"
    return (sits, *give_mandate(doing, typed, person, first))


def _vacate_fields(asked: Asked) -> tuple[Field, ...]:
    return (
        _first_day(asked, "Vacant from"),
        Field(
            "typed", "Type the department’s name", Kind.TYPED, expected=asked.department,
            hint=f"“{asked.department}”. The seat itself and its history stay.",
        ),
    )  # fmt: skip


def _vacate(doing: Doing, typed: Typed) -> tuple[str, ...]:
    first = typed.values["first_day"]
    seats.vacate(doing.session, doing.meeting, doing.own_seat, on=first, actor=doing.actor, now=doing.now, source=WEB)
    return (f"The seat of {doing.department} is vacant {from_day(first, doing.today)}",)


# --- deputies and stand-ins


def _deputy_fields(asked: Asked) -> tuple[Field, ...]:
    return (*person_fields(asked, "Who deputises", suggested=False), *mandate_fields(asked))


def _deputy(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person = person_of(doing, typed)
    deputies.name_deputy(
        doing.session, doing.meeting, doing.own_seat, person, actor=doing.actor, now=doing.now, source=WEB
    )
    named = f"{said(person, typed)} is deputy of {doing.department}"
    return (named, *give_mandate(doing, typed, person, doing.today))


def _people_choice(some: tuple[PersonLine, ...], label: str) -> Field:
    choices = tuple((one.address, one.name) for one in some if one.address)
    first = choices[0][0] if len(choices) == 1 else ""
    return Field("person", label, Kind.CHOICE, choices=choices, value=first)


def _withdraw_deputy_fields(asked: Asked) -> tuple[Field, ...]:
    present = asked.seat.line.deputies if asked.seat else ()
    return (_people_choice(tuple(one.person for one in present), "Who is no deputy any more"),)


def _withdraw_deputy(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person = known_person(doing.session, typed.values["person"])
    deputies.withdraw_deputy(
        doing.session, doing.meeting, doing.own_seat, person, actor=doing.actor, now=doing.now, source=WEB
    )
    return (f"{said(person, typed)} is no longer deputy of {doing.department}",)


def days_choice(asked: Asked, label: str = "On which day") -> Field:
    choices = tuple((one.day.isoformat(), day(one.day)) for one in asked.page.upcoming)
    return Field("day", label, Kind.CHOICE, choices=choices, value=choices[0][0] if choices else "")


def _stand_in_fields(asked: Asked) -> tuple[Field, ...]:
    return (days_choice(asked), *person_fields(asked, "Who stands in"), *mandate_fields(asked)[:2])


def _stand_in(doing: Doing, typed: Typed) -> tuple[str, ...]:
    """With a mandate for that one day, where the form gives one."""
    on = date.fromisoformat(typed.values["day"])
    occurrence = occurrences.occurrence_on(doing.session, doing.meeting, on, now=doing.now)
    person = person_of(doing, typed)
    deputies.stand_in(
        doing.session, doing.meeting, doing.own_seat, occurrence, person, actor=doing.actor, by=doing.by,
        now=doing.now, source=WEB,
    )  # fmt: skip
    for_the_day = Typed(typed.text, {**typed.values, "mandate_until": on if typed.values.get("scope") else None})
    stands = f"{said(person, typed)} stands in for {doing.department} on {short_day(on)}"
    return (stands, *give_mandate(doing, for_the_day, person, on))


def _withdraw_stand_in_fields(asked: Asked) -> tuple[Field, ...]:
    present = asked.seat.stand_ins if asked.seat else ()
    choices = tuple((one.day.isoformat(), f"{day(one.day)}: {one.person.name}") for one in present)
    return (Field("day", "Which day", Kind.CHOICE, choices=choices, value=choices[0][0] if len(choices) == 1 else ""),)


def _withdraw_stand_in(doing: Doing, typed: Typed) -> tuple[str, ...]:
    on = date.fromisoformat(typed.values["day"])
    occurrence = occurrences.occurrence_on(doing.session, doing.meeting, on, now=doing.now)
    deputies.withdraw_stand_in(
        doing.session, doing.meeting, doing.own_seat, occurrence, actor=doing.actor, now=doing.now, source=WEB
    )
    return (f"Nobody stands in for {doing.department} on {short_day(on)}",)


# --- mandates


def _bearers(asked: Asked) -> tuple[PersonLine, ...]:
    """Who could need a mandate for the seat: its delegate, who follows, deputies, stand-ins; each once."""
    if asked.seat is None:
        return ()
    line = asked.seat.line
    some = [line.delegate, asked.seat.follows, *(one.person for one in line.deputies)]
    some += [one.person for one in asked.seat.stand_ins]
    return tuple(dict.fromkeys(one for one in some if one is not None))


def _latest_mandate(asked: Asked, person: PersonLine | None) -> Mandate | None:
    roster = asked.page.roster
    seat = roster.seat(asked.seat.line.id) if roster and asked.seat else None
    owner = roster.address_owner.get(person.address or "") if roster and person else None
    return seat.mandate_shown(owner, asked.page.today) if seat and owner else None


def _mandate_fields(asked: Asked) -> tuple[Field, ...]:
    """A renewal begins with what was said before, the day after it ends."""
    bearers = _bearers(asked)
    present = _latest_mandate(asked, bearers[0] if bearers else None)
    limit = present.limit_minor if present else None
    return (
        Field(
            "person", "Whose mandate", Kind.CHOICE, choices=tuple((one.address or "", one.name) for one in bearers),
            value=(bearers[0].address or "") if bearers else "",
        ),
        Field(
            "scope", "What they may decide", Kind.WORDS, value=present.scope if present else "", longest=2000,
            hint="In words, such as: everything within the department’s budget and people.",
        ),
        Field(
            "limit", f"Up to how much money, in {asked.currency}", Kind.MONEY, is_required=False,
            value=as_decimal(limit, asked.currency) if limit is not None else "",
            hint="Blank is no authority over money.",
        ),
        Field(
            "first_day", "From", Kind.DAY, value=_begins(asked, present).isoformat(), earliest=asked.page.today,
            latest=asked.latest, hint="A mandate that they have already ends the day before.",
        ),
        Field(
            "mandate_until", "Until", Kind.DAY, is_required=False, earliest=asked.page.today, latest=asked.latest,
            hint="Blank is without an end.",
        ),
    )  # fmt: skip


def _begins(asked: Asked, present: Mandate | None) -> date:
    today = asked.page.today
    if present is None or not present.is_in_force(today) or present.term.last_day is None:
        return today
    return present.term.last_day + timedelta(days=1)


def _mandate(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person = known_person(doing.session, typed.values["person"])
    return give_mandate(doing, typed, person, typed.values["first_day"])


def _withdraw_mandate_fields(asked: Asked) -> tuple[Field, ...]:
    roster, today = asked.page.roster, asked.page.today
    seat = roster.seat(asked.seat.line.id) if roster and asked.seat else None
    given = [one for one in seat.mandates if one.was_given] if seat else []
    lasting = [one.person for one in given if one.term.last_day is None or one.term.last_day >= today]
    people = [roster.people[one] for one in dict.fromkeys(lasting)] if roster else []
    return (_people_choice(tuple(PersonLine(str(one), one.address) for one in people), "Whose mandate ends"),)


def _withdraw_mandate(doing: Doing, typed: Typed) -> tuple[str, ...]:
    person = known_person(doing.session, typed.values["person"])
    mandates.withdraw_mandate(
        doing.session, doing.meeting, doing.own_seat, person, actor=doing.actor, now=doing.now, source=WEB
    )
    return (f"{said(person, typed)} has no mandate for {doing.department} from today on",)


_NO_DAY: Mapping[type[GovernanceError], str] = {NoOccurrence: "day"}

SEAT_ACTS = (
    RosterAct(
        "appoint", lambda a: f"Appoint somebody to the seat of {a.department}", "Appoint", _appoint_fields, _appoint,
        starts="first_day", blame={_LastDayBefore: "last_day"},
    ),
    RosterAct(
        "hand-over", lambda a: f"Hand over the seat of {a.department}", "Hand over", _hand_over_fields, _hand_over,
        intro="Whoever holds the seat now keeps it until the day before.", starts="first_day",
    ),
    RosterAct(
        "vacate", lambda a: f"Vacate the seat of {a.department}", "Vacate the seat", _vacate_fields, _vacate,
        starts="first_day", grave=True,
    ),
    RosterAct(
        "deputy", lambda a: f"Name a deputy of {a.department}", "Name the deputy", _deputy_fields, _deputy,
        intro="A deputy is named in advance and stands in when needed; being named adds nobody to the invitation.",
    ),
    RosterAct(
        "withdraw-deputy", lambda a: f"Withdraw a deputy of {a.department}", "Withdraw the deputy",
        _withdraw_deputy_fields, _withdraw_deputy,
    ),
    RosterAct(
        "stand-in", lambda a: f"Somebody stands in for {a.department}", "Let them stand in", _stand_in_fields,
        _stand_in, intro="For one day. The seat stays with its delegate.", blame=_NO_DAY,
    ),
    RosterAct(
        "withdraw-stand-in", lambda a: f"The delegate of {a.department} comes after all", "Withdraw the stand-in",
        _withdraw_stand_in_fields, _withdraw_stand_in, blame=_NO_DAY,
    ),
    RosterAct(
        "mandate", lambda a: f"Record a mandate for {a.department}", "Record the mandate", _mandate_fields, _mandate,
        intro="It is shown as recorded, on your word, until the sponsor confirms it.", starts="first_day",
        blame={mandates.MandateRefused: "mandate_until"},
    ),
    RosterAct(
        "withdraw-mandate", lambda a: f"Withdraw a mandate for {a.department}", "Withdraw the mandate",
        _withdraw_mandate_fields, _withdraw_mandate,
        intro="Whoever is on the invitation stays on it and may not decide; taking them off is a decision of its own.",
    ),
)  # fmt: skip
