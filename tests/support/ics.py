"""A small reader of iCalendar, independent of the library that writes it: RFC 5545, 3.1 and 3.3.11, and no more."""

from __future__ import annotations

import re
from typing import NamedTuple


class Line(NamedTuple):
    """`name;parameters:value`, the value as it is written."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], self.value)


def lines_of(content: bytes) -> list[Line]:
    """Every line unfolded; refused where an end is none, or a line is too long."""
    assert content.endswith(b"\r\n")
    folded = content.removesuffix(b"\r\n").split(b"\r\n")
    assert not any(re.search(rb"[\r\n\x00-\x08\x0b-\x1f\x7f]", line) for line in folded)
    assert max(map(len, folded)) <= 75
    assert all(line for line in folded)
    return [_line(one) for one in re.sub(rb"\r\n[ \t]", b"", content).decode().removesuffix("\r\n").split("\r\n")]


def events_of(content: bytes) -> list[dict[str, Line]]:
    """By name; an event with a property twice, or something inside it, is refused."""
    found: list[dict[str, Line]] = []
    lines = lines_of(content)
    assert [lines[0].value, lines[-1].value] == ["VCALENDAR", "VCALENDAR"]
    inside: dict[str, Line] | None = None
    for line in lines[1:-1]:
        if line.name == "BEGIN":
            assert (inside, line.value) == (None, "VEVENT")
            inside = {}
        elif line.name == "END":
            assert inside is not None
            assert line.value == "VEVENT"
            found.append(inside)
            inside = None
        elif inside is not None:
            assert line.name not in inside
            inside[line.name] = line
    assert inside is None
    return found


def _line(written: str) -> Line:
    head, value = written.split(":", 1)
    assert '"' not in head, "no parameter of ours is quoted"
    name, *parameters = head.split(";")
    assert re.fullmatch(r"[A-Z0-9-]+", name), written
    return Line(name, dict(one.split("=", 1) for one in parameters), value)
