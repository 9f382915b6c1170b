"""The metronome, on a clock that is moved by hand: whoever waits for it moves it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from jobs.timetable import Timetable


class Waits(threading.Event):
    """Stands for the stop event: every wait moves the clock to its end, and the last one is the stop."""

    def __init__(self, clock: time_machine.Coordinates, count: int) -> None:
        super().__init__()
        self.clock = clock
        self.left = count
        self.before_wait: Callable[[int], None] = lambda left: None

    def wait(self, timeout: float | None = None) -> bool:
        self.left -= 1
        self.before_wait(self.left)
        self.clock.shift(timedelta(seconds=timeout or 0.0))
        return self.left < 0


def test_without_steps_nothing_happens_until_the_stop() -> None:
    stop = threading.Event()
    stop.set()

    Timetable().run(stop)


def test_nothing_is_begun_once_the_stop_is_set() -> None:
    taken: list[str] = []
    stop = threading.Event()
    stop.set()
    timetable = Timetable()
    timetable.every(1, lambda: taken.append("look"))

    timetable.run(stop)

    assert taken == []


def test_every_step_is_taken_at_the_start_and_then_in_its_own_rhythm(taken: list[str], ten: Waits) -> None:
    timetable = Timetable()
    timetable.every(1, lambda: taken.append("look"))
    timetable.every(5, lambda: taken.append("beat"))

    timetable.run(ten)

    assert (taken.count("look"), taken.count("beat")) == (11, 3)


def test_a_step_that_raises_stops_neither_itself_nor_the_others(
    taken: list[str], ten: Waits, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        taken.append("broken")
        raise ZeroDivisionError

    timetable = Timetable()
    timetable.every(1, broken)
    timetable.every(1, lambda: taken.append("look"))

    with caplog.at_level(logging.ERROR):
        timetable.run(ten)

    assert (taken.count("broken"), taken.count("look")) == (11, 11)
    assert {record.message for record in caplog.records} == {"a step of the timetable failed"}


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=-400)])
def test_a_clock_that_is_set_back_delays_nothing(jump: timedelta, taken: list[str], ten: Waits) -> None:
    ten.before_wait = lambda left: ten.clock.shift(jump) if left == 5 else None
    timetable = Timetable()
    timetable.every(1, lambda: taken.append("look"))

    timetable.run(ten)

    assert len(taken) >= 10


def test_a_clock_that_is_set_forward_brings_no_flood(taken: list[str], ten: Waits) -> None:
    ten.before_wait = lambda left: ten.clock.shift(timedelta(days=400)) if left == 5 else None
    timetable = Timetable()
    timetable.every(1, lambda: taken.append("look"))

    timetable.run(ten)

    assert len(taken) == 11


def test_whoever_wakes_it_has_every_step_taken_at_once(taken: list[str]) -> None:
    stop, woken = threading.Event(), threading.Event()
    timetable = Timetable()

    def look() -> None:
        taken.append("look")
        if len(taken) == 3:
            stop.set()
        woken.set()

    timetable.every(3600, look)

    timetable.run(stop, woken)

    assert taken == ["look", "look", "look"]


@pytest.fixture
def taken() -> list[str]:
    return []


@pytest.fixture
def ten() -> Waits:
    with time_machine.travel(datetime(2026, 10, 25, 2, 59, 55), tick=False) as clock:  # noqa: DTZ001  # local, as schedule counts
        yield Waits(clock, 10)  # type: ignore[misc]
