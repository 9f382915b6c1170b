"""Releasing a meeting: what is ours goes off its events, the guests stay."""

from __future__ import annotations

from collections.abc import Callable

from governance.domain.block import block_in, without_block
from governance.reconcile import apply
from governance.reconcile.judging import Judgement
from governance.reconcile.observing import Observer
from governance.reconcile.ports import CalendarPort, ChangedMeanwhile, EventWrite, OutcomeUnclear, Unreachable
from governance.store.pictures import CalendarToRead

TRIES = 5
"""How often one meeting is observed again in one cycle because an event changed while it was written."""


def let_go(
    judged: Callable[[], Judgement], observer: Observer, calendars: CalendarPort, calendar: CalendarToRead
) -> int:
    """Take our block and our property off every event of the meeting. Counts the writes.

    Raises:
        CalendarTrouble: Google refuses, or an event changed under each of the tries.
    """
    written = 0
    for _ in range(TRIES):
        observer.observe_again(calendar.id)
        writes = _farewells(judged())
        if not writes:
            return written
        for write in writes:
            try:
                calendars.write_event(calendar.address, write)
                written += 1
            except (ChangedMeanwhile, OutcomeUnclear):
                break
    raise Unreachable("Release the meeting again in a moment", "its event changes while it is written")


def _farewells(judgement: Judgement) -> list[EventWrite]:
    """What takes our block and our property off the coming events that carry them."""
    writes: list[EventWrite] = []
    for picture in judgement.situation.pictures:
        coming = [one for one in picture.exceptions if one.start and one.start > judgement.situation.now]
        for event in (picture.series, *coming):
            if event is None or event.is_cancelled:
                continue
            has_block = block_in(event.description) is not None
            if has_block or apply.MARK in event.private_properties:
                description = without_block(event.description) if has_block else None
                properties = {apply.MARK: None}
                writes.append(EventWrite(event.id, event.etag, description=description, private_properties=properties))
    return writes
