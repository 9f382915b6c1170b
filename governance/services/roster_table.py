"""A roster as rows of the file that an import reads back, and that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from governance.domain.department import fold_department
from governance.domain.money import as_decimal
from governance.domain.people import PersonId
from governance.domain.roster import Mandate, Roster
from governance.domain.roster_file import guarded_cell


def roster_rows(roster: Roster, on: date, sponsors: Mapping[str, PersonId], currency: str) -> Iterator[tuple[str, ...]]:
    """One row a seat in the columns of the file: the delegate, the mandate in force and the first deputy."""
    for seat in roster.seats:
        delegate, deputies = seat.delegate(on), seat.deputies_on(on)
        sponsor = sponsors.get(fold_department(seat.department))
        mandate = seat.mandate_in_force(delegate, on) if delegate else None
        yield (
            seat.department,
            *_name_and_address(roster, delegate),
            address_of(roster, sponsor),
            *_mandate_cells(mandate, currency),
            *_name_and_address(roster, deputies[0].person if deputies else None),
        )


def write_csv(target: Any, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded_cell(cell) for cell in row] for row in rows)


def address_of(roster: Roster, person: PersonId | None) -> str:
    return _name_and_address(roster, person)[1]


def _name_and_address(roster: Roster, person: PersonId | None) -> tuple[str, str]:
    known = roster.people.get(person) if person else None
    return (known.name, known.address) if known else ("", "")


def _mandate_cells(mandate: Mandate | None, currency: str) -> tuple[str, str, str, str]:
    if mandate is None:
        return ("", "", "", "")
    return (
        mandate.scope,
        "" if mandate.limit_minor is None else as_decimal(mandate.limit_minor, currency),
        mandate.term.first_day.isoformat(),
        mandate.term.last_day.isoformat() if mandate.term.last_day else "",
    )
