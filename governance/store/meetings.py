"""Meetings and what is kept beside them: calendars, series, roles, pauses, charters, modes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.models.calendar import Calendar, Series
from governance.models.meeting import CharterVersion, Meeting, Pause, Role, RuleMode
from governance.models.person import Address, Person


def meeting_by_slug(session: Session, slug: str) -> Meeting | None:
    return session.scalar(select(Meeting).where(Meeting.slug == slug))


def lock_meeting(session: Session, meeting: Meeting) -> None:
    """Nobody else changes this meeting's roster until the transaction ends: the cap is a rule over many rows."""
    session.refresh(meeting, with_for_update=True)


def all_meetings(session: Session, *, with_released: bool = False) -> list[Meeting]:
    wanted = select(Meeting).order_by(Meeting.slug)
    return list(session.scalars(wanted if with_released else wanted.where(Meeting.released_at.is_(None))))


def all_slugs(session: Session) -> list[str]:
    return list(session.scalars(select(Meeting.slug).order_by(Meeting.slug)))


def calendar_by_google_id(session: Session, google_id: str) -> Calendar | None:
    return session.scalar(select(Calendar).where(Calendar.google_id == google_id))


def all_calendars(session: Session) -> list[Calendar]:
    return list(session.scalars(select(Calendar).order_by(Calendar.google_id)))


def series_by_event(session: Session, calendar_id: UUID, event_id: str) -> Series | None:
    return session.scalar(select(Series).where(Series.calendar_id == calendar_id, Series.event_id == event_id))


def series_of(session: Session, meeting_ids: Iterable[UUID]) -> dict[UUID, list[tuple[Series, Calendar]]]:
    """Every series of these meetings with its calendar, oldest first (identifiers rise with time)."""
    rows = session.execute(
        select(Series, Calendar)
        .join(Calendar, Calendar.id == Series.calendar_id)
        .where(Series.meeting_id.in_(list(meeting_ids)))
        .order_by(Series.id)
    )
    found: dict[UUID, list[tuple[Series, Calendar]]] = defaultdict(list)
    for series, calendar in rows:
        found[series.meeting_id].append((series, calendar))
    return found


def events_not_free_for(session: Session, meeting_id: UUID, calendar_id: UUID) -> frozenset[str]:
    """Events of the calendar that the meeting cannot be linked to: another meeting's, and what it is linked to now."""
    is_taken = or_(Series.meeting_id != meeting_id, Series.retired_at.is_(None))
    return frozenset(session.scalars(select(Series.event_id).where(Series.calendar_id == calendar_id, is_taken)))


@dataclass(frozen=True, slots=True)
class RoleHolder:
    meeting_id: UUID
    kind: str
    person_id: UUID
    name: str
    address: str


def role_holders(session: Session, meeting_ids: Iterable[UUID], on: date) -> list[RoleHolder]:
    """Chair, scribe and leadership of these meetings that day, in the order of their appointment."""
    rows = session.execute(
        select(Role.meeting_id, Role.kind, Person.id, Person.name, Address.folded)
        .join(Person, Person.id == Role.person_id)
        .join(Address, Address.person_id == Person.id)
        .where(Role.meeting_id.in_(list(meeting_ids)), Address.is_primary, _holds_on(Role, on))
        .order_by(Role.first_day, Role.id)
    )
    return [RoleHolder(*row) for row in rows]


def role_rows(session: Session, meeting_id: UUID, kind: str) -> list[Role]:
    return list(session.scalars(select(Role).where(Role.meeting_id == meeting_id, Role.kind == kind)))


def pauses(session: Session, meeting_id: UUID | None) -> list[Pause]:
    """The pauses set for this meeting or, with None, for all meetings at once."""
    whose = Pause.meeting_id.is_(None) if meeting_id is None else Pause.meeting_id == meeting_id
    return list(session.scalars(select(Pause).where(whose).order_by(Pause.id)))


def pauses_that_touch(session: Session, meeting_id: UUID) -> tuple[list[Pause], list[Pause]]:
    """Those set for this meeting, and those set for all meetings at once."""
    touching = or_(Pause.meeting_id == meeting_id, Pause.meeting_id.is_(None))
    rows = session.scalars(select(Pause).where(touching).order_by(Pause.id)).all()
    return [one for one in rows if one.meeting_id is not None], [one for one in rows if one.meeting_id is None]


def all_pauses(session: Session) -> list[Pause]:
    return list(session.scalars(select(Pause).order_by(Pause.id)))


def charter_in_force(session: Session, meeting_id: UUID) -> CharterVersion | None:
    newest = select(CharterVersion).where(CharterVersion.meeting_id == meeting_id)
    found: CharterVersion | None = session.scalar(newest.order_by(CharterVersion.number.desc()).limit(1))
    return found


def rule_modes(session: Session, meeting_id: UUID) -> dict[str, str]:
    """The modes that this meeting has set itself, by code."""
    rows = session.execute(select(RuleMode.code, RuleMode.mode).where(RuleMode.meeting_id == meeting_id))
    return {row.code: row.mode for row in rows}


def rule_mode_row(session: Session, meeting_id: UUID, code: str) -> RuleMode | None:
    return session.scalar(select(RuleMode).where(RuleMode.meeting_id == meeting_id, RuleMode.code == code))


def _holds_on(row: Any, on: date) -> Any:
    return (row.first_day <= on) & or_(row.last_day.is_(None), row.last_day >= on)
