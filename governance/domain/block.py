"""Our marked block in the description of a series, between two visible plain lines.

Everything outside of the two lines is somebody else's and is carried byte for byte. Google's editor
turns line breaks into markup and letters into entities, so blocks are compared as text: markup,
entities and spacing folded.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

OPENING = "--- Meeting governance keeps the lines from here ---"
CLOSING = "--- to here ---"

LONGEST_DESCRIPTION = 8192
"""So many characters Google is known to take; its reference names no limit. A longer one fails the whole write."""

_BREAK = re.compile(r"</?(?:br|p|div|li|ul|ol|h\d|tr|td)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def _mark(line: str) -> str:
    """Editors put hard spaces where there were plain ones."""
    return r"(?:[ \xa0]|&nbsp;)+".join(re.escape(word) for word in line.split(" "))


_WHOLE = re.compile(f"{_mark(OPENING)}(.*?){_mark(CLOSING)}", re.DOTALL)
_STRAY = re.compile(f"{_mark(OPENING)}|{_mark(CLOSING)}")


@dataclass(frozen=True, slots=True)
class Block:
    """What our block says; `text` is plain."""

    text: str

    @classmethod
    def of(cls, *, short: str, address: str) -> Block:
        """The block of a charter's short form and the meeting's permanent address."""
        return cls("\n".join(part for part in (short.strip(), address) if part))

    def written(self) -> str:
        return f"{OPENING}\n{html.escape(self.text, quote=False)}\n{CLOSING}"

    def folded(self) -> str:
        """As `block_in` reads it back; the text is plain, so only its spacing is folded."""
        return " ".join(self.text.split())


def fold_text(markup: str) -> str:
    """The words alone: markup, entities and spacing folded."""
    return " ".join(html.unescape(_TAG.sub("", _BREAK.sub(" ", markup))).split())


def block_in(description: str) -> str | None:
    """The folded text of our block as it stands there; None where there is no whole block.

    Two blocks (somebody copied one) are never the accepted form: they are read as one long text.
    """
    found = [fold_text(inside) for inside in _WHOLE.findall(description)]
    return "\n".join(found) if found else None


def with_block(description: str, block: Block | None) -> str:
    """The description with our block replaced, added at the end, or (None) taken away.

    A first block is replaced where it stands, so that what people wrote around it keeps its place;
    a second one and lines of ours that lost their partner go.
    """
    if block is None:
        return without_block(description)
    first = _WHOLE.search(description)
    if first is None:
        rest = _without_strays(description)
        return f"{rest}{_break_after(rest)}{block.written()}"
    before, after = description[: first.start()], description[first.end() :]
    return f"{_without_strays(before)}{block.written()}{_without_strays(_WHOLE.sub('', after))}"


def without_block(description: str) -> str:
    """The description as people wrote it; the line breaks that we added go with the block."""
    first = _WHOLE.search(description)
    if first is None:
        return _without_strays(description)
    before, after = description[: first.start()], description[first.end() :]
    if not after:
        before = before.removesuffix("\n\n")
    return _without_strays(before + _WHOLE.sub("", after))


def _without_strays(text: str) -> str:
    return _STRAY.sub("", text)


def _break_after(text: str) -> str:
    return "\n\n" if text else ""
