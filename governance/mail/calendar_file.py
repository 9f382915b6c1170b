"""A date for the reader's own calendar: one event in UTC, published to look at and not an invitation to answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from governance.mail.letter import Event
from governance.mail.safety import safe_line, safe_link


def calendar_file(event: Event, *, stamp: datetime) -> bytes:
    """RFC 5545 with CRLF; the same event and stamp give the same bytes."""
    from icalendar import Calendar
    from icalendar import Event as Entry

    calendar = Calendar()
    calendar.add("prodid", "-//Meeting governance//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry = Entry()
    entry.add("uid", re.sub(r"[^A-Za-z0-9.@_-]", "", event.uid)[:200])
    entry.add("dtstamp", stamp.astimezone(UTC))
    entry.add("dtstart", event.start.astimezone(UTC))
    entry.add("dtend", event.end.astimezone(UTC))
    entry.add("summary", safe_line(event.summary, 200))
    entry.add("transp", "OPAQUE")
    if address := safe_link(event.address):
        entry.add("url", address)
        entry.add("description", address)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def file_name(event: Event) -> str:
    """`customer-decisions-2026-11-26.ics`; without letters that a file system or a header may mistake."""
    name = "-".join(re.findall(r"[a-z0-9]+", event.summary.lower()))[:60]
    return f"{name or 'meeting'}-{event.start.astimezone(UTC):%Y-%m-%d}.ics"
