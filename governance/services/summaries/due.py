"""Which summaries of which meetings are due now, and for whom: asked every minute, in a few statements for all of them.

What was looked at is remembered until the calendar shows something new, the charter or somebody's choice changes, the
clock is set back, or the next summary is due. A period is done once for each hour at which somebody wants it; what came
due while a meeting rested is done without a mail.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from governance.domain.charter import Charter, read_charter
from governance.domain.summaries.timing import After, Hour, Occasion, held_before, hour_of, newest_due, next_due
from governance.reconcile.drift import NO_OCCURRENCE
from governance.services.summaries.occasions import Days, days_of
from governance.services.upcoming import is_paused
from governance.store import summary_times as store
from governance.store.meetings import all_pauses

log = logging.getLogger(__name__)

AT_ONCE = 50
"""So many meetings are looked at together: their pictures are large."""


@dataclass(frozen=True, slots=True)
class Round:
    """The summaries of one period that are due at one hour.

    `only` are the readers who chose that hour after it was done; None means everybody who wants it then. `charter` is
    the hour at which everybody is told who has not chosen another.
    """

    meeting_id: UUID
    time_zone: str
    occasion: Occasion
    at: str
    charter: str
    is_resting: bool = False
    only: frozenset[UUID] | None = None

    @property
    def is_default(self) -> bool:
        return self.at == self.charter


@dataclass(frozen=True, slots=True)
class _Known:
    state: object
    looked_at: datetime
    next_at: datetime | None

    def holds(self, state: object, now: datetime) -> bool:
        return self.state == state and self.looked_at <= now and (self.next_at is None or now < self.next_at)


@dataclass(slots=True)
class Diary:
    """What is known of when summaries go; one for each worker."""

    _known: dict[UUID, _Known] = field(default_factory=dict)

    def rounds(self, session: Session, now: datetime) -> list[Round]:
        """What is due and not done."""
        meetings = store.meetings_that_tell(session)
        series, wishes = by_meeting(store.series_states(session)), by_meeting(store.wishes(session))
        states = {one.id: _state(one, series[one.id], wishes[one.id]) for one in meetings}
        self._known = {key: known for key, known in self._known.items() if key in states}
        wanted = [
            one for one in meetings if one.id not in self._known or not self._known[one.id].holds(states[one.id], now)
        ]
        found: list[Round] = []
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            for one, rounds, next_at in _looked(session, some, series, wishes, now):
                found += rounds
                if rounds:  # until they are done
                    self._known.pop(one, None)
                else:
                    self._known[one] = _Known(states[one], now, next_at)
        return found


def rests(meeting: Any, pauses: Sequence[Any], now: datetime) -> bool:
    """Whether nobody hears of the meeting now."""
    return is_silent(meeting.frozen_code) or meeting.restored_hold or is_paused(meeting, pauses, now)


def is_silent(frozen_code: str | None) -> bool:
    """A series that has ended has nothing to write on its invitation, and its last occurrence to sum up."""
    return frozen_code not in (None, NO_OCCURRENCE)


def charter_of(source: str | None) -> Charter:
    return read_charter(source) if source else Charter()


def by_meeting(rows: Iterable[Any]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.meeting_id].append(row)
    return found


def _state(meeting: Any, series: Iterable[Any], wishes: Iterable[Any]) -> object:
    return (tuple(meeting), tuple(map(tuple, series)), tuple(map(tuple, wishes)))


@dataclass(frozen=True, slots=True)
class _Hours:
    """When the summaries of a meeting are wanted: the charter's hour first."""

    by_text: dict[str, Hour]
    default: str

    def of(self, wish: Any) -> str | None:
        """When one person wants the summary of this meeting; None where one mail tells of all."""
        return None if wish.is_together else wish.at or self.default

    @property
    def longest(self) -> timedelta:
        return max((one.delay for one in self.by_text.values() if isinstance(one, After)), default=timedelta(0))


def _looked(
    session: Session, meetings: list[Any], series: Mapping[UUID, Any], wishes: Mapping[UUID, Any], now: datetime
) -> list[tuple[UUID, list[Round], datetime | None]]:
    """Where one of them cannot be looked at each is by itself, and that one rests until something about it changes."""
    try:
        return list(_look(session, meetings, series, wishes, now))
    except SQLAlchemyError:
        raise
    except Exception:
        if len(meetings) > 1:
            return [found for one in meetings for found in _looked(session, [one], series, wishes, now)]
        log.exception("a meeting could not be summed up", extra={"meeting": str(meetings[0].id)})
        return [(meetings[0].id, [], None)]


def _look(
    session: Session, meetings: list[Any], series: Mapping[UUID, Any], wishes: Mapping[UUID, Any], now: datetime
) -> Iterable[tuple[UUID, list[Round], datetime | None]]:
    charters = store.charters_in_force(session, [one.id for one in meetings])
    hours = {one.id: _hours(charter_of(charters.get(one.id)), wishes[one.id]) for one in meetings}
    longest = max((one.longest for one in hours.values()), default=timedelta(0))
    days = {one.meeting_id: one for one in days_of(session, meetings, series, now, delay=longest)}
    pauses = all_pauses(session)
    due = {one: _due(its, hours[one], now) for one, its in days.items()}
    abouts = {about for some in due.values() for one in some.values() for about in one.abouts}
    done = store.done_among(session, list(due), abouts)
    for meeting in meetings:
        its = days.get(meeting.id)
        if its is None:  # until something about it changes
            yield meeting.id, [], None
            continue
        is_resting = rests(meeting, pauses, now)
        rounds = [
            Round(
                meeting.id, meeting.time_zone, occasion, at, hours[meeting.id].default, is_resting=is_resting, only=only
            )
            for at, occasion, only in _open(due[meeting.id], done, hours[meeting.id], meeting.id, wishes[meeting.id])
        ]  # fmt: skip
        yield meeting.id, rounds, next_due(its.occasions, hours[meeting.id].by_text.values(), its.time_zone, now)


def _hours(charter: Charter, wishes: Iterable[Any]) -> _Hours:
    chosen = [one.at for one in wishes if one.at is not None and not one.is_together]
    return _Hours({at: hour_of(at) for at in dict.fromkeys([charter.summary, *chosen])}, charter.summary)


@dataclass(frozen=True, slots=True)
class _Due:
    """What is due at one hour; `before` was held and is told first, where the newest tells nothing of what happened."""

    newest: Occasion
    before: Occasion | None

    @property
    def abouts(self) -> set[str]:
        return {one.key for one in (self.newest, self.before) if one is not None}


def _due(days: Days, hours: _Hours, now: datetime) -> dict[str, _Due]:
    found = {}
    for at, hour in hours.by_text.items():
        newest = newest_due(days.occasions, hour, days.time_zone, now)
        if newest is not None:
            found[at] = _Due(newest, held_before(days.occasions, newest, hour, days.time_zone, now))
    return found


def _open(
    due: Mapping[str, _Due],
    done: Mapping[tuple[UUID | None, str, str], datetime],
    hours: _Hours,
    meeting_id: UUID,
    wishes: Iterable[Any],
) -> Iterable[tuple[str, Occasion, frozenset[UUID] | None]]:
    """Each hour whose newest period is not done, or was done before somebody chose that hour."""
    for at, its in due.items():
        if its.before is not None and (meeting_id, its.before.key, at) not in done:
            yield at, its.before, None
        done_at = done.get((meeting_id, its.newest.key, at))
        if done_at is None:
            yield at, its.newest, None
        elif late := {one.person_id for one in wishes if hours.of(one) == at and one.chosen_at >= done_at}:
            yield at, its.newest, frozenset(late)
