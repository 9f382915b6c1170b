"""What changed in the roster: who took a seat, gave it up or handed it over, and which departments came and went. Pure.

A change counts on its day. One that was made on the day of the last summary, after that was written, is told with this
one: the record says which seats were acted on since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from governance.services.summaries.people import KnownSeat
from governance.services.summaries.values import Facts

_DAY = timedelta(days=1)


def roster_lines(seats: Iterable[KnownSeat], since: date, until: date, touched: Collection[UUID]) -> tuple[Facts, ...]:
    """Of the days after `since`, until and with the last; of `since` itself where the seat was `touched` later."""
    found = []
    for seat in seats:
        first = since if seat.terms.id in touched else since + _DAY
        found += [line for on, line in _changes(seat) if first <= on <= until]
    return tuple(sorted(found, key=lambda one: (one["on"], one["department"])))


def _changes(seat: KnownSeat) -> Iterator[tuple[date, Facts]]:
    department = seat.terms.department
    yield seat.opened_on, _line(department, "opened", seat.opened_on)
    tenures = sorted(seat.terms.tenures, key=lambda one: one[1].first_day)
    begins = {term.first_day: person.name for person, term in tenures}
    ends = {term.last_day + _DAY: person.name for person, term in tenures if term.last_day is not None}
    if seat.closed_on is not None:
        yield seat.closed_on, _line(department, "closed", seat.closed_on, before=ends.pop(seat.closed_on, None))
    for on in sorted({*begins, *ends}):
        who, before = begins.get(on), ends.get(on)
        if who is not None and before is not None:
            yield on, _line(department, "handed-over", on, who, before)
        elif who is not None:
            yield on, _line(department, "joined", on, who)
        else:
            yield on, _line(department, "left", on, before)


def _line(department: str, what: str, on: date, who: str | None = None, before: str | None = None) -> Facts:
    return {"department": department, "what": what, "who": who, "before": before, "on": on.isoformat()}
