"""An act on one occurrence: which one it is, who acts, and how it is noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.attendance import State, Timing
from governance.models import Meeting, Occurrence
from governance.services.attendance.reading import (
    Settings,
    happened,
    pictures_of,
    room_seats,
    seat_terms,
    settings_of,
    timing_of,
)
from governance.services.attendance.refusals import AttendanceRefused, NotNow
from governance.services.attendance.values import RoomSeat
from governance.services.ledger import record
from governance.services.mailing.announcing import SeatJudged, announce
from governance.services.occurrences import NextOccurrence, kept_occurrence
from governance.store import attendance as store
from governance.store.meetings import lock_meeting

_SETTLES = timedelta(hours=1)
_SETTLED_AFTER = timedelta(days=7)
"""What lies farther back is as it was recorded, whatever the calendar says by now."""


@dataclass(frozen=True, slots=True)
class Doing:
    """An act on one occurrence; `actor` as the ledger names people."""

    session: Session
    meeting: Meeting
    occurrence: Occurrence
    settings: Settings
    actor: str
    source: str
    now: datetime

    @property
    def timing(self) -> Timing:
        return timing_of(self.occurrence, self.settings.charter)

    def seats(self) -> tuple[RoomSeat, ...]:
        """As they stand now, what was just marked included."""
        self.session.flush()
        return room_seats(
            seat_terms(self.session, self.meeting.id), happened(self.session, [self.occurrence.id]), self.occurrence.id,
            self.timing, self.meeting.time_zone, self.now,
        )  # fmt: skip

    def note(self, act: str, subject: str, **more: Any) -> None:
        record(
            self.session, at=self.now, actor=self.actor, source=self.source, act=act, subject=subject,
            meeting_id=self.meeting.id, **more,
        )  # fmt: skip

    def announce_standing(self, seat_id: UUID) -> None:
        """People hear how the seat stands an hour after the end."""
        announce(
            self.session,
            SeatJudged(
                meeting_id=self.meeting.id, seat_id=seat_id, due_at=self.occurrence.end + _SETTLES, at=self.now,
            ),
        )  # fmt: skip

    def seat(self, seat_id: UUID) -> RoomSeat:
        found = next((one for one in self.seats() if one.id == seat_id), None)
        if found is None or found.attendance.state is State.VACANT:
            raise AttendanceRefused("Choose a seat that somebody holds that day", "this one is vacant or closed")
        return found


def begin(session: Session, meeting: Meeting, key: str, *, actor: str, source: str, now: datetime) -> Doing:
    """The occurrence that a form names by its original start; nobody else acts on the meeting until the end.

    Raises:
        NotNow: there is no such occurrence.
    """
    lock_meeting(session, meeting)
    occurrence = occurrence_named(session, meeting, key, now)
    return Doing(session, meeting, occurrence, settings_of(session, meeting.id), actor, source, now)


def occurrence_named(session: Session, meeting: Meeting, key: str, now: datetime) -> Occurrence:
    """The row of the occurrence with that original start, made when first needed.

    Raises:
        NotNow: there is no such occurrence.
    """
    try:
        original = datetime.fromisoformat(key)
    except ValueError:
        raise NotNow("Open the room again", "the occurrence is not known") from None
    if original.tzinfo is None:
        raise NotNow("Open the room again", "the occurrence is not known")
    return _occurrence(session, meeting, original, now)


def _occurrence(session: Session, meeting: Meeting, original: datetime, now: datetime) -> Occurrence:
    stored = store.occurrence_from(session, meeting.id, original)
    if stored is not None and stored.cancelled:
        return stored
    for picture in pictures_of(session, meeting.id):
        seen = picture.occurrence_at(original)
        if seen is not None:
            if stored is not None and max(stored.end, seen.end) < now - _SETTLED_AFTER:
                return stored
            return kept_occurrence(session, NextOccurrence(picture.id, seen))
    if stored is None:
        raise NotNow("Open the room again", "the occurrence was moved or called off in the calendar")
    return stored
