"""A charter written as the TOML file that `read_charter` reads back to the same.

read_charter(write_charter(charter)) == charter
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from governance.domain.charter import Charter, Measure

_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')
_SHORT_FORMS = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r"}


def write_charter(charter: Charter) -> str:
    """Every value, the defaults too, so that whoever opens the file sees what there is to set."""
    return "\n".join(_lines(charter)) + "\n"


def _lines(charter: Charter) -> Iterator[str]:
    for key in ("short", "purpose", "rules"):
        yield f"{key} = {_text(getattr(charter, key))}"
    for key in ("visitors", "guests", "grace_minutes", "window", "late_limit", "absent_limit", "make_up_days"):
        yield f"{key} = {getattr(charter, key)}"
    if charter.quorum is not None:
        yield f"quorum = {_text(str(charter.quorum))}"
    yield f"way = {_text(charter.way.value)}"
    yield f"summary = {_text(charter.summary)}"
    for measure in charter.measures:
        yield from _measure(measure)


def _measure(measure: Measure) -> Iterator[str]:
    yield ""
    yield "[[measures]]"
    yield f"name = {_text(measure.name)}"
    yield f"unit = {_text(measure.unit)}"
    if measure.target is not None:
        yield f"target = {_number(measure.target)}"
    for one in measure.values:
        yield ""
        yield "  [[measures.values]]"
        yield f"  day = {_day(one.day)}"
        yield f"  value = {_number(one.value)}"


def _text(text: str) -> str:
    """Several lines stay several lines; the line break after the opening marks belongs to the marks."""
    if "\n" in text:
        inner = _ESCAPED.sub(lambda found: "\n" if found[0] == "\n" else _escape(found[0]), text)
        return f'"""\n{inner}"""'
    return f'"{_ESCAPED.sub(lambda found: _escape(found[0]), text)}"'


def _escape(letter: str) -> str:
    return _SHORT_FORMS.get(letter) or f"\\u{ord(letter):04x}"


def _number(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


def _day(day: date) -> str:
    return day.isoformat()
