"""One measured row, and the table of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What was measured, and with which unit it is printed."""

    COUNT = ""
    RATIO = "x"
    MEGABYTES = "MB"
    MILLISECONDS = "ms"
    A_SECOND = "/s"
    PERCENT = "%"


class Bound(StrEnum):
    """How a figure relates to its limit."""

    EXACTLY = "="
    AT_MOST = "≤"
    AT_LEAST = "≥"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`about` is the situation, shared by the rows that were measured in it; `note` what the number was made of.

    Without a limit a row is there to compare. `goal` is the number of the promise that the row is measured for.
    """

    about: str
    name: str
    kind: Kind
    measured: float
    limit: float | None
    bound: Bound = Bound.AT_MOST
    goal: str = ""
    note: str = ""

    @property
    def is_ok(self) -> bool:
        if self.limit is None:
            return True
        match self.bound:
            case Bound.EXACTLY:
                return self.measured == self.limit
            case Bound.AT_MOST:
                return self.measured <= self.limit
            case Bound.AT_LEAST:
                return self.measured >= self.limit

    @property
    def is_fatal(self) -> bool:
        """A wrong count is a fault; a time beyond its limit may be the machine's."""
        return self.kind is Kind.COUNT and not self.is_ok

    @property
    def verdict(self) -> str:
        if self.is_ok:
            return "ok" if self.limit is not None else ""
        if self.is_fatal:
            return "WRONG"
        return "under" if self.bound is Bound.AT_LEAST else "over"

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ok": self.is_ok}


def count(about: str, name: str, measured: int, limit: int, note: str = "", *, goal: str = "") -> Row:
    return Row(
        about=about,
        name=name,
        kind=Kind.COUNT,
        measured=measured,
        limit=limit,
        bound=Bound.EXACTLY,
        note=note,
        goal=goal,
    )


def ratio(about: str, name: str, measured: float, limit: float | None, note: str = "", *, goal: str = "") -> Row:
    return Row(about=about, name=name, kind=Kind.RATIO, measured=measured, limit=limit, note=note, goal=goal)


def megabytes(about: str, name: str, measured: float, limit: float, note: str = "") -> Row:
    return Row(about=about, name=name, kind=Kind.MEGABYTES, measured=measured, limit=limit, note=note)


def as_table(rows: Iterable[Row]) -> str:
    """One block a situation, columns as wide as what is in them; the note comes last, for it may be long."""
    rows = list(rows)
    cells = [
        (row.goal, f"  {row.name}", _number(row, row.measured), _limit(row), row.verdict, row.note) for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    lines: list[str] = []
    for number, row in enumerate(rows):
        if number == 0 or rows[number - 1].about != row.about:
            lines.append(f"{'':<{widths[0]}}  {row.about}")
        lines.append(_line(cells[number], widths))
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    goal, name, measured, limit, verdict, note = cells
    left = f"{goal:<{widths[0]}}  {name:<{widths[1]}}  {measured:>{widths[2]}}  {limit:>{widths[3]}}"
    return f"{left}  {verdict:<{widths[4]}}  {note}".rstrip()


def _limit(row: Row) -> str:
    return "" if row.limit is None else f"{row.bound} {_number(row, row.limit)}"


def _number(row: Row, value: float) -> str:
    match row.kind:
        case Kind.COUNT:
            return f"{value:.0f}"
        case Kind.RATIO | Kind.A_SECOND | Kind.PERCENT:
            return f"{value:.2f} {row.kind}"
        case Kind.MEGABYTES | Kind.MILLISECONDS:
            return f"{value:.1f} {row.kind}"
