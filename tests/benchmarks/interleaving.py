"""Two ways to do the same work, measured in turn: ABAB…, so that what else the machine does meets both alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

ROUNDS = 9

Work = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of both in seconds, and of the ratios of each round: a slow moment then counts for one round."""

    ours: float
    yardstick: float
    ratio: float

    def note(self, ours: str, yardstick: str) -> str:
        return f"{ours} {self.ours * 1000:.2f} ms, {yardstick} {self.yardstick * 1000:.2f} ms"


def interleaved(
    ours: Work,
    yardstick: Work,
    *,
    repeats: int = 1,
    yardstick_repeats: int | None = None,
    rounds: int = ROUNDS,
    prepare: Work = lambda: None,
    clock: Clock = time.process_time,
) -> Measured:
    """Each as often as told in a round; `prepare` runs before ours and is not counted.

    The CPU time of this process by default: that of all its threads, and none of the sandbox's, which is another.
    """
    of_ours, of_yardstick = [], []
    again = yardstick_repeats or repeats
    for once in (prepare, ours, yardstick):
        once()  # what happens at the first time only is over then
    for _ in range(rounds):
        prepare()
        of_ours.append(_seconds(ours, repeats, clock))
        of_yardstick.append(_seconds(yardstick, again, clock))
    ratios = [one / other for one, other in zip(of_ours, of_yardstick, strict=True)]
    return Measured(median(of_ours), median(of_yardstick), median(ratios))


def _seconds(work: Work, repeats: int, clock: Clock) -> float:
    """Of one call. Old garbage is no matter of this work; its own is collected on its own time."""
    gc.collect()
    begun = clock()
    for _ in range(repeats):
        work()
    return (clock() - begun) / repeats
