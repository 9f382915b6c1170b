"""What is wrong with push, and what to do: for `status` and `check`. Calendars are polled meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.push.deciding import ANNOUNCED_WITHIN
from governance.store.channels import TendedCalendar, governed_calendars, meetings_by_calendar

REFUSED, NOT_CONFIRMED = "push-refused", "push-not-confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushProblem:
    """`code` is stable; `meeting` is the slug of one that suffers from it, `calendar` Google's id of its calendar."""

    code: str
    meeting: str
    calendar: str
    text: str
    remedy: str


def push_problems(session: Session, now: datetime, *, public_url: str) -> list[PushProblem]:
    """Once for every meeting that suffers from it, in two statements; to be asked only where push is on."""
    calendars, meetings = governed_calendars(session), meetings_by_calendar(session)
    return [problem for calendar in calendars for problem in _of(calendar, meetings, now, public_url)]


def _of(
    calendar: TendedCalendar, meetings: dict[UUID, list[str]], now: datetime, public_url: str
) -> Iterator[PushProblem]:
    for meeting in meetings.get(calendar.id, ()):
        if calendar.push_problem is not None:
            yield PushProblem(
                code=REFUSED,
                meeting=meeting,
                calendar=calendar.google_id,
                text=calendar.push_problem.rstrip("."),
                remedy=calendar.push_remedy or "Look into the log",
            )
        if _is_silent(calendar, now):
            yield PushProblem(
                code=NOT_CONFIRMED,
                meeting=meeting,
                calendar=calendar.google_id,
                text="no announcement has arrived",
                remedy=f"Check that {public_url} is reached from the internet",
            )


def _is_silent(calendar: TendedCalendar, now: datetime) -> bool:
    """The newest channel that was opened has not been heard of, although Google announces a new one at once."""
    opened = [one for one in calendar.channels if one.opened_at is not None and not one.is_over(now)]
    newest = max(opened, key=lambda one: one.asked_at, default=None)
    return newest is not None and newest.confirmed_at is None and now >= newest.asked_at + ANNOUNCED_WITHIN
