"""Agenda items: what is one, and when two of them are the same."""

from __future__ import annotations

import re

from governance.minutes.phrases import NUMBER, folded, plain

_REFERENCE = re.compile(r"(?<![\w/])(?:[\w.-]{1,80}/)?(?P<name>[\w.-]{0,80})#(?P<number>\d{1,9})\b")
_MINUTES = re.compile(r"\s*[(\[][^()\[\]]*\bmin(?:ute)?s?\b[^()\[\]]*[)\]]$", re.IGNORECASE)
_QUOTES = "\"“”„'‘’ "
_LISTED = re.compile(r"[\"“„\[*_~]")


def reference_in(text: str) -> str | None:
    """`board#31` of `org/board#31`: a number in somebody's list of issues."""
    found = _REFERENCE.search(text)
    return f"{found['name']}#{found['number']}".casefold() if found else None


def title_of(text: str) -> str:
    """The words of the item: without number, reference, minutes and quotation marks."""
    bare = plain(text)
    reference = _REFERENCE.search(bare)
    if reference:
        before, after = bare[: reference.start()].strip(), bare[reference.end() :].strip()
        bare = before if len(before) > 1 else after or bare
    return _MINUTES.sub("", NUMBER.sub("", bare, count=1) or bare).strip(_QUOTES).rstrip("([ ").strip(_QUOTES)


def key_of(text: str) -> str:
    """What two mentions of one item have in common: the reference, or else the folded words."""
    return reference_in(text) or folded(title_of(text))


def is_only_listed(text: str) -> bool:
    """A list entry that is a title with its reference or link, and says nothing about it."""
    has_title = bool(_LISTED.match(text)) and text.rstrip("~*_")[-1:] in ")]0123456789"
    return bool(_REFERENCE.fullmatch(text.strip())) or (has_title and reference_in(text) is not None)
