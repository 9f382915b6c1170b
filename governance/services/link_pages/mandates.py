"""The sponsor's links: what a delegate or deputy may decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from governance.domain.money import to_minor_units
from governance.domain.people import PersonId
from governance.domain.roster import MandateState
from governance.domain.roster import Seat as SeatValue
from governance.models.mandate import Mandate
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services import mandates
from governance.services.deputies import grant_for_day
from governance.services.link_pages.days import occurrence_of, seen_on
from governance.services.link_pages.values import SOURCE, About, Field, FieldKind, LinkRefused, Use, Verb
from governance.services.mailing.desk import Desk

_GIVEN = (MandateState.RECORDED.value, MandateState.CONFIRMED.value)


def look_confirm(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    seat = desk.roster.seat(UUID(thing["seat"]))
    whose = PersonId(UUID(thing["person"]))
    mandate = desk.session.get(Mandate, UUID(thing["mandate"])) if thing["mandate"] else None
    if seat is None or not _is_sponsor(desk, person, seat, mandate):
        return None
    is_settled = mandate.state != MandateState.RECORDED.value or _is_over(mandate, desk.today) if mandate else False
    if is_settled or (mandate is None and not _still_lacks(seat, whose, desk.today)):
        return None
    fields = _fields(mandate.scope, mandate.limit_minor, mandate.last_day) if mandate else _fields("", None, None)
    decline = (Verb(code="decline", fields=(Field(name="why", kind=FieldKind.LONG),)),) if mandate else ()
    return About(
        values={
            "department": seat.department,
            "whose": desk.name(whose),
            "purpose_of_meeting": desk.charter.purpose or None,
            "is_recorded": mandate is not None,
        },
        verbs=(Verb(code="confirm", fields=fields), *decline),
    )


def act_confirm(use: Use) -> str:
    seat = use.session.get_one(Seat, UUID(use.thing["seat"]))
    how: dict[str, Any] = {"actor": use.actor, "now": use.now, "source": SOURCE}
    mandate = use.session.get(Mandate, UUID(use.thing["mandate"])) if use.thing["mandate"] else None
    if use.verb == "decline" and mandate is not None:
        why = use.text("why") or None
        mandates.decline_mandate(use.session, use.meeting, seat, mandate, why=why, **how)
        return "Declined the mandate."
    limit, last_day = _limit(use), day_of(use.text("last_day"))
    if mandate is not None:
        mandates.confirm_mandate(
            use.session, use.meeting, seat, mandate, use.person,
            scope=use.text("scope"), limit_minor=limit, last_day=last_day, **how,
        )  # fmt: skip
    else:
        whose = use.session.get_one(Person, UUID(use.thing["person"]))
        mandates.record_mandate(
            use.session, use.meeting, seat, whose, scope=use.text("scope"), limit_minor=limit, last_day=last_day,
            sponsor=use.person, state=MandateState.CONFIRMED, **how,
        )  # fmt: skip
    return "Confirmed the mandate."


def look_renew(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    mandate = desk.session.get(Mandate, UUID(thing["mandate"]))
    seat = desk.roster.seat(mandate.seat_id) if mandate is not None else None
    if mandate is None or seat is None or mandate.state not in _GIVEN or mandate.last_day is None:
        return None
    end, whose = mandate.last_day, PersonId(mandate.person_id)
    follows = any(
        one.person == whose and one.was_given and one.term.first_day > mandate.first_day for one in seat.mandates
    )
    if follows or not _is_sponsor(desk, person, seat, mandate) or seat.delegate(desk.today) != whose:
        return None
    length = end - mandate.first_day
    return About(
        values={"department": seat.department, "whose": desk.name(whose), "ends": end},
        verbs=(Verb(code="renew", fields=_fields(mandate.scope, mandate.limit_minor, end + length)),),
    )


def act_renew(use: Use) -> str:
    mandate = use.session.get_one(Mandate, UUID(use.thing["mandate"]))
    last_day = day_of(use.text("last_day"))
    first_day = max(_next_day(mandate.last_day, use.desk.today), use.desk.today)
    mandates.record_mandate(
        use.session,
        use.meeting,
        use.session.get_one(Seat, mandate.seat_id),
        use.session.get_one(Person, mandate.person_id),
        scope=use.text("scope"),
        limit_minor=_limit(use),
        first_day=first_day,
        last_day=last_day,
        sponsor=use.person,
        state=MandateState.CONFIRMED,
        actor=use.actor,
        now=use.now,
        source=SOURCE,
    )
    return "Renewed the mandate."


def look_grant(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    seat, seen = desk.roster.seat(UUID(thing["seat"])), seen_on(desk, thing)
    if seat is None or seen is None or not _is_sponsor(desk, person, seat, None):
        return None
    deputy, start = PersonId(UUID(thing["person"])), seen.seen.original_start
    day = desk.roster.day_of(seen.seen.start)
    delegate = seat.delegate(day)
    sits = next((one.person for one in desk.roster.stand_ins.get(start, ()) if one.seat_id == seat.id), None)
    is_taken = sits is not None and (sits != deputy or seat.mandate_in_force(deputy, day) is not None)
    if delegate is None or delegate == deputy or is_taken or (start, seat.id) in desk.roster.kept:
        return None
    own = seat.mandate_in_force(delegate, day) or seat.mandate_shown(delegate, day)
    scope = Field(name="scope", kind=FieldKind.LONG, value=own.scope if own else "", is_required=True)
    limit = Field(name="limit", kind=FieldKind.MONEY, limit_minor=own.limit_minor if own else None)
    return About(
        values={
            "department": seat.department,
            "whose": desk.name(deputy),
            "delegate": desk.name(delegate),
            "start": seen.seen.start,
        },
        verbs=(Verb(code="grant", fields=(scope, limit)),),
    )


def act_grant(use: Use) -> str:
    grant_for_day(
        use.session,
        use.meeting,
        use.session.get_one(Seat, UUID(use.thing["seat"])),
        occurrence_of(use),
        use.session.get_one(Person, UUID(use.thing["person"])),
        use.person,
        scope=use.text("scope"),
        limit_minor=_limit(use),
        actor=use.actor,
        now=use.now,
        source=SOURCE,
    )
    return "Granted the mandate for that day, and the deputy sits."


def is_sponsor(desk: Desk, person: Person, seat: SeatValue) -> bool:
    return _is_sponsor(desk, person, seat, None)


def day_of(written: str) -> date | None:
    """A day of a form; none where nothing is filled in."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise LinkRefused("Write the day as 2026-12-31", f"“{written[:40]}” is none") from None


def _is_sponsor(desk: Desk, person: Person, seat: SeatValue, mandate: Mandate | None) -> bool:
    """Whoever sponsors the department today or, where that is nobody, whom the mandate itself names."""
    of_department = desk.sponsor_of(seat)
    named = mandate.sponsor_person_id if mandate is not None else None
    return person.id == (of_department or named) or (person.id == named and of_department is None)


def _still_lacks(seat: SeatValue, whose: PersonId, on: date) -> bool:
    belongs = seat.delegate(on) == whose or any(one.person == whose for one in seat.deputies_on(on))
    return belongs and seat.mandate_in_force(whose, on) is None


def _is_over(mandate: Mandate, on: date) -> bool:
    return mandate.last_day is not None and mandate.last_day < on


def _next_day(last_day: date | None, today: date) -> date:
    return last_day + timedelta(days=1) if last_day is not None else today


def _fields(scope: str, limit_minor: int | None, last_day: date | None) -> tuple[Field, ...]:
    return (
        Field(name="scope", kind=FieldKind.LONG, value=scope, is_required=True),
        Field(name="limit", kind=FieldKind.MONEY, limit_minor=limit_minor),
        Field(name="last_day", kind=FieldKind.DAY, value=last_day.isoformat() if last_day else ""),
    )


def _limit(use: Use) -> int | None:
    written = use.text("limit").replace(",", "").replace(" ", "")
    return to_minor_units(written, use.currency) if written else None
