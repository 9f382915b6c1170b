"""The sheet on which a reader notes what each line was: none can be forgotten, because what nobody marks is listed."""

from __future__ import annotations

from collections.abc import Sequence

from governance.minutes.blocks import Block
from governance.minutes.values import Kind, Place, Remark

_SHOWN = 160


class Sheet:
    """Of one file."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file = file
        self._lines = lines
        self._kinds: list[Kind | None] = [None if line.strip() else Kind.BLANK for line in lines]
        self._doubts: list[Remark] = []
        self._unread: list[Remark] = []

    def place(self, line: int) -> Place:
        return Place(self.file, line)

    def mark(self, block: Block, kind: Kind) -> None:
        self.mark_lines(block.first, block.last, kind)

    def mark_lines(self, first: int, last: int, kind: Kind) -> None:
        for line in range(first, last + 1):
            if self._kinds[line - 1] is not Kind.BLANK:
                self._kinds[line - 1] = kind

    def doubt(self, line: int, text: str, why: str) -> None:
        """It was read, and somebody should look at it."""
        self._doubts.append(Remark(self.place(line), shown(text), why))

    def leave(self, line: int, text: str, why: str) -> None:
        """A part of a line was not understood; the rest was."""
        self._unread.append(Remark(self.place(line), shown(text), why))

    def leave_all(self, block: Block, why: str) -> None:
        """Nothing of the block was understood."""
        self.mark(block, Kind.UNREAD)
        self._unread.append(Remark(self.place(block.first), shown(block.text), why))

    def kinds(self) -> tuple[Kind, ...]:
        """Of each line; whatever was passed over is not understood."""
        for number, kind in enumerate(self._kinds):
            if kind is None:
                self._kinds[number] = Kind.UNREAD
                self._unread.append(
                    Remark(self.place(number + 1), shown(self._lines[number]), "in no form that is read")
                )
        return tuple(kind or Kind.UNREAD for kind in self._kinds)

    @property
    def doubts(self) -> tuple[Remark, ...]:
        return tuple(sorted(self._doubts))

    @property
    def unread(self) -> tuple[Remark, ...]:
        return tuple(sorted(self._unread))


def shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
