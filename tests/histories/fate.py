"""Where a worker dies, and what happens on the way: the two ports of the reconciler with a count of steps.

A death is a `BaseException`, as the end of a process is: no `except` of the product sees it. What a worker does
between two steps is in its memory alone, so dying at every step is dying anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from governance.database import Database
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.ports import CalendarAddress, CalendarPort, EventWrite
from governance.reconcile.received import Listing

T = TypeVar("T")


class Killed(BaseException):
    """The worker dies here."""


@dataclass
class Fate:
    """Dies at the step after so many more; `meanwhile` happens once, to the event of the next write, just before."""

    steps_left: int | None = None
    meanwhile: Callable[[str], object] | None = None

    def step(self) -> None:
        if self.steps_left is None:
            return
        self.steps_left -= 1
        if self.steps_left < 0:
            self.steps_left = None
            raise Killed

    def interfere(self, event_id: str) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile(event_id)


@dataclass
class MortalCalendar:
    """The real gateway; a step lies before and after every call, applied or not. Every write is watched."""

    inner: CalendarPort
    fate: Fate
    watched: Callable[[EventWrite, Callable[[], ObservedEvent]], ObservedEvent]

    def list_changes(self, calendar: CalendarAddress, **how: Any) -> Listing:
        return self._called(lambda: self.inner.list_changes(calendar, **how))

    def get_event(self, calendar: CalendarAddress, event_id: str) -> ObservedEvent | None:
        return self._called(lambda: self.inner.get_event(calendar, event_id))

    def write_event(self, calendar: CalendarAddress, write: EventWrite) -> ObservedEvent:
        self.fate.interfere(write.event_id)
        return self._called(lambda: self.watched(write, lambda: self.inner.write_event(calendar, write)))

    def _called(self, call: Callable[[], T]) -> T:
        self.fate.step()
        answer = call()
        self.fate.step()
        return answer


@dataclass
class MortalDatabase:
    """The real database; steps lie before a transaction that writes, before its commit, and after it."""

    inner: Database
    fate: Fate

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.inner.reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        self.fate.step()
        with self.inner.writing() as session:
            yield session
            self.fate.step()
        self.fate.step()
