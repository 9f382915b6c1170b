"""From a change that Google announces to the guest list in order, through pages and a worker that run as in life."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

from governance.seed import cast
from governance.store.workers import watched_calendars
from tests.benchmarks.counting import LIST
from tests.benchmarks.offices import DELEGATES, count_writes, office_with, worker_process, written
from tests.benchmarks.rows import Kind, Row, count, ratio
from tests.jobs.conftest import Office, wait_until
from tests.jobs.pushed import announcing, wait_until_confirmed
from tests.support.sandbox import SandboxForTests

CALENDARS = 10
AT_ONCE_AGAIN = 5
REST_SECONDS = 4.5
"""Between two changes of one calendar: our own write is announced too, and what follows at once is looked at ever more
rarely. How long that takes is measured by itself."""

WAY_SECONDS = 0.05
"""What the sandbox adds to every call: on loopback alone a round trip costs nothing, which hides how many there are."""

MEDIAN_ROUND_TRIPS = 3
MEDIAN_BESIDES_MS = 100.0
P99_MS = 1000.0
LOOKS_EVERY = 0.004


def repairs(sandbox: SandboxForTests, *, rounds: int, url: str | None = None) -> list[Row]:
    """A stranger is invited, again and again; beside it what one get and one patch cost the plain Google client."""
    with office_with(sandbox, calendars=CALENDARS, url=url) as office:
        call = _plain_call(office)
        office.control.fault("slow", route="events.*", count=None, seconds=WAY_SECONDS)
        with announcing(office) as served, worker_process(served):
            wait_until_confirmed(served, CALENDARS)
            time.sleep(REST_SECONDS)  # the first readings are over then, and what they led to
            taken, trips = [], []
            for number in range(rounds):
                begun = time.monotonic()
                for slug in served.scenes:
                    trips.append(call())
                    taken.append(_repaired(served, slug, f"stranger{number}@elsewhere.org"))
                time.sleep(max(0.0, begun + REST_SECONDS - time.monotonic()))
            again = [_repaired_again(served, slug) for slug in list(served.scenes)[:AT_ONCE_AGAIN]]
        office.control.clear_faults()
    return _rows("PostgreSQL" if url else "SQLite", taken, again, trips)


def crowd(sandbox: SandboxForTests, *, announcements: int) -> list[Row]:
    """All at once to one calendar whose worker lives, until nothing is left to be done."""
    with office_with(sandbox, calendars=1) as office:
        count_writes(office.database)
        with announcing(office) as served, worker_process(served):
            wait_until_confirmed(served)
            wait_until(lambda: _is_quiet(served), "the first look does not end")
            [channel] = [one["id"] for one in served.control.channels() if one["live"]]
            before = written(served.database)
            served.control.clear_log()

            begun = time.monotonic()
            with ThreadPoolExecutor(8) as senders:
                list(senders.map(lambda _: served.control.notify(channel), range(announcements)))
            if not served.control.wait_until_pushed(timeout=120.0):
                raise RuntimeError("Look at the pages: they do not answer the announcements.")
            answered = time.monotonic() - begun
            wait_until(lambda: _is_quiet(served), "the calendar is not read")
            asked = [one["route"] for one in served.control.log() if "/calendar/v3/" in one["path"]]
            changed = written(served.database) - before
    name = f"{announcements} announcements at once"
    del changed["worker"]
    return [
        Row(
            about=name,
            name="lists until nothing is left to do",
            kind=Kind.COUNT,
            measured=asked.count(LIST),
            limit=2,
            goal="P24",
            note=f"the pages had answered after {answered:.1f} s",
        ),
        count(name, "other requests", len(asked) - asked.count(LIST), 0, goal="P24"),
        Row(
            about=name,
            name="rows written for one announcement",
            kind=Kind.RATIO,
            measured=changed.total() / announcements,
            limit=None,
            note=", ".join(f"{table} {rows}" for table, rows in sorted(changed.items())),
        ),
    ]


def _rows(
    engine: str, taken: Sequence[float], again: Sequence[float], trips: Sequence[tuple[float, float]]
) -> list[Row]:
    get, patch = median(one for one, _ in trips), median(one for _, one in trips)
    trip = median(seconds for pair in trips for seconds in pair)
    name = f"announced → repaired, {len(taken)} times on {engine}, every call {WAY_SECONDS * 1000:.0f} ms away"
    slow = sum(seconds * 1000 > P99_MS for seconds in taken)
    typical, p99 = median(taken), nearest(taken, 0.99)
    return [
        Row(
            about=name,
            name="p50",
            kind=Kind.MILLISECONDS,
            measured=typical * 1000,
            limit=MEDIAN_ROUND_TRIPS * trip * 1000 + MEDIAN_BESIDES_MS,
            goal="P4",
            note=f"{MEDIAN_ROUND_TRIPS} round trips and {MEDIAN_BESIDES_MS:.0f} ms; "
            f"the plain client's get {get * 1000:.1f} ms, patch {patch * 1000:.1f} ms",
        ),
        Row(
            about=name,
            name="p99",
            kind=Kind.MILLISECONDS,
            measured=p99 * 1000,
            limit=P99_MS,
            goal="P4",
            note=f"{slow} above it",
        ),
        ratio(name, "p50 / round trip", typical / trip, None),
        ratio(name, "p99 / round trip", p99 / trip, None),
        Row(
            about=name,
            name="changed again at once, p50",
            kind=Kind.MILLISECONDS,
            measured=median(again) * 1000,
            limit=None,
            note=f"of {len(again)}",
        ),
    ]


def nearest(values: Sequence[float], part: float) -> float:
    """The smallest value that so large a part of all is not above."""
    return sorted(values)[max(math.ceil(part * len(values)), 1) - 1]


def _repaired(office: Office, slug: str, stranger: str) -> float:
    """Seconds from the change to the guest list without the stranger, as the organiser's calendar has it."""
    scene = office.scenes[slug]
    begun = time.monotonic()
    office.control.forward(scene.calendar, scene.event_id, DELEGATES[0].address, stranger)
    while stranger in _guests(office, slug):
        if time.monotonic() - begun > 60:
            raise RuntimeError(f"Look at the worker: {slug} is not put right.")
        time.sleep(LOOKS_EVERY)
    return time.monotonic() - begun


def _repaired_again(office: Office, slug: str) -> float:
    _repaired(office, slug, "first@elsewhere.org")
    return _repaired(office, slug, "second@elsewhere.org")


def _guests(office: Office, slug: str) -> set[str]:
    scene = office.scenes[slug]
    return {guest["email"] for guest in office.control.event(scene.calendar, scene.event_id)["attendees"]}


def _plain_call(office: Office) -> Callable[[], tuple[float, float]]:
    """The seconds of one get and one patch, each, of an event that nobody governs."""
    owner = cast.AMARA.address  # has no governed calendar
    start, end = "2030-01-07T09:00:00+01:00", "2030-01-07T10:00:00+01:00"
    office.control.create_series(owner, "Lunch", start, end, event_id="lunch0")
    events: Any = office.sandbox.service(owner).events()
    which = {"calendarId": owner, "eventId": "lunch0"}

    def call() -> tuple[float, float]:
        first = time.monotonic()
        events.get(**which).execute()
        second = time.monotonic()
        events.patch(**which, body={"summary": "Lunch"}).execute()
        return second - first, time.monotonic() - second

    return call


def _is_quiet(office: Office) -> bool:
    """Nobody waits for a reading, and none is under way."""
    with office.database.reading() as session:
        return not any(one.is_urgent or one.is_new for one in watched_calendars(session, office.now))
