"""The metronome: says when to look. What is due is for the database to say.

`schedule` counts on the wall clock: set back by an hour, for summer time or by hand, it would rest for that hour. It
also stops for good at the first step that raises. Both are mended here, and it is used for nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import schedule

log = logging.getLogger(__name__)

Step = Callable[[], object]


class Timetable:
    """Steps and how often they are taken; each once at the start. One step runs at a time."""

    def __init__(self) -> None:
        self._scheduler = schedule.Scheduler()
        self._steps: list[tuple[int, Step]] = []

    def every(self, seconds: int, step: Step) -> None:
        self._steps.append((seconds, step))

    def run(self, stop: threading.Event, woken: threading.Event | None = None) -> None:
        """Take the steps until `stop` is set; `woken` ends the waiting, and all steps are taken then.

        Whoever sets `stop` sets `woken` too, where there is one.
        """
        alarm = woken or stop
        self._plan()
        self._take_all(stop)
        while not stop.is_set():
            if not alarm.wait(self._pause()):
                self._scheduler.run_pending()
            elif woken is None or stop.is_set():
                return
            else:
                woken.clear()
                self._take_all(stop)

    def _take_all(self, stop: threading.Event) -> None:
        for _, step in self._steps:
            if not stop.is_set():
                _take(step)

    def _plan(self) -> None:
        self._scheduler.clear()
        for seconds, step in self._steps:
            self._scheduler.every(seconds).seconds.do(_take, step)

    def _pause(self) -> float:
        """Seconds until the next step. Farther away than the longest interval, the clock was set back: begin anew."""
        idle = self._scheduler.idle_seconds or 0.0
        if idle > max((seconds for seconds, _ in self._steps), default=0):
            self._plan()
            idle = self._scheduler.idle_seconds or 0.0
        return max(idle, 0.0)


def _take(step: Step) -> None:
    """One step that raised must not be the end of the others."""
    try:
        step()
    except Exception:
        log.exception("a step of the timetable failed")
