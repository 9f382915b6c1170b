"""What comes from outside, made harmless for a mail: names, titles, notes, charters, whatever a calendar holds.

The order matters. An encoded word may hide a line break (`=?utf-8?q?x=0D=0AReply-To=3A…?=`), and the mail library of
older Pythons writes what it decodes to as a header (CVE-2024-6923). So encoded words are decoded first, as often as
they are nested, then characters that steer are taken out, and what still looks like an encoded word is broken.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import re
from collections.abc import Mapping
from typing import Any, TypeVar

LONGEST_LINE = 1_000
"""Characters of one line, such as a name or a title; far more than anybody reads."""
LONGEST_TEXT = 20_000
"""Characters of a text with lines, such as the rules of a charter."""
_DEEPEST = 8
_ROUNDS = 5

_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]{0,4000})\?=")
_BETWEEN_WORDS = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,4000}\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Controls, lone surrogates, what is no character, and what turns the direction of a line or hides in it.
# The joiners U+200C and U+200D stay: Persian, Hindi and emoji are written with them.
_STEERING = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ud800-\udfff"
    "\U0001fffe\U0001ffff\U000e0000-\U000e0fff\U000ffffe-\U0010ffff]"
)
_SPACES = re.compile(r"[^\S\n]+")
_MANY_BREAKS = re.compile(r"\n{3,}")
_LINK = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,260}(?:/[A-Za-z0-9\-._~!$&()*+,;=:@%/?#]{0,1700})?")
_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)

Value = TypeVar("Value")


def safe_text(given: str, at_most: int = LONGEST_TEXT) -> str:
    """Lines end in `\\n` and hold nothing that steers a reader, a parser or a terminal."""
    if given.isascii() and given.isprintable() and len(given) <= at_most and "=?" not in given and "  " not in given:
        return given.strip()
    # Cut before as well: nothing of a megabyte needs to be decoded to show its beginning.
    decoded = _decoded(given[: at_most * 4])
    lines = _STEERING.sub("", _LINE_ENDS.sub("\n", decoded))
    tidy = "\n".join(line.strip() for line in _SPACES.sub(" ", lines).split("\n"))
    return shortened(_broken(_MARKS.sub(r"\1", _MANY_BREAKS.sub("\n\n", tidy))).strip(), at_most)


def safe_line(given: str, at_most: int = LONGEST_LINE) -> str:
    """The same on one line."""
    return shortened(_broken(" ".join(safe_text(given, at_most * 2).split())), at_most)


def safe_run(given: str) -> str:
    """A piece of a line, such as one word in bold: the spaces around it stay."""
    return _broken(_STEERING.sub("", _LINE_ENDS.sub(" ", given)))


def shortened(text: str, at_most: int) -> str:
    """Not longer than that, and an ellipsis where something is missing."""
    return text if len(text) <= at_most else text[: at_most - 1].rstrip() + "…"


def safe_values(value: Value, depth: int = 0) -> Value:
    """A copy of the facts or the context of a mail in which every text, at any depth, is safe."""
    return _safe(value, depth)  # type: ignore[no-any-return]


def safe_link(given: str) -> str | None:
    """The address when it is one of a page and nothing else, else None."""
    return given if _LINK.fullmatch(given) else None


def _safe(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return safe_text(value)
    if depth > _DEEPEST:
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (field.name for field in dataclasses.fields(value))
        return dataclasses.replace(value, **{name: _safe(getattr(value, name), depth + 1) for name in fields})
    if isinstance(value, Mapping):
        return {safe_text(str(key), 200): _safe(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(one, depth + 1) for one in value]
    return value


def _decoded(text: str) -> str:
    for _ in range(_ROUNDS):
        if "=?" not in text:
            break
        once = _ENCODED_WORD.sub(_word, _BETWEEN_WORDS.sub(r"\1", text))
        if once == text:
            break
        text = once
    return text


def _word(match: re.Match[str]) -> str:
    charset, encoding, content = match[1], match[2].lower(), match[3]
    try:
        raw = content.encode("ascii", "replace")
        if encoding == "b":
            bare = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
            plain = base64.b64decode(bare + b"=" * (-len(bare) % 4))
        else:
            plain = binascii.a2b_qp(raw, header=True)
        return plain.decode(charset, "replace")
    except (LookupError, ValueError):
        return content


def _broken(text: str) -> str:
    """No reader takes it for an encoded word any more."""
    return text.replace("=?", "= ?")
