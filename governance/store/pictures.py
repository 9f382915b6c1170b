"""The stored picture of calendars: which series are governed, and what they looked like when last read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from governance.domain.event_ids import base_id
from governance.models.calendar import AddressQuestion, Calendar, EventPicture, Series
from governance.models.identifiers import new_id
from governance.models.meeting import Meeting
from governance.models.person import Address
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.ports import CalendarAddress

_LONGEST_MEETING = timedelta(days=7)
"""A cancelled exception has no end; it takes its occurrence away for as long as that could have lasted."""

# Asked in every cycle: built once, and executed on the connection.
_CALENDAR = select(
    Calendar.google_id,
    Calendar.subject,
    Calendar.sync_token,
    Calendar.access_role,
    Calendar.failures,
    Calendar.writes_paused_until,
    Calendar.problem_code,
    Calendar.dirty,
).where(Calendar.id == bindparam("calendar"))
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

_INSERT_PICTURE = insert(EventPicture)
"""Executed on the connection: what a session would do besides, nobody needs, and a first listing stores thousands."""

_ROWS_AT_ONCE = 100
"""So many are held as rows beside the events they are made of."""


@dataclass(frozen=True, slots=True)
class CalendarToRead:
    """A calendar as one cycle needs it; `needs_looking` are its meetings that are due besides any news."""

    id: UUID
    address: CalendarAddress
    sync_token: str | None
    access_role: str | None
    failures: int
    writes_paused_until: datetime | None
    has_problem: bool
    is_dirty: bool


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
    google_id, subject, token, role, failures, paused, problem, dirty = row
    return CalendarToRead(
        calendar_id, CalendarAddress(google_id, subject), token, role, failures, paused, problem is not None, dirty
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
    rows = session.execute(
        select(Series.id, Series.event_id, Series.meeting_id, Series.gone_at)
        .join(Meeting, Meeting.id == Series.meeting_id)
        .where(Series.calendar_id == calendar_id, Series.retired_at.is_(None), Meeting.released_at.is_(None))
        .order_by(Series.id)
    )
    return [GovernedSeries(id_, event, meeting, gone is not None) for id_, event, meeting, gone in rows]


def governed_bases(session: Session, calendar_id: UUID) -> frozenset[str]:
    return frozenset(base_id(series.event_id) for series in governed_series(session, calendar_id))


def meetings_to_look_at(session: Session, calendar_id: UUID, now: datetime) -> list[UUID]:
    """Meetings of the calendar whose roster changed, whose time has come, or whose trouble may be over."""
    return list(session.connection().scalars(_MEETINGS_TO_LOOK_AT, {"calendar": calendar_id, "now": now}))


def mark_dirty(session: Session, meeting_ids: Iterable[UUID]) -> None:
    """These meetings are to be looked at; a look that is under way does not clear it."""
    ids = sorted(meeting_ids)
    if ids:
        session.execute(
            update(Meeting)
            .where(Meeting.id.in_(ids))
            .values(dirty=True, stirred=Meeting.stirred + 1)
            .execution_options(synchronize_session=False)
        )


def etags_of(session: Session, series_ids: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    """The stored etag of every event of these series, by (series, event id)."""
    rows = session.execute(
        select(EventPicture.series_id, EventPicture.event_id, EventPicture.etag).where(
            EventPicture.series_id.in_(list(series_ids))
        )
    )
    return {(series, event): etag for series, event, etag in rows}


def save_events(
    session: Session,
    events: Iterable[tuple[UUID, ObservedEvent]],
    known: Mapping[tuple[UUID, str], str],
    *,
    now: datetime,
) -> None:
    """Store each event's newest form; `known` are the stored etags, as `etags_of` gives them."""
    new: list[tuple[UUID, ObservedEvent]] = []
    for series_id, event in events:
        if (series_id, event.id) in known:
            _update_event(session, series_id, event, now)
        else:
            new.append((series_id, event))
    session.flush()  # the series that the pictures belong to may be as new
    connection = session.connection()
    for begin in range(0, len(new), _ROWS_AT_ONCE):
        rows = [_new_row(*one, now) for one in new[begin : begin + _ROWS_AT_ONCE]]
        connection.execute(_INSERT_PICTURE, rows)


def _update_event(session: Session, series_id: UUID, event: ObservedEvent, now: datetime) -> None:
    session.execute(
        update(EventPicture)
        .where(EventPicture.series_id == series_id, EventPicture.event_id == event.id)
        .values(_seen(event, now))
        .execution_options(synchronize_session=False)
    )


def _new_row(series_id: UUID, event: ObservedEvent, now: datetime) -> dict[str, Any]:
    return {"id": new_id(), "series_id": series_id, "event_id": event.id, **_seen(event, now)}


def _seen(event: ObservedEvent, now: datetime) -> dict[str, Any]:
    return {
        "is_series": event.series_id is None,
        "original_start": event.original_start,
        "matters_until": _matters_until(event),
        "etag": event.etag,
        "status": event.status,
        "body_json": event.to_json(),
        "seen_at": now,
    }


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
        events[series_id].append(ObservedEvent.from_json(body))
    blocked = _blocked(session, list(events))
    return tuple(_picture(row, events[row.id], blocked.get(row.id, {})) for row in rows)


def is_history(event: ObservedEvent, now: datetime) -> bool:
    """Whether an exception is over: its attendance is recorded elsewhere, and nothing is ever written to it."""
    until = _matters_until(event)
    return until is not None and until <= now


def _matters_until(event: ObservedEvent) -> datetime | None:
    if event.original_start is None:
        return None
    return max(event.original_start, event.end or event.original_start) + _LONGEST_MEETING


def _picture(row: Series, events: list[ObservedEvent], blocked: dict[str, str]) -> SeriesPicture:
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
