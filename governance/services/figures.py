"""What the metrics count, read from the database at the moment they are asked for.

Labels are ids that mean nothing to outsiders, slugs, and codes of ours: no address, no name.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from governance.services.problems import Seen, is_alive, problems
from governance.services.standing import held_of, look
from governance.store import installation as store

NOBODY = "none"
"""Stands for the worker of a lease that nobody has."""
_OPAQUE = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything at one moment; ages are seconds, and missing for what was never read."""

    calendar_ages: Mapping[str, float]
    meeting_ages: Mapping[str, float]
    findings: Mapping[str, int]
    applied: Mapping[str, int]
    held: int
    queue: int
    workers: int
    leases: Mapping[str, int]
    quota: Mapping[tuple[str, str], float]
    """Units of the last minute by worker and account."""
    set_aside: int
    breakers: int
    writes_paused: int
    mails: Mapping[str, int]
    """By state; those that were sent or dropped are history."""
    mail_age: float
    """Of the one that has been due for longest, and could go."""
    problems: Mapping[str, int]


def read_figures(session: Session, now: datetime, poll_seconds: int, daily_limit: int) -> Figures:
    seen = look(session, now)
    return Figures(
        calendar_ages={str(id_): _age(at, now) for id_, at in seen.calendar_reads.items()},
        meeting_ages={one.slug: _age(seen.reads[one.id], now) for one in seen.meetings if one.id in seen.reads},
        findings=_findings(seen),
        applied=store.applied_by_rule(session),
        held=sum(held_of(one.plan_json) for one in seen.meetings),
        queue=sum(1 for one in seen.meetings if _is_queued(one, now)),
        workers=sum(1 for one in seen.workers if is_alive(one, now)),
        leases=Counter(_label(one.worker_id) for one in seen.leases),
        quota=dict(_quota(seen, now)),
        set_aside=len(seen.set_aside),
        breakers=len(seen.breakers),
        writes_paused=len(_paused_calendars(seen, now)),
        mails=_mails(seen),
        mail_age=_age(seen.mail.oldest_due, now) if seen.mail.oldest_due else 0.0,
        problems=Counter(one.code for one in problems(seen, now, poll_seconds, daily_limit)),
    )


def opaque(key: str) -> str:
    """A key that could be an address is counted under a fingerprint of it."""
    return key if _OPAQUE.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()[:16]


def _age(read: datetime, now: datetime) -> float:
    return max((now - read).total_seconds(), 0.0)


def _mails(seen: Seen) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in seen.mail.counts:
        found[one.state] += one.many
    return found


def _findings(seen: Seen) -> dict[str, int]:
    """Drift as it was found last, by rule."""
    return Counter(found["rule"] for one in seen.meetings for found in one.findings_json or ())


def _is_queued(meeting: Row[Any], now: datetime) -> bool:
    return bool(meeting.dirty) or meeting.due_at is None or meeting.due_at <= now


def _label(worker_id: UUID | None) -> str:
    return NOBODY if worker_id is None else str(worker_id)


def _quota(seen: Seen, now: datetime) -> Iterator[tuple[tuple[str, str], float]]:
    for worker in seen.workers:
        used = (worker.detail_json or {}).get("quota") or {}
        if is_alive(worker, now):
            for account, units in used.items():
                yield (str(worker.id), opaque(account)), float(units)


def _paused_calendars(seen: Seen, now: datetime) -> set[UUID]:
    governed = {one.id for one in seen.meetings}
    rows = (row for meeting, some in seen.series.items() if meeting in governed for row in some)
    return {row.calendar_id for row in rows if row.writes_paused_until and row.writes_paused_until > now}
