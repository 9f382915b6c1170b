"""When a call is worth a second try, and after what wait. Pure: the caller waits and sends.

Only reads come here. A fault that outlasts a short wait belongs to whoever schedules the next look, so
that a storm is met by few calls and every wait can be ended by the stop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from governance.calendar.refusals import DAILY_LIMIT
from governance.reconcile.ports import CalendarTrouble, Throttled, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """`first_wait` in seconds; each further wait is twice as long. `random` gives 0 to 1."""

    attempts: int = 2
    first_wait: float = 1.0


def wait_before_next(
    trouble: CalendarTrouble,
    *,
    attempt: int,
    remaining: float,
    policy: RetryPolicy,
    random: Callable[[], float],
) -> float | None:
    """Seconds to wait after the failed `attempt` (1 is the first); None when the trouble is to be reported.

    Never earlier than Google's Retry-After, and spread so that many callers do not come back together.
    A wait beyond what remains of the deadline is the caller's to schedule, and so is one that Google names because
    of too many calls: the account's other calendars must not be read in it either.
    """
    if isinstance(trouble, Throttled) and trouble.retry_after:
        return None
    if attempt >= policy.attempts or not isinstance(trouble, Unreachable | Throttled) or trouble.code == DAILY_LIMIT:
        return None
    backoff: float = policy.first_wait * 2 ** (attempt - 1)
    wait = trouble.retry_after + random() * backoff if trouble.retry_after else backoff * (0.5 + random())
    return wait if wait < remaining else None
