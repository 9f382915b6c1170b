"""A person wants something tried again now, instead of when its wait is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.models.calendar import Calendar
from governance.models.meeting import Meeting
from governance.models.trouble import Breaker, Quarantine
from governance.services.recording import note
from governance.store import standing, troubles
from governance.store.meeting_page import calendars
from governance.store.meetings import lock_meeting

MEETING, CALENDAR, EVENT = "meeting", "calendar", "event"

GOOGLE_NAMES_THE_WAIT = frozenset({"google-throttled", "google-daily-limit"})
"""Calling earlier than Google asked for would only lengthen the wait."""


class NothingToTry(GovernanceError):
    """What was to be tried again is in no trouble of this meeting any more, or must not be called now."""

    def __init__(self) -> None:
        super().__init__("Load the page again", "there is nothing to be tried again here any more")


def what_of(kind: str, row: UUID) -> str:
    """How a page names what is to be tried again; it has no name of a person or event in it."""
    return f"{kind}:{row}"


def may_be_retried(code: str | None) -> bool:
    return code is not None and code not in GOOGLE_NAMES_THE_WAIT


def retry_now(session: Session, meeting: Meeting, what: str, *, by: str, source: str, now: datetime) -> None:
    """Let the meeting, one of its calendars or one of its events be tried at the next look.

    Raises:
        NothingToTry: nothing is done then.
    """
    on = calendars(session, meeting.id)
    # Accounts before meetings before calendars, as the worker locks them.
    breakers = {one.subject: troubles.breaker_to_change(session, one.subject) for one in on}
    lock_meeting(session, meeting)
    kind, _, written = what.partition(":")
    found = _found(session, meeting, kind, written)
    breaker = breakers.get(found.subject) if isinstance(found, Calendar) else None
    code = found.problem_code or (breaker.problem_code if breaker else None)
    if not may_be_retried(code):
        raise NothingToTry
    if isinstance(found, Quarantine):
        found.retry_at = now
    else:
        found.retry_at = None
    for calendar in [found] if isinstance(found, Calendar) else on:
        _open_the_way(session, calendar, breakers.get(calendar.subject), now)
    note(
        session, meeting, "retry-asked", f"meeting:{meeting.id}", actor="person", source=source, now=now,
        after={"by": by, "what": kind, "code": code},
    )  # fmt: skip


def _found(session: Session, meeting: Meeting, kind: str, written: str) -> Meeting | Calendar | Quarantine:
    candidates: dict[str, Sequence[Meeting] | Sequence[Calendar] | Sequence[Quarantine]] = {
        MEETING: [meeting],
        CALENDAR: calendars(session, meeting.id),
        EVENT: troubles.quarantines_of(session, meeting.id),
    }
    try:
        wanted = UUID(written)
    except ValueError:
        raise NothingToTry from None
    found = next((one for one in candidates.get(kind, ()) if one.id == wanted), None)
    if found is None:
        raise NothingToTry
    return found


def _open_the_way(session: Session, calendar: Calendar, breaker: Breaker | None, now: datetime) -> None:
    """The calendar is to be read; where its account is left alone, it tries for all at once."""
    row = standing.calendar_to_change(session, calendar.id)
    row.dirty = True
    if may_be_retried(row.problem_code):
        row.retry_at = None
    if breaker is not None and breaker.open_until is not None and may_be_retried(breaker.problem_code):
        breaker.open_until, breaker.probe_id = now, row.id
