"""One measured row, and the table of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """A count must be the limit exactly, a ratio or a size not above it; without a limit it is there to compare."""

    COUNT = "count"
    RATIO = "ratio"
    MEGABYTES = "MB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`about` is the situation, shared by the rows that were measured in it; `note` what the number was made of."""

    about: str
    name: str
    kind: Kind
    measured: float
    limit: float | None
    note: str = ""

    @property
    def is_ok(self) -> bool:
        if self.limit is None:
            return True
        return self.measured == self.limit if self.kind is Kind.COUNT else self.measured <= self.limit

    @property
    def is_fatal(self) -> bool:
        """A wrong count is a fault; a time over its limit may be the machine's."""
        return self.kind is Kind.COUNT and not self.is_ok

    @property
    def verdict(self) -> str:
        if self.is_ok:
            return "ok" if self.limit is not None else ""
        return "WRONG" if self.is_fatal else "over"

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ok": self.is_ok}


def count(about: str, name: str, measured: int, limit: int, note: str = "") -> Row:
    return Row(about=about, name=name, kind=Kind.COUNT, measured=measured, limit=limit, note=note)


def ratio(about: str, name: str, measured: float, limit: float | None, note: str = "") -> Row:
    return Row(about=about, name=name, kind=Kind.RATIO, measured=measured, limit=limit, note=note)


def megabytes(about: str, name: str, measured: float, limit: float, note: str = "") -> Row:
    return Row(about=about, name=name, kind=Kind.MEGABYTES, measured=measured, limit=limit, note=note)


def as_table(rows: Iterable[Row]) -> str:
    """One block a situation, columns as wide as what is in them; the note comes last, for it may be long."""
    rows = list(rows)
    cells = [(f"  {row.name}", _measured(row), _limit(row), row.verdict, row.note) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines: list[str] = []
    for number, row in enumerate(rows):
        if number == 0 or rows[number - 1].about != row.about:
            lines.append(row.about)
        lines.append(_line(cells[number], widths))
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, measured, limit, verdict, note = cells
    left = f"{name:<{widths[0]}}  {measured:>{widths[1]}}  {limit:>{widths[2]}}"
    return f"{left}  {verdict:<{widths[3]}}  {note}".rstrip()


def _measured(row: Row) -> str:
    return _number(row, row.measured)


def _limit(row: Row) -> str:
    if row.limit is None:
        return ""
    return f"= {_number(row, row.limit)}" if row.kind is Kind.COUNT else f"≤ {_number(row, row.limit)}"


def _number(row: Row, value: float) -> str:
    match row.kind:
        case Kind.COUNT:
            return f"{value:.0f}"
        case Kind.RATIO:
            return f"{value:.2f} x"
        case Kind.MEGABYTES:
            return f"{value:.1f} MB"
