"""A letter that surely can be sent: nothing in it steers, and nothing is longer than a mail may be."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
)
from governance.mail.safety import safe_line, safe_link, safe_text, shortened

MOST_BLOCKS = 150
"""More is no mail but a page; one about several meetings has a few dozen."""
_LONGEST_SAID = 300
"""Characters of a number in words."""
_LONGEST_MARK = 40
"""Characters of what is never broken: a phone shows no more on one line."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Characters of a text, entries of a list, and blocks."""

    text: int
    entries: int
    blocks: int


LIMITS = (Limit(4_000, 60, MOST_BLOCKS - 2), Limit(1_500, 40, 100), Limit(500, 15, 60), Limit(120, 5, 40))
"""From generous to what surely fits."""


def made_safe(letter: Letter) -> Letter:
    """What the words made of safe facts is safe already; this holds for every letter, whoever wrote it."""
    lead = letter.preheader and safe_line(letter.preheader, 300)
    blocks = [made for one in letter.blocks[: 2 * MOST_BLOCKS] if (made := _safe(one)) is not None]
    if lead and not any(isinstance(one, Paragraph) and lead in one.text for one in blocks):
        blocks.insert(0, Paragraph(lead))
    return replace(
        letter,
        subject=safe_line(letter.subject, 200),
        preheader=lead,
        title=safe_line(letter.title, 200),
        heading=safe_line(letter.heading, 200),
        blocks=tuple(blocks),
        footer=replace(
            letter.footer,
            lines=tuple(safe_line(line) for line in letter.footer.lines),
            marks=tuple(safe_line(mark) for mark in letter.footer.marks),
            links=tuple(
                (safe_line(label, 200), address) for label, address in letter.footer.links if safe_link(address)
            ),
        ),
    )


def cut(letter: Letter, limit: Limit, more_at: str) -> Letter:
    """A shorter one, which says that it is, and where all of it is."""
    blocks = tuple(_cut(block, limit, more_at) for block in letter.blocks[: limit.blocks])
    note = "This mail is shortened: all of it is on the page."
    button = (Button("See all of it", more_at),) if safe_link(more_at) else ()
    return replace(letter, blocks=(*blocks, Paragraph(note, is_soft=True), *button))


def _safe(block: Block) -> Block | None:
    """None for a button that leads nowhere: a missing link leaves its button out."""
    match block:
        case Button(address=address) if safe_link(address) is None:
            return None
        case Button(label=label):
            return replace(block, label=safe_line(label, 200))
        case Facts(rows=rows):
            return Facts(tuple((safe_line(label, 200), safe_text(value, 2_000)) for label, value in rows))
        case Items(items=items):
            return Items(tuple((safe_text(item, 2_000), why and safe_text(why, 2_000)) for item, why in items))
        case Lines(lines=lines, more_at=more_at):
            return Lines(tuple(map(_safe_of_lines, lines)), _address(more_at))
        case Bars(bars=bars):
            return Bars(tuple(map(_safe_bar, bars)))
        case Markdown(source=source):
            return Markdown(source)
        case Heading(text=text, address=address):
            return replace(block, text=safe_line(text, 200), address=_address(address))
        case _:
            return replace(block, text=safe_text(block.text))


def _safe_of_lines(line: Line) -> Line:
    return Line(
        safe_line(line.text),
        line.note and safe_text(line.note, 2_000),
        _address(line.address),
        line.alarm and safe_line(line.alarm, 200),
        line.mark and safe_line(line.mark, _LONGEST_MARK),
        (safe_line(line.act[0], 200), line.act[1]) if line.act and safe_link(line.act[1]) else None,
    )


def _safe_bar(bar: Bar) -> Bar:
    percent = None if bar.percent is None else max(0, min(bar.percent, 100))
    return Bar(safe_line(bar.label), safe_line(bar.said, _LONGEST_SAID), percent, _address(bar.address))


def _address(given: str | None) -> str | None:
    return safe_link(given) if given else None


def _cut(block: Block, limit: Limit, more_at: str) -> Block:
    def short(text: str) -> str:
        return shortened(text, limit.text)

    match block:
        case Button() | Heading():
            return block
        case Facts(rows=rows):
            return Facts(tuple((shortened(label, 100), short(value)) for label, value in rows[: limit.entries]))
        case Items(items=items):
            kept = tuple((short(item), why and short(why)) for item, why in items[: limit.entries])
            more = _more(len(items) - len(kept))
            return Items((*kept, (more, None)) if more else kept)
        case Lines(lines=lines):
            return _cut_lines(block, lines, limit, more_at)
        case Bars(bars=bars):
            shown = tuple(replace(one, label=short(one.label)) for one in bars[: limit.entries])
            more = _more(len(bars) - len(shown))
            return Bars((*shown, Bar(more, "")) if more else shown)
        case Markdown(source=source):
            return Markdown(short(source))
        case _:
            return replace(block, text=short(block.text))


def _cut_lines(block: Lines, lines: tuple[Line, ...], limit: Limit, more_at: str) -> Lines:
    kept = tuple(
        replace(one, text=shortened(one.text, limit.text), note=one.note and shortened(one.note, limit.text))
        for one in lines[: limit.entries]
    )
    more = _more(len(lines) - len(kept))
    return replace(block, lines=(*kept, Line(more, address=block.more_at or _address(more_at))) if more else kept)


def _more(number: int) -> str:
    return f"and {number:,} more" if number > 0 else ""
