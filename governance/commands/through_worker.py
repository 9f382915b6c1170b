"""A cycle done by the worker that is running already: it is asked by a mark in the database, and waited for."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.commands.site import Site, now
from governance.domain.errors import GovernanceError
from governance.models.meeting import Meeting
from governance.reconcile.reconciler import CycleReport, MeetingReport
from governance.services.adoption import meeting_named
from governance.store import meetings as store
from governance.store.installation import applied_since
from governance.store.troubles import open_breakers, quarantines_of

PATIENCE_SECONDS = 120.0
_BETWEEN_LOOKS = 0.2


class WorkerSilent(GovernanceError):
    """The worker did not get to it."""

    def __init__(self) -> None:
        super().__init__("Look at `governance status`", f"no worker came to it within {PATIENCE_SECONDS:.0f} seconds")


def through_worker(
    site: Site, slug: str | None, *, sleep: Callable[[float], None] = time.sleep, patience: float = PATIENCE_SECONDS
) -> list[CycleReport]:
    """Have the meeting (all of them) looked at by the worker, and say what came of it.

    Raises:
        WorkerSilent: when nothing happened in time.
    """
    asked_at = now()
    with site.database.writing() as session:
        wanted = _mark(session, slug)
    deadline = time.monotonic() + patience
    while not _is_done(site, wanted):
        if time.monotonic() > deadline:
            raise WorkerSilent
        sleep(_BETWEEN_LOOKS)
    return [CycleReport(_reports(site, wanted, asked_at))]


def _mark(session: Session, slug: str | None) -> set[UUID]:
    meetings = store.all_meetings(session) if slug is None else [meeting_named(session, slug)]
    for pairs in store.series_of(session, [one.id for one in meetings]).values():
        for _, calendar in pairs:
            calendar.dirty = True
    for one in meetings:
        one.dirty = True
    return {one.id for one in meetings}


def _is_done(site: Site, wanted: set[UUID]) -> bool:
    """Whether each was looked at, or set aside with its trouble until later."""
    with site.database.reading() as session:
        meetings = [one for one in store.all_meetings(session) if one.id in wanted]
        series = store.series_of(session, wanted)
        resting = open_breakers(session, now())
        waiting = {
            one.id
            for one in meetings
            for _, calendar in series.get(one.id, ())
            if (calendar.dirty or calendar.reading_since or one.dirty)
            and calendar.retry_at is None
            and one.retry_at is None
            and calendar.subject not in resting
        }
    return not waiting


def _reports(site: Site, wanted: set[UUID], since: datetime) -> tuple[MeetingReport, ...]:
    with site.database.reading() as session:
        meetings = [one for one in store.all_meetings(session) if one.id in wanted]
        applied = applied_since(session, since)
        failed = {one.id: _failed(session, one) for one in meetings}
        return tuple(MeetingReport(one.slug, applied.get(one.id, 0), _held(one), failed[one.id]) for one in meetings)


def _failed(session: Session, meeting: Meeting) -> int:
    """The meeting's own trouble, its account that rests, and each of its events that is set aside."""
    resting = open_breakers(session, now())
    rests = any(calendar.subject in resting for _, calendar in store.series_of(session, [meeting.id])[meeting.id])
    return sum((meeting.problem_code is not None, rests, len(quarantines_of(session, meeting.id))))


def _held(meeting: Meeting) -> int:
    return sum(1 for change in (meeting.plan_json or {}).get("changes", []) if change.get("held"))
