"""What a success measure was on a day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, Versioned, parent
from governance.models.meeting import Meeting


class MeasureValue(Identified, Versioned, Base):
    """One measure, one day; without a value it was taken back, which a file that names it does not undo.

    It belongs to the measure by its folded name, whichever version of the charter has it: a measure that leaves the
    charter and comes back has its values again. `is_of_file` until somebody says something of that day on a page.
    """

    __table_args__ = (
        UniqueConstraint("meeting_id", "measure", "day"),
        CheckConstraint("measure <> ''", name="measure_is_named"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    measure: Mapped[str]
    day: Mapped[date]
    value: Mapped[float | None] = mapped_column(Double())
    is_of_file: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str]
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()
