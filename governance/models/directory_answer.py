"""What the organisation's directory said about an address."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, is_folded, one_of


class DirectoryAnswer(Identified, Base):
    """The last answer for a (folded) address; `unknown` is an answer too."""

    __table_args__ = (is_folded("address"), one_of("kind", "user", "group", "unknown"))

    address: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    primary_address: Mapped[str | None]
    directory_id: Mapped[str | None]
    name: Mapped[str | None]
    department: Mapped[str | None]
    suspended: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime]
