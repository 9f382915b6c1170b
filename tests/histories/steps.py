"""A history as values: one number gives fifty steps, and fewer of them are a history as well.

A step is an act and three numbers; what they choose is decided when it is done, so that a step means something in
whatever state the others left.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

LENGTH = 50

WEIGHTS = {
    # people in the calendar
    "forwards": 8, "drops": 8, "answers": 12, "declines": 5, "makes_optional": 2, "brings_others": 2, "flips_a_flag": 3,
    "edits_the_text": 3, "retitles": 2, "cancels_one": 3, "restores_one": 2, "moves_one": 3, "splits": 2,
    "moves_the_series": 1, "deletes": 1, "hands_the_event_over": 1, "relinks": 2,
    # the roster
    "appoints": 5, "vacates": 4, "hands_over": 3, "gives_a_mandate": 3, "withdraws_a_mandate": 4, "names_a_deputy": 2,
    "withdraws_a_deputy": 1, "names_a_stand_in": 4, "ends_a_stand_in": 2, "admits_a_visitor": 3, "admits_a_guest": 2,
    "sets_a_mode": 2, "sets_the_charter": 1, "pauses": 1, "resumes": 2, "approves": 5,
    # time, faults, workers
    "time_passes": 12, "comes_close_to_the_start": 2, "a_fault_strikes": 16, "faults_end": 3, "google_differs": 4,
    "tokens_expire": 3, "somebody_interferes": 5, "a_cycle": 40, "a_worker_dies": 12,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    act: str
    a: int
    b: int
    c: int

    def __repr__(self) -> str:
        return f"Step({self.act!r}, {self.a}, {self.b}, {self.c})"


def history_of(seed: int, length: int = LENGTH) -> list[Step]:
    chance = random.Random(seed)
    acts = chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=length)
    return [Step(act, *(chance.randrange(1000) for _ in range(3))) for act in acts]


def shortest(history: list[Step], fails: Callable[[list[Step]], bool], *, most_tries: int = 80) -> list[Step]:
    """A part of a failing history that still fails: pieces are left out, big ones first, as long as it fails."""
    size = len(history) // 2
    while size >= 1 and most_tries > 0:
        begin = 0
        while begin < len(history) and most_tries > 0:
            rest = history[:begin] + history[begin + size :]
            most_tries -= 1
            if fails(rest):
                history = rest
            else:
                begin += size
        size //= 2
    return history
