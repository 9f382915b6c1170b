"""The occurrence of a day: found in the picture of the calendar, and kept once something hangs on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.reconcile.picture import SeenOccurrence, SeriesPicture
from governance.services.recording import today_of
from governance.store.seen_series import load_pictures
from governance.store.standing import occurrence_of

_FARTHEST = 600  # occurrences looked through: more than ten years of weeks


class NoOccurrence(GovernanceError):
    """The meeting does not take place on that day, or not any more."""


@dataclass(frozen=True, slots=True)
class NextOccurrence:
    series_id: UUID
    seen: SeenOccurrence


def next_occurrence(session: Session, meeting: Meeting, now: datetime) -> NextOccurrence | None:
    """The occurrence that runs or comes next, as the calendar was last read."""
    return next_in(load_pictures(session, meeting.id, now), now)


def next_in(pictures: Iterable[SeriesPicture], now: datetime) -> NextOccurrence | None:
    found = [NextOccurrence(one.id, seen) for one in pictures if (seen := one.next_occurrence(now)) is not None]
    return min(found, key=lambda one: one.seen.start, default=None)


def occurrence_on(session: Session, meeting: Meeting, day: date, *, now: datetime) -> Occurrence:
    """The occurrence that begins on that day where the meeting is held, and is not over.

    Raises:
        NoOccurrence: with the next days on which there is one.
    """
    pictures = load_pictures(session, meeting.id, now)
    found = next((one for one in _upcoming(pictures, now) if _day(meeting, one) == day), None)
    if found is None:
        raise _none_on(meeting, day, [_day(meeting, one) for one in islice(_upcoming(pictures, now), 3)])
    return kept_occurrence(session, found)


def kept_occurrence(session: Session, found: NextOccurrence) -> Occurrence:
    """The row of an occurrence, made when first needed; its times follow the calendar."""
    row = occurrence_of(session, found.series_id, found.seen.original_start)
    if row is None:
        row = Occurrence(
            series_id=found.series_id,
            original_start=found.seen.original_start,
            start=found.seen.start,
            end=found.seen.end,
        )
        session.add(row)
    row.start, row.end = found.seen.start, found.seen.end
    session.flush()
    return row


def _upcoming(pictures: Iterable[SeriesPicture], now: datetime) -> list[NextOccurrence]:
    found = [NextOccurrence(one.id, seen) for one in pictures for seen in islice(one.upcoming(now), _FARTHEST)]
    return sorted(found, key=lambda one: one.seen.start)


def _day(meeting: Meeting, one: NextOccurrence) -> date:
    return today_of(meeting, one.seen.start)


def _none_on(meeting: Meeting, day: date, nearest: list[date]) -> NoOccurrence:
    if not nearest:
        return NoOccurrence(f"Run `governance sync {meeting.slug}` first", "its calendar shows no occurrence to come")
    days = ", ".join(map(str, nearest))
    return NoOccurrence(f"Choose a day of the meeting such as {days}", f"there is no occurrence to come on {day}")
