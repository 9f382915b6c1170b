"""What a success measure says: its values by day, the latest of them, and how far that is from the target.

Values belong to a measure by its name. One truth: those of a charter file and those entered on a page are the same
rows, and a file never takes back or overwrites what a page has said about a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from governance.domain.charter import Charter, Measure, MeasuredValue


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of the charter in force with its values, the oldest first."""

    name: str
    unit: str
    target: float | None
    values: tuple[MeasuredValue, ...]

    @property
    def latest(self) -> MeasuredValue | None:
        return self.values[-1] if self.values else None

    @property
    def distance(self) -> float | None:
        """Above the target when positive; None where there is no target, or nothing to compare it with."""
        if self.latest is None or self.target is None:
            return None
        return self.latest.value - self.target

    def on(self, day: date) -> float | None:
        return next((one.value for one in self.values if one.day == day), None)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of one day: `value` is None where it was taken back, `is_of_file` where no page has said it."""

    value: float | None
    is_of_file: bool


Place = tuple[str, date]
"""The folded name of a measure, and a day."""


def fold_measure(name: str) -> str:
    """Names that differ in case or spacing name the same measure."""
    return " ".join(name.split()).casefold()


def named_twice(charter: Charter) -> str | None:
    """The name that two measures of the charter share, as the second spells it."""
    seen: set[str] = set()
    for measure in charter.measures:
        if fold_measure(measure.name) in seen:
            return measure.name
        seen.add(fold_measure(measure.name))
    return None


def measure_lines(charter: Charter, values: Mapping[str, Sequence[MeasuredValue]]) -> tuple[MeasureLine, ...]:
    """In the charter's order; `values` by folded name."""
    return tuple(
        MeasureLine(one.name, one.unit, one.target, _by_day(values.get(fold_measure(one.name), ())))
        for one in charter.measures
    )


def taken_from_file(charter: Charter, known: Mapping[Place, Known]) -> dict[Place, float]:
    """Which values of a charter file are news: of days that have none, or that only a file has spoken of before."""
    found: dict[Place, float] = {}
    for measure in charter.measures:
        for one in measure.values:
            place = (fold_measure(measure.name), one.day)
            present = known.get(place)
            if present is None or (present.is_of_file and present.value != one.value):
                found[place] = one.value
            else:
                found.pop(place, None)
    return found


def without_values(charter: Charter) -> Charter:
    """What a version of the charter is about; its values have a history of their own."""
    return replace(charter, measures=tuple(replace(one, values=()) for one in charter.measures))


def with_values(charter: Charter, lines: Iterable[MeasureLine]) -> Charter:
    """The charter as a file that holds all that is known."""
    values = {fold_measure(one.name): one.values for one in lines}
    return replace(charter, measures=tuple(_filled(one, values) for one in charter.measures))


def _filled(measure: Measure, values: Mapping[str, tuple[MeasuredValue, ...]]) -> Measure:
    return replace(measure, values=values.get(fold_measure(measure.name), ()))


def _by_day(values: Iterable[MeasuredValue]) -> tuple[MeasuredValue, ...]:
    return tuple(sorted(values, key=lambda one: one.day))
