"""People, and the addresses they are known by."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, Versioned, is_folded, only_one, parent


class Person(Identified, Versioned, Base):
    """One human being, however many addresses they have."""

    name: Mapped[str]
    directory_id: Mapped[str | None] = mapped_column(index=True)


class Address(Identified, Base):
    """An e-mail address: folded (case, surrounding space) it belongs to one person only."""

    __table_args__ = (is_folded(),)
    partly_unique = (only_one("person_id", where="is_primary", name="primary"),)

    folded: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    as_given: Mapped[str]
    is_primary: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = parent()
