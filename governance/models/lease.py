"""Which worker looks after which calendar."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, parent
from governance.models.calendar import Calendar
from governance.models.worker import Worker


class Lease(Identified, Base):
    """The calendar belongs to `worker` for as long as that one's heart beats; without a worker it is free.

    `fence` rises by one with every change of hands, and never falls: whoever writes with an older one comes too late.
    """

    __table_args__ = (CheckConstraint("fence >= 1", name="fence_at_least_one"),)

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendar.id"), unique=True)
    worker_id: Mapped[UUID | None] = mapped_column(ForeignKey("worker.id"), index=True)
    fence: Mapped[int]
    taken_at: Mapped[datetime]

    calendar: Mapped[Calendar] = parent()
    worker: Mapped[Worker | None] = parent()
