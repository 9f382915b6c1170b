"""From the rows and the calendar to an agenda; the number of statements does not depend on what there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row
from sqlalchemy.orm import Session

from governance.domain.agenda import (
    Coming,
    Outcome,
    Place,
    Purpose,
    allowed,
    carried_to,
    closes_at,
    in_order,
    is_carried,
    is_withdrawn,
    newest,
    planned,
    returns,
)
from governance.models import Meeting
from governance.reconcile.picture import SeriesPicture
from governance.services.agenda.values import (
    AgendaLine,
    AgendaPage,
    Became,
    DuePromise,
    DueReview,
    Item,
    LinkedDecision,
)
from governance.services.attendance.reading import day_of, pictures_of, settings_of
from governance.store import agenda as store
from governance.store import attendance

_LOOKED_AHEAD = 26
"""Occurrences, half a year of weeks: so far an item can be moved, and one that was lost is taken up again."""

_MOST_DUE = 50
"""Promises and reviews an agenda opens with; the others are on their own pages."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The occurrence an agenda is of; None for its times where there is none that day."""

    key: datetime | None
    start: datetime | None
    end: datetime | None

    @property
    def where(self) -> ColumnElement[bool] | None:
        return attendance.from_then(self.key) if self.key else None


def agenda_page(
    session: Session, meeting: Meeting, now: datetime, *, day: date | None = None, is_whole: bool = True,
    reads_positions: bool = False,
) -> AgendaPage:  # fmt: skip
    """Of the occurrence that runs or comes next, or of that day's; for a form without what it opens with."""
    pictures = pictures_of(session, meeting.id)
    coming = upcoming(pictures, now)
    meant, items = _met(session, meeting, pictures, coming, now, day)
    lines = lines_of(items, meant, coming, now) if meant.start else ()
    linked = _decisions(session, [one.item.id for one in lines])
    lines = tuple(_judged(one, linked.get(one.item.id, ())) for one in lines)
    on = day_of(meant.start, meeting.time_zone) if meant.start else day or day_of(now, meeting.time_zone)
    today = day_of(now, meeting.time_zone)
    due = _due(session, meeting, on, today, reads_positions=reads_positions) if is_whole else ((), ())
    promises, reviews = due
    nothing = planned((), now, now)
    return AgendaPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        key=meant.key.isoformat() if meant.key else "",
        start=meant.start,
        end=meant.end,
        closes_at=closes_at(meant.start, meeting.time_zone) if meant.start else None,
        promises=promises,
        reviews=reviews,
        lines=lines,
        planned=planned([one.item.minutes for one in lines], meant.start, meant.end)
        if meant.start and meant.end
        else nothing,
        coming=tuple(coming),
        has_begun=meant.start is not None and meant.start <= now,
        is_over=meant.end is not None and meant.end <= now,
    )


def upcoming(pictures: Iterable[SeriesPicture], now: datetime) -> list[Coming]:
    """The occurrences that are not over, by start."""
    found = [
        Coming(seen.original_start, seen.start, seen.end)
        for one in pictures
        for seen in islice(one.upcoming(now), _LOOKED_AHEAD)
    ]
    return sorted(found, key=lambda one: one.start)[:_LOOKED_AHEAD]


def items_of(
    session: Session,
    meeting_id: UUID,
    meant: ColumnElement[bool],
    pictures: Iterable[SeriesPicture] | None,
    now: datetime,
) -> tuple[Item, ...]:
    """What is on that agenda and all that is not settled.

    Args:
        pictures: places are then as the calendar has their occurrences now; None leaves them as they were recorded.
    """
    known = {one.id: one for one in pictures} if pictures is not None else None
    rows: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in store.items_with_places(session, meeting_id, meant):
        rows[row.id].append(row)
    return tuple(_item(some, known, now) for some in rows.values())


def lines_of(items: Iterable[Item], meant: Meant, coming: Sequence[Coming], now: datetime) -> tuple[AgendaLine, ...]:
    """The items of one occurrence in their order, those that come back to it by themselves among them."""
    if meant.key is None or meant.start is None:
        return ()
    found: dict[UUID, tuple[Item, Place | None]] = {}
    ranks: list[tuple[UUID, int, bool]] = []
    for one in items:
        own = next((place for place in one.places if place.key == meant.key), None)
        if own is not None and not is_withdrawn(own):
            found[one.id] = one, own
            ranks.append((one.id, own.rank, False))
        elif own is None and _goes_to(one, coming, now) == meant.key:
            found[one.id] = one, None
            ranks.append((one.id, newest(one.places).rank, True))
    return tuple(_line(*found[item], meant.start, now) for item in in_order(ranks))


def _met(
    session: Session,
    meeting: Meeting,
    pictures: Sequence[SeriesPicture],
    coming: Sequence[Coming],
    now: datetime,
    day: date | None,
) -> tuple[Meant, tuple[Item, ...]]:
    """The occurrence meant, with the items; of a day the calendar knows nothing of, what was kept of it."""
    zone = ZoneInfo(meeting.time_zone)
    if day is None:
        first = coming[0] if coming else None
        meant = Meant(first.key, first.start, first.end) if first else Meant(None, None, None)
        since = now
    else:
        since = datetime.combine(day, time(0), zone)
        meant = _seen_on(pictures, day, since, meeting.time_zone)
    where = meant.where
    if where is None:
        where = attendance.between(since, since + timedelta(days=1))
    items = items_of(session, meeting.id, where, pictures, now)
    if meant.key is None and day is not None:
        meant = _kept_on(items, day, meeting.time_zone)
    return meant, items


def _seen_on(pictures: Iterable[SeriesPicture], day: date, since: datetime, zone: str) -> Meant:
    found = [seen for one in pictures if (seen := one.next_occurrence(since)) and day_of(seen.start, zone) == day]
    seen = min(found, key=lambda one: one.start, default=None)
    return Meant(seen.original_start, seen.start, seen.end) if seen else Meant(None, None, None)


def _kept_on(items: Iterable[Item], day: date, zone: str) -> Meant:
    places = [place for one in items for place in one.places if day_of(place.start, zone) == day]
    place = min(places, key=lambda one: one.start, default=None)
    return Meant(place.key, place.start, place.end) if place else Meant(None, None, None)


def _goes_to(item: Item, coming: Sequence[Coming], now: datetime) -> datetime | None:
    to = carried_to(item.places, coming, now)
    return to.key if to else None


def _line(item: Item, place: Place | None, start: datetime, now: datetime) -> AgendaLine:
    became = item.became.get(place.occurrence) if place else None
    if place is not None and became is None and is_carried(place, now):
        became = Became(Outcome.CARRIED)
    is_last = place is None or newest(item.places).occurrence == place.occurrence
    return AgendaLine(item, place, returns(item.places, start, now), became, is_open=is_last)


def _judged(line: AgendaLine, decisions: tuple[LinkedDecision, ...]) -> AgendaLine:
    is_settled = line.place is not None and line.place.outcome is not None
    if is_settled or not line.is_open:
        return replace(line, decisions=decisions)
    choices = allowed(line.returns, line.item.purpose, has_decision=bool(decisions))
    return replace(line, decisions=decisions, choices=choices)


def _item(rows: Sequence[Row[Any]], known: Mapping[UUID, SeriesPicture] | None, now: datetime) -> Item:
    first = rows[0]
    return Item(
        id=first.id,
        version=first.version,
        title=first.title,
        purpose=Purpose(first.purpose),
        minutes=first.minutes,
        papers=tuple(line.strip() for line in first.papers.splitlines() if line.strip()),
        customer=first.customer,
        brought_by=first.department or first.person or "the chair",
        seat=first.seat_id,
        person=first.person_id,
        places=tuple(_place(row, (known or {}).get(row.series_id), now, is_asked=known is not None) for row in rows),
        became={
            row.occurrence_id: Became(Outcome(row.outcome), row.words or "", row.to_person or "", row.to_day)
            for row in rows
            if row.outcome is not None
        },
    )


def _place(row: Row[Any], picture: SeriesPicture | None, now: datetime, *, is_asked: bool) -> Place:
    """Of what is over, as it was recorded; of what is to come, as the calendar has it."""
    start, end, is_gone = row.start, row.end, row.cancelled
    if end > now and is_asked:
        seen = picture.occurrence_at(row.original_start) if picture else None
        start, end = (seen.start, seen.end) if seen else (start, end)
        is_gone = is_gone or seen is None
    outcome = Outcome(row.outcome) if row.outcome else None
    return Place(row.occurrence_id, start, end, row.rank, outcome, row.outcome_at, is_gone, row.original_start)


def _decisions(session: Session, items: Sequence[UUID]) -> dict[UUID, tuple[LinkedDecision, ...]]:
    found: dict[UUID, tuple[LinkedDecision, ...]] = {}
    for row in store.decisions_of_items(session, items):
        one = LinkedDecision(row.number or str(row.id), row.number, row.title)
        found[row.item_id] = (*found.get(row.item_id, ()), one)
    return found


def _due(
    session: Session, meeting: Meeting, on: date, today: date, *, reads_positions: bool
) -> tuple[tuple[DuePromise, ...], tuple[DueReview, ...]]:
    promises, reviews = [], []
    for row in store.due_by(session, meeting.id, on, today, _MOST_DUE, reads_positions=reads_positions):
        if row.what == store.PROMISE:
            promises.append(DuePromise(row.id, row.text, row.person, row.on, row.on < today))
        else:
            reviews.append(DueReview(row.number, row.text, row.on))
    are_reviewed = settings_of(session, meeting.id).modes.is_on("D08")
    return tuple(promises), tuple(reviews) if are_reviewed else ()
