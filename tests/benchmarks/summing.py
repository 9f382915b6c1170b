"""Summaries for 10,000 people in one run: memory, and the cost of a mail beside one that is written by hand.

`python -m tests.benchmarks.summing` imports what the worker imports; with a database and an instant it then posts what
is due there. Prints megabytes, mails, and seconds of the processor.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

import jobs.worker  # noqa: F401 – this is what is weighed
from governance.database import Database
from governance.mail.building import Mail, build
from governance.mail.deciding import Policy
from governance.mail.laid_down import read_mail
from governance.mail.ready import Ready
from governance.models import (
    Address,
    Calendar,
    Department,
    EventPicture,
    Meeting,
    Outbox,
    Person,
    Seat,
    Series,
    Tenure,
)
from governance.models.identifiers import new_id
from governance.reconcile.observed import ObservedEvent
from governance.services.mail_context import Office, mail_of
from jobs.summary import Summaries
from tests.benchmarks import writing as by_hand
from tests.benchmarks.resident import resident
from tests.benchmarks.rows import Row, count, megabytes, ratio

LIMIT, AT_MOST = 20.0, 1.5
_OFFICE = Office(
    site="Site", public_url="http://localhost:8080", secret_key="0123456789abcdef0123456789abcdef", time_zone="UTC",
    currency="EUR", sender="Meeting governance <meetings@example.com>", reply_to=None, daily_limit=0,
    policy=Policy(can_be_asked=False, resends=True),
)  # fmt: skip
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


def beside_by_hand(*, meetings: int = 10, seats: int = 12) -> list[Row]:
    """From an occurrence that is over to the finished bytes of all mails, in one process."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/summing.db"
        fill(url, meetings=meetings + 1, seats=seats)
        database = Database(url)
        _post_and_build(database, START + timedelta(minutes=90))  # the week before, and what is loaded once
        begun = time.process_time()
        built = _post_and_build(database, NOW)
        ours = (time.process_time() - begun) / len(built)
        yardstick = _by_hand(database, built, Path(folder)) / len(built)
        database.dispose()
    return [
        ratio(
            f"{len(built)} summaries of {meetings + 1} meetings", "posting and building them, beside doing so by hand",
            ours / yardstick, AT_MOST, f"ours {1000 * ours:.2f} ms, by hand {1000 * yardstick:.2f} ms a mail",
        )
    ]  # fmt: skip


def _post_and_build(database: Database, now: datetime) -> list[tuple[Mail, Ready]]:
    Summaries(database, zone="UTC", clock=lambda: now, monotonic=time.monotonic).look()
    with database.reading() as session:
        rows = session.scalars(select(Outbox).where(Outbox.queued_at == now).order_by(Outbox.id))
        mails = [mail_of(session, row, _OFFICE) for row in rows]
        return [(one, build(one)) for one in mails]


def _by_hand(database: Database, built: list[tuple[Mail, Ready]], folder: Path) -> float:
    """Seconds for the same rows and the same mails, by whoever has the texts already and puts the names in."""
    with database.reading() as session:
        rows = session.scalars(select(Outbox.facts_json).where(Outbox.queued_at == NOW).order_by(Outbox.id))
        bodies = [json.dumps(one) for one in rows]
    first, ready = built[0]
    shown = read_mail(ready.content, name="summary", at=first.date)
    readers = [by_hand.Reader(mail.context.recipient, mail.recipient) for mail, _ in built]
    begun = time.process_time()
    kept = sqlite3.connect(folder / "by-hand.db")
    kept.execute("CREATE TABLE mail (key TEXT PRIMARY KEY, address TEXT, body TEXT)")
    for (mail, _), body in zip(built, bodies, strict=True):
        kept.execute("INSERT INTO mail VALUES (?, ?, ?)", (str(mail.id), mail.recipient, body))
    kept.commit()
    kept.close()
    by_hand.write_and_read(first, shown, readers)
    return time.process_time() - begun


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
