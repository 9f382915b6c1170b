"""What sponsors hear: at most one mail a week, of what was decided since the last one and concerns their departments.

A decision concerns a department that brought it, pays for it, whose delegate owns it, or whose sponsor was asked for
their word. In which meeting does not matter: a sponsor of several gets one mail.

The mail of a week tells what was closed until Monday at eight, whenever it is written: what a worker that was down has
missed is told once, and who has nothing to hear on a Monday hears nothing until the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.roster import Term
from governance.mail.facts_of_summaries import SponsorWeek
from governance.mail.kinds import Topic
from governance.services.attendance.reading import day_of
from governance.services.mailing.letters import Post
from governance.store import sponsor_weeks as store
from governance.store.outbox import muted_by

MORNING = time(8)
"""From when on it goes on Mondays, by the site's clock."""

AT_FIRST = timedelta(days=7)
"""How far back goes the first one."""

AT_MOST = timedelta(weeks=13)
"""How far back goes any: who had nothing to hear for longer missed nothing in it, but after an outage as long."""


@dataclass(slots=True)
class _Reader:
    """A sponsor; `since` is until when they were told last."""

    since: datetime
    departments: set[UUID]


def week_of(now: datetime, zone: str) -> str | None:
    """The week whose mail may go now, `2026-W49`; None on Monday until it is time. All that is in it has happened by
    then: who has looked once need not look again until it is another one.
    """
    local = now.astimezone(ZoneInfo(zone))
    if local.isoweekday() == 1 and local.time() < MORNING:
        return None
    return f"{local:%G-W%V}"


def sponsor_posts(session: Session, now: datetime, zone: str) -> list[Post]:
    """Of whoever has none in this week yet, and something to hear; three statements, which only read.

    Args:
        zone: the site's.
    """
    week = week_of(now, zone)
    if week is None:
        return []
    until, today = _begin(week, zone), now.astimezone(ZoneInfo(zone)).date()
    readers = _readers(session, week, until, today, zone)
    if not readers:
        return []
    muted = muted_by(session, readers, Topic.SUMMARIES.value)
    by_department: dict[UUID, list[UUID]] = defaultdict(list)
    for person, reader in readers.items():
        for department in reader.departments:
            by_department[department].append(person)
    theirs: dict[UUID, dict[UUID, Any]] = defaultdict(dict)
    for row in store.concerning(session, today, min(one.since for one in readers.values()), until):
        for person in by_department.get(row.department_id, ()):
            if row.closed_at > readers[person].since and _is_owned_then(row) and (person, row.meeting_id) not in muted:
                theirs[person][row.id] = row
    return [Post(facts=_facts(own.values()), about=week, to=person) for person, own in sorted(theirs.items())]


def _readers(session: Session, week: str, until: datetime, today: date, zone: str) -> dict[UUID, _Reader]:
    found: dict[UUID, _Reader] = {}
    for row in store.sponsors_with_last(session, SponsorWeek.KIND, today):
        if row.last == week:
            continue
        since = max(_begin(row.last, zone), until - AT_MOST) if row.last else until - AT_FIRST
        found.setdefault(row.person_id, _Reader(since, set())).departments.add(row.department_id)
    return found


def _begin(week: str, zone: str) -> datetime:
    """Its Monday at eight."""
    monday = datetime.strptime(f"{week}-1", "%G-W%V-%u").replace(tzinfo=ZoneInfo(zone))
    return datetime.combine(monday.date(), MORNING, ZoneInfo(zone)).astimezone(UTC)


def _is_owned_then(row: Any) -> bool:
    """Where it is theirs because their delegate owns it: whether that one was the delegate when it was closed."""
    if row.first_day is None:
        return True
    return Term(row.first_day, row.last_day).holds_on(day_of(row.closed_at, row.time_zone))


def _facts(rows: Iterable[Any]) -> SponsorWeek:
    """No heads of chains: how long one is tells how much was said in the room."""
    in_order = sorted(rows, key=attrgetter("meeting", "slug", "number_year", "number_seq"))
    return SponsorWeek(
        closed=[
            {
                "meeting": row.meeting,
                "slug": row.slug,
                "number": row.number,
                "title": row.title,
                "owner": row.owner or "",
                "due_on": row.due_on.isoformat() if row.due_on else None,
                "customer": row.customer,
            }
            for row in in_order
        ]
    )
