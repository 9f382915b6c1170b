"""What is set aside because it does not work: an account, or a single event."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, parent
from governance.models.calendar import Calendar
from governance.models.meeting import Meeting


class Breaker(Identified, Base):
    """An account that failed several times in a row is left alone; `probe`, one of its calendars, tries for all.

    Closed while `open_until` is missing: then it only counts `failures` in a row. The row goes with the first success.
    """

    __table_args__ = (CheckConstraint("failures >= 0", name="failures_not_negative"),)

    subject: Mapped[str] = mapped_column(unique=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    open_until: Mapped[datetime | None]
    probe_id: Mapped[UUID | None] = mapped_column(ForeignKey("calendar.id"))
    problem_code: Mapped[str]
    problem_text: Mapped[str]
    problem_remedy: Mapped[str]

    probe: Mapped[Calendar | None] = parent()


class Quarantine(Identified, Base):
    """An event that refuses to be read or written; the rest of its meeting and calendar goes on.

    Tried again at `retry_at`; without one when its calendar is next read. `etag` is the version that failed, where it
    is known. The row goes with the first success.
    """

    __table_args__ = (
        UniqueConstraint("calendar_id", "event_id"),
        CheckConstraint("failures >= 1", name="failures_at_least_one"),
    )

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendar.id"))
    event_id: Mapped[str]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    etag: Mapped[str | None]
    failures: Mapped[int]
    since: Mapped[datetime]
    last_at: Mapped[datetime]
    retry_at: Mapped[datetime | None]
    problem_code: Mapped[str]
    problem_text: Mapped[str]
    problem_remedy: Mapped[str]

    calendar: Mapped[Calendar] = parent()
    meeting: Mapped[Meeting] = parent()
