"""What of a meeting belongs on somebody's calendar feed, decided for one reader at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from governance.domain.access import Standing, Who

AHEAD = timedelta(weeks=13)
"""How far occurrences are told; what is due is told however far off it is."""

_ATTENDING = frozenset({Who.CHAIR, Who.SCRIBE, Who.DELEGATE})
_MINUTE = timedelta(minutes=1)


def attends(standings: Iterable[Standing], meeting: UUID, day: date) -> bool:
    """Whether somebody is to be there that day by a role of theirs; a stand-in is for one occurrence alone."""
    return any(one.meeting == meeting and one.who in _ATTENDING and one.term.holds_on(day) for one in standings)


def review_shown(on: date | None, open_on: date | None, today: date, *, reads_positions: bool) -> date | None:
    """The day of a review, as far as the reader may know it.

    Args:
        on: of the review to come, the first or a later one.
        open_on: the same without a first one: an objection brings that forward, so until it is due its day is for
            who reads positions.
    """
    is_due = on is not None and on <= today
    return on if reads_positions or is_due else open_on


def revision(made_at: datetime, seen_at: datetime) -> int:
    """Rises with every later look: what was moved, or moved again, is another revision than what the series says."""
    return max(1, (seen_at - made_at) // _MINUTE)
