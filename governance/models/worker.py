"""The processes that do what is due."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified
from governance.models.types import Json


class Worker(Identified, Base):
    """The one row a worker updates while there is nothing to do; `heartbeat_at` is by the database's clock.

    `command` names the command that holds leases for as long as it runs; a row without one is a worker that looks.
    """

    name: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    command: Mapped[str | None]
    detail_json: Mapped[Any | None] = mapped_column(Json)
