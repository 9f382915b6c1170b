"""What is set aside because it does not work: accounts that are left alone, events that wait."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance.models.calendar import Calendar, Series
from governance.models.meeting import Meeting
from governance.models.trouble import Breaker, Quarantine
from governance.reconcile.breaking import WAITING_CODES, BreakerState
from governance.reconcile.waiting import UNREADABLE


@dataclass(frozen=True, slots=True)
class SetAside:
    """An event that waits, as one cycle needs it."""

    event_id: str
    meeting_id: UUID
    failures: int
    retry_at: datetime | None
    is_unreadable: bool

    def is_waiting(self, now: datetime) -> bool:
        return self.retry_at is not None and self.retry_at > now


def open_breakers(session: Session, now: datetime) -> dict[str, BreakerState]:
    """The open ones by subject; one whose time has come is open all the same, but for its probe.

    Whether a calendar may be read is `governance.reconcile.breaking.may_be_read` of it.
    """
    rows = session.execute(
        select(Breaker.subject, Breaker.failures, Breaker.since, Breaker.open_until, Breaker.probe_id).where(
            Breaker.open_until.is_not(None)
        )
    )
    return {
        subject: BreakerState(failures, since, open_until, probe_id)
        for subject, failures, since, open_until, probe_id in rows
    }


def breaker_to_change(session: Session, subject: str) -> Breaker | None:
    """The row, locked."""
    return session.scalars(select(Breaker).where(Breaker.subject == subject).with_for_update()).one_or_none()


def breaker_begun(session: Session, subject: str, now: datetime) -> Breaker:
    """The row, locked, made where there is none; two workers may be about to make it."""
    found = breaker_to_change(session, subject)
    if found is None:
        with suppress(IntegrityError), session.begin_nested():
            session.add(
                Breaker(subject=subject, failures=0, since=now, problem_code="", problem_text="", problem_remedy="")
            )
        found = breaker_to_change(session, subject)
    if found is None:
        raise LookupError(f"the breaker of {subject} went while it was begun")
    return found


def calendars_that_may_probe(session: Session, subject: str) -> list[UUID]:
    """The account's calendars with a governed meeting, without those that have a trouble of their own."""
    governed = exists(
        select(Series.id)
        .join(Meeting, Meeting.id == Series.meeting_id)
        .where(Series.calendar_id == Calendar.id, Series.retired_at.is_(None), Meeting.released_at.is_(None))
    )
    may = or_(Calendar.problem_code.is_(None), Calendar.problem_code.in_(WAITING_CODES))
    return list(session.scalars(select(Calendar.id).where(Calendar.subject == subject, governed, may)))


def waiting_calendars(session: Session, subject: str) -> list[Calendar]:
    return list(session.scalars(select(Calendar).where(Calendar.subject == subject, Calendar.retry_at.is_not(None))))


def wake_meetings(session: Session, calendar_ids: Iterable[UUID]) -> None:
    """Meetings on these calendars that wait for the account's trouble wait no longer."""
    on_them = select(Series.meeting_id).where(Series.calendar_id.in_(list(calendar_ids)))
    session.execute(
        update(Meeting)
        .where(Meeting.id.in_(on_them), Meeting.retry_at.is_not(None), Meeting.problem_code.in_(WAITING_CODES))
        .values(retry_at=None)
        .execution_options(synchronize_session=False)
    )


def set_aside_on(session: Session, calendar_id: UUID) -> list[SetAside]:
    """Events of the calendar that wait, of meetings that are governed."""
    return _set_aside(session, calendar_id=calendar_id)


def set_aside_of(session: Session, meeting_id: UUID) -> list[SetAside]:
    return _set_aside(session, meeting_id=meeting_id)


def _set_aside(session: Session, **where: UUID) -> list[SetAside]:
    rows = session.execute(
        select(
            Quarantine.event_id,
            Quarantine.meeting_id,
            Quarantine.failures,
            Quarantine.retry_at,
            Quarantine.problem_code == UNREADABLE,
        )
        .join(Meeting, Meeting.id == Quarantine.meeting_id)
        .where(Meeting.released_at.is_(None), *(getattr(Quarantine, name) == value for name, value in where.items()))
        .order_by(Quarantine.event_id)
    )
    return [SetAside(*row) for row in rows]


def quarantine_to_change(session: Session, calendar_id: UUID, event_id: str) -> Quarantine | None:
    return session.scalars(
        select(Quarantine)
        .where(Quarantine.calendar_id == calendar_id, Quarantine.event_id == event_id)
        .with_for_update()
    ).one_or_none()


def quarantines_of(session: Session, meeting_id: UUID) -> list[Quarantine]:
    """Of one meeting, the oldest first."""
    return list(
        session.scalars(
            select(Quarantine).where(Quarantine.meeting_id == meeting_id).order_by(Quarantine.since, Quarantine.id)
        )
    )


def forget_quarantines(session: Session, meeting_id: UUID) -> None:
    """The meeting is linked to another event or released: what refused before is no business of ours any more."""
    session.execute(
        delete(Quarantine).where(Quarantine.meeting_id == meeting_id).execution_options(synchronize_session=False)
    )
