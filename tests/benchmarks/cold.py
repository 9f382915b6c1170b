"""A first start with very many calendars of one account: nothing may be refused, and the quota alone may take time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from governance.calendar.opening import open_google
from governance.models.calendar import Calendar
from governance.reconcile.ports import CalendarAddress
from governance.seed import cast
from governance.services import adoption
from tests.benchmarks.counting import LIST
from tests.benchmarks.offices import office_with, worker_process
from tests.benchmarks.rows import Kind, Row, count, ratio
from tests.jobs.conftest import Office
from tests.support.sandbox import SandboxForTests

UNITS_A_MINUTE = 600
LONGEST_SECONDS = 600.0
BACKSTOP_SECONDS = 900
LIMIT = 1.1


def start(sandbox: SandboxForTests, *, calendars: int) -> list[Row]:
    """From the start of the worker until each calendar was read whole, by an account with Google's usual quota."""
    with office_with(sandbox, calendars=0) as office:
        _adopt(office, calendars)
        _poll_rarely(office)
        office.control.clock(advance=61)  # what the adoption has used up is no matter of the start
        office.control.switch("user_units_per_minute", UNITS_A_MINUTE)
        office.control.clear_log()
        begun = time.monotonic()
        with worker_process(office):
            while _unread(office):
                if time.monotonic() - begun > LONGEST_SECONDS:
                    raise RuntimeError(f"Look at the worker: {_unread(office)} calendars are not read.")
                time.sleep(0.5)
            passed = time.monotonic() - begun
        asked = [one for one in office.control.log() if "/calendar/v3/" in one["path"]]
    return _rows(calendars, passed, asked)


def least_seconds(units: int) -> float:
    """What so many units take at least: the first minute's at once, and every further full minute after one more."""
    return 60.0 * ((units - 1) // UNITS_A_MINUTE)


def _rows(calendars: int, passed: float, asked: list[dict[str, object]]) -> list[Row]:
    refused = sum(one["status"] in (403, 429) for one in asked)
    lists = sum(one["route"] == LIST for one in asked)
    least = least_seconds(calendars)
    name = f"a first start, {calendars} calendars of one account, {UNITS_A_MINUTE} units a minute"
    return [
        count(name, "refused for haste", refused, 0, goal="P3"),
        Row(
            about=name,
            name="lists beyond one a calendar",
            kind=Kind.COUNT,
            measured=lists - calendars,
            limit=None,
            note="calendars that were read again meanwhile",
        ),
        Row(about=name, name="other requests", kind=Kind.COUNT, measured=len(asked) - lists, limit=None),
        ratio(
            name,
            "duration / what the quota makes it take",
            passed / least,
            LIMIT,
            f"{passed:.1f} s, at least {least:.0f} s",
            goal="P3",
        )
        if least
        else Row(about=name, name="seconds", kind=Kind.COUNT, measured=round(passed), limit=None),
    ]


def _adopt(office: Office, calendars: int) -> None:
    """In one transaction; nobody is on a roster, so that the first plans wait and nothing is written."""
    office.control.seed(calendars=[{"id": _calendar(n), "owner": cast.CHAIR.address} for n in range(calendars)])
    for number in range(calendars):
        office.control.share(_calendar(number), cast.CHAIR.address, "owner")
    first = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=3)
    office.control.create_many([_event(number, first) for number in range(calendars)])
    google = open_google(office.config)
    try:
        with office.database.writing() as session:
            for number in range(calendars):
                address = CalendarAddress(_calendar(number), cast.CHAIR.address)
                event = google.calendar.get_event(address, f"series{number:05}")
                if event is None:
                    raise LookupError(f"the sandbox has no series {number}")
                adoption.adopt(
                    session,
                    slug=f"meeting-{number}",
                    google_id=address.google_id,
                    subject=address.subject,
                    event=event,
                    actor="bench",
                    now=office.now,
                )
    finally:
        google.close()


def _poll_rarely(office: Office) -> None:
    """As where changes are announced: at a look a second there would be nothing left for a start."""
    file = office.config.path
    file.write_text(file.read_text().replace("poll_seconds = 1", f"poll_seconds = {BACKSTOP_SECONDS}"))


def _event(number: int, first: datetime) -> dict[str, object]:
    return {
        "calendar": _calendar(number),
        "event_id": f"series{number:05}",
        "summary": f"Meeting {number}",
        "start": first.isoformat(),
        "end": (first + timedelta(hours=1)).isoformat(),
        "time_zone": "UTC",
        "recurrence": ["RRULE:FREQ=WEEKLY"],
        "guests": [cast.AMARA.address, cast.HENRIK.address],
    }


def _calendar(number: int) -> str:
    return f"room{number:04}@{cast.DOMAIN}"


def _unread(office: Office) -> int:
    with office.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Calendar).where(Calendar.sync_token.is_(None))) or 0
