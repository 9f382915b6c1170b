"""The charter of a meeting: what it is for, how it measures itself, and the rules of the room, as one TOML file.

Without a charter every value is the default. Unknown keys are refused, and all faults are named at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from governance.domain.errors import GovernanceError

LONGEST_SHORT = 600
LONGEST_TEXT = 20_000
DELAY = re.compile(r"([1-9]\d{0,2})h")
AT = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\d|2[0-3]):([0-5]\d)")
"""When the weekly mails go out: so many hours after the end, or at that day and time."""


class Way(StrEnum):
    """How the meeting decides."""

    CONSENT = "consent"
    MAJORITY = "majority"
    TWO_THIRDS = "two-thirds"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class MeasuredValue:
    day: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What success looks like in numbers; `values` are by day."""

    name: str
    unit: str = ""
    target: float | None = None
    values: tuple[MeasuredValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """`short` is plain text and goes into the invitation; `purpose` and `rules` are Markdown for the pages.

    Attributes:
        visitors: how many visitors one occurrence may have.
        guests: how many standing guests the meeting may have.
        window: over how many occurrences lateness and absence are counted.
        quorum: the fraction of the seats that must be there; None is more than half.
        summary: when the weekly mails go out, `1h` after the end or a day and time such as `Fri 16:00`.
    """

    short: str = ""
    purpose: str = ""
    rules: str = ""
    measures: tuple[Measure, ...] = ()
    visitors: int = 2
    guests: int = 2
    grace_minutes: int = 0
    window: int = 13
    late_limit: int = 3
    absent_limit: int = 2
    make_up_days: int = 7
    quorum: Fraction | None = None
    way: Way = Way.CONSENT
    summary: str = "1h"


class CharterRefused(GovernanceError):
    """The charter cannot be used; `faults` holds every fault as a sentence."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("Correct the charter", "; ".join(fault.rstrip(".") for fault in self.faults))


def read_charter(source: str) -> Charter:
    """The charter that the TOML text describes.

    Raises:
        CharterRefused: with every unknown key and every value that cannot be used.
    """
    try:
        document = tomllib.loads(source.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise CharterRefused([f"write it as TOML ({error})"]) from error
    faults: list[str] = []
    values = _read_table(document, _KEYS, "", faults)
    if faults:
        raise CharterRefused(faults)
    return Charter(**values)


def fault_of(key: str, raw: Any) -> str | None:
    """What to do about one value, for whoever types it into a form; `measures.unit` is a key of each measure."""
    of_measure = key.startswith("measures.")
    expected, read = _MEASURE_KEYS[key.removeprefix("measures.")] if of_measure else _KEYS[key]
    try:
        read(raw, key, [])
    except _Unfit:
        return f"Enter {expected}"
    return None


class _Unfit(Exception):
    """The value is not what the key expects."""


Reader = Callable[[Any, str, list[str]], Any]


def _read_table(
    table: Mapping[str, Any], keys: Mapping[str, tuple[str, Reader]], prefix: str, faults: list[str]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, raw in table.items():
        if name not in keys:
            faults.append(_unknown(name, prefix, keys))
            continue
        expected, read = keys[name]
        try:
            values[name] = read(raw, f"{prefix}{name}", faults)
        except _Unfit:
            faults.append(f"give {prefix}{name} {expected} instead of {_shown(raw)}")
    return values


def _unknown(name: str, prefix: str, keys: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, keys, n=1)
    known = f"did you mean {close[0]}" if close else f"known are {', '.join(keys)}"
    return f"remove or rename {prefix}{name[:60]}, which is not known ({known})"


def _shown(raw: Any) -> str:
    text = f"“{raw}”" if isinstance(raw, str) else str(raw)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _require(holds: bool) -> None:
    if not holds:
        raise _Unfit


def _text(longest: int) -> Reader:
    def read(raw: Any, _key: str, _faults: list[str]) -> str:
        _require(isinstance(raw, str) and len(raw) <= longest and "\0" not in raw)
        return str(raw).strip()

    return read


def _name(raw: Any, _key: str, _faults: list[str]) -> str:
    _require(isinstance(raw, str) and 0 < len(raw.strip()) <= 200 and raw.isprintable())
    return str(raw).strip()


def _whole(least: int, most: int) -> Reader:
    def read(raw: Any, _key: str, _faults: list[str]) -> int:
        _require(isinstance(raw, int) and not isinstance(raw, bool) and least <= raw <= most)
        return int(raw)

    return read


def _number(raw: Any, _key: str, _faults: list[str]) -> float:
    _require(isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) < 1e15)
    return float(raw)


def _day(raw: Any, _key: str, _faults: list[str]) -> date:
    """A TOML date, or one in quotation marks."""
    if isinstance(raw, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw):
        try:
            raw = date.fromisoformat(raw)
        except ValueError as no_such_day:
            raise _Unfit from no_such_day
    _require(isinstance(raw, date) and not isinstance(raw, datetime))
    return date(raw.year, raw.month, raw.day)


def _quorum(raw: Any, _key: str, _faults: list[str]) -> Fraction:
    """A share of the seats: 0.5, or "2/3" where a decimal would not be exact."""
    _require(isinstance(raw, (int, float, str)) and not isinstance(raw, bool))
    try:
        share = Fraction(str(raw).replace(" ", ""))
    except (ValueError, ZeroDivisionError) as no_fraction:
        raise _Unfit from no_fraction
    _require(0 < share <= 1 and share.denominator <= 10_000)
    return share


def _way(raw: Any, _key: str, _faults: list[str]) -> Way:
    _require(isinstance(raw, str) and raw in [way.value for way in Way])
    return Way(raw)


def _summary(raw: Any, _key: str, _faults: list[str]) -> str:
    _require(isinstance(raw, str) and bool(DELAY.fullmatch(raw) or AT.fullmatch(raw)))
    return str(raw)


def _tables(keys: Mapping[str, tuple[str, Reader]], required: tuple[str, ...], make: Callable[..., Any]) -> Reader:
    def read(raw: Any, key: str, faults: list[str]) -> tuple[Any, ...]:
        _require(isinstance(raw, list) and all(isinstance(table, dict) for table in raw))
        made = []
        for number, table in enumerate(raw, start=1):
            before = len(faults)
            prefix = f"{key}[{number}]."
            values = _read_table(table, keys, prefix, faults)
            faults.extend(f"add {prefix}{name}" for name in required if name not in table)
            if len(faults) == before:
                made.append(make(**values))
        return tuple(made)

    return read


_VALUE_KEYS: Mapping[str, tuple[str, Reader]] = {
    "day": ("a day such as 2026-03-31", _day),
    "value": ("a number", _number),
}

_MEASURE_KEYS: Mapping[str, tuple[str, Reader]] = {
    "name": ("a name of at most 200 characters", _name),
    "unit": ("a text of at most 60 characters", _text(60)),
    "target": ("a number", _number),
    "values": ("tables [[measures.values]]", _tables(_VALUE_KEYS, ("day", "value"), MeasuredValue)),
}

_KEYS: Mapping[str, tuple[str, Reader]] = {
    "short": (f"a plain text of at most {LONGEST_SHORT} characters", _text(LONGEST_SHORT)),
    "purpose": (f"a text of at most {LONGEST_TEXT:,} characters", _text(LONGEST_TEXT)),
    "rules": (f"a text of at most {LONGEST_TEXT:,} characters", _text(LONGEST_TEXT)),
    "measures": ("tables [[measures]]", _tables(_MEASURE_KEYS, ("name",), Measure)),
    "visitors": ("a whole number from 0 to 100", _whole(0, 100)),
    "guests": ("a whole number from 0 to 100", _whole(0, 100)),
    "grace_minutes": ("a whole number from 0 to 120", _whole(0, 120)),
    "window": ("a whole number from 1 to 520", _whole(1, 520)),
    "late_limit": ("a whole number from 0 to 520", _whole(0, 520)),
    "absent_limit": ("a whole number from 0 to 520", _whole(0, 520)),
    "make_up_days": ("a whole number from 0 to 365", _whole(0, 365)),
    "quorum": ('a fraction above 0 and up to 1, such as 0.5 or "2/3"', _quorum),
    "way": (f"one of {', '.join(way.value for way in Way)}", _way),
    "summary": ('a delay such as "1h" or a day and time such as "Fri 16:00"', _summary),
}
