"""The stored picture of calendars: which series are governed, and what they looked like when last read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from governance.domain.event_ids import base_id
from governance.models.calendar import Calendar, EventPicture, Series
from governance.models.identifiers import new_id
from governance.models.meeting import Meeting
from governance.models.trouble import Breaker, Quarantine
from governance.models.types import instant_text
from governance.reconcile.breaking import WAITING_CODES, BreakerState
from governance.reconcile.ports import CalendarAddress
from governance.reconcile.received import ListedEvent

_LONGEST_MEETING = timedelta(days=7)
"""A cancelled exception has no end; it takes its occurrence away for as long as that could have lasted."""

# Asked in every cycle, some twice: built once, and executed on the connection.
_OF_CALENDAR = (
    Calendar.google_id,
    Calendar.subject,
    Calendar.sync_token,
    Calendar.access_role,
    Calendar.failures,
    Calendar.writes_paused_until,
    Calendar.problem_code,
    Calendar.dirty,
    Calendar.reading_since,
    exists().where(Series.calendar_id == Calendar.id, Series.meeting_id == Meeting.id, Meeting.released_at.is_(None)),
    exists(select(Quarantine.id).where(Quarantine.calendar_id == Calendar.id)),
    Breaker.failures,
    Breaker.since,
    Breaker.open_until,
    Breaker.probe_id,
)
_CALENDAR = (
    select(*_OF_CALENDAR)
    .outerjoin(Breaker, Breaker.subject == Calendar.subject)
    .where(Calendar.id == bindparam("calendar"))
)
_MEETINGS_TO_LOOK_AT = (
    select(Meeting.id)
    .join(Series, Series.meeting_id == Meeting.id)
    .where(
        Series.calendar_id == bindparam("calendar"),
        Series.retired_at.is_(None),
        Meeting.released_at.is_(None),
        or_(
            Meeting.dirty.is_(True),
            Meeting.due_at.is_(None),
            Meeting.due_at <= bindparam("now"),
            # Its trouble is noted still: whoever found that it is over died before saying so.
            Meeting.retry_at.is_not(None),
        ),
        or_(Meeting.retry_at.is_(None), Meeting.retry_at <= bindparam("now")),
    )
    .distinct()
    .order_by(Meeting.id)
)
_GOVERNED = (
    select(Series.id, Series.event_id, Series.meeting_id, Series.gone_at)
    .join(Meeting, Meeting.id == Series.meeting_id)
    .where(Series.calendar_id == bindparam("calendar"), Series.retired_at.is_(None), Meeting.released_at.is_(None))
    .order_by(Series.id)
)
_MARK_DIRTY = (
    update(Meeting)
    .where(Meeting.id.in_(bindparam("meetings", expanding=True)))
    .values(dirty=True, stirred=Meeting.stirred + 1)
)

_SEEN = ("is_series", "original_start", "matters_until", "etag", "status", "body_json", "seen_at")
_COLUMNS = ("id", "series_id", "event_id", *_SEEN)
_SAVE_PICTURE = (
    f"INSERT INTO event_picture ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))}) "  # noqa: S608
    f"ON CONFLICT (series_id, event_id) DO UPDATE SET {', '.join(f'{one} = excluded.{one}' for one in _SEEN)}"
)
"""Given to the driver as it is, with texts that both databases take: a first listing stores thousands of events, and
to have the value of every column translated would cost as much as all that is done with them."""

_ROWS_AT_ONCE = 250
"""So many are held as rows beside the events they are made of."""


@dataclass(frozen=True, slots=True)
class CalendarToRead:
    """A calendar as one cycle needs it.

    `has_set_aside`: an event of it cannot be read or written. `breaker`: failures in a row of its account, if any.
    """

    id: UUID
    address: CalendarAddress
    sync_token: str | None
    access_role: str | None
    failures: int
    writes_paused_until: datetime | None
    has_problem: bool
    is_dirty: bool
    is_being_read: bool
    is_governed: bool
    has_set_aside: bool = False
    breaker: BreakerState | None = None


@dataclass(frozen=True, slots=True)
class GovernedSeries:
    id: UUID
    event_id: str
    meeting_id: UUID
    is_gone: bool


def calendar_to_read(session: Session, calendar_id: UUID) -> CalendarToRead | None:
    row = session.connection().execute(_CALENDAR, {"calendar": calendar_id}).one_or_none()
    if row is None:
        return None
    google_id, subject, token, role, failures, paused, problem, dirty, since, governed, aside, *of_breaker = row
    return CalendarToRead(
        id=calendar_id,
        address=CalendarAddress(google_id, subject),
        sync_token=token,
        access_role=role,
        failures=failures,
        writes_paused_until=paused,
        has_problem=problem is not None,
        is_dirty=dirty,
        is_being_read=since is not None,
        is_governed=governed,
        has_set_aside=bool(aside),
        breaker=BreakerState(*of_breaker) if of_breaker[0] is not None else None,
    )


def calendars_with_meetings(session: Session) -> list[UUID]:
    """Calendars that carry at least one meeting that was not released."""
    rows = session.scalars(
        select(Calendar.id)
        .join(Series, Series.calendar_id == Calendar.id)
        .join(Meeting, Meeting.id == Series.meeting_id)
        .where(Meeting.released_at.is_(None), Series.retired_at.is_(None))
        .distinct()
        .order_by(Calendar.id)
    )
    return list(rows)


def calendar_of_meeting(session: Session, meeting_id: UUID) -> UUID | None:
    """The calendar of the meeting's newest series."""
    return session.scalars(
        select(Series.calendar_id)
        .where(Series.meeting_id == meeting_id, Series.retired_at.is_(None))
        .order_by(Series.id.desc())
        .limit(1)
    ).first()


def governed_series(session: Session, calendar_id: UUID) -> list[GovernedSeries]:
    rows = session.connection().execute(_GOVERNED, {"calendar": calendar_id})
    return [GovernedSeries(id_, event, meeting, gone is not None) for id_, event, meeting, gone in rows]


def governed_bases(session: Session, calendar_id: UUID) -> frozenset[str]:
    return frozenset(base_id(series.event_id) for series in governed_series(session, calendar_id))


def meetings_to_look_at(session: Session, calendar_id: UUID, now: datetime) -> list[UUID]:
    """Meetings of the calendar whose roster changed, whose time has come, or whose trouble may be over."""
    return list(session.connection().scalars(_MEETINGS_TO_LOOK_AT, {"calendar": calendar_id, "now": now}))


def resting_meetings(session: Session, meeting_ids: Iterable[UUID], now: datetime) -> frozenset[UUID]:
    """Those that wait for their account or for Google: news of the calendar is no reason to call again earlier."""
    rows = session.scalars(
        select(Meeting.id).where(
            Meeting.id.in_(list(meeting_ids)), Meeting.retry_at > now, Meeting.problem_code.in_(WAITING_CODES)
        )
    )
    return frozenset(rows)


def mark_dirty(session: Session, meeting_ids: Iterable[UUID]) -> None:
    """These meetings are to be looked at; a look that is under way does not clear it."""
    ids = sorted(meeting_ids)
    if ids:
        session.flush()
        session.connection().execute(_MARK_DIRTY, {"meetings": ids})


def etags_of(session: Session, series_ids: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    """The stored etag of every event of these series, by (series, event id)."""
    rows = session.execute(
        select(EventPicture.series_id, EventPicture.event_id, EventPicture.etag).where(
            EventPicture.series_id.in_(list(series_ids))
        )
    )
    return {(series, event): etag for series, event, etag in rows}


def save_events(session: Session, events: Iterable[tuple[UUID, ListedEvent]], *, now: datetime) -> None:
    """Store each event's newest form."""
    session.flush()  # the series that the pictures belong to may be as new
    connection = session.connection()
    statement = _SAVE_PICTURE.replace("%s", "?") if connection.dialect.paramstyle == "qmark" else _SAVE_PICTURE
    rows = _rows(events, instant_text(now))
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        connection.exec_driver_sql(statement, some)


def _rows(events: Iterable[tuple[UUID, ListedEvent]], seen_at: str) -> Iterator[tuple[object, ...]]:
    """The values of `_COLUMNS`; where the event is known already, its row keeps its identifier."""
    first = new_id().int  # and from there on: made one by one they would cost as much as all the rest of their rows
    for number, (series_id, event) in enumerate(events):
        yield (
            f"{first + number:032x}",
            series_id.hex,
            event.id,
            event.series_id is None,
            _text_of(event.original_start),
            _text_of(_matters_until(event)),
            event.etag,
            event.status,
            event.to_stored(),
            seen_at,
        )


@lru_cache(maxsize=256)
def _text_of(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant)


def forget_events(session: Session, gone: Iterable[tuple[UUID, str]]) -> None:
    """Remove pictures of exceptions that a complete listing does not have any more."""
    for series_id, event_id in gone:
        session.execute(
            delete(EventPicture)
            .where(EventPicture.series_id == series_id, EventPicture.event_id == event_id)
            .execution_options(synchronize_session=False)
        )


def is_history(event: ListedEvent, now: datetime) -> bool:
    """Whether an exception is over: its attendance is recorded elsewhere, and nothing is ever written to it."""
    until = _matters_until(event)
    return until is not None and until <= now


def _matters_until(event: ListedEvent) -> datetime | None:
    start, end = event.original_start, event.end
    if start is None:
        return None
    return (end if end is not None and end > start else start) + _LONGEST_MEETING
