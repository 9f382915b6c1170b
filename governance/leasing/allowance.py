"""How much of Google's quota a worker may use, so that all together never use more than there is. Pure.

Google counts 600 units in a sliding minute for each subject, and what a process has sent counts for that minute
whatever becomes of the process. So nobody takes over another's share before that minute is over: whoever is gone still
counts, and whoever comes has only a small reserve at first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from governance.store.workers import Heartbeat

UNITS_A_MINUTE = 600
RESERVE = 60
"""For those that have come within the last minute, all together."""

_MINUTE = timedelta(seconds=62)
"""With what passes until everybody has seen everybody."""

_TOGETHER = timedelta(seconds=2)
"""Workers that begin within this count as having begun together; so long they use no more than the reserve."""

_LEAST = 3
"""A patch costs as much; less would be no share at all."""


def allowance(worker_id: UUID, heartbeats: Sequence[Heartbeat], now: datetime) -> int:
    """Units a minute for each subject; `now` is the database's clock."""
    counted = [one for one in heartbeats if one.at > now - _MINUTE]
    own = next((one for one in counted if one.worker_id == worker_id), None)
    if own is None:
        return _LEAST
    first = min(one.started_at for one in counted)
    juniors = [one for one in counted if now - one.started_at < _MINUTE and one.started_at - first > _TOGETHER]
    begins = now - own.started_at < _TOGETHER
    if own in juniors or begins:
        return max(RESERVE // max(len(juniors), len(counted) if begins else 1), _LEAST)
    return max((UNITS_A_MINUTE - RESERVE) // len(counted), _LEAST)
