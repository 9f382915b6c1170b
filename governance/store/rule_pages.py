"""What rules did lately, and who set them last; the same number of statements for any number of changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance.domain.ledger import chain_of
from governance.models.approval import AppliedChange
from governance.models.ledger import LedgerEntry, LedgerPayload


@dataclass(frozen=True, slots=True)
class Written:
    """A change that reached the calendar, with how `many` the same rule made in the same span."""

    rule: str
    kind: str
    target: str
    scope: str
    at: datetime
    many: int


@dataclass(frozen=True, slots=True)
class LastSet:
    at: datetime
    by: str | None
    why: str | None


def written_since(session: Session, meeting_id: UUID, since: datetime, each: int) -> list[Written]:
    """The newest `each` of every rule, newest first."""
    place = func.row_number().over(
        partition_by=AppliedChange.rule, order_by=(AppliedChange.at.desc(), AppliedChange.id.desc())
    )
    ranked = (
        select(
            AppliedChange.rule,
            AppliedChange.kind,
            AppliedChange.target,
            AppliedChange.scope,
            AppliedChange.at,
            func.count().over(partition_by=AppliedChange.rule).label("many"),
            place.label("place"),
        )
        .where(AppliedChange.meeting_id == meeting_id, AppliedChange.at >= since)
        .subquery()
    )
    columns = ranked.c
    wanted = select(columns.rule, columns.kind, columns.target, columns.scope, columns.at, columns.many)
    rows = session.execute(wanted.where(columns.place <= each).order_by(columns.rule, columns.place))
    return [Written(*row) for row in rows]


def last_set(session: Session, meeting_id: UUID) -> dict[str, LastSet]:
    """By code, for rules that somebody has set and whose entry was not erased."""
    newest = (
        select(func.max(LedgerEntry.seq))
        .where(LedgerEntry.chain == chain_of(meeting_id), LedgerEntry.act == "rule-set")
        .group_by(LedgerEntry.subject)
    )
    rows = session.execute(
        select(LedgerEntry.subject, LedgerEntry.at, LedgerPayload.body_json)
        .join(LedgerPayload, LedgerPayload.entry_id == LedgerEntry.id)
        .where(LedgerEntry.chain == chain_of(meeting_id), LedgerEntry.seq.in_(newest))
    )
    return {subject.removeprefix("rule:"): _last_set(at, body) for subject, at, body in rows}


def _last_set(at: datetime, body: str | None) -> LastSet:
    payload: Mapping[str, Any] = json.loads(body) if body else {}
    return LastSet(at, (payload.get("after") or {}).get("by"), payload.get("why"))
