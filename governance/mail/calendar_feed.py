"""A feed for a reader's own calendar program: what they owe and when they meet, read again whenever it likes.

    entries → calendar_feed → RFC 5545 with CRLF

The same entries give the same bytes. There is no METHOD: nothing is sent to anybody, and DTSTAMP then says when an
entry was last revised (RFC 5545, 3.8.7.2), which is no matter of the moment at which it is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from governance.mail.safety import safe_line, safe_link

_DAY = timedelta(days=1)
_AGAIN = timedelta(hours=1)
"""How soon a program may well ask again; each decides for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`uid` is the same for the same thing for ever; `revision` rises with what changes. Instants in UTC.

    `begins` is a day for what is due; `ends` is None then. `about` is a sentence, `address` a page of ours.
    """

    uid: str
    revision: int
    revised_at: datetime
    title: str
    about: str
    address: str
    begins: date | datetime
    ends: datetime | None = None
    is_cancelled: bool = False


def calendar_feed(name: str, entries: Iterable[Entry]) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Meeting governance//EN")
    calendar.add("version", "2.0")
    calendar.add("name", safe_line(name, 200))
    calendar.add("x-wr-calname", safe_line(name, 200))
    calendar.add("refresh-interval", _AGAIN, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")  # the same for programs that know no other
    for one in entries:
        calendar.add_component(_event(one))
    return bytes(calendar.to_ical())


def _event(one: Entry) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", one.revised_at.replace(microsecond=0))
    event.add("sequence", one.revision)
    event.add("dtstart", one.begins)
    event.add("dtend", one.ends if one.ends is not None else one.begins + _DAY)
    event.add("summary", safe_line(one.title, 200))
    address = safe_link(one.address)
    event.add("description", "\n".join([safe_line(one.about), *([address] if address else [])]))
    if address:
        event.add("url", address)
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if one.ends is not None and not one.is_cancelled else "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
