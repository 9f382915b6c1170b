"""What one person reads in their calendar: what they owe, what is reviewed, when they meet.

    roles in force → promises, reviews and occurrences of the meetings that are theirs → entries

Judged anew at each reading, by the table of who may what; that somebody runs the site opens nothing here, for an
address can get about. Five statements, for any number of meetings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Standing, Thing, actor_of, may, meetings_where
from governance.domain.feeds import AHEAD, attends, review_shown, revision
from governance.domain.ledger import Confidentiality
from governance.mail.calendar_feed import Entry
from governance.models.identifiers import made_at
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.picture import SeenOccurrence, SeriesPicture
from governance.reconcile.received import stored_event
from governance.services.decisions.log import may_read_any
from governance.store import feeds as store
from governance.store.standing_of_people import standing_of_person

_OURS = "@meeting-governance"
"""Behind every UID: it stays when the installation moves to another address."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whose feed it is, now."""

    actor: Actor
    standings: Sequence[Standing]
    stood_in: frozenset[tuple[UUID, datetime]]
    root: str
    now: datetime


def entries_of(session: Session, person_id: UUID, public_url: str, now: datetime) -> tuple[Entry, ...]:
    """What is due first, by day; then what is reviewed, then the occurrences of each meeting by start."""
    known = standing_of_person(session, person_id)
    actor = actor_of(person_id, known.standings, now)
    reader = _Reader(
        actor, known.standings, frozenset(store.stood_in(session, person_id)), public_url.rstrip("/"), now
    )  # fmt: skip
    meetings = meetings_where(actor, Act.READ, Kind.AGENDA) or frozenset()
    return (
        *_promises(store.open_promises(session, person_id), reader),
        *_reviews(store.reviews(session, meetings), reader),
        *_occurrences(store.seen_series(session, meetings, now), reader),
    )


def _promises(rows: Iterable[Any], reader: _Reader) -> Iterator[Entry]:
    """One's own, as long as one has a part in the meeting; the page of it is for who reads them all."""
    for row in rows:
        own = Thing(Kind.PROMISE, row.meeting_id, Confidentiality.SEATS, owner=reader.actor.person)
        if not may(reader.actor, Act.CHANGE, own):
            continue
        has_page = may(reader.actor, Act.READ, Thing(Kind.PROMISE, row.meeting_id))
        yield Entry(
            uid=f"promise-{row.id}{_OURS}",
            revision=row.version - 1,
            revised_at=row.revised_at,
            title=f"Due: {row.text}",
            about=f"You promised this in {row.name}.",
            address=f"{reader.root}/m/{row.slug}{f'/promises/{row.id}' if has_page else ''}",
            begins=row.due_on,
        )


def _reviews(rows: Iterable[Any], reader: _Reader) -> Iterator[Entry]:
    for row in rows:
        today = reader.now.astimezone(ZoneInfo(row.time_zone)).date()
        reads_positions = may_read_any(row.meeting_id, reader.actor)
        day = review_shown(row.on, row.open_on, today, reads_positions=reads_positions)
        if day is None:
            continue
        yield Entry(
            uid=f"review-{row.id}{_OURS}",
            revision=row.revision,
            revised_at=row.revised_at,
            title=f"Review of {row.number}: {row.title}",
            about=f"{row.name} looks at what became of its decision.",
            address=f"{reader.root}/m/{row.slug}/decisions/{row.number}",
            begins=day,
        )


def _occurrences(rows: Iterable[Any], reader: _Reader) -> Iterator[Entry]:
    of_series: Mapping[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        of_series[row.id].append(row)
    for some in of_series.values():
        events = [stored_event(row.body_json) for row in some]
        picture = _picture(some[0], events)
        if picture.is_live:
            seen_at = {row.seen_id: row.seen_at for row in some}
            yield from _of_series(some[0], picture, seen_at, reader)


def _picture(row: Any, events: Iterable[ObservedEvent]) -> SeriesPicture:
    known = list(events)
    return SeriesPicture(
        id=row.id,
        event_id=row.event_id,
        series=next((event for event in known if event.series_id is None), None),
        exceptions=tuple(event for event in known if event.series_id is not None),
    )


def _of_series(row: Any, picture: SeriesPicture, seen_at: Mapping[str, datetime], reader: _Reader) -> Iterator[Entry]:
    length = picture.recurrence.end - picture.recurrence.start
    until = reader.now + AHEAD
    held = takewhile(lambda one: one.start < until, picture.upcoming(reader.now))
    cancelled = (
        SeenOccurrence(one.id, one.original_start, one.original_start, one.original_start + length, one)
        for one in picture.exceptions
        if one.is_cancelled and one.original_start and one.original_start + length > reader.now
        and one.original_start < until
    )  # fmt: skip
    for one in sorted((*held, *cancelled), key=lambda seen: (seen.start, seen.original_start)):
        if _is_theirs(row, one, reader):
            yield _occurrence(row, one, length, seen_at, reader)


def _is_theirs(row: Any, one: SeenOccurrence, reader: _Reader) -> bool:
    day = one.start.astimezone(ZoneInfo(row.time_zone)).date()
    return attends(reader.standings, row.meeting_id, day) or (row.id, one.original_start) in reader.stood_in


def _occurrence(
    row: Any, one: SeenOccurrence, length: timedelta, seen_at: Mapping[str, datetime], reader: _Reader
) -> Entry:
    """A cancelled one stays and says so, in its title too: some programs show the title alone."""
    is_cancelled = one.exception is not None and one.exception.is_cancelled
    is_as_planned = one.start == one.original_start and one.end - one.start == length and not is_cancelled
    made, day = made_at(row.id), one.start.astimezone(ZoneInfo(row.time_zone)).date()
    seen = made if is_as_planned else seen_at[one.event_id]
    return Entry(
        uid=f"occurrence-{row.id}-{one.original_start.astimezone(UTC):%Y%m%dT%H%M%SZ}{_OURS}",
        revision=0 if is_as_planned else revision(made, seen),
        revised_at=seen,
        title=f"Cancelled: {row.name}" if is_cancelled else row.name,
        about="This occurrence is cancelled." if is_cancelled else "The agenda is here:",
        address=f"{reader.root}/m/{row.slug}/agenda?on={day.isoformat()}",
        begins=one.start.astimezone(UTC),
        ends=one.end.astimezone(UTC),
        is_cancelled=is_cancelled,
    )
