"""Signing in: one-time links, and the sessions they open. Only hashes of what people carry are kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified


class SignInLink(Identified, Base):
    """A one-time address for signing in; `leads_to` is the path of the page that was wanted."""

    __table_args__ = (CheckConstraint("expires_at >= made_at", name="expires_not_before_made"),)

    token_hash: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    is_admin: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    leads_to: Mapped[str | None]


class WebSession(Identified, Base):
    """A browser that is signed in; `how` by a mailed link or with Google, `agent` what it says it is, shortened."""

    __table_args__ = (CheckConstraint("expires_at >= made_at", name="expires_not_before_made"),)

    token_hash: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str] = mapped_column(index=True)
    is_admin: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    csrf: Mapped[str]
    how: Mapped[str | None]
    agent: Mapped[str | None]
