"""A roster as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from governance.domain.money import as_decimal
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Seat
from governance.services.roster_table import address_of
from governance.store.applications import Waiting


def roster_json(roster: Roster, slug: str, on: date, currency: str, waiting: Iterable[Waiting] = ()) -> dict[str, Any]:
    """The document of `roster show --json`; those who wait are in the order of each seat's list."""
    return {
        "meeting": slug,
        "cap": roster.cap,
        "seats": [_seat(roster, seat, on, currency) for seat in roster.seats],
        "waiting": [
            {
                "department": one.department,
                "name": one.name or None,
                "email": one.address,
                "since": f"{one.since:%Y-%m-%dT%H:%M:%SZ}",
                "endorsed": one.endorsed,
            }
            for one in waiting
        ],
    }


def _seat(roster: Roster, seat: Seat, on: date, currency: str) -> dict[str, Any]:
    delegate = seat.delegate(on)
    return {
        "department": seat.department,
        "state": "vacant" if delegate is None else "filled",
        "delegate": None if delegate is None else _person(roster, delegate),
        "mandate": None if delegate is None else _mandate(roster, seat, delegate, on, currency),
        "deputies": [
            {**_person(roster, one.person), "mandate": _mandate(roster, seat, one.person, on, currency)}
            for one in seat.deputies_on(on)
        ],
    }


def _person(roster: Roster, person: PersonId) -> dict[str, Any]:
    known = roster.people[person]
    return {"name": known.name or None, "email": known.address}


def _mandate(roster: Roster, seat: Seat, person: PersonId, on: date, currency: str) -> dict[str, Any] | None:
    mandate = seat.mandate_shown(person, on)
    if mandate is None:
        return None
    return {
        "state": mandate.standing(on).value,
        "sponsor": address_of(roster, mandate.sponsor) or None,
        "scope": mandate.scope,
        "limit": None if mandate.limit_minor is None else as_decimal(mandate.limit_minor, currency),
        "from": mandate.term.first_day.isoformat(),
        "until": mandate.term.last_day.isoformat() if mandate.term.last_day else None,
    }
