"""Promises: when somebody is reminded of one, and what a department's say and do come to.

    one action + today → the reminder that is due
    the actions of a seat + the occurrences of the window + a day → SayDo as it stood on that day

A promise is kept when it is done by the day that was promised first. One that slipped is not kept, however good the
reason; the reason stands beside the figure. One that was dropped by whoever leads counts for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

WINDOW = 13
"""Over how many occurrences say and do are counted."""

SHOWN_FIRST = timedelta(days=7)
"""For how long a department alone sees its figures, before the chair does."""

BEFORE = timedelta(days=3)
TO_SPONSOR_AFTER = timedelta(weeks=2)
LONGEST_SLIP = timedelta(days=366)


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Reminder(StrEnum):
    """What an owner is reminded of; *sponsor* goes to the sponsor of the owner's department."""

    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    SPONSOR = "sponsor"


@dataclass(frozen=True, slots=True)
class Promise:
    """`made_on`, `settled_on` are days where the meeting is held; `slips` are the reasons, oldest first."""

    id: UUID
    made_on: date
    first_due_on: date
    due_on: date
    state: State = State.OPEN
    settled_on: date | None = None
    seat: UUID | None = None
    slips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """`stage` makes the reminder the only one of its kind: it is in the key of its mail."""

    reminder: Reminder
    stage: str


def reminders(promise: Promise, today: date) -> tuple[Due, ...]:
    """What is to be said today about an open promise; after an outage the newest word alone, not all that was missed.

    Three days before, on the day, each week when it is late, and to the sponsor once it is late for two weeks.
    """
    if promise.state is not State.OPEN:
        return ()
    stage_of_due = promise.due_on.isoformat()
    if today < promise.due_on - BEFORE:
        return ()
    if today < promise.due_on:
        # Whoever promises something for tomorrow need not be reminded of it today.
        was_made_before = promise.made_on < promise.due_on - BEFORE
        return (Due(Reminder.SOON, f"{stage_of_due}:soon"),) if was_made_before else ()
    if today == promise.due_on:
        return (Due(Reminder.TODAY, f"{stage_of_due}:today"),)
    weeks = (today - promise.due_on).days // 7
    found = [Due(Reminder.LATE, f"{stage_of_due}:late:{weeks}")] if weeks else []
    if today - promise.due_on >= TO_SPONSOR_AFTER:
        found.append(Due(Reminder.SPONSOR, f"{stage_of_due}:sponsor"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class SayDo:
    """Of the promises that were due by `as_of`: `kept` on the day promised first, done later, or still open."""

    as_of: date
    due: int = 0
    kept: int = 0
    done_late: int = 0
    open_late: int = 0
    slips: tuple[str, ...] = ()

    @property
    def share(self) -> float | None:
        """Unknown is None, never 0: nothing was due."""
        return self.kept / self.due if self.due else None


def say_do(promises: Iterable[Promise], since: date, as_of: date) -> SayDo:
    """As it stood at the end of that day: what was done or said later is not known yet.

    Counted are promises whose first day lies between the first occurrence of the window and that day.
    """
    counted = [one for one in promises if since <= one.first_due_on <= as_of and one.made_on <= as_of]
    counted = [one for one in counted if not (one.state is State.DROPPED and _settled_by(one, as_of))]
    done = [one for one in counted if one.state is State.DONE and _settled_by(one, as_of)]
    kept = [one for one in done if one.settled_on is not None and one.settled_on <= one.first_due_on]
    # What is due on the day itself is not late before its end.
    counted = [one for one in counted if one in done or one.first_due_on < as_of]
    slips = tuple(reason for one in counted if one not in kept for reason in one.slips)
    return SayDo(as_of, len(counted), len(kept), len(done) - len(kept), len(counted) - len(done), slips)


def window_start(occurrences: Sequence[date], today: date) -> date:
    """The first day of the newest thirteen occurrences that are over; without any, a quarter back."""
    over = sorted(one for one in occurrences if one <= today)[-WINDOW:]
    return over[0] if over else today - timedelta(weeks=WINDOW)


def day_for_chair(today: date) -> date:
    """As of when the chair reads the figures, which their department has had before."""
    return today - SHOWN_FIRST


def _settled_by(promise: Promise, day: date) -> bool:
    return promise.settled_on is not None and promise.settled_on <= day
