"""A letter as HTML and as text: two readings of the same blocks, each complete.

The layout is MJML, which becomes the tables and conditions that mail programs need. It is compiled once a process; the
outcome is a template that escapes whatever is filled in, so a mail costs the filling and no compiling.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from governance.mail.fitting import LIMITS, MOST_BLOCKS, cut, made_safe
from governance.mail.letter import Block, Items, Letter, Markdown
from governance.mail.markdown import Passage, passages
from governance.mail.plain_text import in_text

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

LARGEST_HTML = 100_000
"""Bytes; Gmail shows no more than about 102,000 of a mail and hides the rest, the footer among it."""


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
    whole = fitting = made_safe(letter)
    html = _html(fitting)
    for limit in LIMITS:
        if len(html.encode()) <= LARGEST_HTML and len(fitting.blocks) <= MOST_BLOCKS:
            break
        fitting = cut(whole, limit, more_at)
        html = _html(fitting)
    return Rendered(fitting, html, in_text(fitting))


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
