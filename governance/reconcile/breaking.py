"""When an account is left alone, and who tries for it. Pure: a state and what happened go in, a state comes out.

    closed ── 3 failed cycles in a row, or Google names a wait ──→ open ── one success ──→ closed (no row)
                                                                  ▲  │
                                        a probe fails: wait longer└──┘ 15 s, 30 s, then every minute

While it is open none of the account's calendars is read but one, which tries for all; the next try is another
one's. Only what the account, the machine or Google as a whole is to blame for counts: one calendar that is not
shared any more, or one event that cannot be read, says nothing about the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from governance.reconcile.ports import CalendarTrouble, Throttled, Unreachable

OPENS_AT = 3
PROBE_WAITS = (timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60))
NOBODY_PROBES = timedelta(seconds=60)
"""When the probe was not read for so long after its time (it was released, say), everybody may try again."""
_LEAST_SHARE = 0.9
"""The jitter only shortens: after a storm everything is back within the longest wait."""

ACCOUNT_CODES = frozenset(
    {
        "google-account-deleted",
        "google-api-disabled",
        "google-blocked-by-policy",
        "google-client-unknown",
        "google-clock-wrong",
        "google-delegation-missing",
        "google-key-deleted",
        "google-no-calendar-user",
        "google-scope-missing",
        "google-sign-in-ended",
        "google-subject-unknown",
        "google-token-refused",
        "google-unauthorised",
    }
)
"""Refusals of credentials, delegation and scope: they hit every calendar of the account alike."""
WAITING_CODES = ACCOUNT_CODES | {"google-unreachable", "google-throttled", "google-daily-limit", "google-certificate"}
"""What a calendar or meeting waits for that one success of its account ends."""


@dataclass(frozen=True, slots=True)
class BreakerState:
    """Failures in a row of one account; closed while `open_until` is missing.

    `open_until` is when `probe_id`, one of its calendars, may be read for all.
    """

    failures: int
    since: datetime
    open_until: datetime | None = None
    probe_id: UUID | None = None

    @property
    def is_open(self) -> bool:
        return self.open_until is not None


def is_of_account(trouble: CalendarTrouble) -> bool:
    """Whether the other calendars of the account would meet the same trouble now."""
    return isinstance(trouble, Unreachable | Throttled) or trouble.code in ACCOUNT_CODES


def may_be_read(calendar_id: UUID, subject: str, breakers: Mapping[str, BreakerState], now: datetime) -> bool:
    """Whether the calendar may be read now; `breakers` are the open ones by subject."""
    state = breakers.get(subject)
    if state is None or state.open_until is None:
        return True
    if state.probe_id is None or now >= state.open_until + NOBODY_PROBES:
        return now >= state.open_until
    return calendar_id == state.probe_id and now >= state.open_until


def after_failure(
    state: BreakerState,
    *,
    calendar_id: UUID,
    candidates: Sequence[UUID],
    asked_seconds: float | None,
    now: datetime,
    chance: float,
) -> BreakerState:
    """The state after one more cycle failed on `calendar_id`.

    `candidates` are the account's calendars that may probe. A reading that began before the breaker opened and
    fails after it does not put off the probe; a wait that Google names counts whenever it is heard.
    """
    asked = now + timedelta(seconds=asked_seconds) if asked_seconds else None
    if state.open_until is not None and now < state.open_until:
        return replace(state, open_until=max(state.open_until, asked or state.open_until))
    failures = max(state.failures + 1, OPENS_AT if asked_seconds else 0)
    if failures < OPENS_AT:
        return replace(state, failures=failures)
    # The wait of a probe counts from its failure, like every other: a probe that hangs delays the next one.
    wait = PROBE_WAITS[min(failures - OPENS_AT, len(PROBE_WAITS) - 1)]
    until = now + wait * (_LEAST_SHARE + (1 - _LEAST_SHARE) * chance)
    return BreakerState(failures, state.since, max(until, asked or until), _next_probe(candidates, calendar_id))


def after_success(waiting: Mapping[UUID, str | None]) -> frozenset[UUID]:
    """Which of those that wait, each with the code of its trouble, need not any more: the account works again."""
    return frozenset(one for one, code in waiting.items() if code in WAITING_CODES)


def _next_probe(candidates: Sequence[UUID], failed: UUID) -> UUID:
    """They take turns, so that a storm costs none of them many calls."""
    ordered = sorted(candidates)
    return next((one for one in ordered if one > failed), ordered[0] if ordered else failed)
