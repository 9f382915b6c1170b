"""A write that was claimed before it was sent: what is left of it tells the next cycle what to read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, parent
from governance.models.calendar import Series
from governance.models.meeting import Meeting
from governance.models.types import Json


class WriteIntent(Identified, Base):
    """Removed when the outcome is recorded; `body_json` is the write with its changes, `etag` what it was for."""

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.id"))
    event_id: Mapped[str]
    etag: Mapped[str]
    body_json: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()
    series: Mapped[Series] = parent()
