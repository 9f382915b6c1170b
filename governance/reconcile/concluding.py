"""What is stored of a meeting at the end of its cycle: what is shown, when to look again, what counts from now on."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.models.meeting import Meeting
from governance.reconcile import telling
from governance.reconcile.drift import rules_of
from governance.reconcile.judging import Judgement, due_after
from governance.reconcile.plan import HoldKind, Key, Plan
from governance.services import ledger
from governance.services.mailing.announcing import FirstPlanApproved, announce
from governance.services.restored import hold_on_discovery
from governance.store import standing

log = logging.getLogger(__name__)


def conclude(
    database: Sessions, judgement: Judgement, retries: Collection[datetime], *, is_well: bool, now: datetime
) -> None:
    """Store what is shown; a cycle whose findings and plan are the recorded ones leaves nothing.

    Args:
        retries: when events that were set aside are tried again.
        is_well: everything that may be written now is written.
    """
    plan = judgement.plan
    shown = judgement.to_json()
    digest = _digest(shown)
    with database.writing() as session:
        meeting = standing.meeting_to_change(session, judgement.meeting_id)
        due = due_after(judgement, standing.earliest_expiry(session, judgement.meeting_id, judgement.situation.now))
        due = min(due, *retries) if retries else due
        if meeting.due_at != due:
            meeting.due_at = due
        is_carried_out = not judgement.swaps and not judgement.rebounds
        if is_well and is_carried_out and meeting.stirred == judgement.stirred and meeting.dirty:
            meeting.dirty = False
        was_frozen = meeting.frozen_code
        _keep_state(session, meeting, judgement)
        if is_well:
            _keep_well(session, meeting, judgement, now)
        is_new = digest != meeting.recorded_digest
        if is_new:
            _record_new_plan(session, judgement, shown, now)
            meeting.recorded_digest = digest
            meeting.findings_json = shown["findings"]
            meeting.plan_json = {**shown, "held_keys": [list(key) for key in _held_keys(plan)]}
            meeting.observed_at = judgement.observed_at
        if is_well and (is_new or telling.waits_for_somebody(plan)):
            telling.tell_of_judgement(session, meeting, judgement, now=now)
    if is_new:
        _tell_plan(judgement, was_frozen)


def _keep_state(session: Session, meeting: Meeting, judgement: Judgement) -> None:
    """Whether nothing may be written, and why."""
    frozen = judgement.drift.frozen
    meeting.frozen_code = frozen.code if frozen else None
    meeting.frozen_reason = frozen.reason if frozen else None
    if judgement.standing.is_restored_copy and not meeting.restored_hold:
        hold_on_discovery(session, meeting)
    meeting.restored_hold = judgement.standing.is_restored_copy


def _keep_well(session: Session, meeting: Meeting, judgement: Judgement, now: datetime) -> None:
    """What only a cycle that came to its end may say."""
    if not meeting.first_plan_approved and judgement.is_in_order:
        meeting.first_plan_approved, meeting.begun_at = True, now
        announce(session, FirstPlanApproved(meeting_id=meeting.id, at=now))
    _keep_baseline(session, judgement)


def _record_new_plan(session: Session, judgement: Judgement, shown: dict[str, Any], now: datetime) -> None:
    ledger.record(
        session,
        at=now,
        actor="service",
        source="sync",
        act="plan-changed",
        subject=f"meeting:{judgement.meeting_id}",
        meeting_id=judgement.meeting_id,
        after={"findings": shown["findings"], "changes": shown["changes"], "checksum": shown["checksum"]},
    )


def _tell_plan(judgement: Judgement, was_frozen: str | None) -> None:
    """In counts and codes: whom a plan is about is for the page."""
    plan, frozen = judgement.plan, judgement.drift.frozen
    planned = plan.changes if plan is not None else ()
    counts = {"changes": len(planned), "held": sum(1 for one in planned if one.held is not None)}
    fields = {"meeting": judgement.slug, **counts, "findings": len(judgement.findings)}
    log.info("compared invitation and roster", extra=fields)
    if frozen is not None and frozen.code != was_frozen:
        log.warning("froze a meeting", extra={"meeting": judgement.slug, "code": frozen.code})
    elif frozen is None and was_frozen is not None:
        log.info("a meeting was no longer frozen", extra={"meeting": judgement.slug})


def _keep_baseline(session: Session, judgement: Judgement) -> None:
    """Nothing left to do (but what only a person ever does, I03): the people on the series are the baseline."""
    plan = judgement.plan
    if judgement.drift.frozen is not None:
        return
    if plan is not None and any(p.held is None or p.held.kind is not HoldKind.NO_MANDATE for p in plan.changes):
        return
    for picture in judgement.situation.pictures:
        if picture.series is None or not picture.is_live:
            continue
        row = standing.series_row(session, picture.id)
        addresses = sorted(picture.series.addresses)
        if row.baseline_json != addresses:
            row.baseline_json = addresses
        if row.known_rules_json is None:
            row.known_rules_json = list(rules_of(picture.series))


def _held_keys(plan: Plan | None) -> tuple[Key, ...]:
    return plan.keys_for_approval if plan is not None else ()


def _digest(shown: dict[str, Any]) -> str:
    """Of findings and plan alone: the instant of the reading is no difference."""
    compared = {name: value for name, value in shown.items() if name != "observed_at"}
    return hashlib.sha256(json.dumps(compared, sort_keys=True).encode()).hexdigest()
