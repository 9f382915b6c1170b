"""Where an occurrence begins, what it is called and on which day it was.

A heading of the first or second level with one day in it begins an occurrence; several of the same level are several
occurrences in one file. The day comes from that heading, else from a line `Date: …` above the first section, else from
the head of the file between `---`, else from the file's name. Where two of them differ, that is listed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from governance.minutes.blocks import Block, Shape
from governance.minutes.days import days_in, first_day, without_days
from governance.minutes.phrases import Meaning, meaning_of_heading, meaning_of_label, plain
from governance.minutes.sheet import Sheet
from governance.minutes.values import Kind

_LABEL = re.compile(r"(?P<label>[^:]{1,60}):\s*(?P<rest>.*)$", re.DOTALL)
_RECEIVED = re.compile(
    r"(?:apologies|regrets)(?: for absence)?(?: (?:were|was|have been|had been) (?:received|given|noted|sent))? from:?"
    r" (?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Part:
    """The blocks of one occurrence, its headline left out."""

    line: int
    title: str
    day: date | None
    blocks: tuple[Block, ...]


def labelled(text: str) -> tuple[str, str] | None:
    """`Label: rest`, and not an address with a colon in it."""
    found = _LABEL.match(text)
    if apologies := _RECEIVED.match(text):
        return "Apologies", apologies["rest"].strip()
    if not found or found["rest"].startswith("//"):
        return None
    return plain(found["label"]).strip(), found["rest"].strip().lstrip("*_ ")


def parts_of(blocks: Sequence[Block], sheet: Sheet) -> list[Part]:
    """At least one, also of an empty file."""
    front = _read_front(blocks, sheet)
    inner = [block for block in blocks if block.shape is not Shape.FRONT]
    starts = _starts(inner)
    if len(starts) < 2:
        return [_single(inner, starts, front, sheet)]
    head = inner[: starts[0]]
    name = front.get(Meaning.TITLE) or _name_of(head)
    for block in head:
        _mark_head(block, sheet)
    ends = [*starts[1:], len(inner)]
    return [_dated(inner[start:end], name, sheet) for start, end in zip(starts, ends, strict=True)]


def _read_front(blocks: Sequence[Block], sheet: Sheet) -> dict[Meaning, str]:
    found: dict[Meaning, str] = {}
    for block in blocks:
        if block.shape is not Shape.FRONT:
            continue
        pair = labelled(block.text)
        meaning = meaning_of_label(pair[0]) if pair else None
        if pair and meaning in (Meaning.DAY, Meaning.TITLE):
            found[meaning] = pair[1].strip("\"'")
            sheet.mark(block, Kind.TITLE)
        elif meaning is Meaning.ASIDE:
            sheet.mark(block, Kind.ASIDE)
        else:
            sheet.leave_all(block, "a key at the head of the file that is not known")
    return found


def _starts(blocks: Sequence[Block]) -> list[int]:
    dated = [
        number
        for number, block in enumerate(blocks)
        if block.shape is Shape.HEADING and block.level <= 2 and len(set(days_in(block.text))) == 1
    ]
    if not dated:
        return []
    level = blocks[dated[0]].level
    if level == 2 and any(_day_line(block) for block in blocks[: dated[0]]):
        return []
    return [number for number in dated if blocks[number].level == level]


def _day_line(block: Block) -> date | None:
    if block.shape not in (Shape.TEXT, Shape.ITEM):
        return None
    pair = labelled(block.text)
    if pair is None:
        return first_day(block.text) if is_only_a_day(block.text) else None
    return first_day(pair[1]) if meaning_of_label(pair[0]) is Meaning.DAY else None


def is_only_a_day(text: str) -> bool:
    """`Thursday, 5 March 2026` and nothing else."""
    rest = without_days(plain(text)).casefold().strip(" ,.")
    return len(text) < 60 and first_day(text) is not None and rest in ("", *_WEEKDAYS)


def _single(blocks: list[Block], starts: list[int], front: dict[Meaning, str], sheet: Sheet) -> Part:
    headline = blocks[starts[0]] if starts else _headline(blocks)
    title = front.get(Meaning.TITLE) or (without_days(plain(headline.text)) if headline else "")
    line = headline.first if headline else 1
    day = _day_of(blocks, headline, front, line, sheet)
    rest = tuple(block for block in blocks if block is not headline)
    if headline:
        sheet.mark(headline, Kind.TITLE)
    if starts:
        for block in blocks[: starts[0]]:
            _mark_head(block, sheet)
        rest = tuple(blocks[starts[0] + 1 :])
    return Part(line, title or _name_of(blocks[: starts[0]] if starts else []), day, rest)


def _headline(blocks: Sequence[Block]) -> Block | None:
    """The first heading, unless it says by itself what stands below it."""
    if blocks and blocks[0].shape is Shape.TEXT and len(set(days_in(blocks[0].text))) == 1 and _is_short(blocks[0]):
        return blocks[0]
    first = next((block for block in blocks if block.shape is Shape.HEADING), None)
    is_title = first is not None and (first.level <= 2 or first is blocks[0])
    return first if first and is_title and meaning_of_heading(first.text) is None else None


def _is_short(block: Block) -> bool:
    """A first line that names a day is a title, if it is no sentence and no label."""
    is_sentence = block.text.endswith((".", ":", "?", "!"))
    return len(block.text) < 100 and labelled(block.text) is None and not is_sentence and not is_only_a_day(block.text)


def _day_of(
    blocks: Sequence[Block], headline: Block | None, front: dict[Meaning, str], line: int, sheet: Sheet
) -> date | None:
    found = {
        "the heading": first_day(headline.text) if headline else None,
        "the line of the date": next(filter(None, map(_day_line, _until_section(blocks, headline))), None),
        "the head of the file": first_day(front.get(Meaning.DAY, "")),
        "the name of the file": first_day(sheet.file.replace("_", "-")),
    }
    days = {where: day for where, day in found.items() if day}
    if len(set(days.values())) > 1:
        said = ", ".join(f"{where} says {day}" for where, day in days.items())
        sheet.doubt(line, headline.text if headline else sheet.file, f"{said}: read as the first of these")
    return next(iter(days.values()), None)


def _until_section(blocks: Sequence[Block], headline: Block | None) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        if block.shape is Shape.HEADING and block is not headline:
            break
        found.append(block)
    return found


def _dated(blocks: Sequence[Block], name: str, sheet: Sheet) -> Part:
    headline = blocks[0]
    sheet.mark(headline, Kind.TITLE)
    title = without_days(plain(headline.text)) or name
    return Part(headline.first, title, first_day(headline.text), tuple(blocks[1:]))


def _name_of(head: Sequence[Block]) -> str:
    return next((plain(block.text) for block in head if block.shape is Shape.HEADING), "")


def _mark_head(block: Block, sheet: Sheet) -> None:
    """Above the first occurrence of a file nothing belongs to a day."""
    if block.shape is Shape.HEADING:
        sheet.mark(block, Kind.TITLE)
    elif block.shape is Shape.ASIDE:
        sheet.mark(block, Kind.ASIDE)
    else:
        sheet.leave_all(block, "stands above the first heading with a day")
