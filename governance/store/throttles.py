"""How often something was done lately."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, text
from sqlalchemy.orm import Session

from governance.models.identifiers import new_id
from governance.models.throttle import Throttle

_FORGOTTEN_AT_ONCE = 100
"""More than the one row that an act can add, so that the table shrinks however it was filled."""

# One statement in words that both databases take: whoever waits for another process's count then sees it. Where the
# count is full the row stays as it is, and nothing is written.
_COUNT = text(
    "INSERT INTO throttle (id, key, since, count) VALUES (:id, :key, :now, 1) "
    "ON CONFLICT (key) DO UPDATE SET "
    "count = CASE WHEN throttle.since <= :begun THEN 1 ELSE throttle.count + 1 END, "
    "since = CASE WHEN throttle.since <= :begun THEN :now ELSE throttle.since END "
    "WHERE throttle.since <= :begun OR throttle.count < :limit RETURNING count"
).bindparams(
    bindparam("id", type_=Throttle.__table__.c.id.type),
    bindparam("now", type_=Throttle.__table__.c.since.type),
    bindparam("begun", type_=Throttle.__table__.c.since.type),
)


def count(session: Session, key: str, *, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one more act; False, and nothing counted, when there were `limit` in the running window."""
    values: dict[str, Any] = {"id": new_id(), "key": key, "now": now, "begun": now - window, "limit": limit}
    return session.execute(_COUNT, values).first() is not None


def since(session: Session, key: str) -> datetime | None:
    return session.scalar(select(Throttle.since).where(Throttle.key == key))


def forget(session: Session, before: datetime) -> None:
    """Remove some that began before; never waits for a row that another process counts in."""
    old = select(Throttle.id).where(Throttle.since < before).limit(_FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)
    session.execute(delete(Throttle).where(Throttle.id.in_(old)).execution_options(synchronize_session=False))
