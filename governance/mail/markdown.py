"""Markdown of a charter, read strictly: paragraphs, headings, lists, quotations, code and emphasis, and nothing else.

Raw HTML is text. A link is its words with the address behind them, to be read and not to be clicked: whoever writes a
charter must not be able to put a link into a mail that comes from us. Pictures are their description.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from governance.mail.safety import safe_run

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONGEST = 20_000
_EMPHASIS = {"strong_open": "strong", "em_open": "em", "code_inline": "code"}
_OPEN_TAG, _CLOSE_TAG = "<{}>", "</{}>"


@dataclass(frozen=True, slots=True)
class Run:
    """Some text, and how it is emphasised: names of HTML elements, outermost first."""

    text: str
    emphasis: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        inner = html.escape(self.text).replace("\n", "<br>")
        opened = "".join(_OPEN_TAG.format(name) for name in self.emphasis)
        return opened + inner + "".join(_CLOSE_TAG.format(name) for name in reversed(self.emphasis))


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph; `marker` is the number or bullet before it, `depth` how deep its list lies (0 for none)."""

    runs: tuple[Run, ...]
    marker: str = ""
    depth: int = 0
    is_heading: bool = False
    is_quoted: bool = False

    @property
    def indent(self) -> int:
        """Pixels before the text, beyond those of the marker."""
        return 18 * max(self.depth - 1, 0) + (18 if self.is_quoted else 0)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def html(self) -> str:
        return "".join(run.html for run in self.runs)


@functools.lru_cache(maxsize=64)
def passages(source: str) -> tuple[Passage, ...]:
    return tuple(passage for passage in _walk(_parser().parse(source[:LONGEST])) if passage.text.strip())


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    return parser.disable(["html_block", "html_inline", "reference"])


@dataclass(slots=True)
class _List:
    number: int | None
    is_marked: bool = False

    def next_marker(self) -> str:
        if self.is_marked:
            return ""
        self.is_marked = True
        return "•" if self.number is None else f"{self.number}."

    def begin_item(self) -> None:
        self.is_marked = False

    def end_item(self) -> None:
        self.number = None if self.number is None else self.number + 1


@dataclass(slots=True)
class _Place:
    lists: list[_List] = field(default_factory=list)
    quotes: int = 0
    is_heading: bool = False

    def passage(self, runs: tuple[Run, ...]) -> Passage:
        marker = self.lists[-1].next_marker() if self.lists else ""
        return Passage(runs, marker, len(self.lists), self.is_heading, self.quotes > 0)


def _walk(tokens: list[Token]) -> Iterator[Passage]:
    place = _Place()
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                place.lists.append(_List(None))
            case "ordered_list_open":
                place.lists.append(_List(int(token.attrGet("start") or 1)))
            case "bullet_list_close" | "ordered_list_close":
                place.lists.pop()
            case "list_item_open":
                place.lists[-1].begin_item()
            case "list_item_close":
                place.lists[-1].end_item()
            case "blockquote_open":
                place.quotes += 1
            case "blockquote_close":
                place.quotes -= 1
            case "heading_open" | "heading_close":
                place.is_heading = token.type == "heading_open"
            case "inline":
                yield place.passage(tuple(_runs(token.children or [])))
            case "code_block" | "fence":
                yield place.passage((Run(_clean(token.content.rstrip("\n"), keep_lines=True), ("code",)),))


def _runs(tokens: list[Token]) -> Iterator[Run]:
    """Entities may hide what was taken out of the source, so every text is cleaned once more here."""
    emphasis: list[str] = []
    targets: list[str] = []
    said = ""
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield Run("\n" if token.type == "hardbreak" else " ")
        elif token.type == "link_open":
            targets.append(_clean(str(token.attrGet("href") or "")).strip())
            said = ""
        elif token.type == "link_close":
            target = targets.pop()
            if target and target != said:
                yield Run(f" ({target})")
        elif token.type == "image":
            yield Run(_clean(token.content))
        elif token.type.endswith("_open"):
            emphasis.append(_EMPHASIS.get(token.type, "em"))
        elif token.type.endswith("_close"):
            emphasis.pop()
        elif token.content:
            more = ("code",) if token.type == "code_inline" else ()
            said += (text := _clean(token.content))
            yield Run(text, (*emphasis, *more))


def _clean(text: str, *, keep_lines: bool = False) -> str:
    return "\n".join(map(safe_run, text.split("\n"))) if keep_lines else safe_run(re.sub(r"\s+", " ", text))
