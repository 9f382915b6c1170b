"""A document of A4 pages: fonts, headings, tables, the mark of a draft, page numbers. It knows nothing of meetings.

The fonts have the letters of Latin, Greek, Cyrillic, Hebrew, Arabic and more, written in their direction; what they
lack, Chinese, Japanese and Korean above all, is printed as a box. The same content made at the same instant gives the
same bytes.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from fpdf import FPDF, XPos, YPos
from fpdf.fonts import FontFace, TTFFont
from fpdf.table import Table

_FONTS = Path(__file__).parent / "fonts"
_FAMILY = "DejaVu"
_LACKING = "\N{WHITE SQUARE}"
_SOFT, _INK, _LINE, _PALE = (90, 90, 90), (20, 20, 20), (200, 200, 200), (238, 238, 238)
_MARGIN, _BOTTOM = 18, 20
_LONGEST_CELL = 600
"""Letters: no row may become higher than a page."""
_LONGEST_RUN = 150
"""Signs without a letter among what is written from right to left; where more follow one another, the library that
turns it around gives up.
"""
_FROM_RIGHT = ("R", "AL", "AN")
_DIRECTED = ("L", "R", "AL")
_JOINERS = "\u200c\u200d"

# It tells of every font it cuts; names of people are nothing for the log.
logging.getLogger("fontTools").setLevel(logging.WARNING)
logging.getLogger("fpdf").setLevel(logging.ERROR)


class Paper(FPDF):
    """`mark` stands across every page and in its head, until the document is what it claims to be."""

    def __init__(self, title: str, author: str, *, foot: str, mark: str, made_at: datetime) -> None:
        super().__init__(format="A4")
        self._foot, self._mark = foot, mark
        self.add_font(_FAMILY, "", _FONTS / "DejaVuSans.ttf")
        self.add_font(_FAMILY, "B", _FONTS / "DejaVuSans-Bold.ttf")
        self.set_lang("en")
        self.set_title(printable(title))
        self.set_author(printable(author))
        self.set_subject(printable(f"{title} ({mark.lower()})" if mark else title))
        self.set_creation_date(made_at)
        self.set_producer("Meeting governance")
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(True, _BOTTOM)
        self.alias_nb_pages()
        self.add_page()

    def header(self) -> None:
        if not self._mark:
            return
        self.set_font(_FAMILY, "B", 110)
        self.set_text_color(*_PALE)
        with self.rotation(52, self.w / 2, self.h / 2):
            wide = self.get_string_width(self._mark)
            self.text(self.w / 2 - wide / 2, self.h / 2 + 16, self._mark)
        self.set_font(_FAMILY, "B", 9)
        self.set_text_color(*_SOFT)
        self.set_y(9)
        self.cell(0, 5, self._mark, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_y(_MARGIN)

    def footer(self) -> None:
        # A table goes on after the page is turned, in the direction that it had.
        shaping = self.text_shaping
        self.set_y(-14)
        self.set_font(_FAMILY, "", 8)
        self.set_text_color(*_SOFT)
        half = self.epw * 0.8
        self._shape(self._foot)
        self.cell(half, 5, self._fitting(printable(self._foot), half))
        self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="R")
        self.text_shaping = shaping

    def finished(self) -> bytes:
        """The document. The files of the fonts are given back, which the library leaves open."""
        made = bytes(self.output())
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()
        return made

    def title_line(self, text: str, *below: str) -> None:
        self._write(text, size=18, is_bold=True)
        for line in below:
            self._write(line, size=10, color=_SOFT)

    def heading(self, text: str) -> None:
        """Never alone at the foot of a page."""
        if self.get_y() > self.h - _BOTTOM - 28:
            self.add_page()
        self.ln(5)
        self.start_section(printable(text))
        self._write(text, size=13, is_bold=True)
        self.ln(1)

    def words(self, text: str, *, is_bold: bool = False, is_soft: bool = False) -> None:
        self._write(text, size=10, is_bold=is_bold, color=_SOFT if is_soft else _INK)

    def rows(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """A table; its head is repeated on every page."""
        self.set_font(_FAMILY, "", 9)
        self.set_text_color(*_INK)
        self.set_draw_color(*_LINE)
        self._shape("".join(cell for one in rows for cell in one))
        with self.table(
            col_widths=tuple(widths), line_height=5, padding=(1.2, 1.5), text_align="LEFT",
            headings_style=FontFace(emphasis="BOLD"), borders_layout="HORIZONTAL_LINES", v_align="TOP",
        ) as table:  # fmt: skip
            self._row(table, heads)
            for one in rows:
                self._row(table, one)
        self.ln(1)

    def _row(self, table: Table, cells: Sequence[str]) -> None:
        row = table.row()
        for cell in cells:
            row.cell(printable(cell if len(cell) <= _LONGEST_CELL else f"{cell[:_LONGEST_CELL]}…"))

    def _write(self, text: str, *, size: int, is_bold: bool = False, color: tuple[int, int, int] = _INK) -> None:
        self.set_font(_FAMILY, "B" if is_bold else "", size)
        self.set_text_color(*color)
        self._shape(text)
        self.multi_cell(0, size * 0.53, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _shape(self, text: str) -> None:
        """Only what is written from right to left needs it, and it takes its time."""
        self.set_text_shaping(is_from_right(text))

    def _fitting(self, text: str, width: float) -> str:
        while text and self.get_string_width(text) > width:
            text = text[:-2].rstrip("…") + "…"
        return text


def printable(text: str) -> str:
    """Each letter that the font has; a box for one that it lacks, nothing for what has no shape or turns others."""
    composed = unicodedata.normalize("NFC", text.expandtabs(4))
    found = "".join(_printed(one, _letters()) for one in composed)
    return _shortened(found) if is_from_right(found) else found


def is_from_right(text: str) -> bool:
    return any(unicodedata.bidirectional(one) in _FROM_RIGHT for one in text)


def _printed(letter: str, known: frozenset[int]) -> str:
    category = unicodedata.category(letter)
    if letter in "\n" or letter in _JOINERS:
        return letter
    if category[0] == "Z":
        return " "
    if category[0] == "C":
        return ""
    return letter if ord(letter) in known else _LACKING


def _shortened(text: str) -> str:
    found, run = [], 0
    for one in text:
        run = 0 if one == "\n" or unicodedata.bidirectional(one) in _DIRECTED else run + 1
        if run < _LONGEST_RUN:
            found.append(one)
        elif run == _LONGEST_RUN:
            found.append("…")
    return "".join(found)


@cache
def _letters() -> frozenset[int]:
    """What both weights can show."""
    from fontTools.ttLib import TTFont

    found = []
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"):
        with TTFont(_FONTS / name, lazy=True) as font:
            found.append(frozenset(font.getBestCmap()))
    return found[0] & found[1]
