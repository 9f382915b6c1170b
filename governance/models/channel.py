"""Where Google announces changes of a calendar."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, parent
from governance.models.calendar import Calendar


class Channel(Identified, Base):
    """One push channel; its id is Google's channel id, its token is kept as a hash alone.

    Written before Google is asked, so that a channel whose opening nobody recorded is known when it announces itself:
    `resource_id`, which stopping it takes, also comes with every notification. `confirmed_at`: its first notification
    has arrived; `replaced_at`: a newer one is confirmed, and this one is to be stopped.
    """

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendar.id"), index=True)
    token_hash: Mapped[str]
    asked_at: Mapped[datetime]
    resource_id: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    renew_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]

    calendar: Mapped[Calendar] = parent()
