"""How often something was done lately, counted for all processes together."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified


class Throttle(Identified, Base):
    """`count` acts of one `key` since `since`; the key holds no address, only a hash of one."""

    key: Mapped[str] = mapped_column(unique=True)
    since: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]
