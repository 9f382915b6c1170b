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

from governance.domain.event_ids import base_id, is_split
from governance.models.calendar import AddressQuestion, Calendar, EventPicture, Series
from governance.models.identifiers import new_id
from governance.models.meeting import Meeting
from governance.models.person import Address
from governance.models.trouble import Breaker, Quarantine
from governance.models.types import instant_text
from governance.reconcile.breaking import WAITING_CODES, BreakerState
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.ports import CalendarAddress
from governance.reconcile.received import ListedEvent, stored_event
from governance.reconcile.waiting import UNREADABLE

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


def load_pictures(session: Session, meeting_id: UUID, now: datetime) -> tuple[SeriesPicture, ...]:
    """Every series of the meeting as last seen, oldest first; without retired ones and exceptions that are over."""
    rows = session.scalars(
        select(Series).where(Series.meeting_id == meeting_id, Series.retired_at.is_(None)).order_by(Series.id)
    ).all()
    events: dict[UUID, list[ObservedEvent]] = {row.id: [] for row in rows}
    stored = session.execute(
        select(EventPicture.series_id, EventPicture.body_json)
        .where(
            EventPicture.series_id.in_(list(events)),
            or_(EventPicture.matters_until.is_(None), EventPicture.matters_until > now),
        )
        .order_by(EventPicture.original_start, EventPicture.event_id)
    )
    for series_id, body in stored:
        events[series_id].append(stored_event(body))
    blocked = _blocked(session, list(events))
    unreadable = _unreadable(session, meeting_id)
    whole = next((why for event, why in unreadable.items() if _is_series(event, rows)), None)
    return tuple(_picture(row, events[row.id], {**blocked.get(row.id, {}), **unreadable}, whole) for row in rows)


def is_history(event: ListedEvent, now: datetime) -> bool:
    """Whether an exception is over: its attendance is recorded elsewhere, and nothing is ever written to it."""
    until = _matters_until(event)
    return until is not None and until <= now


def _matters_until(event: ListedEvent) -> datetime | None:
    start, end = event.original_start, event.end
    if start is None:
        return None
    return (end if end is not None and end > start else start) + _LONGEST_MEETING


def _unreadable(session: Session, meeting_id: UUID) -> dict[str, str]:
    """Why nothing is written on events that Google lists and nobody can read, by event id."""
    rows = session.scalars(
        select(Quarantine).where(Quarantine.meeting_id == meeting_id, Quarantine.problem_code == UNREADABLE)
    )
    return {row.event_id: f"{row.problem_remedy}: {row.problem_text}" for row in rows}


def _is_series(event_id: str, rows: Iterable[Series]) -> bool:
    """One of the meeting's series, or a split of one that nobody has been able to read yet."""
    return is_split(event_id) or any(row.event_id == event_id for row in rows)


def _picture(row: Series, events: list[ObservedEvent], blocked: dict[str, str], set_aside: str | None) -> SeriesPicture:
    series = next((event for event in events if event.series_id is None), None)
    return SeriesPicture(
        id=row.id,
        event_id=row.event_id,
        series=None if row.gone_at is not None else series,
        exceptions=tuple(event for event in events if event.series_id is not None),
        baseline=None if row.baseline_json is None else frozenset(row.baseline_json),
        accepted_block=row.accepted_block,
        written_block=row.last_written_block,
        known_rules=None if row.known_rules_json is None else tuple(row.known_rules_json),
        blocked=blocked,
        set_aside=set_aside,
        last_summary=series.summary if series is not None else "",
    )


def _blocked(session: Session, series_ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    rows: Iterable[AddressQuestion] = session.scalars(
        select(AddressQuestion)
        .where(AddressQuestion.series_id.in_(series_ids), AddressQuestion.settled_at.is_(None))
        .order_by(AddressQuestion.at)
    )
    rows = [row for row in rows if not _is_one_person(session, row)]
    blocked: dict[UUID, dict[str, str]] = {}
    for row in rows:
        why = (
            f"Google answered {row.answered} where {row.sent} was invited: say whether they are the same person "
            f"(governance roster alias {row.sent} {row.answered})"
        )
        blocked.setdefault(row.series_id, {})[row.event_id] = why
    return blocked


def _is_one_person(session: Session, question: AddressQuestion) -> bool:
    """Whether somebody has said by now that both addresses are one person's (`governance roster alias`)."""
    owners = session.scalars(
        select(Address.person_id).where(Address.folded.in_((question.sent, question.answered)))
    ).all()
    return len(owners) == len({question.sent, question.answered}) and len(set(owners)) == 1
