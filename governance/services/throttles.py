"""Not too often: acts are counted for all processes together, in windows that begin with the first of them.

What is counted is known by a hash: the table says neither who asked nor from where.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.store import throttles as store

KEPT = timedelta(days=1)
"""No window may be longer: what began before is forgotten."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `limit` acts in `window`; `name` keeps the counts of one kind of act apart from all others."""

    name: str
    limit: int
    window: timedelta


class TooOften(GovernanceError):
    """Nothing was done; `wait` says how long until it can be."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        when = "in a minute" if minutes == 1 else f"in {minutes} minutes"
        super().__init__(f"Try again {when}", "this was asked for too often")


def allow(session: Session, key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one more act of `key`; False when there were `limit` of them since the window began, then nothing counts.

    Whoever is refused is not made to wait longer by trying.
    """
    store.forget(session, now - KEPT)
    return store.count(session, _hashed(key), limit=limit, window=window, now=now)


def count(session: Session, throttle: Throttle, who: str, now: datetime) -> None:
    """Count one more act of `who`.

    Raises:
        TooOften: when they have reached the limit.
    """
    key = f"{throttle.name}|{who}"
    if not allow(session, key, throttle.limit, throttle.window, now):
        begun = store.since(session, _hashed(key)) or now
        raise TooOften(max(begun + throttle.window - now, timedelta(seconds=1)))


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
