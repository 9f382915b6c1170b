"""What differs between two charters, so that people can read it: which part, and in a text which words.

(before, after) → Change(part, before, after, runs)        runs only where a part is a text
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from governance.domain.charter import Charter, Measure
from governance.domain.measures import fold_measure

TEXTS = ("short", "purpose", "rules")
_WORD = re.compile(r"\S+\s*|\s+")
_ALIKE = 0.4


class Mark(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, slots=True)
class Run:
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part of the charter; a measure is the part `measures` with itself before and after, or None."""

    part: str
    before: Any
    after: Any
    runs: tuple[Run, ...] = ()


def charter_changes(before: Charter, after: Charter) -> tuple[Change, ...]:
    """In the order in which a charter has its parts; values of measures are no part of it."""
    return tuple(
        replace(one, runs=word_runs(one.before, one.after)) if one.part in TEXTS else one
        for one in _changes(before, after)
    )


def changed_parts(before: Charter, after: Charter) -> tuple[str, ...]:
    """Each part once, without comparing the words of long texts."""
    return tuple(dict.fromkeys(one.part for one in _changes(before, after)))


def _changes(before: Charter, after: Charter) -> Iterator[Change]:
    for part in (one.name for one in fields(Charter)):
        old, new = getattr(before, part), getattr(after, part)
        if part == "measures":
            yield from _of_measures(old, new)
        elif old != new:
            yield Change(part, old, new)


def _of_measures(before: tuple[Measure, ...], after: tuple[Measure, ...]) -> Iterator[Change]:
    old = {fold_measure(one.name): one for one in before}
    new = {fold_measure(one.name): one for one in after}
    for key in dict.fromkeys([*old, *new]):
        one, other = old.get(key), new.get(key)
        if one is None or other is None or _said(one) != _said(other):
            yield Change("measures", one, other)
    if list(old) != list(new) and old.keys() == new.keys():
        yield Change("order", tuple(one.name for one in before), tuple(one.name for one in after))


def _said(measure: Measure) -> tuple[object, ...]:
    return (measure.name, measure.unit, measure.target)


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """Lines are compared first, and words only within lines that differ: long texts stay cheap and readable."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    runs: list[Run] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        runs += [Run(Mark.KEPT, gone)] if tag == "equal" else _within(gone, come)
    return tuple(_joined(runs))


def _within(gone: str, come: str) -> list[Run]:
    """Word by word, unless so little is the same that the two are easier to read one after the other."""
    old, new = _WORD.findall(gone), _WORD.findall(come)
    matcher = difflib.SequenceMatcher(None, old, new)
    if matcher.ratio() < _ALIKE:
        return [Run(Mark.GONE, gone), Run(Mark.COME, come)]
    found: list[Run] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(Run(Mark.KEPT, "".join(old[a:b])))
        else:
            found += [Run(Mark.GONE, "".join(old[a:b])), Run(Mark.COME, "".join(new[c:d]))]
    return found


def _joined(runs: list[Run]) -> Iterator[Run]:
    """Neighbours of one mark as one; nothing empty."""
    present: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if present is not None and present.mark is run.mark:
            present = Run(run.mark, present.text + run.text)
            continue
        if present is not None:
            yield present
        present = run
    if present is not None:
        yield present
