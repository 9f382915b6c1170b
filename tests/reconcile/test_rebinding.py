"""What hangs on an occurrence goes along when its series is split or moved, and only then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from governance.reconcile.picture import SeriesPicture
from governance.reconcile.rebinding import BoundOccurrence, Lost, Rebound, rebind, with_rebounds
from tests.reconcile.situations import (
    FINANCE,
    JONAS,
    LEGAL,
    LENGTH,
    MONDAY,
    NEXT_THURSDAY,
    SERIES,
    THURSDAY,
    VERA,
    exception,
    roster,
    series,
    stand_in,
    visitor,
)

FIRST, SECOND = UUID(int=1), UUID(int=2)
HOUR = timedelta(hours=1)


def picture(id_: UUID = FIRST, *, rule: str = "RRULE:FREQ=WEEKLY;BYDAY=TH", **more: object) -> SeriesPicture:
    event = series(recurrence=(rule,), **more)
    return SeriesPicture(id=id_, event_id=event.id, series=event)


def bound(start: datetime = NEXT_THURSDAY, series_id: UUID = FIRST, number: int = 7) -> BoundOccurrence:
    return BoundOccurrence(UUID(int=number), series_id, start)


def moves(occurrences: list[BoundOccurrence], *pictures: SeriesPicture) -> list[Rebound | Lost]:
    return rebind(occurrences, pictures, time_zone="Europe/Berlin", now=MONDAY)


def trimmed() -> SeriesPicture:
    return picture(rule="RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20261130T000000Z")


def successor(hour: int = 12) -> SeriesPicture:
    start = NEXT_THURSDAY.replace(hour=hour - 1)
    return picture(SECOND, id=f"{SERIES}_R20261203T120000", start=start, end=start + LENGTH)


def test_nothing_moves_while_the_series_has_the_occurrence() -> None:
    assert [] == moves([bound(THURSDAY), bound(NEXT_THURSDAY, number=8)], picture())


def test_a_cancelled_or_moved_occurrence_keeps_what_hangs_on_it() -> None:
    cancelled = exception(THURSDAY, status="cancelled", start=None, end=None)

    assert [] == moves([bound(THURSDAY)], replace(picture(), exceptions=(cancelled,)))


def test_after_a_split_it_goes_to_the_new_series_in_the_same_week() -> None:
    (move,) = moves([bound()], trimmed(), successor())

    assert isinstance(move, Rebound)
    assert (SECOND, NEXT_THURSDAY.replace(hour=11)) == (move.series_id, move.to.original_start)


def test_after_a_moved_start_it_goes_to_the_new_time() -> None:
    moved = picture(start=THURSDAY - timedelta(weeks=40) + HOUR, end=THURSDAY - timedelta(weeks=40) + 2 * HOUR)

    (move,) = moves([bound(THURSDAY)], moved)

    assert isinstance(move, Rebound)
    assert THURSDAY + HOUR == move.to.original_start


def test_stand_ins_kept_seats_and_visitors_go_along_in_the_roster() -> None:
    """A kept seat that stayed behind would have its decline swapped in once more, before the move is recorded."""
    on, to = NEXT_THURSDAY, NEXT_THURSDAY.replace(hour=11)
    before = roster(**stand_in(FINANCE, JONAS, on=on), **visitor(VERA, on), kept=frozenset({(on, LEGAL)}))
    [move] = moves([bound()], trimmed(), successor())
    assert isinstance(move, Rebound)

    after = with_rebounds(before, [move])

    assert ({to}, {to}) == (set(after.stand_ins), set(after.visitors))
    assert {(to, LEGAL)} == after.kept


def test_past_occurrences_never_move() -> None:
    assert [] == moves([bound(THURSDAY - timedelta(weeks=1))], trimmed(), successor())


def test_two_in_one_week_on_either_side_are_reported() -> None:
    twice_a_week = picture(SECOND, id=f"{SERIES}_R20261203T120000", rule="RRULE:FREQ=WEEKLY;BYDAY=WE,FR")

    assert [Lost(bound())] == moves([bound()], trimmed(), twice_a_week)
    both = [bound(), bound(NEXT_THURSDAY + HOUR, number=8)]
    assert [Lost(one) for one in both] == moves(both, trimmed(), successor())


def test_without_any_successor_it_is_reported() -> None:
    assert [Lost(bound())] == moves([bound()], trimmed())
