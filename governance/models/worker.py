"""The processes that do what is due."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified
from governance.models.types import Json


class Worker(Identified, Base):
    """The one row a worker updates while there is nothing to do."""

    name: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    detail_json: Mapped[Any | None] = mapped_column(Json)
