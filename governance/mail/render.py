"""A letter as HTML and as text: two readings of the same blocks, each complete.

The layout is MJML, which becomes the tables and conditions that mail programs need. It is compiled once a process; the
outcome is a template that escapes whatever is filled in, so a mail costs the filling and no compiling.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING, assert_never

from governance.mail.letter import Block, Button, Facts, Heading, Items, Letter, Markdown, Paragraph, Quote
from governance.mail.markdown import Passage, passages
from governance.mail.safety import safe_line, safe_link, safe_text, shortened

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

LARGEST_HTML = 100_000
"""Bytes; Gmail shows no more than about 102,000 of a mail and hides the rest, the footer among it."""

_WIDTH = 76
_LIMITS = ((4_000, 60), (1_500, 40), (500, 15), (120, 5))
"""Characters of a text and entries of a list, from generous to what surely fits."""
_MOST_BLOCKS = 60


@dataclass(frozen=True, slots=True)
class Rendered:
    """`letter` is what was rendered: shortened where the whole would have been too large."""

    letter: Letter
    html: str
    text: str


def render(letter: Letter, more_at: str) -> Rendered:
    """Both readings.

    Args:
        more_at: the address of the page that says the rest, where there is more than a mail can hold.
    """
    fitting = _made_safe(letter)
    html = _html(fitting)
    for text_limit, list_limit in _LIMITS:
        if len(html.encode()) <= LARGEST_HTML:
            break
        fitting = _cut(_made_safe(letter), text_limit, list_limit, more_at)
        html = _html(fitting)
    return Rendered(fitting, html, _text(fitting))


def _html(letter: Letter) -> str:
    return _template().render(
        letter=letter, blocks=[(type(one).__name__.lower(), _shown(one)) for one in letter.blocks]
    )


@dataclass(frozen=True, slots=True)
class _Items:
    """`items` is a method of every mapping in the template language; this name is none."""

    items_: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class _Passages:
    passages: tuple[Passage, ...]


def _shown(block: Block) -> object:
    if isinstance(block, Items):
        return _Items(block.items)
    return _Passages(passages(block.source)) if isinstance(block, Markdown) else block


@functools.cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined
    from mjml import mjml2html

    environment = Environment(autoescape=True, undefined=StrictUndefined, auto_reload=False)
    environment.filters["lines"] = _lines
    source = resources.files("governance.mail").joinpath("templates/letter.mjml.html").read_text(encoding="utf-8")
    return environment.from_string(mjml2html(source.partition("#}\n")[2]))


def _lines(text: str) -> Markup:
    from markupsafe import Markup, escape

    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _text(letter: Letter) -> str:
    parts = [_wrapped(letter.heading), _underlined(letter.title, "="), *map(_block_text, letter.blocks)]
    footer = [*letter.footer.lines, *(f"{label}:\n{address}" for label, address in letter.footer.links)]
    if footer:
        parts.append("-- \n" + "\n".join(map(_wrapped, footer)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _block_text(block: Block) -> str:
    match block:
        case Paragraph(text=text):
            return _wrapped(text)
        case Heading(text=text):
            return _underlined(text, "-")
        case Markdown(source=source):
            return "\n\n".join(_passage_text(one) for one in passages(source))
        case Quote(text=text):
            return "\n".join(textwrap.indent(_wrapped(line, _WIDTH - 2), "> ") or ">" for line in text.split("\n"))
        case Facts(rows=rows):
            return "\n".join(_hanging(f"{label}: ", value) for label, value in rows)
        case Items(items=items):
            return "\n\n".join(_item_text(item, why) for item, why in items)
        case Button(label=label, address=address):
            return f"{_wrapped(label + ':')}\n{address}"
        case _:
            assert_never(block)


def _passage_text(passage: Passage) -> str:
    margin = "  " * max(passage.depth - 1, 0) + ("> " if passage.is_quoted else "")
    lead = f"{passage.marker} " if passage.marker else "  " if passage.depth else ""
    return _hanging(margin + lead.replace("•", "-"), passage.text)


def _item_text(item: str, why: str | None) -> str:
    return "\n".join([_hanging("- ", item), *([_hanging("  ", why)] if why else [])])


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


def _made_safe(letter: Letter) -> Letter:
    """What the words made of safe facts is safe already; this holds for every letter, whoever wrote it."""
    lead = letter.preheader and safe_line(letter.preheader, 300)
    blocks = [made for one in letter.blocks[:_MOST_BLOCKS] if (made := _safe_block(one)) is not None]
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
            links=tuple(
                (safe_line(label, 200), address) for label, address in letter.footer.links if safe_link(address)
            ),
        ),
    )


def _safe_block(block: Block) -> Block | None:
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
        case Markdown(source=source):
            return Markdown(source)
        case Heading(text=text):
            return Heading(safe_line(text, 200))
        case _:
            return replace(block, text=safe_text(block.text))


def _cut(letter: Letter, text_limit: int, list_limit: int, more_at: str) -> Letter:
    blocks = tuple(_cut_block(block, text_limit, list_limit) for block in letter.blocks)
    note = "This mail is shortened: all of it is on the page."
    button = (Button("See all of it", more_at),) if safe_link(more_at) else ()
    return replace(letter, blocks=(*blocks, Paragraph(note, is_soft=True), *button))


def _cut_block(block: Block, text_limit: int, list_limit: int) -> Block:
    cut: Callable[[str], str] = lambda text: shortened(text, text_limit)  # noqa: E731
    match block:
        case Button() | Heading():
            return block
        case Facts(rows=rows):
            return Facts(tuple((shortened(label, 100), cut(value)) for label, value in rows[:list_limit]))
        case Items(items=items):
            kept = tuple((cut(item), why and cut(why)) for item, why in items[:list_limit])
            more = len(items) - len(kept)
            return Items((*kept, (f"and {more:,} more", None)) if more else kept)
        case Markdown(source=source):
            return Markdown(cut(source))
        case _:
            return replace(block, text=cut(block.text))
