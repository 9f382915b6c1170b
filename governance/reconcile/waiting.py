"""How long whatever failed waits before it is tried again. Pure: failures and chance go in, a wait comes out.

    calendar, meeting   15 s, doubled at every failure in a row up to 15 min; what is permanent waits longest at once
    event               the same; from the fifth failure in a row on once an hour, or when a person asks

Never earlier than Google asked for.
"""

from __future__ import annotations

from datetime import timedelta

UNREADABLE = "event-unreadable"
"""The code of an event that Google lists and nobody can read."""
MEETING_TROUBLE = "meeting-trouble"
"""The code of a meeting that cannot even be judged."""

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
TRIES_OF_AN_EVENT = 5
BELIEVED_TOGETHER = 3
"""So often an event that cannot be read takes its whole calendar with it; after that it is passed over alone."""
SET_ASIDE_WAIT = timedelta(hours=1)
_SPREAD = 0.25


def wait_after(
    failures: int, *, chance: float, is_permanent: bool = False, asked_seconds: float | None = None
) -> timedelta:
    """The wait of a calendar or meeting after so many failures in a row; `chance` lies between 0 and 1."""
    doubled = LONGEST_WAIT if is_permanent else min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    return max(_spread(doubled, chance), timedelta(seconds=asked_seconds or 0))


def wait_of_event(failures: int, *, chance: float, asked_seconds: float | None = None) -> timedelta:
    """The wait of one event after so many failures in a row."""
    if failures >= TRIES_OF_AN_EVENT:
        return max(SET_ASIDE_WAIT, timedelta(seconds=asked_seconds or 0))
    return wait_after(failures, chance=chance, asked_seconds=asked_seconds)


def _spread(wait: timedelta, chance: float) -> timedelta:
    """A quarter shorter to a quarter longer, so that what failed together does not come back together."""
    return wait * (1 - _SPREAD + 2 * _SPREAD * chance)
