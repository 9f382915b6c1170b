"""Bytes of a file as text: UTF-8 with or without a byte-order mark, any line endings, and nothing that is no text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from governance.domain.errors import GovernanceError

LARGEST_FILE = 32 * 1024 * 1024


class MinutesRefused(GovernanceError):
    """The file cannot be read at all; nothing of it is used."""


@dataclass(frozen=True, slots=True)
class Source:
    """`lines` are without their endings."""

    name: str
    lines: Sequence[str]

    @property
    def is_table(self) -> bool:
        return self.name.casefold().endswith(".csv")


def read_source(name: str, content: bytes) -> Source:
    """The text of the file.

    Raises:
        MinutesRefused: when it is too large, or no text in UTF-8.
    """
    if len(content) > LARGEST_FILE:
        raise MinutesRefused(f"Split {name}", f"it is larger than {LARGEST_FILE // 1024 // 1024} MB")
    # An accent in one code point or in two looks the same and is the same letter.
    return Source(name, _without_endings(unicodedata.normalize("NFC", _decoded(name, content))))


def _decoded(name: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise MinutesRefused(f"Save {name} as UTF-8", "it is UTF-16")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"line {line} has the byte 0x{content[error.start]:02X}, which is none of UTF-8"
        raise MinutesRefused(f"Save {name} as UTF-8", found) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise MinutesRefused(f"Remove the NUL character from {name}", f"it is in line {line}")
    return text


def _without_endings(text: str) -> list[str]:
    """Only what every editor counts as the end of a line: `splitlines` also splits at a form feed or U+2028."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines
