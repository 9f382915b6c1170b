"""A small Google that opens channels and announces on them, and an installation that it announces to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from governance.database import Database
from governance.models.calendar import Calendar
from governance.models.channel import Channel
from governance.push.states import ChannelState, channel_states
from governance.push.tending import ChannelTender
from governance.reconcile.ports import CalendarAddress, CalendarTrouble, NotFound, OpenedChannel
from governance.services import channels as service
from governance.services.channels import Notification
from governance.store.channels import calendar_to_mark
from governance.store.meetings import all_calendars
from tests.support.cast import NOW, on_stage

PUBLIC_URL = "https://meetings.example.com"
ADDRESS = f"{PUBLIC_URL}/google/notifications"


@dataclass(slots=True)
class GoogleChannel:
    """A channel as Google has it."""

    id: str
    token: str
    address: str
    calendar: CalendarAddress
    resource_id: str
    expires_at: datetime
    is_stopped: bool = False


Deliver = Callable[[GoogleChannel, str], None]


@dataclass(slots=True)
class Announcer:
    """The port's twin. A new channel is announced before `watch` returns, as Google may do, or with `catch_up`."""

    clock: Callable[[], datetime]
    deliver: Deliver
    granted: timedelta = timedelta(days=7)
    announces_at_once: bool = True
    trouble: CalendarTrouble | None = None
    stop_trouble: CalendarTrouble | None = None
    answer_lost: CalendarTrouble | None = None
    channels: list[GoogleChannel] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    most_live: int = 0
    waiting: list[GoogleChannel] = field(default_factory=list)

    def watch(
        self, calendar: CalendarAddress, *, channel_id: str, token: str, address: str, ttl_seconds: int
    ) -> OpenedChannel:
        self.calls.append("watch")
        if self.trouble is not None:
            raise self.trouble
        assert channel_id not in {one.id for one in self.channels}
        life = min(self.granted, timedelta(seconds=ttl_seconds))
        resource = f"resource of {calendar.google_id}"
        opened = GoogleChannel(channel_id, token, address, calendar, resource, self.clock() + life)
        self.channels.append(opened)
        self.most_live = max(self.most_live, len(self.live()))
        if self.announces_at_once:
            self.deliver(opened, "sync")
        else:
            self.waiting.append(opened)
        if self.answer_lost is not None:
            raise self.answer_lost
        return OpenedChannel(opened.resource_id, opened.expires_at)

    def stop_channel(self, calendar: CalendarAddress, *, channel_id: str, resource_id: str) -> None:
        self.calls.append("stop")
        if self.stop_trouble is not None:
            raise self.stop_trouble
        for one in self.live():
            if (one.id, one.resource_id, one.calendar) == (channel_id, resource_id, calendar):
                one.is_stopped = True
                return
        raise NotFound("Share the calendar", "there is no such channel")

    def live(self) -> list[GoogleChannel]:
        return [one for one in self.channels if not one.is_stopped and self.clock() < one.expires_at]

    def change(self) -> None:
        """Somebody changes the calendar: every live channel announces it."""
        for one in self.live():
            self.deliver(one, "exists")

    def catch_up(self) -> None:
        late, self.waiting = self.waiting, []
        for one in late:
            self.deliver(one, "sync")


@dataclass(slots=True)
class Installation:
    """A governed calendar, a tender for it, and the Google it asks; time is moved by hand."""

    database: Database
    now: datetime = NOW
    google: Announcer = field(init=False)
    calendar_id: UUID = field(init=False)
    push: bool = True
    reaches_us: bool = True
    """Whether what Google announces arrives."""

    def __post_init__(self) -> None:
        self.google = Announcer(lambda: self.now, self.arrive)
        with on_stage(self.database) as stage:
            [calendar] = all_calendars(stage.session)
            self.calendar_id = calendar.id
        self.read()

    def read(self) -> None:
        """What the worker does at the beginning of a reading."""
        with self.database.writing() as session:
            calendar_to_mark(session, self.calendar_id).dirty = False

    def arrive(self, channel: GoogleChannel, state: str) -> None:
        """What the web does with it: believed in one session, written in another."""
        if not self.reaches_us:
            return
        notification = Notification(UUID(channel.id), channel.token, channel.resource_id, is_first=state == "sync")
        with self.database.reading() as session:
            found = service.genuine_channel(session, notification, self.now)
        if found is not None and service.changes_something(found, notification):
            with self.database.writing() as session:
                service.receive(session, notification, found.calendar_id, self.now)

    def tender(self, database: object | None = None) -> ChannelTender:
        return ChannelTender(
            database or self.database,  # type: ignore[arg-type]
            self.google,
            public_url=PUBLIC_URL,
            clock=lambda: self.now,
            push=self.push,
            chance=lambda: 0.5,
        )

    def tend(self) -> None:
        self.tender().tend(self.calendar_id)

    def tend_if_due(self) -> bool:
        """What the scheduler does."""
        is_due = self.state().is_due
        if is_due:
            self.tend()
        return is_due

    def states(self) -> dict[UUID, ChannelState]:
        with self.database.reading() as session:
            return channel_states(session, self.now, push=self.push)

    def state(self) -> ChannelState:
        return self.states().get(self.calendar_id, ChannelState(is_live=False, is_due=False))

    def later(self, **units: float) -> None:
        self.now += timedelta(**units)

    def calendar(self) -> Calendar:
        with self.database.reading() as session:
            return session.get_one(Calendar, self.calendar_id)

    def channels(self) -> list[Channel]:
        """What is known here, oldest first."""
        with self.database.reading() as session:
            return list(session.scalars(select(Channel).order_by(Channel.asked_at, Channel.id)))
