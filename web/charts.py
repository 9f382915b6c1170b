"""A small chart as numbers for a picture: values over days, the target as a line across. Nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.domain.measures import MeasureLine

WIDTH, HEIGHT = 240, 64
_EDGE = 6
"""So much stays free around, for the line's own width and the dot at its end."""


@dataclass(frozen=True, slots=True)
class Chart:
    """`points` as an SVG polyline takes them; `last` is where the latest value is; no `target` where there is none."""

    points: str
    last: tuple[float, float]
    target: float | None
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(line: MeasureLine) -> Chart | None:
    """None where there is nothing to draw."""
    if not line.values:
        return None
    days = [one.day.toordinal() for one in line.values]
    heights = [one.value for one in line.values]
    shown = [*heights, *([line.target] if line.target is not None else [])]
    places = [
        (_placed(day, days, WIDTH), HEIGHT - _placed(value, shown, HEIGHT))
        for day, value in zip(days, heights, strict=True)
    ]
    target = round(HEIGHT - _placed(line.target, shown, HEIGHT), 1) if line.target is not None else None
    return Chart(" ".join(f"{x:.1f},{y:.1f}" for x, y in places), places[-1], target)


def _placed(value: float, among: Sequence[float], length: int) -> float:
    """In the middle where all are the same."""
    least, most = min(among), max(among)
    share = (value - least) / (most - least) if most > least else 0.5
    return round(_EDGE + share * (length - 2 * _EDGE), 1)
