"""What the scheduler asks of push: which calendars need only the backstop, and whose channels want a turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.push.deciding import KnownChannel, next_step
from governance.store.channels import Glance, glances


@dataclass(frozen=True, slots=True)
class ChannelState:
    """`is_live`: changes are known to be announced, so it is read each `backstop_seconds`.

    `is_due`: its channels are to be tended now. A calendar whose last meeting was released is due until its channels
    are gone, although it is not read any more.
    """

    is_live: bool
    is_due: bool


_WELL = ChannelState(is_live=True, is_due=False)


def channel_states(session: Session, now: datetime, *, push: bool) -> dict[UUID, ChannelState]:
    """The state of every calendar that is governed or has channels; without push only of those that still have some.

    One statement, because it is asked every second; of a calendar that is well no channel is read.
    """
    return {glance.id: _state(glance, now, push) for glance in glances(session, now, push=push)}


def _state(glance: Glance, now: datetime, push: bool) -> ChannelState:
    is_wanted = push and glance.is_governed
    if is_wanted and glance.is_at_rest and not glance.others:
        return _WELL
    channels = [*glance.others, *([_resting(now)] if glance.is_at_rest else ())]
    step = next_step(channels, is_wanted=is_wanted, now=now, retry_at=glance.push_retry_at)
    is_live = is_wanted and any(one.is_live(now) for one in channels)
    return ChannelState(is_live=is_live, is_due=step is not None)


def _resting(now: datetime) -> KnownChannel:
    """Stands for the one that works and is fresh: nothing depends on when exactly it has to be renewed."""
    ahead = now + timedelta(days=1)
    return KnownChannel(
        id=UUID(int=0), asked_at=now, resource_id="at rest", opened_at=now, confirmed_at=now, expires_at=ahead,
        renew_at=ahead,
    )  # fmt: skip
