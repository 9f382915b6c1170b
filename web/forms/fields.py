"""Fields of a form: what is asked, what was typed, and what it means or why it cannot be used.

    fields + typed text → Typed(values, faults, text)        nothing typed is ever lost

A field knows no page. What it means is read by the domain's own readers, so that a form, an import and a command
take the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from governance.domain.department import fold_department, tidy_name
from governance.domain.errors import GovernanceError
from governance.domain.money import to_minor_units
from governance.domain.people import checked_address
from governance.domain.roster_file import read_day
from web.wording.times import short_day

LONGEST_LINE = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Kind(StrEnum):
    """How a field is asked for and read."""

    LINE = "line"
    ADDRESS = "address"
    WORDS = "words"
    DAY = "day"
    MONEY = "money"
    NUMBER = "number"
    DECIMAL = "decimal"
    CHOICE = "choice"
    MOMENT = "moment"
    """A day and a time, as a browser sends them; in which zone the form knows."""
    TYPED = "typed"
    """Somebody types a name to show that a destructive act is meant."""
    FILE = "file"
    TABLE = "table"
    """The text of a file, to be corrected in place."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `choices` are pairs of value and words; `suggestions` are only offered."""

    name: str
    label: str
    kind: Kind = Kind.LINE
    hint: str = ""
    is_required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[tuple[str, str], ...] = ()
    value: str = ""
    expected: str = ""
    earliest: date | None = None
    latest: date | None = None
    longest: int = LONGEST_LINE
    rows: int = 3
    group: str = ""
    """Fields with one group stand together under it as a heading."""


@dataclass(frozen=True, slots=True)
class Typed:
    """`text` is what stands in the fields, `values` what it means, `faults` a sentence for each field at fault."""

    text: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def day(self, name: str) -> date | None:
        value: date | None = self.values.get(name)
        return value


class _Unusable(GovernanceError):
    """What was typed into one field cannot be used."""


def untouched(fields: Iterable[Field], given: Mapping[str, str]) -> Typed:
    """The form as it is first shown: what its address already says, else what the field begins with."""
    return Typed({one.name: without_control_characters(given.get(one.name, one.value)) for one in fields})


def read(fields: Iterable[Field], given: Mapping[str, str], currency: str) -> Typed:
    """Every field, and every fault at once."""
    text: dict[str, str] = {}
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for one in fields:
        typed = given.get(one.name, "")
        text[one.name] = without_control_characters(typed)
        try:
            values[one.name] = _meaning(one, typed, currency)
        except GovernanceError as error:
            values[one.name] = None
            faults[one.name] = str(error)
    return Typed(text, values, faults)


def without_control_characters(typed: str) -> str:
    """As it may be shown and sent again; a browser would refuse a page with some of these."""
    return _CONTROL.sub("", typed.replace("\r\n", "\n"))


def _meaning(one: Field, typed: str, currency: str) -> Any:
    words = typed.replace("\r\n", "\n").strip()
    if not words:
        if one.is_required:
            raise _Unusable(_ASK.get(one.kind, "Fill this in") if one.kind is not Kind.TYPED else _typing(one))
        return None
    if one.kind is Kind.TABLE:
        return words + "\n"
    if _CONTROL.search(words):
        raise _Unusable("Remove the control character")
    if len(words) > one.longest:
        raise _Unusable(f"Shorten this to {one.longest} characters")
    return _READERS.get(one.kind, _line)(one, words, currency)


def _line(one: Field, words: str, currency: str) -> str:
    return tidy_name(words)


def _words(one: Field, words: str, currency: str) -> str:
    return words


def _address(one: Field, words: str, currency: str) -> str:
    return checked_address(words)


def _day(one: Field, words: str, currency: str) -> date:
    day = read_day(words)
    if one.earliest is not None and day < one.earliest:
        raise _Unusable(f"Choose a day from {short_day(one.earliest)} on")
    if one.latest is not None and day > one.latest:
        raise _Unusable(f"Choose a day until {short_day(one.latest)}")
    return day


def _money(one: Field, words: str, currency: str) -> int:
    return to_minor_units(words, currency)


def _number(one: Field, words: str, currency: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", words):
        raise _Unusable("Enter a whole number")
    return int(words)


def _decimal(one: Field, words: str, currency: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", words):
        raise _Unusable("Enter a number such as 5 or 5.5, with a point before its fraction")
    return float(words)


def _choice(one: Field, words: str, currency: str) -> str:
    if words not in {value for value, _ in one.choices}:
        raise _Unusable("Choose one of the list")
    return words


def _typed(one: Field, words: str, currency: str) -> str:
    if fold_department(words) != fold_department(one.expected):
        raise _Unusable(_typing(one))
    return words


def _typing(one: Field) -> str:
    return f"Type “{one.expected}” to show that this is meant"


_ASK = {
    Kind.ADDRESS: "Enter an e-mail address",
    Kind.DAY: "Choose a day",
    Kind.CHOICE: "Choose one of the list",
    Kind.NUMBER: "Enter a whole number",
    Kind.DECIMAL: "Enter a number",
    Kind.WORDS: "Say it in words",
    Kind.TABLE: "Choose a file, or paste its text",
}

_READERS = {
    Kind.WORDS: _words,
    Kind.MOMENT: _words,
    Kind.ADDRESS: _address,
    Kind.DAY: _day,
    Kind.MONEY: _money,
    Kind.NUMBER: _number,
    Kind.DECIMAL: _decimal,
    Kind.CHOICE: _choice,
    Kind.TYPED: _typed,
}
