"""Units in a sliding minute, of each user and of the whole project (item 66).

Without limits nothing is refused, and the counting goes on: `peak` is what a test asserts on. The
minute goes by the sandbox's clock; while that stands still, no unit ever comes back.
"""

from __future__ import annotations

import math
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from .errors import Refusal
from .switches import Switches

if TYPE_CHECKING:
    from .world import Access

_MINUTE = timedelta(minutes=1)
_COUNTED = ("events.", "calendars.", "calendarList.", "acl.", "channels.")
_UNITS = {"events.patch": 3}


class Quotas:
    def __init__(self) -> None:
        self._project = _Minute()
        self._users: dict[str, _Minute] = {}

    def charge(self, route: str, user: str, now: datetime, switches: Switches) -> None:
        """Count a request; a Refusal, which costs nothing, when its user or the project has used all up."""
        if not route.startswith(_COUNTED):
            return
        units = _UNITS.get(route, 1)
        of_user = self._users.setdefault(user, _Minute())
        for minute, limit, reason in (
            (of_user, switches.user_units_per_minute, "userRateLimitExceeded"),
            (self._project, switches.project_units_per_minute, "rateLimitExceeded"),
        ):
            if limit is not None and minute.used(now) + units > limit:
                raise _refusal(reason, minute.frees_in(now), switches)
        of_user.count(units, now)
        self._project.count(units, now)

    def described(self, now: datetime) -> dict[str, Any]:
        users = {user: minute.described(now) for user, minute in self._users.items()}
        return {"project": self._project.described(now), "users": users}

    def forget_peaks(self) -> None:
        for minute in (self._project, *self._users.values()):
            minute.peak = 0


def charged_user(access: Access, query: dict[str, list[str]], headers: dict[str, str]) -> str:
    """With delegation all people are the one service account, unless the request names a user."""
    named = query.get("quotaUser", [""])[-1] or headers.get("x-goog-quota-user", "")
    return named or access.account or access.subject


class _Minute:
    """The units of the last sixty seconds."""

    def __init__(self) -> None:
        self._counted: deque[tuple[datetime, int]] = deque()
        self._sum = 0
        self.peak = 0

    def used(self, now: datetime) -> int:
        # A clock that was set back leaves units of the future, which no minute holds.
        while self._counted and not now - _MINUTE < self._counted[0][0] <= now:
            self._sum -= self._counted.popleft()[1]
        return self._sum

    def count(self, units: int, now: datetime) -> None:
        self._sum = self.used(now) + units
        self._counted.append((now, units))
        self.peak = max(self.peak, self._sum)

    def frees_in(self, now: datetime) -> float:
        return (self._counted[0][0] + _MINUTE - now).total_seconds() if self._counted else 60.0

    def described(self, now: datetime) -> dict[str, int]:
        return {"peak": self.peak, "used": self.used(now)}


def _refusal(reason: str, wait: float, switches: Switches) -> Refusal:
    status = 403 if switches.quota_refusal == "403" else 429
    refusal = Refusal(status, reason if status == 403 else "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits")
    if switches.quota_names_wait:
        refusal.headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return refusal
