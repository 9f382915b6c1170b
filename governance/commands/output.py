"""How commands print: sentences and tables for people, one document with `"schema": 1` for programs."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

SCHEMA = 1


def json_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")


def print_json(document: Mapping[str, Any]) -> None:
    json.dump({"schema": SCHEMA, **document}, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as they need to be; the last one is not padded."""
    table = [[on_one_line(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def on_one_line(cell: str) -> str:
    """On one line and without what a terminal would obey: names and titles come from outside."""
    return "".join(letter if letter.isprintable() else " " for letter in cell)


def instant(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with Z, to the second."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def as_said(moment: datetime | None, time_zone: str) -> str:
    """The moment as people at that place say it, with the zone."""
    if moment is None:
        return "–"
    local = moment.astimezone(ZoneInfo(time_zone))
    return f"{local:%a %d %b %Y, %H:%M} {local.tzname()}"


def day(text: str) -> date:
    """An argument that is a day."""
    from governance.domain.roster_file import MalformedDay, read_day

    try:
        return read_day(text)
    except MalformedDay as malformed:
        raise ArgumentTypeError(str(malformed).rstrip(".")) from malformed


def whole(text: str) -> int:
    """An argument that counts something."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ArgumentTypeError(f"{text[:20]} is no whole number")
    return int(text)
