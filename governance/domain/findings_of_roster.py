"""What the roster lacks by itself, whatever the calendar says: M01 to M06. Nothing is written for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from governance.domain.days import said_day
from governance.domain.people import PersonId
from governance.domain.roster import Mandate, Roster, Seat
from governance.domain.seating import name_of

WARNED_AT = (42, 14, 3)
"""Days before the end of a mandate from which it is a new finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFinding:
    """About one seat; `days_left` counts to the end of a mandate that is ending, the last day itself being 0."""

    rule: str
    department: str
    reason: str
    person: PersonId | None = None
    email: str | None = None
    days_left: int | None = None
    stage: int | None = None


def roster_findings(
    roster: Roster, on: date, *, one_person: Iterable[frozenset[str]] = ()
) -> tuple[RosterFinding, ...]:
    """Everything M01 to M06 remark on that day, by seat.

    Args:
        one_person: sets of folded addresses that the Directory gives for one user each.
    """
    found: list[RosterFinding] = []
    for seat in roster.seats:
        found.extend(_of_seat(roster, seat, on))
    found.extend(_one_person_on_two_seats(roster, on, one_person))
    return tuple(sorted(found, key=lambda finding: (finding.department.casefold(), finding.rule, finding.email or "")))


def _of_seat(roster: Roster, seat: Seat, on: date) -> Iterator[RosterFinding]:
    delegate = seat.delegate(on)
    if delegate is None:
        yield RosterFinding(rule="M06", department=seat.department, reason=f"The seat of {seat.department} is vacant.")
    else:
        yield from _of_holder(roster, seat, delegate, on)
    for deputy in seat.deputies_on(on):
        if deputy.person != delegate and seat.mandate_in_force(deputy.person, on) is None:
            reason = f"{name_of(roster, deputy.person)}, deputy of {seat.department}, has no mandate in force."
            yield _about(roster, deputy.person, "M04", seat, reason)


def _of_holder(roster: Roster, seat: Seat, holder: PersonId, on: date) -> Iterator[RosterFinding]:
    mandate = seat.mandate_in_force(holder, on)
    if mandate is None:
        yield _without(roster, seat, holder, on)
        return
    end = _end_of_authority(seat, mandate)
    stage = None if end is None else next((days for days in reversed(WARNED_AT) if (end - on).days <= days), None)
    if end is not None and stage is not None:
        left = (end - on).days
        when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
        reason = f"The mandate of {name_of(roster, holder)} for {seat.department} ends {when}, on {said_day(end)}."
        yield _about(roster, holder, "M02", seat, reason, days_left=left, stage=stage)


def _without(roster: Roster, seat: Seat, holder: PersonId, on: date) -> RosterFinding:
    name, latest = name_of(roster, holder), seat.mandate_shown(holder, on)
    if latest is not None and latest.was_given and latest.term.last_day is not None and latest.term.last_day < on:
        reason = f"The mandate of {name} for {seat.department} ended on {said_day(latest.term.last_day)}."
        return _about(roster, holder, "M03", seat, reason)
    begins = said_day(latest.term.first_day) if latest is not None and latest.was_given else None
    why = f"; the next one begins on {begins}" if begins else ""
    return _about(roster, holder, "M01", seat, f"{name} has no mandate for {seat.department}{why}.")


def _end_of_authority(seat: Seat, mandate: Mandate) -> date | None:
    """The last day covered without a gap: a renewal that follows at once prolongs the mandate before it."""
    end = mandate.term.last_day
    own = sorted(
        (m for m in seat.mandates if m.person == mandate.person and m.was_given), key=lambda m: m.term.first_day
    )
    for later in own:
        if end is not None and mandate.term.first_day < later.term.first_day and (later.term.first_day - end).days <= 1:
            end = None if later.term.last_day is None else max(end, later.term.last_day)
    return end


def _one_person_on_two_seats(roster: Roster, on: date, one_person: Iterable[frozenset[str]]) -> Iterator[RosterFinding]:
    held = [(person, seat) for seat in roster.seats if (person := seat.delegate(on)) is not None]
    for addresses in (*_own_addresses(roster, held), *one_person):
        seats = [(person, seat) for person, seat in held if addresses & set(_addresses_of(roster, person))]
        for person, seat in seats:
            others = [other.department for _, other in seats if other is not seat]
            if others:
                reason = (
                    f"{name_of(roster, person)} of {seat.department} was found to be the same person as the "
                    f"holder of {' and '.join(others)}; nothing is written for either until the chair decides."
                )
                yield _about(roster, person, "M05", seat, reason)


def _own_addresses(roster: Roster, held: list[tuple[PersonId, Seat]]) -> list[frozenset[str]]:
    """Addresses of whoever holds two seats under one name already."""
    persons = [person for person, _ in held]
    return [frozenset(_addresses_of(roster, person)) for person in set(persons) if persons.count(person) > 1]


def _addresses_of(roster: Roster, person: PersonId) -> tuple[str, ...]:
    known = roster.people.get(person)
    return known.addresses if known else ()


def _about(
    roster: Roster,
    person: PersonId,
    rule: str,
    seat: Seat,
    reason: str,
    *,
    days_left: int | None = None,
    stage: int | None = None,
) -> RosterFinding:
    known = roster.people.get(person)
    return RosterFinding(
        rule=rule,
        department=seat.department,
        reason=reason,
        person=person,
        email=known.address if known else None,
        days_left=days_left,
        stage=stage,
    )
