"""The outbox's rows."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.models.outbox import Outbox


def is_posted(session: Session, key: str) -> bool:
    return session.scalar(select(Outbox.id).where(Outbox.key == key)) is not None
