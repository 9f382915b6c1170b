"""A person's verdict on what is held: it covers exactly the shown set, and releases it for seven days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.models.approval import Approval
from governance.models.meeting import Meeting
from governance.reconcile.judging import newest_mark
from governance.reconcile.plan import Key, checksum_of
from governance.services import ledger
from governance.services.mailing.announcing import FirstPlanApproved, announce
from governance.store.meetings import lock_meeting
from governance.store.seen_series import load_pictures

VALID_FOR = timedelta(days=7)


class StaleChecksum(GovernanceError):
    """What is held now is not what the checksum stands for; `present` is the one that would be taken."""

    def __init__(self, present: str | None) -> None:
        self.present = present
        if present is None:
            super().__init__("Leave it as it is", "nothing is held any more")
        else:
            super().__init__(f"Read the plan again and decide on {present}", "what is held has changed since")


def approve(
    session: Session, meeting: Meeting, checksum: str, held: Iterable[Key], *, by: str, source: str, now: datetime
) -> Approval:
    """Release exactly the held set `held`, as it is now, if the checksum is its own.

    Raises:
        StaleChecksum: nothing is recorded then.
    """
    approval = _verdict(session, meeting, checksum, list(held), "approved", by=by, source=source, now=now)
    if not meeting.first_plan_approved:
        meeting.first_plan_approved, meeting.begun_at = True, now
        announce(session, FirstPlanApproved(meeting_id=meeting.id, at=now))
    meeting.dirty = True
    if meeting.restored_hold:
        _trust(session, meeting, now)
    return approval


def confirm_copy(session: Session, meeting: Meeting, held: Iterable[Key], *, source: str, now: datetime) -> bool:
    """A person goes on with a restored copy of which nothing is held; False where there is something to decide on."""
    lock_meeting(session, meeting)
    if not meeting.restored_hold or checksum_of(list(held)) is not None:
        return False
    _trust(session, meeting, now)
    meeting.dirty = True
    ledger.record(
        session,
        at=now,
        actor="person",
        source=source,
        act="copy-confirmed",
        subject=f"meeting:{meeting.id}",
        meeting_id=meeting.id,
    )
    return True


def reject(
    session: Session, meeting: Meeting, checksum: str, held: Iterable[Key], *, by: str, source: str, now: datetime
) -> Approval:
    """Note that a person has seen the held set and does not want it written; it stays held, and is shown so.

    Raises:
        StaleChecksum: nothing is recorded then.
    """
    return _verdict(session, meeting, checksum, list(held), "rejected", by=by, source=source, now=now)


def held_keys(shown: dict[str, object] | None) -> list[Key]:
    """The keys for approval in a plan as it was stored and shown."""
    keys = (shown or {}).get("held_keys", [])
    return [(scope, kind, target) for scope, kind, target in keys]  # type: ignore[attr-defined]


def _trust(session: Session, meeting: Meeting, now: datetime) -> None:
    """What the calendar knows more than we do was seen by a person."""
    meeting.restored_hold, meeting.begun_at = False, now
    meeting.trusted_mark = newest_mark(load_pictures(session, meeting.id, now), meeting.id)


def _verdict(
    session: Session,
    meeting: Meeting,
    checksum: str,
    held: list[Key],
    verdict: str,
    *,
    by: str,
    source: str,
    now: datetime,
) -> Approval:
    lock_meeting(session, meeting)
    present = checksum_of(held)
    if present is None or present != checksum:
        raise StaleChecksum(present)
    approval = Approval(
        meeting_id=meeting.id,
        checksum=checksum,
        keys_json=sorted([list(key) for key in set(held)]),
        verdict=verdict,
        by=by,
        at=now,
        expires_at=now + VALID_FOR,
    )
    session.add(approval)
    ledger.record(
        session,
        at=now,
        actor="person",
        source=source,
        act=f"plan-{verdict}",
        subject=f"checksum:{checksum}",
        meeting_id=meeting.id,
        after={"by": by, "changes": approval.keys_json},
    )
    return approval
