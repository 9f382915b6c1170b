"""Partial answers: the `fields` parameter at every depth (item 3).

Grammar: `a,b/c,d(e,f/g),*`. A compiled mask is a dict from name to the mask below it,
`None` meaning everything below; `*` stands for every name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .errors import Refusal

Mask = dict[str, Any]


@lru_cache(maxsize=512)
def compiled(text: str) -> Mask:
    """The mask that `text` describes; a Refusal (400) when it cannot be understood."""
    reader = _Reader(text)
    mask = reader.selection()
    if reader.rest():
        raise refused(text)
    return mask


def refused(text: str) -> Refusal:
    return Refusal(400, "invalidParameter", f"Invalid field selection {text}", location="fields")


def masked(value: Any, mask: Mask | None) -> Any:
    """`value` with only what the mask names; lists are masked element by element."""
    if mask is None or (len(mask) == 1 and "*" in mask and mask["*"] is None):
        return value
    if isinstance(value, list):
        return [masked(element, mask) for element in value]
    if not isinstance(value, dict):
        return value
    return _masked_object(value, mask)


def below(mask: Mask | None, name: str) -> tuple[bool, Mask | None]:
    """Whether the mask lets `name` through, and the mask for what is below it."""
    if mask is None:
        return True, None
    if name in mask:
        return True, mask[name]
    return ("*" in mask), mask.get("*")


def _masked_object(value: dict[str, Any], mask: Mask) -> dict[str, Any]:
    kept = {}
    for name, inner in value.items():
        wanted, deeper = below(mask, name)
        if wanted:
            kept[name] = masked(inner, deeper)
    return kept


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def rest(self) -> str:
        return self._text[self._at :]

    def selection(self) -> Mask:
        mask: Mask = {}
        while True:
            name, inner = self._path()
            mask[name] = _joined(mask[name], inner) if name in mask else inner
            if not self._took(","):
                return mask

    def _path(self) -> tuple[str, Mask | None]:
        name = self._name()
        if self._took("/"):
            below_name, inner = self._path()
            return name, {below_name: inner}
        if self._took("("):
            inner_mask = self.selection()
            if not self._took(")"):
                raise refused(self._text)
            return name, inner_mask
        return name, None

    def _name(self) -> str:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in ",/()":
            self._at += 1
        name = self._text[start : self._at].strip()
        if not name:
            raise refused(self._text)
        return name

    def _took(self, character: str) -> bool:
        if self._text[self._at : self._at + 1] != character:
            return False
        self._at += 1
        return True


def _joined(one: Mask | None, other: Mask | None) -> Mask | None:
    if one is None or other is None:
        return None
    joined = dict(one)
    for name, inner in other.items():
        joined[name] = _joined(joined[name], inner) if name in joined else inner
    return joined
