"""The roster as lines of a table, judged for the day of the next occurrence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from governance.domain.people import PersonId
from governance.domain.roster import Mandate, Roster, Seat
from governance.reconcile.observed import Guest
from governance.services.meeting_page.values import Answer, DeputyLine, MandateLine, PersonLine, SeatLine
from governance.store.roster_page import RoleTerm

_GOOGLES_ANSWERS = frozenset({Answer.ACCEPTED, Answer.DECLINED, Answer.TENTATIVE, Answer.OPEN})


def by_department(seats: Iterable[Seat]) -> list[Seat]:
    return sorted(seats, key=lambda seat: seat.department.casefold())


def seat_line(
    roster: Roster, seat: Seat, on: date, original_start: datetime | None, guests: Mapping[str, Guest] | None
) -> SeatLine:
    delegate = seat.delegate(on)
    stand_ins = roster.stand_ins.get(original_start, ()) if original_start else ()
    stand_in = next((one.person for one in stand_ins if one.seat_id == seat.id), None)
    mandate = seat.mandate_shown(delegate, on) if delegate else None
    return SeatLine(
        id=seat.id,
        department=seat.department,
        delegate=person_line(roster, delegate) if delegate else None,
        mandate=_mandate(roster, mandate, on) if mandate else None,
        deputies=tuple(
            DeputyLine(person_line(roster, one.person), seat.mandate_in_force(one.person, on) is not None)
            for one in seat.deputies_on(on)
        ),
        stand_in=person_line(roster, stand_in) if stand_in else None,
        answer=_answer(roster, delegate, guests),
    )


def person_line(roster: Roster, person: PersonId) -> PersonLine:
    found = roster.people[person]
    return PersonLine(str(found), found.address if found.addresses else None)


def _mandate(roster: Roster, mandate: Mandate, on: date) -> MandateLine:
    sponsor = roster.people.get(mandate.sponsor) if mandate.sponsor else None
    return MandateLine(
        standing=mandate.standing(on),
        scope=mandate.scope,
        first_day=mandate.term.first_day,
        last_day=mandate.term.last_day,
        limit_minor=mandate.limit_minor,
        sponsor=str(sponsor) if sponsor else None,
        is_by_office=mandate.sponsor == mandate.person,
    )


def _answer(roster: Roster, delegate: PersonId | None, guests: Mapping[str, Guest] | None) -> Answer:
    if guests is None or delegate is None:
        return Answer.UNKNOWN
    on_it = next((guests[one] for one in roster.people[delegate].addresses if one in guests), None)
    if on_it is None:
        return Answer.NOT_INVITED
    return Answer(on_it.answer) if on_it.answer in _GOOGLES_ANSWERS else Answer.UNKNOWN


def in_force(leads: Iterable[tuple[RoleTerm, str]], kind: str, on: date) -> tuple[str, ...]:
    return tuple(sorted(name for role, name in leads if role.kind == kind and role.term.holds_on(on)))
