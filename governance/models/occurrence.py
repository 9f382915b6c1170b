"""One day of a series, to which stand-ins and visitors are bound."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, parent
from governance.models.calendar import Series


class Occurrence(Identified, Base):
    """Known by its series and original start, however often it is moved since."""

    __table_args__ = (
        UniqueConstraint("series_id", "original_start"),
        CheckConstraint('"end" >= "start"', name="end_not_before_start"),
    )

    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.id"))
    original_start: Mapped[datetime]
    start: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[datetime]
    cancelled: Mapped[bool] = mapped_column(default=False)
    moved_from_series_id: Mapped[UUID | None] = mapped_column(ForeignKey("series.id"))

    series: Mapped[Series] = parent(foreign_keys="Occurrence.series_id")
    moved_from: Mapped[Series | None] = parent(foreign_keys="Occurrence.moved_from_series_id")
