"""The next occurrence: what is on its agenda, and who will be away. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from governance.domain.agenda import Coming
from governance.domain.attendance import State, Timing
from governance.reconcile.picture import SeriesPicture
from governance.services.agenda.reading import Meant, lines_of, upcoming
from governance.services.agenda.values import AgendaLine, Item
from governance.services.attendance.reading import Happened, SeatTerms, room_seats
from governance.services.attendance.values import RoomSeat
from governance.services.summaries.values import Facts

_DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Ahead:
    """The occurrences to come; `declined` are the addresses that have said no to the first of them."""

    coming: Sequence[Coming]
    declined: frozenset[str]

    @property
    def first(self) -> Coming | None:
        return self.coming[0] if self.coming else None


def ahead(pictures: Sequence[SeriesPicture], now: datetime) -> Ahead:
    """Of those that have not begun; of the running one nothing is to come."""
    coming = [one for one in upcoming(pictures, now) if one.start > now]
    return Ahead(coming, _declined(pictures, coming[0]) if coming else frozenset())


def agenda_ahead(items: Iterable[Item], to_come: Ahead, now: datetime) -> tuple[AgendaLine, ...]:
    first = to_come.first
    return lines_of(items, Meant(first.key, first.start, first.end), to_come.coming, now) if first else ()


def next_of(
    to_come: Ahead, lines: Iterable[AgendaLine], seats: Iterable[SeatTerms], of_all: Happened,
    addresses: Mapping[UUID, Collection[str]], kept: Collection[UUID], zone: str, now: datetime,
) -> Facts | None:  # fmt: skip
    first = to_come.first
    if first is None:
        return None
    stored = next((one.id for one in of_all.occurrences if one.original_start == first.key), UUID(int=0))
    room = room_seats(seats, of_all, stored, Timing(first.start, first.end), zone, now)
    no = {person for person, own in addresses.items() if to_come.declined.intersection(own)}
    return {
        "start": first.start.astimezone(UTC).isoformat(),
        "end": first.end.astimezone(UTC).isoformat(),
        "items": [_item(one) for one in lines],
        "away": [_away(one) for one in room if _is_away(one, no - _kept(one, kept))],
    }


def _item(line: AgendaLine) -> Facts:
    item = line.item
    return {"title": item.title, "purpose": item.purpose.value, "minutes": item.minutes, "by": item.brought_by}


def _is_away(seat: RoomSeat, declined: Collection[UUID]) -> bool:
    """Somebody stands in, or the delegate has apologised or declined in the calendar."""
    is_declined = seat.delegate is not None and seat.delegate.id in declined
    return seat.stand_in is not None or is_declined or seat.attendance.state is State.APOLOGY


def _kept(seat: RoomSeat, kept: Collection[UUID]) -> set[UUID]:
    """Who comes after all, whatever the calendar says."""
    return {seat.delegate.id} if seat.delegate and seat.id in kept else set()


def _away(seat: RoomSeat) -> Facts:
    return {
        "department": seat.department,
        "who": seat.delegate.name if seat.delegate else None,
        "stand_in": seat.stand_in.name if seat.stand_in else None,
    }


def _declined(pictures: Iterable[SeriesPicture], first: Coming) -> frozenset[str]:
    for picture in pictures:
        seen = picture.occurrence_at(first.key)
        event = (seen.exception or picture.series) if seen else None
        if event is not None and not event.guests_omitted:
            return frozenset(one.address for one in event.guests if one.address and one.answer == _DECLINED)
    return frozenset()
