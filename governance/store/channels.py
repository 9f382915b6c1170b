"""What is asked about push channels: by a notification, by whoever tends them, by the scheduler, by the status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, delete, exists, not_, select
from sqlalchemy.orm import Session

from governance.models.calendar import Calendar, Series
from governance.models.channel import Channel
from governance.models.meeting import Meeting
from governance.push.deciding import KnownChannel
from governance.reconcile.ports import CalendarAddress


def _table(model: Any) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101
    return table


# Tables, not mapped objects: a forged notification has to be cheap, and `status` sets up no mappers.
_CALENDARS, _CHANNELS, _SERIES, _MEETINGS = _table(Calendar), _table(Channel), _table(Series), _table(Meeting)

_FACTS = (
    *("id", "asked_at", "resource_id", "opened_at", "expires_at", "renew_at", "confirmed_at", "replaced_at"),
    "stopped_at",
)

_IS_GOVERNED = exists(
    select(_MEETINGS.c.id)
    .join(_SERIES, _SERIES.c.meeting_id == _MEETINGS.c.id)
    .where(_SERIES.c.calendar_id == _CALENDARS.c.id, _MEETINGS.c.released_at.is_(None))
    .correlate(_CALENDARS)
)

_HAS_CHANNELS = exists(select(_CHANNELS.c.id).where(_CHANNELS.c.calendar_id == _CALENDARS.c.id).correlate(_CALENDARS))

# Asked for every notification, the forged ones too: built once, and executed on the connection.
_ADDRESSED = (
    select(*(_CHANNELS.c[name] for name in _FACTS), _CHANNELS.c.calendar_id, _CHANNELS.c.token_hash, _CALENDARS.c.dirty)
    .join(_CALENDARS, _CALENDARS.c.id == _CHANNELS.c.calendar_id)
    .where(_CHANNELS.c.id == bindparam("channel"))
)


def _at_rest(channels: Any) -> ColumnElement[bool]:
    return and_(
        *(channels[name].is_not(None) for name in ("resource_id", "opened_at", "confirmed_at")),
        *(channels[name].is_(None) for name in ("replaced_at", "stopped_at")),
        *(channels[name] > bindparam("now") for name in ("renew_at", "expires_at")),
    )


def _glance(wanted: ColumnElement[bool]) -> Select[Any]:
    calendars, channels, resting = _CALENDARS.c, _CHANNELS.c, _CHANNELS.alias().c
    others = and_(channels.calendar_id == calendars.id, not_(_at_rest(channels)))
    working = select(resting.id).where(resting.calendar_id == calendars.id, _at_rest(resting))
    return (
        select(calendars.id, calendars.push_retry_at, _IS_GOVERNED, exists(working.correlate(_CALENDARS)))
        .add_columns(*(channels[name] for name in _FACTS))
        .join_from(_CALENDARS, _CHANNELS, others, isouter=True)
        .where(wanted)
        .order_by(calendars.id, channels.asked_at, channels.id)
    )


_GLANCE, _GLANCE_WITH_PUSH = _glance(_HAS_CHANNELS), _glance(_IS_GOVERNED | _HAS_CHANNELS)


@dataclass(frozen=True, slots=True)
class AddressedChannel:
    """What a notification is judged by, in one statement whether there is such a channel or not."""

    calendar_id: UUID
    token_hash: str
    is_calendar_dirty: bool
    facts: KnownChannel


@dataclass(frozen=True, slots=True, kw_only=True)
class TendedCalendar:
    """A calendar with the channels that are known of it; `is_governed`: at least one of its meetings is."""

    id: UUID
    google_id: str
    subject: str
    is_governed: bool
    push_retry_at: datetime | None
    push_problem: str | None
    push_remedy: str | None
    channels: tuple[KnownChannel, ...]

    @property
    def address(self) -> CalendarAddress:
        return CalendarAddress(self.google_id, self.subject)


@dataclass(frozen=True, slots=True)
class Glance:
    """As much of a calendar as the scheduler has to know, which looks at all of them every second.

    `is_at_rest`: it has a channel that works and is fresh; such a one is not read. `others` are those that are not.
    """

    id: UUID
    is_governed: bool
    push_retry_at: datetime | None
    is_at_rest: bool
    others: list[KnownChannel]


def addressed_channel(session: Session, channel_id: UUID) -> AddressedChannel | None:
    row = session.connection().execute(_ADDRESSED, {"channel": channel_id}).one_or_none()
    if row is None:
        return None
    return AddressedChannel(row.calendar_id, row.token_hash, row.dirty, _known(row))


def tended_calendar(session: Session, calendar_id: UUID) -> TendedCalendar | None:
    return next(_tended(session, _with_channels().where(_CALENDARS.c.id == calendar_id)), None)


def governed_calendars(session: Session) -> list[TendedCalendar]:
    """Every calendar that is governed or has channels, in one statement."""
    return list(_tended(session, _with_channels().where(_IS_GOVERNED | _HAS_CHANNELS)))


def glances(session: Session, now: datetime, *, push: bool) -> list[Glance]:
    """Every calendar that has channels and, with push, every one that is governed."""
    rows = session.connection().execute(_GLANCE_WITH_PUSH if push else _GLANCE, {"now": now})
    found: dict[UUID, Glance] = {}
    for calendar_id, retry_at, is_governed, is_at_rest, *facts in rows:
        glance = found.get(calendar_id)
        if glance is None:
            glance = found[calendar_id] = Glance(calendar_id, bool(is_governed), retry_at, bool(is_at_rest), [])
        if facts[0] is not None:
            glance.others.append(KnownChannel(**dict(zip(_FACTS, facts, strict=True))))
    return list(found.values())


def calendar_to_mark(session: Session, calendar_id: UUID) -> Calendar:
    """The row, locked and as it is now: whoever else marks it waits."""
    wanted = select(Calendar).where(Calendar.id == calendar_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def channels_to_change(session: Session, calendar_id: UUID) -> list[Channel]:
    wanted = select(Channel).where(Channel.calendar_id == calendar_id).order_by(Channel.asked_at, Channel.id)
    return list(session.scalars(wanted.with_for_update()))


def channel_to_change(session: Session, channel_id: UUID) -> Channel | None:
    return session.scalar(select(Channel).where(Channel.id == channel_id).with_for_update())


def remove_channels(session: Session, channel_ids: Iterable[UUID]) -> None:
    session.execute(delete(Channel).where(Channel.id.in_(list(channel_ids))))


def meetings_by_calendar(session: Session) -> dict[UUID, list[str]]:
    """The governed meetings that each calendar carries, by slug."""
    rows = session.execute(
        select(_SERIES.c.calendar_id, _MEETINGS.c.slug)
        .join(_MEETINGS, _MEETINGS.c.id == _SERIES.c.meeting_id)
        .where(_MEETINGS.c.released_at.is_(None))
        .distinct()
        .order_by(_MEETINGS.c.slug)
    )
    found: dict[UUID, list[str]] = {}
    for calendar_id, slug in rows:
        found.setdefault(calendar_id, []).append(slug)
    return found


def known(row: Channel) -> KnownChannel:
    return KnownChannel(**{name: getattr(row, name) for name in _FACTS})


def _with_channels() -> Select[Any]:
    calendars = _CALENDARS.c
    return (
        select(
            calendars.id.label("calendar_id"),
            calendars.google_id,
            calendars.subject,
            calendars.push_retry_at,
            calendars.push_problem,
            calendars.push_remedy,
            _IS_GOVERNED.label("is_governed"),
            *(_CHANNELS.c[name] for name in _FACTS),
        )
        .join_from(_CALENDARS, _CHANNELS, _CHANNELS.c.calendar_id == calendars.id, isouter=True)
        .order_by(calendars.id, _CHANNELS.c.asked_at, _CHANNELS.c.id)
    )


def _tended(session: Session, wanted: Select[Any]) -> Iterator[TendedCalendar]:
    rows = session.execute(wanted).all()
    for calendar_id, group in groupby(rows, key=lambda row: row.calendar_id):
        of_calendar = list(group)
        first = of_calendar[0]
        yield TendedCalendar(
            id=calendar_id,
            google_id=first.google_id,
            subject=first.subject,
            is_governed=bool(first.is_governed),
            push_retry_at=first.push_retry_at,
            push_problem=first.push_problem,
            push_remedy=first.push_remedy,
            channels=tuple(_known(row) for row in of_calendar if row.id is not None),
        )


def _known(row: Any) -> KnownChannel:
    return KnownChannel(**{name: getattr(row, name) for name in _FACTS})
