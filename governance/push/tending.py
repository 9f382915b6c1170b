"""Tends the channels of one calendar in its own turn: claim, act, record. It decides nothing."""

from __future__ import annotations

import logging
import random
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models.identifiers import new_id
from governance.push import NOTIFICATIONS_PATH
from governance.push.deciding import LONGEST_LIFE, Forget, Open, Step, Stop, next_step, renewal
from governance.reconcile.ports import (
    CalendarAddress,
    CalendarTrouble,
    ChannelPort,
    NotFound,
    OpenedChannel,
    Refused,
    Stopping,
    Throttled,
    Unbelievable,
    WritesPaused,
)
from governance.services import channels as service
from governance.store.channels import TendedCalendar, tended_calendar

log = logging.getLogger(__name__)

_STEPS = 20
"""In one turn; there are never so many, but a turn has to end."""

_SHORTEST_LIFE = timedelta(minutes=1)

_SAID_NO = (Refused, Throttled, WritesPaused)
"""Google has answered that nothing was opened. After any other trouble there may be a channel."""


class Sessions(Protocol):
    """The database, or one that gives no session any more once the calendar belongs to another worker."""

    def reading(self) -> AbstractContextManager[Session]: ...
    def writing(self) -> AbstractContextManager[Session]: ...


class ChannelTender:
    """Opens, renews and stops the channels of calendars. One turn of a calendar at a time: its lease sees to that."""

    def __init__(
        self,
        database: Sessions,
        channels: ChannelPort,
        *,
        public_url: str,
        clock: Callable[[], datetime],
        push: bool = True,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._channels = channels
        self._address = public_url.rstrip("/") + NOTIFICATIONS_PATH
        self._clock = clock
        self._push = push
        self._chance = chance

    def tend(self, calendar_id: UUID) -> None:
        """Do what is due; to be called before the calendar is listed, so that nothing falls between the two.

        A trouble of Google's is noted and waits its time, the calendar is polled meanwhile.

        Raises:
            Stopping: the process stops, or the calendar belongs to another worker.
        """
        for _ in range(_STEPS):
            with self._database.reading() as session:
                calendar = tended_calendar(session, calendar_id)
            step = self._next_step(calendar) if calendar else None
            if calendar is None or step is None:
                return
            self._take(step, calendar)

    def _next_step(self, calendar: TendedCalendar) -> Step | None:
        is_wanted = self._push and calendar.is_governed
        return next_step(calendar.channels, is_wanted=is_wanted, now=self._clock(), retry_at=calendar.push_retry_at)

    def _take(self, step: Step, calendar: TendedCalendar) -> None:
        match step:
            case Open():
                self._open(calendar.id, calendar.address)
            case Stop():
                self._stop(calendar.id, calendar.address, step)
            case Forget():
                with self._database.writing() as session:
                    service.forget(session, step.channel_ids)

    def _open(self, calendar_id: UUID, address: CalendarAddress) -> None:
        channel_id, token = new_id(), secrets.token_urlsafe(32)
        with self._database.writing() as session:
            service.claim(session, calendar_id, channel_id, token, now=self._clock())
        try:
            opened = self._channels.watch(
                address,
                channel_id=str(channel_id),
                token=token,
                address=self._address,
                ttl_seconds=int(LONGEST_LIFE.total_seconds()),
            )
        except Stopping:
            raise
        except CalendarTrouble as trouble:
            self._note(calendar_id, trouble, refused=channel_id if isinstance(trouble, _SAID_NO) else None)
            return
        self._record(calendar_id, channel_id, opened)

    def _record(self, calendar_id: UUID, channel_id: UUID, opened: OpenedChannel) -> None:
        now = self._clock()
        renew_at = renewal(now, opened.expires_at, chance=self._chance())
        with self._database.writing() as session:
            service.record_opened(session, calendar_id, channel_id, opened, renew_at=renew_at, now=now)
        log.info("opened a channel", extra={"calendar": calendar_id, "until": opened.expires_at.isoformat()})
        if opened.expires_at - now < _SHORTEST_LIFE:
            # Else the next one would be asked for at once, and so on.
            self._note(calendar_id, Unbelievable("Set this machine's clock", "a new channel is over already"))

    def _stop(self, calendar_id: UUID, address: CalendarAddress, step: Stop) -> None:
        try:
            self._channels.stop_channel(address, channel_id=str(step.channel_id), resource_id=step.resource_id)
        except Stopping:
            raise
        except NotFound:
            pass  # it is gone, which is what was wanted
        except Refused as trouble:
            # No better answer will come: it is left to expire, and what arrives on it is not believed any more.
            log.warning("left a channel to expire", extra={"calendar": calendar_id, "why": str(trouble)})
        except CalendarTrouble as trouble:
            self._note(calendar_id, trouble)
            return
        with self._database.writing() as session:
            service.record_stopped(session, calendar_id, step.channel_id, now=self._clock())

    def _note(self, calendar_id: UUID, trouble: CalendarTrouble, *, refused: UUID | None = None) -> None:
        with self._database.writing() as session:
            if refused is not None:
                service.record_refused(session, refused)
            service.note_trouble(session, calendar_id, trouble, chance=self._chance(), now=self._clock())
        log.warning("put announcements off", extra={"calendar": calendar_id, "code": trouble.code, "why": str(trouble)})
