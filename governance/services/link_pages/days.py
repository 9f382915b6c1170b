"""The delegate's links about one occurrence: who stands in, or that they come after all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.domain.people import PersonId
from governance.domain.roster import StandInCause
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services import deputies
from governance.services.link_pages.values import SOURCE, About, LinkRefused, Use, Verb
from governance.services.mailing.desk import Desk
from governance.services.occurrences import NextOccurrence, kept_occurrence
from governance.store.seen_series import load_pictures


def look_stand_in(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    """The delegate's, and the sponsor's of the department."""
    found = _mine(desk, person, thing)
    if found is None:
        return None
    seen, department, delegate = found
    candidate = PersonId(UUID(thing["person"]))
    seat = desk.roster.seat(UUID(thing["seat"]))
    day = desk.roster.day_of(seen.seen.start)
    is_deputy = seat is not None and any(one.person == candidate for one in seat.deputies_on(day))
    if not is_deputy or _stand_in(desk, seen, thing) == candidate:
        return None
    values = {"department": department, "start": seen.seen.start, "delegate": desk.name(delegate)}
    return About(values={**values, "whose": desk.name(candidate)}, verbs=(Verb(code="stand-in"),))


def act_stand_in(use: Use) -> str:
    deputies.stand_in(
        use.session,
        use.meeting,
        use.session.get_one(Seat, UUID(use.thing["seat"])),
        occurrence_of(use),
        use.session.get_one(Person, UUID(use.thing["person"])),
        cause=StandInCause.DECLINE,
        actor=use.actor,
        now=use.now,
        source=SOURCE,
    )
    return "Named the stand-in for that day."


def look_after_all(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    found = _mine(desk, person, thing)
    seat_id = UUID(thing["seat"])
    if found is None or found[2] != person.id or (found[0].seen.original_start, seat_id) in desk.roster.kept:
        return None
    seen, department, _ = found
    stand_in = _stand_in(desk, seen, thing)
    values = {"department": department, "start": seen.seen.start, "stand_in": desk.name(stand_in)}
    return About(values=values, verbs=(Verb(code="after-all"),))


def act_after_all(use: Use) -> str:
    deputies.come_after_all(
        use.session,
        use.meeting,
        use.session.get_one(Seat, UUID(use.thing["seat"])),
        occurrence_of(use),
        actor=use.actor,
        now=use.now,
        source=SOURCE,
    )
    return "You sit that day after all."


def seen_on(desk: Desk, thing: Mapping[str, Any]) -> NextOccurrence | None:
    """The occurrence that the link names, while it is to come."""
    start = datetime.fromisoformat(thing["start"])
    for picture in load_pictures(desk.session, desk.meeting.id, desk.now):
        seen = picture.occurrence_at(start)
        if seen is not None and seen.start > desk.now:
            return NextOccurrence(picture.id, seen)
    return None


def occurrence_of(use: Use) -> Occurrence:
    found = seen_on(use.desk, use.thing)
    if found is None:
        raise LinkRefused("Look at the meeting's page", "the occurrence has begun, or was cancelled")
    return kept_occurrence(use.session, found)


def _mine(desk: Desk, person: Person, thing: Mapping[str, Any]) -> tuple[NextOccurrence, str, PersonId] | None:
    """The occurrence, the department and its delegate, where the person is that delegate or the sponsor."""
    seat, seen = desk.roster.seat(UUID(thing["seat"])), seen_on(desk, thing)
    if seat is None or seen is None:
        return None
    delegate = seat.delegate(desk.roster.day_of(seen.seen.start))
    if delegate is None or person.id not in (delegate, desk.sponsor_of(seat)):
        return None
    return seen, seat.department, delegate


def _stand_in(desk: Desk, seen: NextOccurrence, thing: Mapping[str, Any]) -> PersonId | None:
    seat_id = UUID(thing["seat"])
    standing_in = desk.roster.stand_ins.get(seen.seen.original_start, ())
    return next((one.person for one in standing_in if one.seat_id == seat_id), None)
