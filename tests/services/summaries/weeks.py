"""A week that is over, and what its summary says to whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.database import Database
from governance.models import Meeting
from governance.services.summaries.cutting import summary_for
from governance.services.summaries.gathering import gather, readers
from governance.services.summaries.values import Gathered, Period, Reader, Written
from governance.store.meetings import meeting_by_slug
from governance.store.people import person_by_address
from tests.web.attended import start_of
from tests.web.scenes import SLUG

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


def no_week(until: datetime) -> Period:
    """A week without an occurrence."""
    year, number, _ = until.isocalendar()
    return Period(f"{year}-W{number:02}", None, None, is_cancelled=False, since=until - WEEK, until=until)


def week(number: int = 0, **more: Any) -> Period:
    """The occurrence of that week (0 is the next one of a scene), told an hour after its end."""
    began = start_of(number)
    found = Period(
        f"{began:%Y-%m-%dT%H:%M:%SZ}",
        began,
        began + HOUR,
        is_cancelled=False,
        since=began - WEEK,
        until=began + 2 * HOUR,
    )
    return replace(found, **more)


@dataclass(frozen=True, slots=True)
class Told:
    """What was gathered, who reads it, and what each reads."""

    gathered: Gathered
    readers: tuple[Reader, ...]
    people: dict[str, UUID]

    def to(self, address: str) -> Written | None:
        person = self.people[address]
        reader = next((one for one in self.readers if one.person == person), None)
        return summary_for(self.gathered, reader) if reader else None


def told(database: Database, period: Period, now: datetime | None = None, *addresses: str, slug: str = SLUG) -> Told:
    now = now or period.until
    with database.reading() as session:
        found = meeting(session, slug)
        people = {one: owner.id for one in addresses if (owner := person_by_address(session, one))}
        return Told(gather(session, found, period, now), readers(session, found, period, now), people)


def meeting(session: Session, slug: str = SLUG) -> Meeting:
    found = meeting_by_slug(session, slug)
    assert found is not None
    return found
