"""Decisions in words and shapes."""

from __future__ import annotations

from governance.domain.decisions.values import State
from governance.services.decisions.page import DecisionPage
from web.wording.badges import Badge
from web.wording.times import short_day


def state(of: State) -> Badge:
    return _STATES[of]


def brought(page: DecisionPage) -> str:
    """Who brought it, and at which occurrence it is decided."""
    by = f"Brought by {page.brought_by}" if page.brought_by else "Brought by whoever leads the meeting"
    return f"{by}, for {short_day(page.day)}" if page.day else by


_STATES = {
    State.DRAFT: Badge("Draft", "file-text", "quiet"),
    State.OPEN: Badge("Open", "circle-dot", "wait"),
    State.DECIDED: Badge("Decided", "gavel", "good"),
    State.AWAITING: Badge("Waits for a sponsor", "hourglass", "warn"),
    State.COMMITTED: Badge("Committed to", "list-check", "good"),
    State.CLOSED: Badge("Closed", "circle-check", "good"),
    State.WITHDRAWN: Badge("Withdrawn", "circle-minus", "quiet"),
}
