"""What the scheduler asks of push: which calendars need only the backstop, and whose channels want a turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.push.deciding import next_step
from governance.store.channels import TendedCalendar, calendars_with_channels, governed_calendars


@dataclass(frozen=True, slots=True)
class ChannelState:
    """`is_live`: changes are known to be announced, so it is read each `backstop_seconds`.

    `is_due`: its channels are to be tended now. A calendar whose last meeting was released is due until its channels
    are gone, although it is not read any more.
    """

    is_live: bool
    is_due: bool


def channel_states(session: Session, now: datetime, *, push: bool) -> dict[UUID, ChannelState]:
    """The state of every calendar that is governed or has channels; without push only of those that still have some.

    One statement, because it is asked every second.
    """
    calendars = governed_calendars(session) if push else calendars_with_channels(session)
    return {calendar.id: _state(calendar, now, push) for calendar in calendars}


def _state(calendar: TendedCalendar, now: datetime, push: bool) -> ChannelState:
    is_wanted = push and calendar.is_governed
    step = next_step(calendar.channels, is_wanted=is_wanted, now=now, retry_at=calendar.push_retry_at)
    is_live = is_wanted and any(one.is_live(now) for one in calendar.channels)
    return ChannelState(is_live=is_live, is_due=step is not None)
