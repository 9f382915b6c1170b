"""What sponsors hear: at most one mail a week, of what was decided since the last one and concerns their departments.

A decision concerns a department that brought it, pays for it, whose delegate owns it, or whose sponsor was asked for
their word. In which meeting does not matter: a sponsor of several gets one mail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
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

MORNING = time(8)
"""From when on it goes on Mondays, by the site's clock."""

AT_FIRST = timedelta(days=7)
"""How far back goes the first one."""


def sponsor_posts(session: Session, now: datetime, zone: str) -> list[Post]:
    """Of whoever has none in this week yet, and something to hear; one statement, which only reads.

    Args:
        zone: the site's.
    """
    local = now.astimezone(ZoneInfo(zone))
    if local.isoweekday() == 1 and local.time() < MORNING:
        return []
    week = f"{local:%G-W%V}"
    rows = store.concerning(
        session, kind=SponsorWeek.KIND, topic=Topic.SUMMARIES.value, about=week, on=local.date(),
        since=now - AT_FIRST, until=now,
    )  # fmt: skip
    theirs: dict[UUID, dict[UUID, Any]] = defaultdict(dict)
    for row in rows:
        if _is_owned_then(row):
            theirs[row.person_id][row.id] = row
    return [Post(facts=_facts(own.values()), about=week, to=person) for person, own in sorted(theirs.items())]


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
