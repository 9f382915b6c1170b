"""Where a reader may go from here, by the one table of who may what; the database is not asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from flask import current_app, request
from werkzeug.routing import Map

from governance.domain.access import Act, Kind
from web.site import viewer


@dataclass(frozen=True, slots=True)
class Way:
    title: str
    address: str
    is_here: bool


class Named(Protocol):
    """A meeting, or the page of one."""

    @property
    def id(self) -> UUID: ...
    @property
    def slug(self) -> str: ...


def of_site() -> tuple[Way, ...]:
    """Nothing for who has one meeting and no more: there is nowhere else to go."""
    known = viewer().meetings(Act.KNOW_OF)
    if not viewer().is_admin and known is not None and len(known) <= 1:
        return ()
    wanted = [("Home", "/"), *([("System", "/system")] if viewer().is_admin else [])]
    ways = _ways(wanted)
    # Every address lies under the first one, which is meant to be just that page.
    return tuple(Way(way.title, way.address, way.is_here and (way.address != "/" or _path() == "/")) for way in ways)


def of_meeting(meeting: Named) -> tuple[Way, ...]:
    """The pages of the meeting that there are and that the viewer may open; nothing where that is this one alone."""
    below = f"/m/{meeting.slug}"
    may, there = viewer().may, _patterns()
    wanted = [
        (title, below + ending)
        for title, ending, act, kind in _OF_A_MEETING
        if f"/m/<slug>{ending}" in there and may(act, kind, meeting.id)
    ]
    # Minutes have no way of their own: they are what an agenda becomes.
    path = _path().replace(f"{below}/minutes/", f"{below}/agenda/", 1)
    ways = _ways(wanted, path)
    return ways if len(ways) > 1 else ()


def of_system() -> tuple[Way, ...]:
    return _ways(
        [
            ("Overview", "/system"),
            ("Mail", "/system/mail"),
            ("Calendars", "/system/calendars"),
            ("Ledger", "/system/ledger"),
        ]
    )


_OF_A_MEETING = (
    ("Meeting", "", Act.OPEN, Kind.MEETING),
    ("Room", "/room", Act.READ, Kind.ATTENDANCE),
    ("Agenda", "/agenda", Act.READ, Kind.AGENDA),
    ("Decisions", "/decisions", Act.READ, Kind.DECISION),
    ("Promises", "/promises", Act.READ, Kind.PROMISE),
    ("Say and do", "/promises/say-do", Act.READ, Kind.SAY_DO),
    ("Brief", "/brief", Act.READ, Kind.BRIEF),
    ("Roster", "/roster", Act.OPEN, Kind.MEETING),
    ("Waiting lists", "/waiting", Act.KNOW_OF, Kind.MEETING),
    ("Attendance", "/attendance", Act.READ, Kind.ATTENDANCE),
    ("Questions", "/questions", Act.READ, Kind.QUESTIONS),
    ("Charter", "/charter", Act.READ, Kind.CHARTER),
    ("Rules", "/rules", Act.READ, Kind.INVITATION),
    ("Ledger", "/ledger", Act.READ, Kind.RECORD),
)


def _ways(wanted: Iterable[tuple[str, str]], path: str | None = None) -> tuple[Way, ...]:
    """The one with the longest address that the present one begins with is where the reader is."""
    pairs, path = tuple(wanted), path or _path()
    above = [address for _, address in pairs if path == address or path.startswith(address.rstrip("/") + "/")]
    here = max(above, key=len, default=None)
    return tuple(Way(title, address, address == here) for title, address in pairs)


def _path() -> str:
    return request.path


def _patterns() -> frozenset[str]:
    return _patterns_of(current_app.url_map)


@lru_cache(8)
def _patterns_of(pages: Map) -> frozenset[str]:
    """Gathered once: there are no new pages after the first request."""
    return frozenset(rule.rule for rule in pages.iter_rules())
