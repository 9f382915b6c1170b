"""A letter in plain text: every word and number of it, and every address on a line of its own."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import assert_never

from governance.mail.letter import (
    Bar,
    Bars,
    Block,
    Button,
    Facts,
    Heading,
    Items,
    Letter,
    Line,
    Lines,
    Markdown,
    Paragraph,
    Quote,
)
from governance.mail.markdown import Passage, passages

_WIDTH = 76
_BAR = 20
"""Signs of the longest bar."""
_LONGEST_LABEL = 28
"""Up to here a label stands beside its bar, and above it beyond that."""


def in_text(letter: Letter) -> str:
    parts = [_wrapped(letter.heading), _underlined(letter.title, "="), *map(_block, letter.blocks)]
    links = (f"{label}:\n{address}" for label, address in letter.footer.links)
    footer = [*letter.footer.lines, *links, *letter.footer.marks]
    if footer:
        parts.append("-- \n" + "\n".join(map(_wrapped, footer)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block) -> str:
    match block:
        case Paragraph(text=text):
            return _wrapped(text)
        case Heading():
            return _heading(block)
        case Markdown(source=source):
            return "\n\n".join(_passage(one) for one in passages(source))
        case Quote(text=text):
            return "\n".join(textwrap.indent(_wrapped(line, _WIDTH - 2), "> ") or ">" for line in text.split("\n"))
        case Facts(rows=rows):
            return "\n".join(_hanging(f"{label}: ", value) for label, value in rows)
        case Items(items=items):
            return "\n\n".join(_item(item, why) for item, why in items)
        case Lines(lines=lines):
            return "\n\n".join("\n".join(_line(one)) for one in lines)
        case Bars(bars=bars):
            return _bars(bars)
        case Button(label=label, address=address):
            return f"{_wrapped(label + ':')}\n{address}"
        case _:
            assert_never(block)


def _heading(heading: Heading) -> str:
    said = _underlined(heading.text, "=" if heading.is_chapter else "-")
    return f"{said}\n{heading.address}" if said and heading.address else said


def _passage(passage: Passage) -> str:
    margin = "  " * max(passage.depth - 1, 0) + ("> " if passage.is_quoted else "")
    lead = f"{passage.marker} " if passage.marker else "  " if passage.depth else ""
    return _hanging(margin + lead.replace("•", "-"), passage.text)


def _item(item: str, why: str | None) -> str:
    return "\n".join([_hanging("- ", item), *([_hanging("  ", why)] if why else [])])


def _line(line: Line) -> Iterator[str]:
    yield _hanging("- ", line.text)
    if said := " · ".join(filter(None, (line.alarm, line.mark, line.note))):
        yield _hanging("  ", said)
    if line.address:
        yield f"  {line.address}"
    if line.act:
        label, address = line.act
        yield _hanging("  ", f"{label}:")
        yield f"  {address}"


def _bars(bars: tuple[Bar, ...]) -> str:
    longest = max((len(bar.label) for bar in bars), default=0)
    if longest <= _LONGEST_LABEL and not any("\n" in bar.label for bar in bars):
        lines = [[f"{bar.label:{longest}}  {_drawn(bar)}".rstrip(), *_to(bar, "")] for bar in bars]
        return "\n".join(one for group in lines for one in group)
    groups = [[_hanging("- ", bar.label), f"  {_drawn(bar)}".rstrip(), *_to(bar, "  ")] for bar in bars]
    return "\n\n".join("\n".join(one for one in group if one) for group in groups)


def _drawn(bar: Bar) -> str:
    if bar.percent is None:
        return bar.said
    signs = max(1, bar.percent * _BAR // 100) if bar.percent else 0
    return f"{'#' * signs}{'-' * (_BAR - signs)} {bar.said}"


def _to(bar: Bar, indent: str) -> list[str]:
    return [f"{indent}{bar.address}"] if bar.address else []


def _underlined(text: str, stroke: str) -> str:
    return f"{_wrapped(text)}\n{stroke * min(len(text), _WIDTH)}" if text else ""


def _hanging(lead: str, text: str) -> str:
    """The first line behind the lead, the others below it."""
    indent = " " * min(len(lead), 4)
    lines = textwrap.indent(_wrapped(text, _WIDTH - len(indent)), indent).split("\n")
    return "\n".join([lead + lines[0][len(indent) :], *lines[1:]])


def _wrapped(text: str, width: int = _WIDTH) -> str:
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n"))


def _wrapped_line(line: str, width: int) -> str:
    if len(line) <= width or line.startswith(("http://", "https://")):
        return line
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
