"""What is asked of the calendar and written to the database: exact, so that any machine and any size will do.

Every count is of requests as the sandbox has seen them, or of rows as they lie in the database.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from governance.calendar.client import PAGE_SIZE
from governance.services import adoption, guests, occurrences, people
from tests.benchmarks.installation import CHAIR, FIRST, Installation, occurrence_id, series_id, slug_of
from tests.benchmarks.rows import Row, count

LIST, GET, PATCH = "events.list", "events.get", "events.patch"
STRANGER, VISITOR = "stranger@elsewhere.org", "visitor@example.com"
POLL = timedelta(minutes=1)
LEDGER = ("ledger_entry", "ledger_payload", "ledger_head")


def idle(installation: Installation, *, cycles: int) -> list[Row]:
    """Nothing happens: the answer is one empty page a cycle."""
    before = installation.stored()
    installation.control.clear_log()

    for _ in range(cycles):
        installation.now += POLL
        installation.cycle()

    asked = installation.requests()
    name = f"idle, {installation.size.series} meetings, {cycles} cycles"
    return [
        count(name, "lists", asked[LIST], cycles, "one request per page of answer", goal="P1"),
        count(name, "other requests", asked.total() - asked[LIST], 0, "so no calendar write", goal="P1"),
        *_untouched(name, installation, before),
    ]


def news_of_others(installation: Installation, *, pages: int) -> list[Row]:
    """Events that are not ours change, as many as fill the pages: read, and nothing is kept but the new token."""
    changed = (pages - 1) * PAGE_SIZE + 1
    for number in range(changed):
        installation.control.touch(CHAIR, f"foreign{number:05}")
    before = installation.stored()
    installation.control.clear_log()

    installation.cycle()

    asked = installation.requests()
    differing = _differing(before, installation.stored())
    name = f"news of {changed} events that are not ours"
    return [
        count(name, "lists", asked[LIST], pages, f"{PAGE_SIZE} events a page"),
        count(name, "other requests", asked.total() - asked[LIST], 0),
        count(name, "calendar rows changed", differing.pop("calendar"), 1, "for its sync token"),
        count(name, "other rows changed", sum(differing.values()), 0),
    ]


def series(installation: Installation, *, drifted: int) -> list[Row]:
    """A stranger is on some of the series: one write for each, planned from the list alone."""
    wrong = [series_id(number) for number in range(drifted)]
    _invite(installation, wrong)

    return _repaired(
        f"repair of {drifted} series among {installation.size.series}",
        installation,
        without_stranger=wrong,
        writes=drifted,
        gets=0,
        lists=_pages(drifted),
    )


def series_and_exceptions(installation: Installation, *, drifted: int, follow: bool = False) -> list[Row]:
    """A stranger is on some of the series and on an exception of each: the calendar is listed once more.

    Where exceptions `follow` the guests of their series, that list shows that nothing is left to be written on them.
    """
    installation.control.switch("exceptions_follow_guests", follow)
    wrong = [event for number in range(drifted) for event in (series_id(number), occurrence_id(number))]
    _invite(installation, wrong)

    return _repaired(
        f"repair of {drifted} series with an exception each{', which follow' if follow else ''}",
        installation,
        without_stranger=wrong,
        writes=drifted if follow else 2 * drifted,
        gets=0,
        lists=_pages(2 * drifted) + 1,
    )


def new_exceptions(installation: Installation, *, admitted: int) -> list[Row]:
    """A visitor comes to one occurrence of some meetings: each becomes an exception by our write."""
    _admit(installation, admitted)

    return _repaired(
        f"{admitted} occurrences that we make exceptions",
        installation,
        with_visitor=[occurrence_id(number) for number in range(admitted)],
        writes=admitted,
        gets=admitted,
        lists=1,
    )


def series_and_new_exceptions(installation: Installation, *, drifted: int) -> list[Row]:
    """Both together: a stranger on the series, and a visitor to an occurrence that is no exception yet."""
    wrong = [series_id(number) for number in range(drifted)]
    _invite(installation, wrong)
    _admit(installation, drifted)

    return _repaired(
        f"repair of {drifted} series and a new exception each",
        installation,
        without_stranger=wrong,
        with_visitor=[occurrence_id(number) for number in range(drifted)],
        writes=2 * drifted,
        gets=drifted,
        lists=_pages(drifted) + 1,
    )


def _repaired(
    name: str,
    installation: Installation,
    *,
    without_stranger: Sequence[str] = (),
    with_visitor: Sequence[str] = (),
    writes: int,
    gets: int,
    lists: int,
) -> list[Row]:
    """One cycle mends everything; the next one meets its own writes and leaves it at that."""
    installation.control.clear_log()
    installation.cycle()
    asked = installation.requests()
    installation.control.clear_log()
    installation.cycle()
    again = installation.requests()
    wrong = [event for event in without_stranger if STRANGER in _guests(installation, event)]
    wrong += [event for event in with_visitor if VISITOR not in _guests(installation, event)]
    return [
        count(name, "writes", asked[PATCH], writes, "one per event", goal="P2"),
        count(
            name, "gets", asked[GET], gets, "one per occurrence that becomes an exception" if gets else "", goal="P2"
        ),
        count(name, "lists", asked[LIST], lists),
        count(name, "other requests", asked.total() - asked[PATCH] - asked[GET] - asked[LIST], 0),
        count(name, "events still wrong", len(wrong), 0),
        count(name, "writes of the next cycle", again.total() - again[LIST], 0),
    ]


def _pages(events: int) -> int:
    return max(1, math.ceil(events / PAGE_SIZE))


def _invite(installation: Installation, events: Iterable[str]) -> None:
    for event in events:
        installation.control.forward(CHAIR, event, CHAIR, STRANGER)


def _guests(installation: Installation, event: str) -> set[str]:
    return {guest["email"] for guest in installation.control.event(CHAIR, event)["attendees"]}


def _admit(installation: Installation, meetings: int) -> None:
    """A visitor to the next occurrence of the first meetings."""
    now = installation.now
    with installation.database.writing() as session:
        visitor = people.person_named(session, VISITOR, "Vera Visitor")
        for number in range(meetings):
            meeting = adoption.meeting_named(session, slug_of(number))
            occurrence = occurrences.occurrence_on(session, meeting, FIRST.date(), now=now)
            guests.admit_visitor(session, meeting, occurrence, visitor, reason="audit", actor="bench", now=now)


def _untouched(name: str, installation: Installation, before: Mapping[str, list[Any]]) -> list[Row]:
    differing = _differing(before, installation.stored())
    ledger = sum(differing.pop(table) for table in LEDGER)
    return [
        count(name, "ledger entries", ledger, 0, goal="P1"),
        count(
            name,
            "rows changed",
            sum(differing.values()),
            0,
            f"in {len(differing)} tables, all but the worker's",
            goal="P1",
        ),
    ]


def _differing(before: Mapping[str, list[Any]], after: Mapping[str, list[Any]]) -> dict[str, int]:
    """Rows that are there only now, or not any more, by table; a changed row is one."""
    return {
        table: max(len(set(before[table]) - set(rows)), len(set(rows) - set(before[table])))
        for table, rows in after.items()
    }
