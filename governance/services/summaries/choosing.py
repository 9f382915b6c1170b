"""When somebody wants their summaries: as charters say, at another hour, or in one mail about all meetings."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.domain.summaries.timing import After, Weekly, hour_of
from governance.models.person import Person
from governance.models.summary import SummaryChoice
from governance.services.ledger import record
from governance.store import summary_times as store

MOST_HOURS = 72
"""Whoever hears later than that chooses a day."""


class HourRefused(GovernanceError):
    """The hour cannot be chosen."""


def choice_of(session: Session, person_id: UUID) -> SummaryChoice | None:
    return store.choices_of(session, [person_id]).get(person_id)


def choose_hour(
    session: Session, person: Person, at: str | None, *, is_together: bool, now: datetime, source: str
) -> bool:
    """From now on; whether that changed anything. `at` is None for the hour of each charter.

    Raises:
        HourRefused: it is no such hour, or none for one mail about all meetings.
    """
    _check(at, is_together=is_together)
    row = choice_of(session, person.id)
    before = (row.at, row.is_together) if row is not None else (None, False)
    if before == (at, is_together):
        return False
    if row is None:
        row = SummaryChoice(person_id=person.id, at=at, is_together=is_together, chosen_at=now)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another click at the same moment
            return False
    row.at, row.is_together, row.chosen_at = at, is_together, now
    record(
        session, at=now, actor=f"person:{person.id}", source=source, act="summary-hour-chosen",
        subject=f"person:{person.id}", confidentiality=Confidentiality.PRIVATE,
        before={"at": before[0], "together": before[1]}, after={"at": at, "together": is_together},
    )  # fmt: skip
    return True


def _check(at: str | None, *, is_together: bool) -> None:
    try:
        hour = hour_of(at) if at is not None else None
    except ValueError:
        raise HourRefused("Choose hours after the end, or a day and a time", "this is neither") from None
    if is_together and not isinstance(hour, Weekly):
        raise HourRefused("Choose a day and a time", "one mail about all your meetings needs them")
    if isinstance(hour, After) and hour.delay.total_seconds() > MOST_HOURS * 3600:
        raise HourRefused(f"Enter 1 to {MOST_HOURS} hours", "choose a day and a time for later than that")
