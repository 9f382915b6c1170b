"""Calendars, the series adopted on them, and the last picture of their events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, Versioned, parent
from governance.models.meeting import Meeting
from governance.models.types import Json


class Calendar(Identified, Versioned, Base):
    """A calendar that is read as `subject`, for all its meetings at once.

    `dirty` asks for a reading, and goes when one begins; `reading_since` stands from then until it has ended, so that
    neither a wish that comes meanwhile nor one whose reading died is lost. The `push_…` columns are those of the last
    attempt to have its changes announced that failed.
    """

    __table_args__ = (CheckConstraint("failures >= 0", name="failures_not_negative"),)

    google_id: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    sync_token: Mapped[str | None]
    dirty: Mapped[bool] = mapped_column(default=False)
    last_read_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    problem_code: Mapped[str | None]
    problem_text: Mapped[str | None]
    problem_remedy: Mapped[str | None]
    access_role: Mapped[str | None]
    writes_paused_until: Mapped[datetime | None]
    reading_since: Mapped[datetime | None]
    push_failures: Mapped[int | None]
    push_retry_at: Mapped[datetime | None]
    push_problem: Mapped[str | None]
    push_remedy: Mapped[str | None]


class Series(Identified, Base):
    """A recurring event that belongs to a meeting; over time a meeting has several.

    `accepted_block` is what Google returned after our write, `last_written_block` what we sent; `baseline_json` the
    sorted addresses on the series when a cycle last ended with nothing left to do; `known_rules_json` the recurrence
    and wall time that the chair accepted (adoption, relink). A retired series was replaced by relinking: whatever
    becomes of its event is no business of ours any more.
    """

    __table_args__ = (UniqueConstraint("calendar_id", "event_id"),)

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendar.id"))
    event_id: Mapped[str]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    predecessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"), index=True)
    baseline_json: Mapped[Any | None] = mapped_column(Json)
    accepted_block: Mapped[str | None]
    last_written_block: Mapped[str | None]
    known_rules_json: Mapped[Any | None] = mapped_column(Json)
    gone_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    calendar: Mapped[Calendar] = parent()
    meeting: Mapped[Meeting] = parent()
    predecessor: Mapped["Series | None"] = parent(remote_side="Series.id")


class EventPicture(Identified, Base):
    """The series itself or one of its exceptions, as last observed.

    `matters_until` is the later of an exception's original start and its end: after that it is history.
    """

    __table_args__ = (UniqueConstraint("series_id", "event_id"),)

    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.id"))
    event_id: Mapped[str]
    is_series: Mapped[bool]
    original_start: Mapped[datetime | None]
    matters_until: Mapped[datetime | None]
    etag: Mapped[str]
    status: Mapped[str]
    body_json: Mapped[Any] = mapped_column(Json)
    seen_at: Mapped[datetime]

    series: Mapped[Series] = parent()


class AddressQuestion(Identified, Base):
    """Google answered a write with another address than the one sent: is it the same person?"""

    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.id"), index=True)
    event_id: Mapped[str]
    sent: Mapped[str]
    answered: Mapped[str]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    series: Mapped[Series] = parent()
