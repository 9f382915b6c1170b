"""What a person released or rejected of the held changes, and what was carried out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, one_of, parent
from governance.models.meeting import Meeting
from governance.models.types import Json


class Approval(Identified, Base):
    """A verdict on exactly one set of held changes: `keys_json` is the sorted list of [scope, kind, target]."""

    __table_args__ = (
        one_of("verdict", "approved", "rejected"),
        CheckConstraint("expires_at >= at", name="expires_not_before_at"),
        Index(None, "meeting_id", "checksum"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    checksum: Mapped[str]
    keys_json: Mapped[Any] = mapped_column(Json)
    verdict: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    expires_at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()


class AppliedChange(Identified, Base):
    """A change that reached the calendar; the holds count these over a rolling day."""

    __table_args__ = (
        one_of(
            "counted_as",
            "baseline-removal",
            "stranger-removal",
            "addition",
            "put-back",
            "approved",
            "apart",
            "other",
        ),
        Index(None, "meeting_id", "at"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    event_id: Mapped[str]
    scope: Mapped[str]
    kind: Mapped[str]
    target: Mapped[str]
    rule: Mapped[str]
    counted_as: Mapped[str]
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()
