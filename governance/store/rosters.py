"""The roster of one meeting, read in one statement whatever its size, without loading rows as objects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session

from governance.domain import roster as values
from governance.domain.people import Person as PersonValue
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Term
from governance.models.calendar import Series
from governance.models.department import Department, Sponsor
from governance.models.deputy import Deputy, KeptSeat, StandIn
from governance.models.mandate import Mandate
from governance.models.meeting import Meeting, Role
from governance.models.occurrence import Occurrence
from governance.models.person import Address, Person
from governance.models.seat import Seat, Tenure
from governance.models.visitor import StandingGuest, Visitor
from governance.store.together import MEETING, TODAY, Answers, Question, Together, in_order


def load_roster(session: Session, meeting: Meeting, *, on: date | None = None) -> Roster:
    """The roster with its whole history and everything planned.

    Args:
        on: the day for which chair and scribe are judged. Without one, everybody who ever was one of them counts as
            always allowed, which errs towards fewer removals.
    """
    rows = _everything().ask(session, meeting.id, on=on)
    people = _built_people(rows["people"])
    return Roster(
        time_zone=meeting.time_zone,
        cap=meeting.cap,
        seats=_built_seats(rows),
        people=people,
        address_owner={address: person.id for person in people.values() for address in person.addresses},
        stand_ins=_by_occurrence(rows["stand_ins"], _stand_in),
        kept=frozenset((row.original_start, row.seat_id) for row in rows["kept"]),
        visitors=_by_occurrence(rows["visitors"], _visitor),
        standing_guests=tuple(
            values.StandingGuest(PersonId(row.person_id), row.reason, row.last_day) for row in rows["guests"]
        ),
        always_allowed=frozenset(PersonId(row.person_id) for row in rows["roles"]),
    )


@cache
def _everything() -> Together:
    tenures, deputies, sponsors = _tenures().cte("tenures"), _deputies().cte("deputies"), _sponsors().cte("sponsors")
    mandates, stand_ins = _mandates().cte("mandates"), _stand_ins().cte("stand_ins")
    visitors, guests, roles = _visitors().cte("visitors"), _guests().cte("guests"), _roles().cte("roles")
    speaking_of_people = (tenures, deputies, sponsors, mandates, stand_ins, visitors, guests, roles)
    spoken_of = union(
        *(select(one.c.person_id) for one in speaking_of_people), select(mandates.c.sponsor_person_id)
    )  # fmt: skip
    return Together(
        seats=in_order(_seats(), Department.folded),
        tenures=_first_day_first(tenures),
        deputies=_first_day_first(deputies),
        sponsors=select(sponsors),
        mandates=_first_day_first(mandates),
        stand_ins=in_order(select(stand_ins), stand_ins.c.original_start, stand_ins.c.id),
        kept=_kept(),
        visitors=in_order(select(visitors), visitors.c.original_start, visitors.c.id),
        guests=in_order(select(guests), guests.c.last_day, guests.c.id),
        roles=select(roles),
        people=in_order(
            select(Person.id, Person.name, Address.folded)
            .join(Address, Address.person_id == Person.id)
            .where(Person.id.in_(spoken_of)),
            Person.id,
            Address.is_primary.desc(),
            Address.folded,
        ),
    )


def _first_day_first(terms: Any) -> Question:
    return in_order(select(terms), terms.c.first_day, terms.c.id)


def _of_open_seats(query: Question) -> Question:
    return query.where(Seat.meeting_id == MEETING, Seat.closed_on.is_(None))


def _seats() -> Question:
    query = select(Seat.id, Seat.department_id, Department.name)
    return _of_open_seats(query.join(Department, Department.id == Seat.department_id))


def _departments() -> Question:
    return _of_open_seats(select(Seat.department_id))


def _tenures() -> Question:
    """Of the meeting's departments in all meetings, because they tell who belongs to a department; deputies too."""
    query = select(
        Tenure.id, Seat.department_id, Tenure.seat_id, Tenure.person_id, Tenure.first_day, Tenure.last_day
    )  # fmt: skip
    return query.join(Seat, Seat.id == Tenure.seat_id).where(Seat.department_id.in_(_departments()))


def _deputies() -> Question:
    query = select(
        Deputy.id, Seat.department_id, Deputy.seat_id, Deputy.person_id, Deputy.first_day, Deputy.last_day, Deputy.rank
    )
    return query.join(Seat, Seat.id == Deputy.seat_id).where(Seat.department_id.in_(_departments()))


def _sponsors() -> Question:
    return select(Sponsor.department_id, Sponsor.person_id).where(Sponsor.department_id.in_(_departments()))


def _mandates() -> Question:
    query = select(
        Mandate.id, Mandate.seat_id, Mandate.person_id, Mandate.sponsor_person_id, Mandate.scope, Mandate.limit_minor,
        Mandate.first_day, Mandate.last_day, Mandate.state,
    )  # fmt: skip
    return _of_open_seats(query.join(Seat, Seat.id == Mandate.seat_id))


def _stand_ins() -> Question:
    query = select(StandIn.id, StandIn.seat_id, StandIn.person_id, StandIn.cause, Occurrence.original_start)
    query = query.join(Occurrence, Occurrence.id == StandIn.occurrence_id)
    return _of_open_seats(query.join(Seat, Seat.id == StandIn.seat_id))


def _kept() -> Question:
    """The seats that their delegates keep on single days."""
    query = select(KeptSeat.seat_id, Occurrence.original_start)
    query = query.join(Occurrence, Occurrence.id == KeptSeat.occurrence_id)
    return _of_open_seats(query.join(Seat, Seat.id == KeptSeat.seat_id))


def _visitors() -> Question:
    query = select(Visitor.id, Visitor.person_id, Visitor.reason, Occurrence.original_start)
    query = query.join(Occurrence, Occurrence.id == Visitor.occurrence_id)
    return query.join(Series, Series.id == Occurrence.series_id).where(Series.meeting_id == MEETING)


def _guests() -> Question:
    query = select(StandingGuest.id, StandingGuest.person_id, StandingGuest.reason, StandingGuest.last_day)
    return query.where(StandingGuest.meeting_id == MEETING)


def _roles() -> Question:
    """Who is always allowed: chair and scribe that day, or ever where no day is given."""
    holds = (Role.first_day <= TODAY) & or_(Role.last_day.is_(None), Role.last_day >= TODAY)
    leads = or_(Role.kind == "chair", Role.kind == "scribe")
    return select(Role.person_id).distinct().where(Role.meeting_id == MEETING, leads, or_(TODAY.is_(None), holds))


def _built_people(rows: Iterable[Any]) -> dict[PersonId, PersonValue]:
    """Everybody the roster speaks of, with all their addresses, the one written to first."""
    names: dict[PersonId, str] = {}
    addresses: Mapping[PersonId, list[str]] = defaultdict(list)
    for row in rows:
        names[PersonId(row.id)] = row.name
        addresses[PersonId(row.id)].append(row.folded)
    return {one: PersonValue(one, name, tuple(addresses[one])) for one, name in names.items()}


def _built_seats(rows: Answers) -> tuple[values.Seat, ...]:
    of_department: Mapping[Any, set[PersonId]] = defaultdict(set)
    for kind in ("tenures", "deputies", "sponsors"):
        for row in rows[kind]:
            of_department[row.department_id].add(PersonId(row.person_id))
    tenures, deputies, mandates = (_by_seat(rows[kind]) for kind in ("tenures", "deputies", "mandates"))
    return tuple(
        values.Seat(
            id=seat.id,
            department=seat.name,
            tenures=tuple(values.Tenure(PersonId(row.person_id), _term(row)) for row in tenures[seat.id]),
            mandates=tuple(_mandate(row) for row in mandates[seat.id]),
            deputies=tuple(values.Deputy(PersonId(row.person_id), _term(row), row.rank) for row in deputies[seat.id]),
            department_people=frozenset(of_department[seat.department_id]),
        )
        for seat in rows["seats"]
    )


def _by_seat(rows: Iterable[Any]) -> Mapping[Any, list[Any]]:
    found: Mapping[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.seat_id].append(row)
    return found


def _term(row: Any) -> Term:
    return Term(row.first_day, row.last_day)


def _mandate(row: Any) -> values.Mandate:
    return values.Mandate(
        PersonId(row.person_id),
        _term(row),
        row.scope,
        state=values.MandateState(row.state),
        sponsor=PersonId(row.sponsor_person_id) if row.sponsor_person_id else None,
        limit_minor=row.limit_minor,
        id=row.id,
    )


def _by_occurrence(rows: Iterable[Any], build: Any) -> dict[datetime, tuple[Any, ...]]:
    found: dict[datetime, tuple[Any, ...]] = {}
    for row in rows:
        found[row.original_start] = (*found.get(row.original_start, ()), build(row))
    return found


def _stand_in(row: Any) -> values.StandIn:
    return values.StandIn(row.seat_id, PersonId(row.person_id), values.StandInCause(row.cause))


def _visitor(row: Any) -> values.Visitor:
    return values.Visitor(PersonId(row.person_id), row.reason)
