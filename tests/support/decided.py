"""Decisions as rows, without the acts that lead to them: drafts, closed ones with number and options, marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from governance.models import Decision, DecisionMark, DecisionOption, Meeting
from governance.services.decisions.searching import refresh_search_text

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
"""A Tuesday."""


def draft(session: Session, meeting: Meeting, title: str, *, options: Sequence[str] = (), **more: Any) -> Decision:
    """A decision that is not closed; `more` are its columns. The first option is *do nothing*, the second proposed."""
    found = Decision(meeting_id=meeting.id, title=title, **{"by": "test", "at": NOON} | more)
    session.add(found)
    session.flush()
    for rank, text in enumerate(options):
        session.add(
            DecisionOption(decision_id=found.id, rank=rank, text=text, is_proposed=rank == 1, by="test", at=NOON)
        )
    session.flush()
    refresh_search_text(session, found)
    return found


def closed(
    session: Session, meeting: Meeting, seq: int, title: str, *, year: int = 2026, on: date | None = None, **more: Any
) -> Decision:
    """One with its number, closed `seq` days after the year began unless `on` says when."""
    at = datetime.combine(on or date(year, 1, 1) + timedelta(days=seq), NOON.timetz())
    found = draft(
        session, meeting, title, **{"at": at, "decided_at": at, "due_on": at.date() + timedelta(days=14)} | more
    )
    found.state, found.closed_at = "closed", at
    found.number, found.number_year, found.number_seq = f"D-{year}-{seq:03}", year, seq
    session.flush()
    refresh_search_text(session, found)
    return found


def mark(
    session: Session, decision: Decision, kind: str, *, later: Decision | None = None, at: datetime = NOON, **more: Any
) -> DecisionMark:
    """Kept, not kept, reviewed, or superseded by the later one."""
    found = DecisionMark(
        decision_id=decision.id, kind=kind, later_decision_id=later.id if later else None, by="test", at=at, **more
    )
    session.add(found)
    session.flush()
    return found
