"""What comes back and what does not: items there for the third time, promises nobody speaks of again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from governance.minutes import wording
from governance.minutes.findings import FORGOTTEN, RETURNS, PastFinding
from governance.minutes.items import reference_in
from governance.minutes.phrases import folded
from governance.minutes.values import Item, Occurrence

_ONCE_TOO_OFTEN = 3
_SHORTEST = 8
_BESIDE = re.compile(
    r"(?:[\w.-]{1,80}/)?[\w.-]{0,80}#\d+"
    r"|\([^)]*\)|\[[^\]]*\]|(?<![\w.])@[\w.-]+|\b(?:due|by|until|owner|deadline)\b:? .{0,40}$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Course:
    """One item through all minutes, oldest first; a run ends with a decision."""

    title: str
    runs: list[list[tuple[date | None, Item]]] = field(default_factory=lambda: [[]])

    @property
    def listings(self) -> list[tuple[date | None, Item]]:
        return [listing for run in self.runs for listing in run]

    @property
    def discussed(self) -> int:
        return sum(item.is_discussed for _, item in self.listings)

    @property
    def decided(self) -> int:
        return sum(item.is_decided for _, item in self.listings)


def courses_of(occurrences: Sequence[Occurrence]) -> list[Course]:
    """Each item once, those listed most often first."""
    courses: dict[str, Course] = {}
    for occurrence in occurrences:
        for item in occurrence.items:
            course = courses.setdefault(item.key, Course(item.title))
            course.runs[-1].append((occurrence.day, item))
            if item.is_decided:
                course.runs.append([])
    return sorted(courses.values(), key=lambda course: (-len(course.listings), course.title))


def of_returns(occurrences: Sequence[Occurrence]) -> Iterator[PastFinding]:
    """Where an item came for the third time since it was last decided, and was not decided then either."""
    for course in courses_of(occurrences):
        for run in course.runs:
            if len(run) < _ONCE_TOO_OFTEN or run[_ONCE_TOO_OFTEN - 1][1].is_decided:
                continue
            day, item = run[_ONCE_TOO_OFTEN - 1]
            discussed = sum(one.is_discussed for _, one in run)
            sentence = wording.returns(course.title, len(run), discussed, run[-1][0])
            yield PastFinding(RETURNS, item.place, day, sentence)


def of_promises(occurrences: Sequence[Occurrence]) -> Iterator[PastFinding]:
    """An open action of which no later minutes have the words or the reference."""
    for number, occurrence in enumerate(occurrences):
        later = occurrences[number + 1 :]
        for action in occurrence.actions:
            if not action.is_done and later and not _is_mentioned(later, action.text):
                yield PastFinding(FORGOTTEN, action.place, occurrence.day, wording.forgotten(action, len(later)))


def of_reviews(occurrences: Sequence[Occurrence]) -> Iterator[PastFinding]:
    """D08: the day of a review passed, and no minutes from then on speak of the decision."""
    for occurrence in occurrences:
        for decision in occurrence.decisions:
            review = decision.review
            later = [one for one in occurrences if review and one.day and one.day >= review]
            if review and later and not _is_mentioned(later, decision.text, decision.item):
                sentence = wording.not_reviewed(decision.text, review, len(later))
                yield PastFinding("D08", decision.place, occurrence.day, sentence)


def _is_mentioned(occurrences: Sequence[Occurrence], *texts: str | None) -> bool:
    traces = [trace for text in texts if text for trace in _traces_of(text)]
    return any(_has(one.words, trace) for one in occurrences for trace in traces)


def _has(words: str, trace: str) -> bool:
    """`board#1` is not in `board#12`."""
    start = words.find(trace)
    while start >= 0:
        end = start + len(trace)
        if not (trace[-1].isdigit() and words[end : end + 1].isdigit()):
            return True
        start = words.find(trace, end)
    return False


def _traces_of(text: str) -> Iterator[str]:
    """What minutes that speak of it have in them: its number, or its words without what stands beside them."""
    if reference := reference_in(text):
        yield reference
    core = folded(_BESIDE.sub("", text)).strip(" .,;:–-")
    yield core if len(core) >= _SHORTEST else folded(text)
