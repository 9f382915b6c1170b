"""Who is looking, and which meetings are theirs to see: those they lead today, and all for an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from governance.config import Config
from governance.services.sign_in import OpenSession
from governance.store.meeting_page import LedMeeting


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever sends the request; in the demo that is the chair, without an address of their own."""

    address: str
    is_admin: bool
    csrf: str
    is_demo: bool = False


def viewer_of(found: OpenSession, config: Config) -> Viewer:
    """An administrator is one as long as the configuration says so, whatever the session was opened as."""
    is_admin = found.is_admin and found.address in {one.strip().casefold() for one in config.site.admins}
    return Viewer(found.address, is_admin, found.csrf)


def may_see(viewer: Viewer, led: LedMeeting, now: datetime) -> bool:
    """The chair and the scribe in force see their meeting; nobody else learns that it exists."""
    if viewer.is_admin or viewer.is_demo:
        return True
    return led.is_led_on(now.astimezone(ZoneInfo(led.meeting.time_zone)).date())
