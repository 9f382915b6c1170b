"""Briefs to senior leadership as rows, and the mails about them, each with its word."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from governance.domain.summaries.briefing import sentences
from governance.mail.facts import to_json
from governance.mail.facts_of_summaries import Brief as Facts
from governance.mail.facts_of_summaries import BriefAsked, BriefChanged
from governance.models import Brief, Meeting
from governance.services.summaries.brief import facts_of

GONE, WAITS = "2026-11-12T09:00:00Z", "2026-11-19T09:00:00Z"
"""What they are about."""

LEFT_OUT = "D-2026-002"


def plant(session: Session, meeting: Meeting, about: str, needs: str, at: datetime) -> Brief:
    text = to_json(Facts(start=about, end=None, needs=needs))
    row = Brief(
        meeting_id=meeting.id, about=about, since=at - timedelta(days=7), until=at, shown_at=at,
        goes_at=at + timedelta(days=1), facts_json=text, written_json=text,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def leave_out(row: Brief, title: str) -> None:
    """A decision that was in the text as it was first written."""
    line = {"number": LEFT_OUT, "title": title, "customer": "", "customer_effect": "", "owner": "", "due_on": None}
    row.written_json = {**row.written_json, "closed": [line]}


def asked(department: str, by: str, text: str, now: datetime) -> BriefAsked:
    return BriefAsked(start=WAITS, department=department, asked_by=by, text=text, goes_at=now.isoformat())


def changed(row: Brief) -> BriefChanged:
    return BriefChanged(start=row.about, goes_at=row.goes_at.isoformat(), sentences=list(sentences(facts_of(row))))
