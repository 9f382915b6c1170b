"""A page of a listing, cut into its items: each comes parsed, and with the text that it was parsed from.

A governed event is stored as it was received. To write it anew would cost as much as to parse it, for the
very text that is at hand; the parser knows where each item ends, so that cutting costs next to nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_Parse = Callable[[bytes], Any]

_BEGIN = re.compile(r'"items"[ \t\n\r]*:[ \t\n\r]*\[[ \t\n\r]*')
"""Within a text it cannot be met: there the quotes are escaped."""
_NEXT = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
_END = re.compile(r"[ \t\n\r]*\]")
_DECODER = json.JSONDecoder()


Item = tuple[Any, str]
"""One item of a page, and its text."""


def cut_into_items(parse: _Parse) -> _Parse:
    """A parser that parses as `parse` does, with an `Item` for each of the page's items.

    What cannot be cut is handed on as it is: whether it is an answer at all, `parse` knows.
    """

    def parse_page(content: bytes) -> Any:
        try:
            envelope, items = _cut(content.decode())
        except (ValueError, RecursionError):
            return parse(content)
        page = parse(envelope.encode())
        if items and isinstance(page, dict) and page.get("items") == []:
            page["items"] = items
        return page

    return parse_page


def _cut(text: str) -> tuple[str, list[Item]]:
    """The page without its items, and its items. Raises ValueError where there is no end to them."""
    begin = _BEGIN.search(text)
    if begin is None or text.startswith("]", begin.end()):
        return text, []
    parse, next_after = _DECODER.raw_decode, _NEXT.match
    value, end = parse(text, begin.end())
    items: list[Item] = [(value, text[begin.end() : end])]
    while following := next_after(text, end):
        at = following.end()
        value, end = parse(text, at)
        items.append((value, text[at:end]))
    if not _END.match(text, end):
        raise ValueError("neither another item nor the end of them")
    return text[: begin.end()] + text[end:], items
