"""Pieces of pages that are the same wherever they stand, made once: icons and badges, of which a page has hundreds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from threading import Lock
from typing import Any, cast

from jinja2.runtime import Macro
from markupsafe import Markup

_MOST = 2048
_MOST_TABLES = 16

_macros: dict[str, Callable[..., Markup]] = {}


def kept(macro: Macro) -> Callable[..., Markup]:
    """The macro, remembering what it made of which values; it must be made of nothing else."""
    if macro.name not in _macros:
        _macros[macro.name] = lru_cache(_MOST)(cast(Callable[..., Markup], macro))
    return _macros[macro.name]


class Tables:
    """Lines of a table that were made of the very same items, not only of equal ones: neither is compared nor hashed.

    Readers who see the same part of a page that is shared between them are handed the same items.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: OrderedDict[tuple[Hashable, ...], tuple[tuple[Any, ...], Markup]] = OrderedDict()

    def lines(self, line: Callable[..., Markup], items: tuple[Any, ...], *rest: Hashable) -> Markup:
        """One line an item, each made of it and of the rest; `line` is a kept macro."""
        key = (line, id(items), *rest)
        known = self._made.get(key)
        if known is not None and known[0] is items:  # the items are held, so that their id is nobody else's meanwhile
            return known[1]
        made = Markup("").join([line(item, *rest) for item in items])
        with self._lock:
            self._made[key] = (items, made)
            self._made.move_to_end(key)
            while len(self._made) > _MOST_TABLES:
                self._made.popitem(last=False)
        return made


tables = Tables()
