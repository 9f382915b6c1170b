"""The next occurrence: what is on its agenda, and who will be away. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from governance.domain.agenda import Coming
from governance.domain.attendance import State, Timing
from governance.services.agenda.reading import Meant, lines_of
from governance.services.agenda.values import AgendaLine, Item
from governance.services.attendance.reading import Happened, SeatTerms, room_seats
from governance.services.summaries.values import Facts


def agenda_ahead(items: Iterable[Item], coming: Sequence[Coming], now: datetime) -> tuple[AgendaLine, ...]:
    if not coming:
        return ()
    first = coming[0]
    return lines_of(items, Meant(first.key, first.start, first.end), coming, now)


def next_of(
    coming: Sequence[Coming], lines: Iterable[AgendaLine], seats: Iterable[SeatTerms], of_all: Happened, zone: str,
    now: datetime,
) -> Facts | None:  # fmt: skip
    if not coming:
        return None
    first = coming[0]
    return {
        "start": first.start.isoformat(),
        "end": first.end.isoformat(),
        "items": [_item(one) for one in lines],
        "away": _away(first, seats, of_all, zone, now),
    }


def _item(line: AgendaLine) -> Facts:
    item = line.item
    return {"title": item.title, "purpose": item.purpose.value, "minutes": item.minutes, "by": item.brought_by}


def _away(first: Coming, seats: Iterable[SeatTerms], of_all: Happened, zone: str, now: datetime) -> list[Facts]:
    """Whose seat somebody stands in for, and who has apologised."""
    stored = next((one for one in of_all.occurrences if one.original_start == first.key), None)
    if stored is None:
        return []
    lines = room_seats(seats, of_all, stored.id, Timing(first.start, first.end), zone, now)
    return [
        {
            "department": one.department,
            "who": one.delegate.name if one.delegate else None,
            "stand_in": one.stand_in.name if one.stand_in else None,
        }
        for one in lines
        if one.stand_in is not None or one.attendance.state is State.APOLOGY
    ]
