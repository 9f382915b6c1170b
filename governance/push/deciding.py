"""What is to be done with the channels of one calendar, from what is known of them. Pure.

A channel is known before Google is asked for it, so that whatever dies in between leaves something to be found:

* *asked*, not *opened*: nobody recorded the answer. It may live, and it tells when it announces itself. One that has
  not done so within `ANNOUNCED_WITHIN` is not counted any more; should it come late, it is stopped then.
* *opened*: granted until `expires_at`, to be renewed at `renew_at`.
* *confirmed*: something has arrived on it, so Google reaches us. Only then are older ones *replaced*, and stopped.

There is no call that renews a channel or lists those that exist: renewing is opening another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LONGEST_LIFE = timedelta(days=7)
"""Asked for; Google may grant less. A channel whose answer was lost lives no longer than this."""

ANNOUNCED_WITHIN = timedelta(minutes=10)
"""Google announces a new channel at once; what has not arrived by then does not arrive."""

KEPT_FOR = timedelta(days=1)
"""How long a channel that is over is still known."""

AT_ONCE = 2
"""Channels of a calendar that may live at the same time: one, and the one that takes its place."""

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownChannel:
    id: UUID
    asked_at: datetime
    resource_id: str | None = None
    opened_at: datetime | None = None
    expires_at: datetime | None = None
    renew_at: datetime | None = None
    confirmed_at: datetime | None = None
    replaced_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        return self.stopped_at or self.expires_at or self.asked_at + LONGEST_LIFE

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at

    def is_live(self, now: datetime) -> bool:
        """Whether changes are known to be announced on it."""
        return self.opened_at is not None and self.confirmed_at is not None and not self.is_over(now)

    def is_fresh(self, now: datetime) -> bool:
        """Whether nothing has to take its place yet."""
        return self.renew_at is not None and now < self.renew_at and not self.is_over(now)

    def may_live(self, now: datetime) -> bool:
        has_shown = self.opened_at is not None or self.resource_id is not None
        return not self.is_over(now) and (has_shown or now < self.asked_at + ANNOUNCED_WITHIN)


@dataclass(frozen=True, slots=True)
class Open:
    """Ask Google for another channel."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Tell Google that the channel is not needed any more."""

    channel_id: UUID
    resource_id: str


@dataclass(frozen=True, slots=True)
class Forget:
    """Nobody asks about these any more."""

    channel_ids: tuple[UUID, ...]


Step = Open | Stop | Forget


def next_step(
    channels: Iterable[KnownChannel], *, is_wanted: bool, now: datetime, retry_at: datetime | None
) -> Step | None:
    """The next thing to do for a calendar; None when all is well or has to wait.

    `is_wanted`: push is on, and the calendar carries a governed meeting. `retry_at`: Google is not asked before this.
    """
    known = sorted(channels, key=lambda one: (one.asked_at, one.id))
    old = tuple(one.id for one in known if now >= one.ends_at + KEPT_FOR)
    if old:
        return Forget(old)
    if retry_at is not None and now < retry_at:
        return None
    present = [one for one in known if one.may_live(now)]
    if not is_wanted:
        return _stop_first(present)
    superfluous = _stop_first([one for one in present if one.replaced_at is not None])
    if superfluous is not None or any(one.is_fresh(now) for one in present):
        return superfluous
    if len(present) < AT_ONCE:
        return Open()
    # One of them was opened by somebody who died before it was recorded: how long it lives, nobody knows.
    return _stop_first([one for one in present if one.opened_at is None])


def superseded(channels: Iterable[KnownChannel], now: datetime) -> list[UUID]:
    """Those that are not needed since another one, which is fresh, is known to work.

    Not simply the older ones: where the clock was set back, each new one would be older than the one it follows.
    """
    known = sorted((one for one in channels if not one.is_over(now)), key=lambda one: (one.asked_at, one.id))
    working = [one for one in known if one.is_live(now) and one.is_fresh(now)]
    if not working:
        return []
    earlier = known[: known.index(working[-1])]
    worn = [one for one in known if one.opened_at is not None and not one.is_fresh(now)]
    return [one.id for one in known if one.replaced_at is None and (one in earlier or one in worn)]


def renewal(now: datetime, expires_at: datetime, *, chance: float) -> datetime:
    """At about 80 % of the granted life, spread (`chance` is 0 to 1) so that calendars do not all renew together."""
    return now + (expires_at - now) * (0.75 + 0.1 * chance)


def next_try(failures: int, now: datetime, *, chance: float, retry_after: float | None = None) -> datetime:
    """After a minute, doubled up to six hours; never earlier than Google asked."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(max(failures, 1) - 1, 10) * (1 + 0.25 * chance)
    return now + max(min(doubled, LONGEST_WAIT), timedelta(seconds=retry_after or 0))


def _stop_first(channels: Sequence[KnownChannel]) -> Stop | None:
    """The oldest that can be stopped: one that never announced itself, and was never recorded, cannot."""
    return next((Stop(one.id, one.resource_id) for one in channels if one.resource_id is not None), None)
