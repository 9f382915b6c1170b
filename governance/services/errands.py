"""Errands from the page that writes them down to the worker that does them. Nothing here asks Google.

The worker's steps are transactions of their own, so that no call is made while one is open:

    claim   the one that waits longest becomes the worker's, with a fence that rises
    settle  what came of it, only while the row still has the worker's fence
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.bell import ring
from governance.domain.errand import LIFE, ErrandKind
from governance.models.errand import Errand
from governance.models.meeting import Meeting
from governance.services import workers
from governance.store import errands as store
from governance.store.deliveries import Claim

LEASE_SECONDS = 180.0
"""Longer than a large calendar takes; whoever dies is found out about sooner, by the silence of its heart."""

MOST_TAKEN = 3
"""How many workers may come to nothing over one errand before nobody tries it any more."""

DRAFT_LIFE = timedelta(days=1)
"""So long an adoption that nobody goes on with is kept; what Google said of the event goes much sooner."""

GIVEN_UP = f"Ask again, and look at the worker's log if it happens again: {MOST_TAKEN} times it ended before an answer."


@dataclass(frozen=True, slots=True)
class Taken:
    """An errand that a worker is to do, as it was asked."""

    claim: Claim
    kind: ErrandKind
    meeting_id: UUID | None
    asked: Mapping[str, Any]
    asked_by: str
    actor: str


def send(
    session: Session,
    kind: ErrandKind,
    asked: Mapping[str, Any],
    *,
    by: str,
    actor: str,
    now: datetime,
    meeting: Meeting | None = None,
) -> Errand:
    """Write the errand down and wake the workers. Whether `by` may is asked before: `governance.domain.errand`."""
    row = Errand(
        kind=kind.value,
        meeting_id=meeting.id if meeting else None,
        asked_json=dict(asked),
        asked_by=by,
        actor=actor,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    ring(session)
    return row


def look(session: Session, now: datetime) -> bool:
    """Whether there is anything for a worker to do or to erase. Reads only."""
    moment = workers.moment_of(session, LEASE_SECONDS)
    return store.is_any_due(session, moment, old=now - LIFE) or store.is_any_draft_old(session, now - DRAFT_LIFE)


def claim(session: Session, worker: str, now: datetime) -> Taken | None:
    """Take the errand that waits longest; what nobody could bring to an end is refused on the way."""
    while (found := store.claim(session, worker, workers.moment_of(session, LEASE_SECONDS))) is not None:
        row = store.own_row(session, found)
        if row is None:
            continue
        if row.taken <= MOST_TAKEN:
            kind = ErrandKind(row.kind)
            return Taken(found, kind, row.meeting_id, row.asked_json, row.asked_by, row.actor)
        _settle(row, now, refusal=GIVEN_UP)
        session.flush()
    return None


def own(session: Session, claim: Claim) -> Errand | None:
    """The row to settle, locked; None where it is not the worker's any more."""
    return store.own_row(session, claim)


def done(row: Errand, answer: Mapping[str, Any], now: datetime) -> None:
    _settle(row, now, answer=dict(answer))


def refuse(row: Errand, sentence: str, now: datetime) -> None:
    _settle(row, now, refusal=sentence)


def erase_old(session: Session, now: datetime) -> int:
    """Errands an hour after they were written, drafts a day after somebody last went on with them."""
    return store.erase(session, errands_until=now - LIFE, drafts_until=now - DRAFT_LIFE)


def _settle(row: Errand, now: datetime, *, answer: dict[str, Any] | None = None, refusal: str | None = None) -> None:
    row.state = "done" if refusal is None else "refused"
    row.answer_json, row.refusal, row.settled_at = answer, refusal, now
    row.asked_json = {}  # it may name people, and has served its purpose
    row.leased_by = row.leased_until = None
