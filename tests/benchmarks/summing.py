"""Summaries for 10,000 people in one run: memory, and the cost of a mail beside one that is written by hand.

`python -m tests.benchmarks.summing` imports what the worker imports; with a database and an instant it then posts what
is due there. Prints megabytes, mails, and seconds of the processor.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jobs.worker  # noqa: F401 – this is what is weighed
from governance.database import Database
from governance.models import (
    Address,
    Calendar,
    Department,
    EventPicture,
    Meeting,
    Person,
    Seat,
    Series,
    Tenure,
)
from governance.models.identifiers import new_id
from governance.reconcile.observed import ObservedEvent
from jobs.summary import Summaries
from tests.benchmarks.resident import resident
from tests.benchmarks.rows import Row, count, megabytes

LIMIT = 20.0
START = datetime(2026, 11, 26, 9, tzinfo=UTC)
NOW = START + timedelta(hours=2)
HOUR = timedelta(hours=1)


def summaries(*, meetings: int = 50, seats: int = 200) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/summing.db"
        fill(url, meetings=meetings, seats=seats)
        bare, used = _process(), _process(url)
    people = meetings * seats
    about = f"{people:,} summaries of {meetings} meetings in one run"
    note = f"{used['now']:.1f} MB, imports alone {bare['now']:.1f} MB"
    spent = f"{1000 * used['seconds'] / people:.2f} ms of the processor a mail"
    return [
        count(about, "mails posted", int(used["mails"]), people, spent),
        megabytes(about, "memory beyond its imports", used["now"] - bare["now"], LIMIT, note),
        megabytes(about, "at its peak", used["peak"] - bare["peak"], LIMIT),
    ]


def fill(url: str, *, meetings: int, seats: int) -> None:
    """Meetings at work with a delegate in each seat, written straight into the tables."""
    database = Database(url)
    database.migrate()
    with database.writing() as session:
        calendar = Calendar(google_id="chair@example.com", subject="chair@example.com", sync_token="1")
        departments = [Department(name=f"Department {one:03}", folded=f"department {one:03}") for one in range(seats)]
        session.add_all([calendar, *departments])
    for number in range(meetings):
        with database.writing() as session:
            meeting = Meeting(
                slug=f"meeting-{number}", name=f"Meeting {number}", time_zone="Europe/Berlin", cap=seats,
                first_plan_approved=True, begun_at=START - timedelta(days=60),
            )  # fmt: skip
            series = Series(calendar_id=calendar.id, event_id=f"event{number}", meeting_id=meeting.id)
            session.add_all([meeting, series, _picture(series.id, series.event_id)])
            session.add_all(one for place in range(seats) for one in _held(meeting, departments[place], number, place))
    database.dispose()


def _picture(series: UUID, event_id: str) -> EventPicture:
    start = START - timedelta(weeks=8)
    event = ObservedEvent(
        id=event_id, etag="1", recurrence=("RRULE:FREQ=WEEKLY",), start=start, end=start + HOUR, time_zone="UTC"
    )
    return EventPicture(
        series_id=series, event_id=event_id, is_series=True, etag="1", status="confirmed", body_json=event.to_json(),
        seen_at=start,
    )  # fmt: skip


def _held(meeting: Meeting, department: Department, number: int, place: int) -> list[object]:
    person = Person(name=f"Person {number} {place}")
    folded = f"person{number}.{place}@example.com"
    day = (START - timedelta(days=60)).date()
    seat = Seat(meeting_id=meeting.id, department_id=department.id, opened_on=day)
    address = Address(person_id=person.id, as_given=folded, folded=folded, is_primary=True)
    return [person, address, seat, Tenure(id=new_id(), seat_id=seat.id, person_id=person.id, first_day=day)]


def _process(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.summing", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(arguments: list[str]) -> None:
    mails, begun = 0, time.process_time()
    for url in arguments:
        database = Database(url)
        mails = Summaries(database, zone="UTC", clock=lambda: NOW, monotonic=time.monotonic).look()
    seconds = time.process_time() - begun
    gc.collect()
    print(json.dumps({**resident(), "mails": mails, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1:])
