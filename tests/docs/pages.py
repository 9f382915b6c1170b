"""The pages of docs/ taken apart: sections, tables, blocks of code, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(?P<marks>#+) (?P<title>.+)$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, up to the next heading of any level."""

    title: str
    text: str

    @property
    def anchor(self) -> str:
        """As the common renderers make it: small letters, no punctuation, spaces to hyphens."""
        return re.sub(r"[^\w\- ]", "", self.title.lower()).replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Page:
    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def prose(self) -> str:
        """The text without its blocks of code, in which nothing is a heading or a link."""
        return _FENCE.sub("", self.text)

    def sections(self) -> list[Section]:
        headings = list(_HEADING.finditer(self.prose))
        ends = [*(one.start() for one in headings[1:]), len(self.prose)]
        return [
            Section(one["title"].strip(), self.prose[one.end() : end]) for one, end in zip(headings, ends, strict=True)
        ]

    def section(self, title: str) -> Section:
        return next(one for one in self.sections() if one.title == title)

    def blocks(self, language: str) -> list[str]:
        return [one["text"] for one in _FENCE.finditer(self.text) if one["language"] == language]

    def links(self) -> list[str]:
        return [one["target"] for one in _LINK.finditer(self.prose)]

    def code_words(self) -> list[str]:
        return re.findall(r"`([^`\n]+)`", self.prose)


def rows(text: str) -> list[list[str]]:
    """The cells of all tables in the text, without their heads."""
    found: list[list[str]] = []
    lines = [line.strip() for line in text.splitlines()]
    for before, line in zip(["", *lines], lines, strict=False):
        is_rule = bool(re.fullmatch(r"\|(\s*-+\s*\|)+", line))
        if line.startswith("|") and not is_rule:
            found.append([cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif is_rule and before.startswith("|"):
            found.pop()
    return found


@cache
def page(name: str) -> Page:
    path = ROOT / name if name.endswith(".md") else DOCS / f"{name}.md"
    return Page(path, path.read_text(encoding="utf-8"))


@cache
def all_pages() -> tuple[Page, ...]:
    """The pages of docs/, and the two of the top level."""
    return (*(page(path.stem) for path in sorted(DOCS.glob("*.md"))), page("README.md"), page("CHANGELOG.md"))
