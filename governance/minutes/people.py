"""Which spellings are one person: those of which somebody says so, and no others.

Folding is case and space. Beyond that two spellings are joined by the file of aliases, by the roster, or by the minutes
themselves (`Ann Adler (aka annie)`). An alias may hold for some days only, because a first name alone is a different
person after a seat was handed over. What merely looks alike is shown as a question and stays two.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from governance.domain.department import tidy_name
from governance.domain.roster_file import MalformedDay, plain_cell, read_day
from governance.minutes.phrases import folded
from governance.minutes.source import MinutesRefused, Source

_MOST_COMPARED = 600
_ALIKE = 0.88
_COLUMNS = ("name", "also", "from", "until")


@dataclass(frozen=True, slots=True)
class Same:
    """`also` is another spelling of `name`, on the days from `first` to `last`; None has no bound."""

    name: str
    also: str
    first: date | None = None
    last: date | None = None

    def holds_on(self, day: date | None) -> bool:
        if day is None:
            return self.first is None and self.last is None
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class People:
    """Spellings become keys: two spellings of one person have one key on that day."""

    def __init__(self, said: Iterable[Same] = ()) -> None:
        self._said: dict[str, list[Same]] = defaultdict(list)
        self._names: dict[str, str] = {}
        for same in said:
            if folded(same.name) != folded(same.also):
                self._said[folded(same.also)].append(same)

    def key(self, spelling: str, day: date | None) -> str:
        """Where two people are said to have the spelling on that day, it stays a person of its own."""
        key, shown, seen = folded(spelling), tidy_name(spelling), set[str]()
        while key not in seen:
            seen.add(key)
            targets = {folded(same.name): same.name for same in self._said[key] if same.holds_on(day)}
            if len(targets) != 1:
                break
            ((key, shown),) = targets.items()
        self._names.setdefault(key, tidy_name(shown))
        return key

    def name(self, key: str) -> str:
        return self._names.get(key, key)


def read_aliases(source: Source) -> list[Same]:
    """The rows of a file with the columns name, also, and perhaps from and until.

    Raises:
        MinutesRefused: with the first row that cannot be used: half a file of aliases joins the wrong people.
    """
    rows = csv.reader([f"{line}\n" for line in source.lines], delimiter=_delimiter(source), strict=True)
    try:
        records = [(rows.line_num, [plain_cell(cell) for cell in cells]) for cells in rows if any(cells)]
    except csv.Error as error:
        raise MinutesRefused(
            f"Correct the quotation marks of {source.name}", f"line {rows.line_num}: {error}"
        ) from error
    head = [cell.casefold() for cell in records[0][1]] if records else []
    if "name" not in head or "also" not in head or set(head) - {*_COLUMNS, ""}:
        raise MinutesRefused(f"Begin {source.name} with the header name,also or name,also,from,until")
    return [_same(dict(zip(head, cells, strict=False)), source.name, line) for line, cells in records[1:]]


def _delimiter(source: Source) -> str:
    return ";" if source.lines and ";" in source.lines[0] else ","


def _same(cells: dict[str, str], file: str, line: int) -> Same:
    name, also = tidy_name(cells.get("name", "")), tidy_name(cells.get("also", ""))
    if not name or not also:
        raise MinutesRefused(f"Enter a name and what it is also written as in {file}, line {line}")
    try:
        first, last = (read_day(cells[key]) if cells.get(key) else None for key in ("from", "until"))
    except MalformedDay as malformed:
        raise MinutesRefused(str(malformed).rstrip("."), f"{file}, line {line}") from malformed
    return Same(name, also, first, last)


@dataclass(frozen=True, slots=True)
class Alike:
    """A spelling, and those that may be the same person: nobody says so, and they were not joined."""

    name: str
    perhaps: tuple[str, ...]


def alike(names: Iterable[str]) -> list[Alike]:
    """Spellings that differ in accents or a letter, or of which one is the beginning of the other."""
    known = sorted(set(names), key=folded)
    if len(known) > _MOST_COMPARED:
        return []
    bare = {name: _bare(name) for name in known}
    found = []
    for name in known:
        perhaps = tuple(other for other in known if other != name and _may_be(bare[name], bare[other]))
        if perhaps:
            found.append(Alike(name, perhaps))
    return list(_once(found))


def _may_be(one: str, other: str) -> bool:
    """The shorter asks about the longer, so that a pair is shown once."""
    if len(one) > len(other) or not one or one[0] != other[0]:
        return False
    is_beginning = other.startswith(f"{one} ")
    squeezed, against = one.replace(" ", ""), other.replace(" ", "")
    is_near = len(one) > 5 and SequenceMatcher(None, squeezed, against).ratio() >= _ALIKE
    return is_beginning or squeezed == against or is_near


def _once(found: Iterable[Alike]) -> Iterator[Alike]:
    shown: set[frozenset[str]] = set()
    for one in found:
        perhaps = tuple(other for other in one.perhaps if frozenset((one.name, other)) not in shown)
        shown |= {frozenset((one.name, other)) for other in perhaps}
        if perhaps:
            yield Alike(one.name, perhaps)


def _bare(name: str) -> str:
    """For asking only, never for joining: without accents, case and signs."""
    letters = unicodedata.normalize("NFKD", name)
    return folded(
        "".join(letter for letter in letters if not unicodedata.combining(letter)).lstrip("@").replace(".", " ")
    )
