"""Text of people inside Markdown, so that it is taken for nothing but text."""

from __future__ import annotations

_MEANT = frozenset("\\`*_[]<>|#~&")


def line_of(text: str) -> str:
    """On one line."""
    return escaped(" ".join(text.split()))


def lines_of(text: str) -> str:
    """With its paragraphs and lines; what begins one begins no list and no quotation."""
    return "\n".join(_begun(escaped(line.strip())) for line in text.strip().splitlines())


def escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _MEANT else letter for letter in text)


def _begun(line: str) -> str:
    """A dash, a plus or a number with its point would make a list of it; an equals sign a heading of what is above."""
    digits = len(line) - len(line.lstrip("0123456789"))
    if line[:1] in ("-", "+", "="):
        return f"\\{line}"
    return f"{line[:digits]}\\{line[digits:]}" if digits and line[digits : digits + 1] in (".", ")") else line
