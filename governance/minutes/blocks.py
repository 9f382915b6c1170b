"""Markdown as blocks: headings, list items, paragraphs, table rows; each with the lines that it takes.

Only as much of Markdown as minutes need, line by line, so that every line belongs to exactly one block or is blank. A
paragraph that was wrapped is one block; a line that begins like `Name: …` begins a new one, because minutes put
speakers on lines of their own without a blank line in between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from governance.minutes.phrases import PEOPLE, meaning_of_label

LONGEST_LINE = 20_000
BOLD_LEVEL = 7
"""A line wholly in bold is a heading below all others."""

_HEADING = re.compile(r" {0,3}(#{1,6})(?=\s|$)")
_SETEXT = re.compile(r" {0,3}(=+|-+)\s*$")
_RULE = re.compile(r" {0,3}([-*_])(?:\s*\1){2,}\s*$")
_FENCE = re.compile(r"\s*(```+|~~~+)")
_LIST = re.compile(r"(\s*)(?:[-*+]|\d{1,3}[.)])(?:\s+|$)(.*)$")
_BOX = re.compile(r"\[([ xX])\]\s+(.*)$")
_BOLD = re.compile(r"(\*\*|__)([^*_]+)\1:?$")
_DEFINITION = re.compile(r" {0,3}\[[^\]]{1,200}\]:\s*\S")
"""Where a link leads that is written `[so][far]`."""
_LABEL = re.compile(r"[*_]{0,2}[@\w][^:.?!|]{0,40}:[*_]{0,2}(?:\s|$)")
_QUOTE = re.compile(r"^\s*>\s?")


class Shape(StrEnum):
    HEADING = "heading"
    ITEM = "list item"
    TEXT = "text"
    ROW = "table row"
    ASIDE = "aside"
    FRONT = "front matter"
    OVERLONG = "overlong line"
    UNCLOSED = "unclosed"


@dataclass(frozen=True, slots=True)
class Block:
    """`text` is without bullet, quotation mark and number signs; `is_ticked` only of `- [ ]` and `- [x]`.

    `is_one_of_many` of a line right below `Present:` and of those right below that: each is somebody else.
    """

    shape: Shape
    first: int
    last: int
    text: str
    level: int = 0
    indent: int = 0
    is_ticked: bool | None = None
    is_one_of_many: bool = False

    @property
    def lines(self) -> range:
        return range(self.first, self.last + 1)


def blocks_of(lines: Sequence[str]) -> list[Block]:
    """All blocks in order; the lines in no block are blank."""
    found: list[Block] = []
    number = _take_front_matter(lines, found)
    while number < len(lines):
        line = lines[number]
        if len(line) > LONGEST_LINE:
            found.append(Block(Shape.OVERLONG, number + 1, number + 1, line[:200]))
        elif not line.strip():
            pass
        elif fence := _FENCE.match(line):
            number = _take_until(lines, number, fence[1][:3], found)
        elif line.lstrip().startswith("<!--"):
            number = _take_until(lines, number, "-->", found, may_end_at_once=True)
        else:
            _take_line(lines, number, found)
        number += 1
    return found


def _take_front_matter(lines: Sequence[str], found: list[Block]) -> int:
    """`---` in the first line opens keys and values up to the next `---`; without that it is a ruler."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    end = next((number for number in range(1, min(len(lines), 100)) if lines[number].rstrip() == "---"), 0)
    keys = [number for number in range(1, end) if lines[number].strip()]
    if not keys or not all(re.match(r"\s*[\w -]+:|\s*- ", lines[number]) for number in keys):
        return 0
    found.append(Block(Shape.ASIDE, 1, 1, "---"))
    found += [Block(Shape.FRONT, number + 1, number + 1, lines[number].strip()) for number in keys]
    found.append(Block(Shape.ASIDE, end + 1, end + 1, "---"))
    return end + 1


def _take_until(
    lines: Sequence[str], start: int, end: str, found: list[Block], *, may_end_at_once: bool = False
) -> int:
    """Code and comments. What is never closed would swallow the rest of the file: its first line is listed."""
    for number in range(start if may_end_at_once else start + 1, len(lines)):
        if (end in lines[number]) if may_end_at_once else lines[number].strip().startswith(end):
            found.append(Block(Shape.ASIDE, start + 1, number + 1, lines[start].strip()[:200]))
            return number
    found.append(Block(Shape.UNCLOSED, start + 1, start + 1, lines[start].strip()[:200]))
    return start


def _take_line(lines: Sequence[str], number: int, found: list[Block]) -> None:
    line = _QUOTE.sub("", lines[number])
    before = _before(number, found)
    if heading := _HEADING.match(line):
        title = line[heading.end() :].strip().rstrip("#").strip()
        found.append(Block(Shape.HEADING, number + 1, number + 1, title, len(heading[1])))
    elif before and before.shape is Shape.TEXT and before.first == before.last and (under := _SETEXT.match(line)):
        level = 1 if under[1][0] == "=" else 2
        found[-1] = replace(before, shape=Shape.HEADING, last=number + 1, level=level)
    elif not line.strip() or _RULE.match(line) or _SETEXT.match(line) or _DEFINITION.match(line):
        found.append(Block(Shape.ASIDE, number + 1, number + 1, line.strip()))
    elif line.lstrip().startswith("|"):
        found.append(Block(Shape.ROW, number + 1, number + 1, line.strip()))
    elif entry := _LIST.match(line):
        found.append(_list_item(entry[2].strip(), number + 1, len(entry[1].expandtabs(4))))
    elif bold := _BOLD.match(line.strip()):
        found.append(Block(Shape.HEADING, number + 1, number + 1, bold[2].strip().rstrip(":"), BOLD_LEVEL))
    elif before and before.shape in (Shape.TEXT, Shape.ITEM) and _continues(line, before):
        found[-1] = replace(before, last=number + 1, text=f"{before.text} {line.strip()}".strip())
    else:
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        is_one = before is not None and (before.is_one_of_many or _opens_list(before))
        is_one = is_one and not _LABEL.match(line.strip())
        found.append(Block(Shape.TEXT, number + 1, number + 1, line.strip(), indent=indent, is_one_of_many=is_one))


def _before(number: int, found: list[Block]) -> Block | None:
    """The block that ends in the line right above."""
    return found[-1] if found and found[-1].last == number else None


def _continues(line: str, before: Block) -> bool:
    """A list of people goes on in the next line only behind a comma or further in: else the line is about others."""
    if _LABEL.match(line.strip()) or len(before.text) >= LONGEST_LINE or _opens_list(before):
        return False
    if before.is_one_of_many:
        return before.text.endswith((",", ";"))
    return line[:1].isspace() or before.text.endswith((",", ";", " and", "&")) or not _lists_people(before.text)


def _opens_list(block: Block) -> bool:
    """`Present:` with nobody behind it."""
    return block.shape is Shape.TEXT and block.text.rstrip("*_ ").endswith(":") and _lists_people(block.text)


def _lists_people(text: str) -> bool:
    label = _LABEL.match(text)
    return label is not None and meaning_of_label(label[0].strip()) in PEOPLE


def _list_item(text: str, line: int, indent: int) -> Block:
    box = _BOX.match(text)
    if box:
        return Block(Shape.ITEM, line, line, box[2].strip(), indent=indent, is_ticked=box[1] != " ")
    return Block(Shape.ITEM, line, line, text, indent=indent)


def cells_of(row: Block) -> list[str]:
    """The cells of a table row; a bar behind a backslash is text."""
    inner = row.text.strip().removeprefix("|").removesuffix("|")
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]


def is_ruler(cells: Sequence[str]) -> bool:
    """The line between the head of a table and its rows."""
    return all(re.fullmatch(r":?-+:?", cell) for cell in cells)
